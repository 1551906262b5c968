# A chunk size that is no number.
[server]
address = 127.66.0.40

[* *]
@raw
@close
HTTP/1.1 200 OK
Transfer-Encoding: chunked

zz\r
hello\r
0\r
\r\n


[expect]
build = -
bounded = yes
