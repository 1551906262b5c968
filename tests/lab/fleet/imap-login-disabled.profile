# IMAP and POP3 as Exchange sets them up: no password before TLS, NTLM inside.
[server]
address = 127.20.7.4
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXIMAP
listen = 443 https, 80 http, 143 imap, 993 imaps, 110 pop3, 995 pop3s

[expect]
identity = exchange
fact.mail.login = disabled
nofactvalue.mail.login = allowed
nofact = mail.auth
fact.mail.feature = LOGINDISABLED
fact.mail.auth.tls = NTLM
fact.mail.starttls = works
finding.imap-plaintext-login = pass
finding.pop-plaintext-login = pass
finding.imap-reachable = warn
fact.ntlm.computer.dns = eximap.corp.exvet.test
