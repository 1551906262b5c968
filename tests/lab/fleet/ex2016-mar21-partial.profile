# March 2021 update on an old CU: earlier updates cannot be read from the build.
[server]
address = 127.20.1.6
base = exchange-2016plus
build = 15.1.1415.10
netbios = EX16C
os = 10.0.14393

[expect]
identity = exchange
product = Exchange Server 2016
branch = 2016
cu = CU8
update = Mar21SU
kind = SU
build = 15.1.1415.10
build_parts = 4
