# TLS as Microsoft recommends it: 1.2 and 1.3, forward secrecy, AEAD.
[server]
address = 127.20.4.10
base = exchange-2016plus
build = 15.2.2562.56
netbios = TLSGOOD
key = rsa
os = 10.0.20348
ntlm = type2_01_10.0.20348
listen = 443 https, 80 http, 993 imaps

[tls]
min = 1.2
max = 1.3
ciphers = ECDHE+AESGCM

[expect]
identity = exchange
build = 15.2.2562.56
finding.tls-ssl-offered = pass
finding.tls-1-0-offered = pass
finding.tls-1-1-offered = pass
finding.tls-1-2-missing = pass
finding.tls-1-3-missing = pass
finding.tls-1-3-unsupported = pass
finding.tls-broken-suites = pass
finding.tls-legacy-suites = pass
finding.tls-no-forward-secrecy = pass
finding.tls-cbc-suites = pass
finding.tls-weak-key-exchange = pass
finding.tls-differs = pass
finding.cert-untrusted = pass
finding.cert-weak = pass
