# A web server like any other.
[server]
address = 127.20.3.11

[* /]
HTTP/1.1 200 OK
Server: nginx/1.22.1
Content-Type: text/html

<!DOCTYPE html><html><head><title>Welcome to nginx!</title></head><body><h1>Welcome to nginx!</h1></body></html>

[* *]
HTTP/1.1 404 Not Found
Server: nginx/1.22.1
Content-Type: text/html

<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr><center>nginx/1.22.1</center></body></html>

[expect]
identity = not-exchange
build = -
