# A firewall that inspects SMTP: greeting starred out, STARTTLS overwritten.
[server]
address = 127.20.7.5
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXMASK
listen = 443 https, 80 http, 25 smtp

[smtp]
greeting = 220 ****************************************************************************
ehlo = SIZE 37748736, PIPELINING, DSN, ENHANCEDSTATUSCODES, XXXXXXXA, AUTH NTLM, 8BITMIME, BINARYMIME, XXXXXXXB

[expect]
identity = exchange
fact.mail.masked = XXXXXXXA
fact.mail.starttls = missing
finding.mail-ehlo-masked = fail
finding.smtp-starttls-missing = fail
finding.smtp-auth-before-tls = undecidable
