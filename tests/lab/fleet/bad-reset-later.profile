# The server resets each request after the first.
[server]
address = 127.66.0.65

[* /owa/]
HTTP/1.1 200 OK
Server: nginx

x

[* *]
@reset

[expect]
bounded = yes
