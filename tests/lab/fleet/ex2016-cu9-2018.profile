# Exchange 2016 CU9 of 2018: names itself on /owa/service only.
[server]
address = 127.20.1.7
base = exchange-2016plus
build = 15.1.1466.3
netbios = MBX09C-ORD1
os = 6.3.9600
iis = 8.5
owa_version_on = service

[expect]
identity = exchange
product = Exchange Server 2016
branch = 2016
cu = CU9
update = -
kind = CU
build = 15.1.1466.3
build_parts = 4
