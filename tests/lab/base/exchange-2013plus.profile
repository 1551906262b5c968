# Exchange 2013 and later: what all of them share.  Heads follow recorded
# answers; a header with ?NAME in front is sent only when NAME is not empty.
[server]
base = iis
iis = 10.0
listen = 443 https, 80 http
mapi = yes
manifest = yes

# SMTP as recorded from Exchange 2016, before STARTTLS and inside; IMAP and POP by
# their documents (MS-OXIMAP4, MS-OXPOP3).
[smtp]
greeting = 220 ${fqdn} Microsoft ESMTP MAIL Service ready at ${mail_date}
ehlo = SIZE 37748736, PIPELINING, DSN, ENHANCEDSTATUSCODES, STARTTLS, X-ANONYMOUSTLS, AUTH NTLM, X-EXPS GSSAPI NTLM, 8BITMIME, BINARYMIME, CHUNKING, XRDST
ehlo_tls = SIZE 37748736, PIPELINING, DSN, ENHANCEDSTATUSCODES, AUTH NTLM LOGIN, X-EXPS GSSAPI NTLM, 8BITMIME, BINARYMIME, CHUNKING, XRDST

[smtp 587]
ehlo = SIZE 36700160, PIPELINING, DSN, ENHANCEDSTATUSCODES, STARTTLS, AUTH GSSAPI NTLM, 8BITMIME, BINARYMIME, CHUNKING
ehlo_tls = SIZE 36700160, PIPELINING, DSN, ENHANCEDSTATUSCODES, AUTH GSSAPI NTLM LOGIN, 8BITMIME, BINARYMIME, CHUNKING

[imap]
greeting = * OK The Microsoft Exchange IMAP4 service is ready.
capability = IMAP4, IMAP4rev1, LOGINDISABLED, STARTTLS, UIDPLUS, CHILDREN, IDLE, NAMESPACE, LITERAL+
capability_tls = IMAP4, IMAP4rev1, AUTH=NTLM, AUTH=GSSAPI, AUTH=PLAIN, UIDPLUS, CHILDREN, IDLE, NAMESPACE, LITERAL+

[pop3]
greeting = +OK The Microsoft Exchange POP3 service is ready.
capa = TOP, UIDL, STLS
capa_tls = TOP, UIDL, SASL NTLM GSSAPI PLAIN, USER

[smb]
signing = enabled
smb1 = no

# Port 80 is bare IIS; only PowerShell and Rpc do not insist on TLS.
[* http:/powershell*]
HTTP/1.1 401 Unauthorized
Cache-Control: private
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
X-AspNet-Version: 4.0.30319
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* http:*]
HTTP/1.1 403 Forbidden
Content-Type: text/html
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET

[* /]
HTTP/1.1 302 Moved Temporarily
Cache-Control: no-cache
Pragma: no-cache
Location: https://${host}/owa/
Server: Microsoft-IIS/${iis}
X-FEServer: ${netbios}
X-RequestId: ${request_id}

[* /*/healthcheck.htm]
HTTP/1.1 200 OK
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

200 OK<br/>${fqdn}

[GET /owa/auth/logon.aspx]
@body logon-2013
@gzip
HTTP/1.1 200 OK
Cache-Control: no-cache, no-store
Pragma: no-cache
Content-Type: text/html; charset=utf-8
Expires: -1
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
?v_logon X-OWA-Version: ${v_logon}
X-Frame-Options: SAMEORIGIN
X-AspNet-Version: 4.0.30319
X-Powered-By: ASP.NET

[GET /owa/auth/${path_build}/themes/resources/*]
@body icon
HTTP/1.1 200 OK
Content-Type: image/x-icon
Accept-Ranges: bytes
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET

[* /owa/service*]
@chunked
HTTP/1.1 200 OK
Cache-Control: no-cache, no-store
Pragma: no-cache
Content-Type: application/json; charset=utf-8
Expires: -1
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
X-CalculatedBETarget: ${fqdn}
X-Content-Type-Options: nosniff
?v_service X-OWA-Version: ${v_service}
X-OWA-OWSVersion: V2017_07_16
X-OWA-MinimumSupportedOWSVersion: V2_6
X-OWA-HttpHandler: true
X-OWA-DiagnosticsInfo: 7;0;4
X-DiagInfo: ${netbios}
X-BEServer: ${netbios}
X-UA-Compatible: IE=EmulateIE7
X-AspNet-Version: 4.0.30319
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

{}

[* /owa]
HTTP/1.1 301 Moved Permanently
Content-Type: text/html; charset=UTF-8
Location: https://${host}/owa/
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET

<head><title>Document Moved</title></head>
<body><h1>Object Moved</h1>This document may be found <a HREF="https://${host}/owa/">here</a></body>

[* /owa/]
HTTP/1.1 302 Found
Content-Type: text/html; charset=utf-8
Location: https://${host}/owa/auth/logon.aspx?url=https%3a%2f%2f${host}%2fowa%2f&reason=0
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
?v_owa X-OWA-Version: ${v_owa}
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

<html><head><title>Object moved</title></head><body>
<h2>Object moved to <a href="https://${host}/owa/auth/logon.aspx?url=https%3a%2f%2f${host}%2fowa%2f&amp;reason=0">here</a>.</h2>
</body></html>

[GET /ecp/current/exporttool/microsoft.exchange.ediscovery.exporttool.application]
@if manifest
@body manifest
HTTP/1.1 200 OK
Content-Type: application/x-ms-application
Accept-Ranges: bytes
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* /ecp/]
HTTP/1.1 302 Found
Content-Type: text/html; charset=utf-8
Location: https://${host}/owa/auth/logon.aspx?url=https%3a%2f%2f${host}%2fecp%2f&reason=0
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* /autodiscover/autodiscover.*]
@ntlm
@bearer
HTTP/1.1 401 Unauthorized
Cache-Control: private
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
X-SOAP-Enabled: True
X-WSSecurity-Enabled: True
X-WSSecurity-For: None
X-OAuth-Enabled: True
X-AspNet-Version: 4.0.30319
?v_auth X-OWA-Version: ${v_auth}
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
WWW-Authenticate: Basic realm="${host}"
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* /ews/exchange.asmx]
@ntlm
@bearer
HTTP/1.1 401 Unauthorized
Cache-Control: private
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
?v_auth X-OWA-Version: ${v_auth}
X-AspNet-Version: 4.0.30319
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* /microsoft-server-activesync*]
@bearer
HTTP/1.1 401 Unauthorized
Cache-Control: private
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
?v_auth X-OWA-Version: ${v_auth}
MS-Server-ActiveSync: ${eas_version}
X-AspNet-Version: 4.0.30319
WWW-Authenticate: Basic realm="${host}"
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* /mapi/*]
@if mapi
@ntlm
@bearer
HTTP/1.1 401 Unauthorized
request-id: ${request_id}
?v_auth X-OWA-Version: ${v_auth}
X-FailureContext: FrontEnd;401;VW5hdXRob3JpemVk;;;;
Server: Microsoft-IIS/${iis}
WWW-Authenticate: Negotiate,NTLM
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* /rpc/rpcproxy.dll]
@ntlm
HTTP/1.1 401 Unauthorized
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
?v_auth X-OWA-Version: ${v_auth}
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
X-Powered-By: ASP.NET
X-FEServer: ${netbios}
WWW-Authenticate: Basic realm="${host}"

[* /oab/*]
@ntlm
HTTP/1.1 401 Unauthorized
Cache-Control: private
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
?v_auth X-OWA-Version: ${v_auth}
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* /api/*]
@ntlm
HTTP/1.1 401 Unauthorized
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* /powershell*]
HTTP/1.1 401 Unauthorized
Cache-Control: private
Server: Microsoft-IIS/${iis}
request-id: ${request_id}
X-AspNet-Version: 4.0.30319
X-Powered-By: ASP.NET
X-FEServer: ${netbios}
