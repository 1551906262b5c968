# The head of each answer at one byte a second.
[server]
address = 127.66.0.24
base = exchange-2016plus
build = 15.2.1748.39
netbios = BAD24
behaviour = trickle-head

[expect]
build = -
error = * timeout
