# Chunks that stop without the last one.
[server]
address = 127.66.0.42

[* *]
@raw
@close
HTTP/1.1 200 OK
Transfer-Encoding: chunked

5\r
hello\r
5\r

[expect]
build = -
bounded = yes
