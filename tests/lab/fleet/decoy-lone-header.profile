# A plain Apache page that carries X-OWA-Version and nothing else.
[server]
address = 127.20.3.6

[* /]
HTTP/1.1 200 OK
Server: Apache/2.4.66 (Debian)
X-OWA-Version: 15.2.1748.39
Content-Type: text/html

<html><head><title>It works</title></head><body>It works!</body></html>

[* *]
HTTP/1.1 404 Not Found
Server: Apache/2.4.66 (Debian)
X-OWA-Version: 15.2.1748.39
Content-Type: text/html; charset=iso-8859-1

<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>

[expect]
identity.not = exchange
