# A certificate that its authority signed with SHA-1.
[server]
address = 127.20.4.15
base = exchange-2016plus
build = 15.2.2562.56
netbios = CSHA1
cert = sha1
key = rsa

[tls]
min = 1.2
max = 1.2
ciphers = DEFAULT:@SECLEVEL=0

[expect]
identity = exchange
build = 15.2.2562.56
finding.cert-weak = fail
