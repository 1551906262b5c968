# Every byte value where TLS is expected.
[server]
address = 127.66.0.14
behaviour = garbage

[expect]
identity = unknown
build = -
error = tls
