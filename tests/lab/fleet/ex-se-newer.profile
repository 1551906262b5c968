# Newer than the table: must never be called old or unknown.
[server]
address = 127.20.1.16
base = exchange-2016plus
build = 15.2.2562.60
netbios = EXSE4
os = 10.0.26100

[expect]
identity = exchange
product = Exchange Server Subscription Edition
branch = SE
cu = RTM
update = -
kind = -
build = 15.2.2562.60
build_parts = 4
finding.build-newer-than-table = warn|fail
