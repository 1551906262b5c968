# A proxy in front asks for a log-on, or says no, where healthcheck.htm is asked.
[server]
address = 127.20.7.10
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXPROXY

[* /owa/healthcheck.htm]
HTTP/1.1 401 Unauthorized
Server: nginx
WWW-Authenticate: Basic realm="monitoring"

[* /*/healthcheck.htm]
HTTP/1.1 403 Forbidden
Server: nginx

[expect]
identity = exchange
fact.exchange.health = asks-for-log-on
fact.exchange.health = refused
nofactvalue.exchange.health = up
finding.protocol-out = not-observable
finding.all-protocols-out = not-observable
