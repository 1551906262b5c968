# Subscription Edition as released.
[server]
address = 127.20.1.13
base = exchange-2016plus
build = 15.2.2562.17
netbios = EXMBX1

[expect]
identity = exchange
product = Exchange Server Subscription Edition
branch = SE
cu = RTM
update = -
kind = RTM
build = 15.2.2562.17
build_parts = 4
