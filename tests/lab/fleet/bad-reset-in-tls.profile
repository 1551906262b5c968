# RST in the middle of the server's first TLS flight.
[server]
address = 127.66.0.7
behaviour = reset-in-tls

[expect]
identity = unknown
build = -
error = tls
