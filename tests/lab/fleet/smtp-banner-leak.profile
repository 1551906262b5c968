# A greeting made by hand that tells version, inner name and inner address.
[server]
address = 127.20.7.8
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXLEAK
listen = 443 https, 80 http, 25 smtp

[smtp]
greeting = 220 exleak.corp.local Microsoft Exchange Server 15.2.2562.56 on 10.20.30.40 ready at ${mail_date}

[expect]
identity = exchange
fact.mail.leak = name exleak.corp.local
fact.mail.leak = address 10.20.30.40
fact.mail.leak = version 15.2.2562.56
finding.smtp-banner-leak = fail
