# Exchange 2013 CU23 Mar23SU, the last one.
[server]
address = 127.20.1.3
base = exchange-2013
build = 15.0.1497.48
netbios = CAS02
ntlm = type2_02_6.3.9600

[expect]
identity = exchange
product = Exchange Server 2013
branch = 2013
cu = CU23
update = Mar23SU
kind = SU
build = 15.0.1497.48
build_parts = 4
