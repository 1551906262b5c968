# An SSH server on 443.
[server]
address = 127.66.0.11
behaviour = ssh-banner

[expect]
identity = unknown
build = -
error = tls
