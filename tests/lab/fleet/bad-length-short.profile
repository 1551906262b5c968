# Content-Length: 3 for a body of another length.
[server]
address = 127.66.0.45

[* *]
@raw
@close
HTTP/1.1 200 OK
Content-Type: text/html
Content-Length: 3

<html><title>ten or more bytes</title></html>

[expect]
build = -
bounded = yes
