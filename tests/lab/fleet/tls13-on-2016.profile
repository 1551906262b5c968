# TLS 1.3 in front of Exchange 2016 on Windows Server 2016, which cannot: something else speaks it.
[server]
address = 127.20.4.13
base = exchange-2016plus
build = 15.1.2507.61
netbios = TLS13ON16
os = 10.0.14393
ntlm = type2_07_10.0.14393

[tls]
min = 1.2
max = 1.3
ciphers = ECDHE+AESGCM

[expect]
identity = exchange
build = 15.1.2507.61
finding.tls-1-3-unsupported = warn
finding.tls-1-3-missing = pass
