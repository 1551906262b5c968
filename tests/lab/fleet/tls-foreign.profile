# A balancer ends TLS: ChaCha20 in TLS 1.2 is nothing that Windows has.
[server]
address = 127.20.4.14
base = exchange-2016plus
build = 15.2.2562.56
netbios = TLSLB
key = rsa

[tls]
min = 1.2
max = 1.2
ciphers = ECDHE-RSA-CHACHA20-POLY1305

[expect]
identity = exchange
build = 15.2.2562.56
fact.tls.foreign = TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256
finding.tls-not-by-windows = warn
