# Chunks without end, one byte each.
[server]
address = 127.66.0.16
behaviour = endless-chunks

[expect]
identity = unknown|not-exchange
build = -
hasfact = http.limit
