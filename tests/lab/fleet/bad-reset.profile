# RST right after the connection is accepted.
[server]
address = 127.66.0.5
behaviour = reset

[expect]
identity = unknown
build = -
error = *
