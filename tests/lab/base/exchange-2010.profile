# Exchange 2010 on Windows Server 2008 R2: four parts in the path, .NET 2.0,
# no X-FEServer, no healthcheck.htm, no mapi.
[server]
base = iis
iis = 7.5
os = 6.1.7601
listen = 443 https, 80 http
title = Outlook Web App
eas_version = 14.3

# SMTP before STARTTLS as recorded from Exchange 2010, inside it as 2016; IMAP and
# POP by their documents (MS-OXIMAP4, MS-OXPOP3).
[smtp]
greeting = 220 ${fqdn} Microsoft ESMTP MAIL Service ready at ${mail_date}
ehlo = SIZE, PIPELINING, DSN, ENHANCEDSTATUSCODES, STARTTLS, X-ANONYMOUSTLS, AUTH NTLM, X-EXPS GSSAPI NTLM, 8BITMIME, BINARYMIME, CHUNKING, XEXCH50, XRDST, XSHADOW
ehlo_tls = SIZE, PIPELINING, DSN, ENHANCEDSTATUSCODES, AUTH NTLM LOGIN, X-EXPS GSSAPI NTLM, 8BITMIME, BINARYMIME, CHUNKING, XEXCH50, XRDST, XSHADOW

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

[tls]
min = 1.0
max = 1.2
ciphers = DEFAULT@SECLEVEL=0

[* http:*]
HTTP/1.1 403 Forbidden
Content-Type: text/html
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET

[* /]
HTTP/1.1 302 Redirect
Content-Type: text/html; charset=UTF-8
Location: https://${host}/owa
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET

[GET /owa/auth/logon.aspx]
@body logon-2010
@gzip
HTTP/1.1 200 OK
Cache-Control: no-cache
Pragma: no-cache
Content-Type: text/html; charset=utf-8
Expires: -1
Server: Microsoft-IIS/${iis}
?v_logon X-OWA-Version: ${v_logon}
X-AspNet-Version: 2.0.50727
Set-Cookie: OutlookSession=4f6cc5d09b5a4e0ba17a5f1b6b3d9a10; path=/; secure; HttpOnly
X-Powered-By: ASP.NET

[GET /owa/${path_build}/themes/base/*]
@body icon
HTTP/1.1 200 OK
Content-Type: image/x-icon
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET

[* /owa]
HTTP/1.1 301 Moved Permanently
Content-Type: text/html; charset=UTF-8
Location: https://${host}/owa/
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET

[* /owa/]
HTTP/1.1 302 Found
Cache-Control: private
Content-Type: text/html; charset=utf-8
Location: https://${host}/owa/auth/logon.aspx?url=https://${host}/owa/&reason=0
Server: Microsoft-IIS/${iis}
?v_owa X-OWA-Version: ${v_owa}
X-AspNet-Version: 2.0.50727
X-Powered-By: ASP.NET

<html><head><title>Object moved</title></head><body>
<h2>Object moved to <a href="/owa/auth/logon.aspx">here</a>.</h2>
</body></html>

[* /ecp/]
HTTP/1.1 302 Found
Cache-Control: private
Content-Type: text/html; charset=utf-8
Location: https://${host}/owa/auth/logon.aspx?url=https://${host}/ecp/&reason=0
Server: Microsoft-IIS/${iis}
X-AspNet-Version: 2.0.50727
X-Powered-By: ASP.NET

[* /autodiscover/autodiscover.*]
@ntlm
HTTP/1.1 401 Unauthorized
Cache-Control: private
Server: Microsoft-IIS/${iis}
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
WWW-Authenticate: Basic realm="${host}"
X-AspNet-Version: 2.0.50727
X-Powered-By: ASP.NET

[* /ews/exchange.asmx]
@ntlm
HTTP/1.1 401 Unauthorized
Cache-Control: private
Server: Microsoft-IIS/${iis}
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
X-AspNet-Version: 2.0.50727
X-Powered-By: ASP.NET

[* /microsoft-server-activesync*]
HTTP/1.1 401 Unauthorized
Cache-Control: private
Server: Microsoft-IIS/${iis}
MS-Server-ActiveSync: ${eas_version}
WWW-Authenticate: Basic realm="${host}"
X-AspNet-Version: 2.0.50727
X-Powered-By: ASP.NET

[* /rpc/rpcproxy.dll]
@ntlm
HTTP/1.1 401 Unauthorized
Server: Microsoft-IIS/${iis}
WWW-Authenticate: NTLM
WWW-Authenticate: Basic realm="${host}"
X-Powered-By: ASP.NET

[* /oab/*]
@ntlm
HTTP/1.1 401 Unauthorized
Server: Microsoft-IIS/${iis}
WWW-Authenticate: Negotiate
WWW-Authenticate: NTLM
X-Powered-By: ASP.NET
