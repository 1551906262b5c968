# A real nginx with HTTP/2 in front: lower-case names, Server replaced.
[server]
address = 127.20.2.5
base = exchange-2016plus
listen = 443 nginx, 80 http
build = 15.2.1748.55
netbios = EX19N
strip = X-Powered-By

[expect]
identity = exchange
product = Exchange Server 2019
cu = CU15
update = Oct26SU
build = 15.2.1748.55
fact.http.version = 2
