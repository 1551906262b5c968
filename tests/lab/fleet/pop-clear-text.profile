# POP3 and IMAP take a password in the clear: LoginType PlainTextLogin.
[server]
address = 127.20.7.3
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXPOP
listen = 443 https, 80 http, 110 pop3, 995 pop3s, 143 imap, 993 imaps

[pop3]
capa = TOP, UIDL, SASL NTLM GSSAPI PLAIN, USER, STLS

[imap]
capability = IMAP4, IMAP4rev1, AUTH=NTLM, AUTH=GSSAPI, AUTH=PLAIN, STARTTLS, UIDPLUS, CHILDREN, IDLE, NAMESPACE, LITERAL+

[expect]
identity = exchange
fact.mail.login = allowed
fact.mail.auth = PLAIN
finding.pop-plaintext-login = fail
finding.imap-plaintext-login = fail
finding.mailbox-banner-leak = warn
finding.mailbox-starttls-broken = pass
finding.pop-reachable = warn
finding.imap-reachable = warn
fact.ntlm.computer.dns = expop.corp.exvet.test
