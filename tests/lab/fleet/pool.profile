# A balancer without stickiness: each connection reaches the next member, and
# no two are at the same build.
[server]
address = 127.20.2.9
base = iis
members = pool-member-a pool-member-b pool-member-c

[tls]
min = 1.2
max = 1.2

[expect]
identity = exchange
branch = 2019
finding.pool-mixed-builds = fail|warn|not-observable|not-applicable
