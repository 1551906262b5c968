# Says deflate and is not.
[server]
address = 127.66.0.37

[* *]
HTTP/1.1 200 OK
Content-Encoding: deflate
Content-Type: text/html

\xff\xff\xff\xff not deflate

[expect]
build = -
bounded = yes
