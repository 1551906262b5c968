# http.sys knows another name than the certificate does: nothing leads there.
[server]
address = 127.20.2.17
base = exchange-2016plus
hostname = hidden.exvet.test
cert_names = other.exvet.test
build = 15.2.1748.53
netbios = EX19Q
only_host = yes

[expect 127.20.2.17]
identity = unknown
build = -
