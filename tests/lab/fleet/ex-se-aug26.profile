# Subscription Edition at Aug26SU.
[server]
address = 127.20.1.14
base = exchange-2016plus
build = 15.2.2562.46
netbios = EXSE2
os = 10.0.20348

[expect]
identity = exchange
product = Exchange Server Subscription Edition
branch = SE
cu = RTM
update = Aug26SU
kind = SU
build = 15.2.2562.46
build_parts = 4
