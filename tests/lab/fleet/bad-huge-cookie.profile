# A cookie of 200 KB.
[server]
address = 127.66.0.54

[* *]
@close
HTTP/1.1 200 OK
Set-Cookie: big=${filler}; path=/

x

[expect]
bounded = yes
