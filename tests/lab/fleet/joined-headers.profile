# X-OWA-Version in lower case and twice, challenges joined, reason empty.
[server]
address = 127.20.2.15
base = exchange-2016plus
build = 15.1.2507.59
netbios = EX16J
strip = X-OWA-Version
manifest =

[* /owa/]
HTTP/1.1 302 
content-type: text/html; charset=utf-8
location: /owa/auth/logon.aspx?url=https%3a%2f%2f${host}%2fowa%2f&reason=0
x-owa-version: ${build}
x-owa-version: ${build}
x-feserver: ${netbios}

[* /autodiscover/*]
@ntlm
HTTP/1.1 401 
WWW-Authenticate: Negotiate, NTLM, Basic realm="a, b=\\"c\\""
x-owa-version: ${build}, ${build}
x-feserver: ${netbios}

[expect]
identity = exchange
branch = 2016
update = Sep25HU
kind = HU
build = 15.1.2507.59
