# Slow in a legal way: heads in pieces of three bytes.  Must be read as any other.
[server]
address = 127.66.0.26
base = exchange-2016plus
build = 15.2.1748.39
netbios = BAD26
behaviour = split-fast

[expect]
identity = exchange
cu = CU15
update = Oct25SU
build = 15.2.1748.39
