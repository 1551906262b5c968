# Plain HTTP where TLS is expected.
[server]
address = 127.66.0.13
behaviour = plain-http

[expect]
identity = unknown
build = -
error = tls
