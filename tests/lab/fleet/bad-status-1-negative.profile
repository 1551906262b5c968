# The status is -1.
[server]
address = 127.66.0.57

[* *]
@close
HTTP/1.1 -1 Odd
Server: nginx

x

[expect]
build = -
bounded = yes
