# Heads at once, bodies at one byte a second.
[server]
address = 127.66.0.25
base = exchange-2016plus
build = 15.2.1748.39
netbios = BAD25
behaviour = trickle-body

[expect]
error = * timeout
