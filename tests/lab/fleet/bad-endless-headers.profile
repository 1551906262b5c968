# Header lines without end.
[server]
address = 127.66.0.17
behaviour = endless-headers

[expect]
identity = unknown
build = -
bounded = yes
