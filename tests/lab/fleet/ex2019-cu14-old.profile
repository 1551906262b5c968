# Exchange 2019 CU14 left at Mar24SU.
[server]
address = 127.20.1.10
base = exchange-2016plus
build = 15.2.1544.9
netbios = EX19C

[expect]
identity = exchange
product = Exchange Server 2019
branch = 2019
cu = CU14
update = Mar24SU
kind = SU
build = 15.2.1544.9
build_parts = 4
