# 421 in the midst: at 25 to EHLO, at 587 inside TLS.
[server]
address = 127.20.7.12
base = exchange-2016plus
build = 15.2.2562.56
netbios = EX421
listen = 443 https, 80 http, 25 smtp, 587 smtp

[smtp 25]
on_ehlo = 421 4.3.2 Service not active

[smtp 587]
on_ehlo_tls = 421 4.4.2 Connection dropped due to TimeOut

[expect]
identity = exchange
fact.mail.refused = 421 4.3.2 Service not active
fact.mail.refused = 421 4.4.2 Connection dropped due to TimeOut
fact.mail.starttls = works
finding.smtp-unavailable = warn
finding.smtp-starttls-broken = pass
