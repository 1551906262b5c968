# SSL 3.0 and TLS 1.0 with RC4, DES and EXPORT suites, as old Windows had them on.
[server]
address = 127.20.4.17
base = exchange-2010
build = 14.3.513.0
netbios = EX10SSL
key = rsa

[tls]
min = 1.2
max = 1.2
ciphers = ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES128-SHA:AES128-SHA256:AES128-SHA:AES256-SHA256:AES256-SHA:@SECLEVEL=0
old = SSLv3 TLSv1.0
old_suites = TLS_RSA_WITH_RC4_128_MD5 TLS_RSA_WITH_RC4_128_SHA TLS_RSA_WITH_3DES_EDE_CBC_SHA TLS_RSA_WITH_DES_CBC_SHA TLS_RSA_EXPORT_WITH_RC4_40_MD5 TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5

[expect]
identity = exchange
branch = 2010
build = 14.3.513.0
fact.tls.version = TLSv1.2
fact.tls.offered = SSLv3
fact.tls.offered = TLSv1.0
fact.tls.offered = TLSv1.2
fact.tls.refused = TLSv1.1
fact.tls.export-rsa.bits = 512
finding.tls-ssl-offered = fail
finding.tls-1-0-offered = fail
finding.tls-1-1-offered = pass
finding.tls-1-2-missing = pass
finding.tls-broken-suites = fail
finding.tls-legacy-suites = fail
finding.tls-weak-key-exchange = fail
finding.tls-hello-protections = fail
finding.tls-baseline = warn
