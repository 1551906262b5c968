# Exchange's own certificate from setup: CN and SAN are the server's names.
[server]
address = 127.20.4.5
base = exchange-2016plus
build = 15.2.2562.56
netbios = CSELF
cert = self-signed
key = rsa

[expect]
identity = exchange
branch = SE
update = Oct26SU
build = 15.2.2562.56
nofactvalue.cert.verify = ok
finding.cert-untrusted = fail
