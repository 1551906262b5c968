# Exchange 2019 CU15 at the last paid update.
[server]
address = 127.20.1.9
base = exchange-2016plus
build = 15.2.1748.55
netbios = EX19B
os = 10.0.20348
oauth = hma

[expect]
identity = exchange
product = Exchange Server 2019
branch = 2019
cu = CU15
update = Oct26SU
kind = SU
build = 15.2.1748.55
build_parts = 4
