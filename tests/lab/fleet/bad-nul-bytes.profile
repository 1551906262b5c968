# NUL bytes in header values and body.
[server]
address = 127.66.0.51

[* *]
HTTP/1.1 200 OK
Server: Microsoft-IIS/10.0\0hidden
X-OWA-Version: 15.2\0.1748.39
Content-Type: text/html

<html><title>a\0b</title>\0\0\0</html>

[expect]
bounded = yes
