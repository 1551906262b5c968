# A certificate from the future.
[server]
address = 127.20.4.3
base = exchange-2016plus
build = 15.2.2562.56
netbios = CNOTYET
cert = not-yet
key = rsa

[expect]
identity = exchange
branch = SE
update = Oct26SU
build = 15.2.2562.56
nofactvalue.cert.verify = ok
finding.cert-dates = fail
