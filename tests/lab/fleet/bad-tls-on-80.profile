# TLS where plain HTTP is expected.
[server]
address = 127.66.0.23
listen = 80 https

[expect http://bad-tls-on-80.exvet.test]
identity = unknown
build = -
error = *
