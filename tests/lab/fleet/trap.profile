# No redirect may lead here: the access log must stay without this name.
[server]
address = 127.66.1.1

[* *]
HTTP/1.1 200 OK
Server: trap

trap

[expect 127.66.1.1]
identity = not-exchange
