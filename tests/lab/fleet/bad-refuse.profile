# Nothing listens.
[server]
address = 127.66.0.2
behaviour = refuse

[expect]
identity = unknown
build = -
error = connect refused
