# The emergency mitigation for CVE-2026-42897 shows as a header of /owa/.
[server]
address = 127.20.2.10
base = exchange-2016plus
build = 15.2.1748.43
netbios = EX19M

[* /owa/]
HTTP/1.1 302 Found
Content-Type: text/html; charset=utf-8
Location: https://${host}/owa/auth/logon.aspx?url=https%3a%2f%2f${host}%2fowa%2f&reason=0
Server: Microsoft-IIS/10.0
request-id: ${request_id}
X-OWA-Version: ${build}
Content-Security-Policy: script-src-attr 'none'
X-FEServer: ${netbios}

[expect]
identity = exchange
cu = CU15
update = Feb26SU
build = 15.2.1748.43
hasfact = exchange.mitigation
