# Claims HTTP/2.0, then HTTP/3, in plain text.
[server]
address = 127.66.0.62

[* /owa/]
@close
HTTP/2.0 200 OK
Server: nginx

x

[* *]
@close
HTTP/3 200 OK

x

[expect]
bounded = yes
