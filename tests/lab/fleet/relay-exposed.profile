# NTLM everywhere, on a build that cannot have Extended Protection, SMB unsigned, and the back end open.
[server]
address = 127.20.5.3
base = exchange-2016plus
build = 15.1.2242.12
netbios = EXRELAY
listen = 443 https, 80 http, 444 https, 25 smtp, 445 smb

[expect]
identity = exchange
branch = 2016
cu = CU20
finding.relay-exposure = fail
finding.extended-protection = fail
finding.auth-ntlm-offered = warn
finding.backend-reachable = warn
finding.ecp-reachable = warn
finding.smtp-ntlm-offered = warn
finding.smb-signing-not-required = fail
fact.smb.signing = enabled
fact.mail.auth = NTLM
fact.ntlm.computer.dns = exrelay.corp.exvet.test
