# HTTP/1.0 without Host shows the internal address; the clock is ten minutes ahead.
[server]
address = 127.20.2.14
base = exchange-2013
build = 15.0.1497.24
netbios = CAS01
internal = 172.20.33.130
ntlm = made +600
clock = 600

[expect]
identity = exchange
branch = 2013
cu = CU23
update = Oct21SU
build = 15.0.1497.24
finding.internal-address-disclosed = fail
finding.clock-skew = fail
