# Content-Length: 1000000 for a body of another length.
[server]
address = 127.66.0.44

[* *]
@raw
@close
HTTP/1.1 200 OK
Content-Type: text/html
Content-Length: 1000000

<html><title>ten or more bytes</title></html>

[expect]
build = -
bounded = yes
