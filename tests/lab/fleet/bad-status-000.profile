# The status is 000.
[server]
address = 127.66.0.55

[* *]
@close
HTTP/1.1 000 Odd
Server: nginx

x

[expect]
build = -
bounded = yes
