# Closes right after the connection is accepted.
[server]
address = 127.66.0.6
behaviour = close

[expect]
identity = unknown
build = -
error = tls
