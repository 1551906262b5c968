# A healthy, well-kept server: HSTS, port 80 only redirects, no admin center, no PowerShell.
[server]
address = 127.20.5.1
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXGOOD
oauth = hma
add = Strict-Transport-Security: max-age=31536000; includeSubDomains

[* http:*]
HTTP/1.1 301 Moved Permanently
Location: https://${host}/owa/
Server: Microsoft-IIS/10.0

[* /ecp/]
HTTP/1.1 403 Forbidden
Server: Microsoft-IIS/10.0

[* /powershell*]
HTTP/1.1 403 Forbidden
Server: Microsoft-IIS/10.0

[expect]
identity = exchange
branch = SE
finding.all-protocols-out = pass
finding.protocol-out = pass
finding.plain-http-content = pass
finding.auth-basic-plain-http = pass
finding.ecp-reachable = pass
finding.powershell-reachable = pass
finding.backend-reachable = pass
finding.auth-modern-missing = pass
finding.auth-differs-from-default = pass
finding.internal-address-disclosed = pass
finding.extended-protection = undecidable
finding.relay-exposure = undecidable
finding.not-visible-from-network = not-observable
