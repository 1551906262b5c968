# Exchange 2019 CU15 at the last public update.
[server]
address = 127.20.1.8
base = exchange-2016plus
build = 15.2.1748.39
netbios = EX19A
ntlm = type2_34_10.0.17763

[expect]
identity = exchange
product = Exchange Server 2019
branch = 2019
cu = CU15
update = Oct25SU
kind = SU
build = 15.2.1748.39
build_parts = 4
