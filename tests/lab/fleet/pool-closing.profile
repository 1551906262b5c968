# The same pool behind a balancer that ends each connection after one answer:
# every request reaches the next member, so the builds are seen to differ.
[server]
address = 127.20.2.16
base = iis
members = pool-member-a pool-member-b pool-member-c
close = yes

[expect]
identity = exchange
branch = 2019
fact.exchange.build = 15.2.1748.39
fact.exchange.build = 15.2.1748.36
fact.exchange.build = 15.2.1544.36
finding.pool-mixed-builds = fail|warn
