# A certificate for another name.
[server]
address = 127.20.4.4
base = exchange-2016plus
build = 15.2.2562.56
netbios = CWRONG
cert = wrong-name
key = rsa

[expect]
identity = exchange
branch = SE
update = Oct26SU
build = 15.2.2562.56
fact.cert.name-match = 0
finding.cert-name = fail
