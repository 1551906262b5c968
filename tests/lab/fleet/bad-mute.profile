# Takes the connection and never says a word.
[server]
address = 127.66.0.3
behaviour = mute

[expect]
identity = unknown
build = -
error = tls timeout
