# Exchange 2019 CU12 without any update: ProxyNotShell and all that followed.
[server]
address = 127.20.1.11
base = exchange-2016plus
build = 15.2.1118.7
netbios = MAIL
owa_version_on = auth

[expect]
identity = exchange
product = Exchange Server 2019
branch = 2019
cu = CU12
update = -
kind = CU
build = 15.2.1118.7
build_parts = 4
