# An admin rewrites the header with leading zeroes; MAPI pads by itself.
[server]
address = 127.20.2.4
base = exchange-2016plus
build = 15.2.1748.39
shown_build = 15.02.1748.039
netbios = EX19Z

[* /mapi/*]
@ntlm
HTTP/1.1 401 Unauthorized
request-id: ${request_id}
X-ServerApplication: Exchange/${padded_build}
Server: Microsoft-IIS/${iis}
WWW-Authenticate: Negotiate,NTLM
X-FEServer: ${netbios}

[expect]
identity = exchange
product = Exchange Server 2019
cu = CU15
update = Oct25SU
build = 15.2.1748.39
build_parts = 4
