# SOGo: ActiveSync behind nginx, its own web mail.
[server]
address = 127.20.3.9

[* /]
HTTP/1.1 302 Found
Server: nginx
Location: https://${host}/SOGo

[* /SOGo*]
HTTP/1.1 200 OK
Server: nginx
Content-Type: text/html; charset=utf-8

<!DOCTYPE html><html><head><title>SOGo</title><meta name="author" content="SKYRIX Software AG/Inverse inc." /></head><body ng-app="SOGo.MainUI"></body></html>

[* /Microsoft-Server-ActiveSync*]
HTTP/1.1 401 Unauthorized
Server: nginx
MS-Server-ActiveSync: 14.1
WWW-Authenticate: basic realm="SOGo"

[* *]
HTTP/1.1 404 Not Found
Server: nginx
Content-Type: text/html

<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center></body></html>

[expect]
identity = not-exchange
build = -
