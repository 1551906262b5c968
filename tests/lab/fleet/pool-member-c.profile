# One of the three behind the pool's address.
[server]
address = none
hostname = pool.exvet.test
base = exchange-2016plus
build = 15.2.1544.36
netbios = POOL3
