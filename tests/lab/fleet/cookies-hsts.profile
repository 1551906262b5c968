# HSTS, cookies of every kind and a duplicated X-FEServer.
[server]
address = 127.20.2.13
base = exchange-2016plus
build = 15.2.2562.49
netbios = EXSE6
add = Strict-Transport-Security: max-age=31536000; includeSubDomains
add = X-FEServer: EXSE7

[* /owa/]
HTTP/1.1 302 Found
Content-Type: text/html; charset=utf-8
Location: https://${host}/owa/auth/logon.aspx?url=https%3a%2f%2f${host}%2fowa%2f&reason=0
Server: Microsoft-IIS/10.0
Strict-Transport-Security: max-age=31536000; includeSubDomains
Set-Cookie: ClientId=5E2A9BD1A0F34C2B; expires=Fri, 24-Nov-2028 00:00:00 GMT; path=/; secure; HttpOnly
Set-Cookie: X-BackEndCookie=; expires=Thu, 24-Nov-1996 00:00:00 GMT; path=/; secure; HttpOnly
Set-Cookie: exchangecookie=0123456789abcdef0123456789abcdef; path=/; HttpOnly
X-OWA-Version: ${build}
X-FEServer: ${netbios}
X-FEServer: EXSE7

[expect]
identity = exchange
branch = SE
update = Sep26SU
build = 15.2.2562.49
fact.http.cookie = ClientId
hasfact = http.hsts
finding.cookie-flags = warn
