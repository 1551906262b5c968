# OWA is broken: relative redirect to errorFE.aspx.
[server]
address = 127.20.2.6
base = exchange-2016plus
build = 15.2.1544.39
netbios = EX19E
strip = X-OWA-Version
manifest =

[* /owa/]
HTTP/1.1 302 Found
Content-Type: text/html; charset=utf-8
Location: /owa/auth/errorFE.aspx?httpCode=500
Server: Microsoft-IIS/10.0
request-id: ${request_id}
X-Powered-By: ASP.NET
X-FEServer: ${netbios}

[* /owa/auth/*]
HTTP/1.1 500 Internal Server Error
Content-Type: text/html; charset=utf-8
Server: Microsoft-IIS/10.0
request-id: ${request_id}
X-FEServer: ${netbios}

<html><head><title>Error</title></head><body>:-(<br>Something went wrong</body></html>

[* /owa/service*]
HTTP/1.1 500 Internal Server Error
Server: Microsoft-IIS/10.0
X-FEServer: ${netbios}

[expect]
identity = exchange
fact.exchange.owa.error = 500
build = 15.2
build_parts = 2
