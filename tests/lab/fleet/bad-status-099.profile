# The status is 099.
[server]
address = 127.66.0.60

[* *]
@close
HTTP/1.1 099 Odd
Server: nginx

x

[expect]
build = -
bounded = yes
