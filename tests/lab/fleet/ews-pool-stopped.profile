# The application pool of EWS is stopped: http.sys answers for it, the rest is well.
[server]
address = 127.20.7.9
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXPOOL

[* /ews/*]
HTTP/1.1 503 Service Unavailable
Content-Type: text/html; charset=us-ascii
Server: Microsoft-HTTPAPI/2.0

<HTML><HEAD><TITLE>Service Unavailable</TITLE></HEAD>
<BODY><h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p></BODY></HTML>

[expect]
identity = exchange
fact.exchange.health = up
fact.exchange.health = stopped
finding.iis-pool-stopped = fail
finding.protocol-out = fail
finding.all-protocols-out = pass
