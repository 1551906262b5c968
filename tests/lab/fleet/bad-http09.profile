# A body without a head, though HTTP/1.1 was asked.
[server]
address = 127.66.0.22
behaviour = http09

[expect]
identity = unknown
build = -
error = *
