# Says gzip and is not.
[server]
address = 127.66.0.36

[* *]
HTTP/1.1 200 OK
Content-Encoding: gzip
Content-Type: text/html

\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03 this is no deflate stream \xff\xfe\xfd

[expect]
build = -
bounded = yes
