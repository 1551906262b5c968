# Finishes the TLS handshake and never answers.
[server]
address = 127.66.0.4
behaviour = mute-after-tls

[expect]
identity = unknown
build = -
error = * timeout
