# One of the three behind the pool's address.
[server]
address = none
hostname = pool.exvet.test
base = exchange-2016plus
build = 15.2.1748.39
netbios = POOL1
