# Closes in the middle of each body.
[server]
address = 127.66.0.28
base = exchange-2016plus
build = 15.2.1748.39
netbios = BAD28
behaviour = close-in-body

[expect]
bounded = yes
