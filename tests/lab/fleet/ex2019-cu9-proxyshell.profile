# Exchange 2019 CU9: the build is on /owa/service alone, as on a recorded server.
[server]
address = 127.20.1.12
base = exchange-2016plus
build = 15.2.858.5
netbios = WIN-12OUO7A66M7
owa_version_on = service

[expect]
identity = exchange
product = Exchange Server 2019
branch = 2019
cu = CU9
update = -
kind = CU
build = 15.2.858.5
build_parts = 4
