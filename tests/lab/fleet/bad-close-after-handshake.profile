# Closes as soon as TLS is up.
[server]
address = 127.66.0.8
behaviour = close-after-handshake

[expect]
identity = unknown
build = -
error = *
