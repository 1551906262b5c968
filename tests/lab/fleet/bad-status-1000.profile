# The status is 1000.
[server]
address = 127.66.0.58

[* *]
@close
HTTP/1.1 1000 Odd
Server: nginx

x

[expect]
build = -
bounded = yes
