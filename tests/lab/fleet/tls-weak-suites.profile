# TLS 1.2 with all that OpenSSL still has: NULL, anonymous, static RSA, CBC.
[server]
address = 127.20.4.11
base = exchange-2016plus
build = 15.2.2562.56
netbios = TLSWEAK
key = rsa

[tls]
min = 1.2
max = 1.2
ciphers = ALL:COMPLEMENTOFALL:@SECLEVEL=0

[expect]
identity = exchange
build = 15.2.2562.56
finding.tls-broken-suites = fail
finding.tls-no-forward-secrecy = fail
finding.tls-cbc-suites = fail
finding.tls-baseline = warn
