# Exchange 2016 CU23 at the last public update.
[server]
address = 127.20.1.4
base = exchange-2016plus
build = 15.1.2507.61
netbios = EX16A
os = 10.0.14393

[expect]
identity = exchange
product = Exchange Server 2016
branch = 2016
cu = CU23
update = Oct25SU
kind = SU
build = 15.1.2507.61
build_parts = 4
