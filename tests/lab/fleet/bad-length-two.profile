# Two Content-Length headers that differ.
[server]
address = 127.66.0.49

[* *]
@raw
@close
HTTP/1.1 200 OK
Content-Length: 5
Content-Length: 50

hello world, hello world, hello world, hello world

[expect]
build = -
bounded = yes
