# An SMTP server on 443.
[server]
address = 127.66.0.12
behaviour = smtp-banner

[expect]
identity = unknown
build = -
error = tls
