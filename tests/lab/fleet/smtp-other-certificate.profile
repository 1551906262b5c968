# SMTP shows Exchange's own certificate, and older TLS than the web.
[server]
address = 127.20.4.16
base = exchange-2016plus
build = 15.2.2562.56
netbios = SMTPCERT
key = rsa
listen = 443 https, 80 http, 25 smtp

[tls 443]
min = 1.2
max = 1.2

[tls 25]
min = 1.0
max = 1.2
ciphers = DEFAULT:@SECLEVEL=0
cert = self-signed

[expect]
identity = exchange
build = 15.2.2562.56
finding.cert-differs = warn
finding.tls-differs = warn
finding.tls-1-0-offered = fail
finding.cert-untrusted = fail
