# Subscription Edition at the newest update of the table.
[server]
address = 127.20.1.15
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXSE3
os = 10.0.26100
ntlm = made +2

[expect]
identity = exchange
product = Exchange Server Subscription Edition
branch = SE
cu = RTM
update = Oct26SU
kind = SU
build = 15.2.2562.56
build_parts = 4
