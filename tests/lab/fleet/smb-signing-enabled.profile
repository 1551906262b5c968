# SMB signs for whoever asks and does not insist: the default of a member server.
[server]
address = 127.20.7.2
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXSMBON
listen = 443 https, 80 http, 445 smb

[expect]
identity = exchange
fact.smb.signing = enabled
fact.smb1.offered = 0
finding.smb-signing-not-required = fail
finding.smb-signing-disabled = pass
finding.smb1-offered = pass
