# Both Transfer-Encoding and Content-Length.
[server]
address = 127.66.0.43

[* *]
@raw
HTTP/1.1 200 OK
Content-Length: 3
Transfer-Encoding: chunked

5\r
hello\r
0\r
\r\n


[expect]
bounded = yes
