# Drops every SYN: the listener's queue is full for ever.
[server]
address = 127.66.0.1
behaviour = black-hole

[expect]
identity = unknown
build = -
error = connect timeout
