# A build between two rows of the table: neighbours, never one guess.
[server]
address = 127.20.1.17
base = exchange-2016plus
build = 15.2.1748.45
netbios = EX19U

[expect]
identity = exchange
product = Exchange Server 2019
branch = 2019
cu = CU15
update = -
kind = -
build = 15.2.1748.45
build_parts = 4
finding.build-not-in-table = warn|fail
