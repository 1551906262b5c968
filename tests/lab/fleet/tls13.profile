# TLS 1.3 as on Windows Server 2022.
[server]
address = 127.20.4.6
base = exchange-2016plus
build = 15.2.2562.56
netbios = TLS13
os = 10.0.20348
ntlm = type2_39_10.0.20348

[tls]
min = 1.2
max = 1.3

[expect]
identity = exchange
branch = SE
build = 15.2.2562.56
fact.tls.version = TLSv1.3
finding.tls-1-3-unsupported = pass
finding.tls-1-0-offered = pass
