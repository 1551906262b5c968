# Exchange 2007 on Windows Server 2003 or 2008: as 2010, without ECP.
[server]
base = exchange-2010
iis = 7.0
os = 6.0.6002
title = Microsoft Exchange - Outlook Web Access
eas_version = 8.3

[* /ecp/]
@body iis-404
HTTP/1.1 404 Not Found
Content-Type: text/html
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET
