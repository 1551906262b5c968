# Z-Push on Apache speaks ActiveSync and is not Exchange.
[server]
address = 127.20.3.8

[* /Microsoft-Server-ActiveSync*]
HTTP/1.1 401 Unauthorized
Server: Apache/2.4.66 (Debian)
MS-Server-ActiveSync: 14.0
X-Z-Push-Version: 2.7.6
WWW-Authenticate: Basic realm="ZPush"
Content-Type: text/html; charset=UTF-8

<title>Z-Push - Open Source ActiveSync</title>

[* *]
HTTP/1.1 404 Not Found
Server: Apache/2.4.66 (Debian)
Content-Type: text/html; charset=iso-8859-1

<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>

[expect]
identity = not-exchange
build = -
