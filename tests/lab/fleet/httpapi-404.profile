# http.sys knows only the published name: the bare address gets its 404.
[server]
address = 127.20.2.8
base = exchange-2016plus
build = 15.2.1748.53
netbios = EX19P
only_host = yes

[expect]
identity = exchange
cu = CU15
update = Sep26SUv2
build = 15.2.1748.53

# The bare address is settled by the names in the certificate.
[expect 127.20.2.8]
identity = exchange
build = 15.2.1748.53
