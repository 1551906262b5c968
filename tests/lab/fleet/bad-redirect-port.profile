# Redirects to another port of the same host.
[server]
address = 127.66.0.34

[* *]
HTTP/1.1 302 Found
Location: https://bad-redirect-port.exvet.test:22/owa/

[expect]
build = -
bounded = yes
