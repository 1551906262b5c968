# STARTTLS offered and then refused at 25, hung up on at 587: the certificate is gone.
[server]
address = 127.20.7.7
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXTLSERR
listen = 443 https, 80 http, 25 smtp, 587 smtp

[smtp]
starttls = 454 4.7.0 TLS not available due to temporary reason

[smtp 587]
starttls = drop

[expect]
identity = exchange
fact.mail.starttls = refused
fact.mail.starttls = dropped
nofactvalue.mail.starttls = works
finding.smtp-starttls-broken = fail
finding.smtp-starttls-missing = pass
