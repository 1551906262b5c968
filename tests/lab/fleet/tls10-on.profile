# TLS 1.0 and 1.1 left on beside 1.2.
[server]
address = 127.20.4.12
base = exchange-2016plus
build = 15.2.1748.39
netbios = TLSOLD
key = rsa

[tls]
min = 1.0
max = 1.2
ciphers = DEFAULT:@SECLEVEL=0

[expect]
identity = exchange
build = 15.2.1748.39
fact.tls.offered = TLSv1.0
fact.tls.offered = TLSv1.1
fact.tls.refused = SSLv3
finding.tls-1-0-offered = fail
finding.tls-1-1-offered = fail
finding.tls-1-2-missing = pass
