# TLS records of the answer at one byte a second.
[server]
address = 127.66.0.10
behaviour = trickle-records

[expect]
identity = unknown
build = -
error = * timeout
