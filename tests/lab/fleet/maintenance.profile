# Every protocol out of rotation: Exchange is in maintenance mode.
[server]
address = 127.20.2.11
base = exchange-2016plus
build = 15.2.1748.53
netbios = EX19W

[* /*/healthcheck.htm]
HTTP/1.1 503 Service Unavailable
Server: Microsoft-IIS/10.0
X-FEServer: ${netbios}

[expect]
identity = exchange
build = 15.2.1748.53
fact.exchange.health = down
nofactvalue.exchange.health = up
finding.all-protocols-out = fail
finding.protocol-out = not-applicable
