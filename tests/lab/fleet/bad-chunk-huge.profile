# A chunk of sixteen exabytes.
[server]
address = 127.66.0.41

[* *]
@raw
@close
HTTP/1.1 200 OK
Transfer-Encoding: chunked

ffffffffffffffffff\r
hello\r

[expect]
build = -
bounded = yes
