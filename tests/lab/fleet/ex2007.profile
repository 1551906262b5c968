# Exchange 2007 SP3 UR23, the last one.
[server]
address = 127.20.1.1
base = exchange-2007
build = 8.3.517.0
netbios = EX07

[expect]
identity = exchange
product = Exchange Server 2007
branch = 2007
cu = SP3
update = UR23
kind = UR
build = 8.3.517.0
build_parts = 4
