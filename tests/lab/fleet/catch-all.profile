# Answers 200 with the same page to everything: no path proves anything.
[server]
address = 127.20.3.12

[* *]
HTTP/1.1 200 OK
Server: nginx
Content-Type: text/html; charset=utf-8

<!DOCTYPE html><html><head><title>Shop</title></head><body><div id="root"></div></body></html>

[expect]
identity = not-exchange
build = -
