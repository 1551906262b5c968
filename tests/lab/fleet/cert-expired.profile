# An expired certificate must not end the check.
[server]
address = 127.20.4.2
base = exchange-2016plus
build = 15.2.2562.56
netbios = CEXP
cert = expired
key = rsa

[expect]
identity = exchange
branch = SE
update = Oct26SU
build = 15.2.2562.56
nofactvalue.cert.verify = ok
finding.cert-dates = fail
