# Exchange whose application pools are stopped, all but the log-on page's: a started server, no service.
[server]
address = 127.20.7.11
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXSTOP
listen = 443 https, 80 http, 25 smtp

[* /*/healthcheck.htm]
HTTP/1.1 503 Service Unavailable
Content-Type: text/html; charset=us-ascii
Server: Microsoft-HTTPAPI/2.0

[expect]
identity = exchange
fact.exchange.health = stopped
nofactvalue.exchange.health = up
finding.all-protocols-out = fail
finding.protocol-out = not-applicable
finding.iis-pool-stopped = fail
