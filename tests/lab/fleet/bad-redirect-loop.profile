# Redirects to itself for ever, another path each time.
[server]
address = 127.66.0.29

[* /a*]
HTTP/1.1 302 Found
Location: /b${path}
Server: nginx

[* *]
HTTP/1.1 302 Found
Location: /a${path}
Server: nginx

[expect]
build = -
hasfact = http.redirect.limit
