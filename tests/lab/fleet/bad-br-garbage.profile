# Says br, which was perhaps not asked for.
[server]
address = 127.66.0.38

[* *]
HTTP/1.1 200 OK
Content-Encoding: br
Content-Type: text/html

\x8b\x03\x80 not brotli

[expect]
build = -
bounded = yes
