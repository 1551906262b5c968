# Only EWS is out: one failing directory is not "down".
[server]
address = 127.20.2.12
base = exchange-2016plus
build = 15.2.2562.53
netbios = EXSE5

[* /ews/healthcheck.htm]
HTTP/1.1 404 Not Found
Content-Type: text/html
Server: Microsoft-IIS/10.0

[expect]
identity = exchange
branch = SE
build = 15.2.2562.53
fact.exchange.health = up
finding.protocol-out = fail
finding.all-protocols-out = pass
