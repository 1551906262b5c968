# SMTP without a certificate: Exchange offers no STARTTLS then, and AUTH LOGIN bare.
[server]
address = 127.20.7.6
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXNOTLS
listen = 443 https, 80 http, 25 smtp, 587 smtp

[smtp]
ehlo = SIZE 37748736, PIPELINING, DSN, ENHANCEDSTATUSCODES, AUTH NTLM LOGIN, X-EXPS GSSAPI NTLM, 8BITMIME, BINARYMIME, CHUNKING, XRDST

[smtp 587]
ehlo = SIZE 36700160, PIPELINING, DSN, ENHANCEDSTATUSCODES, AUTH GSSAPI NTLM LOGIN, 8BITMIME, BINARYMIME, CHUNKING

[expect]
identity = exchange
fact.mail.starttls = missing
nofactvalue.mail.starttls = works
fact.mail.auth = LOGIN
finding.smtp-starttls-missing = fail
finding.smtp-auth-before-tls = fail
finding.smtp-starttls-broken = not-applicable
finding.smtp-ntlm-offered = warn
