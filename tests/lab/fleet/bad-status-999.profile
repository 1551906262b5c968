# The status is 999.
[server]
address = 127.66.0.56

[* *]
@close
HTTP/1.1 999 Odd
Server: nginx

x

[expect]
build = -
bounded = yes
