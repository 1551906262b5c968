# TLS 1.0 and nothing newer.
[server]
address = 127.20.4.1
base = exchange-2010
build = 14.3.123.4
netbios = EX10OLD
key = rsa

[tls]
min = 1.0
max = 1.0
ciphers = ALL@SECLEVEL=0

[expect]
identity = exchange
branch = 2010
cu = SP3
fact.tls.version = TLSv1
finding.tls-1-0-offered = fail
finding.tls-1-2-missing = fail
