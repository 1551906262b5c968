# Basic and the log-on page over plain HTTP.
[server]
address = 127.20.5.2
base = exchange-2016plus
build = 15.2.1748.55
netbios = EX80

[* http:/owa/]
HTTP/1.1 200 OK
Content-Type: text/html
Server: Microsoft-IIS/10.0
X-FEServer: ${netbios}

<form action="/owa/auth.owa">

[* http:/rpc/*]
HTTP/1.1 401 Unauthorized
Server: Microsoft-IIS/10.0
WWW-Authenticate: Basic realm="mail"
WWW-Authenticate: NTLM
X-FEServer: ${netbios}

[expect]
identity = exchange
finding.auth-basic-plain-http = fail
finding.plain-http-content = fail
finding.auth-basic-offered = warn
fact.web.auth = Basic
finding.extended-protection = undecidable
