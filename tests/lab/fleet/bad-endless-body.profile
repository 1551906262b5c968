# A body without end.
[server]
address = 127.66.0.15
behaviour = endless-body

[expect]
identity = unknown|not-exchange
build = -
hasfact = http.limit
