# Exchange 2016 CU23 at the last paid update.
[server]
address = 127.20.1.5
base = exchange-2016plus
build = 15.1.2507.77
netbios = EX16B
os = 10.0.14393

[expect]
identity = exchange
product = Exchange Server 2016
branch = 2016
cu = CU23
update = Oct26SU
kind = SU
build = 15.1.2507.77
build_parts = 4
