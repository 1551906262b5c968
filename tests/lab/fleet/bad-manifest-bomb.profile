# An export tool manifest that is an entity bomb.
[server]
address = 127.66.0.63

[* /ecp/current/exporttool/*]
HTTP/1.1 200 OK
Content-Type: application/x-ms-application
Server: Microsoft-IIS/10.0

<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
<assembly><assemblyIdentity name="&x;" version="&e;"/></assembly>

[* *]
HTTP/1.1 404 Not Found
Server: Microsoft-IIS/10.0

[expect]
nofact = exchange.build.manifest
bounded = yes
