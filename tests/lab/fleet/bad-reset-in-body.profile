# RST in the middle of each body.
[server]
address = 127.66.0.27
base = exchange-2016plus
build = 15.2.1748.39
netbios = BAD27
behaviour = reset-in-body

[expect]
bounded = yes
