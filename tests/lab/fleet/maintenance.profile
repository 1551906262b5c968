# Every protocol out of rotation, SMTP with them: Exchange is in maintenance mode.
[server]
address = 127.20.2.11
base = exchange-2016plus
build = 15.2.1748.53
netbios = EX19W
listen = 443 https, 80 http, 25 smtp, 587 smtp

[smtp]
greeting = 421 4.3.2 Service not available

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
fact.mail.refused = 421 4.3.2 Service not available
finding.smtp-unavailable = warn
finding.protocol-out = not-applicable
