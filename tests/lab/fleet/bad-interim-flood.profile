# 100 Continue for ever.
[server]
address = 127.66.0.19
behaviour = interim-flood

[expect]
identity = unknown
build = -
bounded = yes
