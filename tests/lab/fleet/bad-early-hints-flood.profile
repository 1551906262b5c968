# 103 Early Hints for ever.
[server]
address = 127.66.0.20
behaviour = early-hints-flood

[expect]
identity = unknown
build = -
bounded = yes
