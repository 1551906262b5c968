# The status is abc.
[server]
address = 127.66.0.59

[* *]
@close
HTTP/1.1 abc Odd
Server: nginx

x

[expect]
build = -
bounded = yes
