# One byte a second of the TLS handshake.
[server]
address = 127.66.0.9
behaviour = slow-handshake

[expect]
identity = unknown
build = -
error = tls timeout
