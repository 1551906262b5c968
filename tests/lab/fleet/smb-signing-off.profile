# SMB with signing off in both generations: SMB 2 says neither bit, SMB 1 the same.
[server]
address = 127.20.7.1
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXSMBOFF
listen = 443 https, 80 http, 445 smb

[smb]
signing = disabled
smb1 = disabled

[expect]
identity = exchange
fact.smb.signing = disabled
fact.smb1.offered = 1
fact.smb1.signing = disabled
finding.smb-signing-not-required = fail
finding.smb-signing-disabled = fail
finding.smb1-offered = fail
finding.smb-reachable = warn
