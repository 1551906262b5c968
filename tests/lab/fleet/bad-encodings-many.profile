# Twenty encodings on top of each other.
[server]
address = 127.66.0.39

[* *]
HTTP/1.1 200 OK
Content-Encoding: gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip
Content-Type: text/html

x

[expect]
build = -
bounded = yes
