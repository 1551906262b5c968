# A healthy, well-kept server: HSTS, port 80 only redirects, no admin center, no PowerShell.
[server]
address = 127.20.5.1
base = exchange-2016plus
build = 15.2.2562.56
netbios = EXGOOD
listen = 443 https, 80 http, 25 smtp, 587 smtp, 445 smb
oauth = hma
add = Strict-Transport-Security: max-age=31536000; includeSubDomains

# No log-on for the outside at 25, and SMB signed.
[smtp]
greeting = 220 healthy.exvet.test ESMTP
ehlo = SIZE 37748736, PIPELINING, DSN, ENHANCEDSTATUSCODES, STARTTLS, 8BITMIME, CHUNKING
ehlo_tls = SIZE 37748736, PIPELINING, DSN, ENHANCEDSTATUSCODES, 8BITMIME, CHUNKING

[smtp 587]
ehlo = SIZE 36700160, PIPELINING, DSN, ENHANCEDSTATUSCODES, STARTTLS, 8BITMIME, CHUNKING
ehlo_tls = SIZE 36700160, PIPELINING, DSN, ENHANCEDSTATUSCODES, AUTH LOGIN, 8BITMIME, CHUNKING

[smb]
signing = required

[* http:*]
HTTP/1.1 301 Moved Permanently
Location: https://${host}/owa/
Server: Microsoft-IIS/10.0

[* /ecp/]
HTTP/1.1 403 Forbidden
Server: Microsoft-IIS/10.0

[* /powershell*]
HTTP/1.1 403 Forbidden
Server: Microsoft-IIS/10.0

[expect]
identity = exchange
branch = SE
finding.all-protocols-out = pass
finding.protocol-out = pass
finding.plain-http-content = pass
finding.auth-basic-plain-http = pass
finding.ecp-reachable = pass
finding.powershell-reachable = pass
finding.backend-reachable = pass
finding.auth-modern-missing = pass
finding.auth-differs-from-default = pass
finding.internal-address-disclosed = pass
fact.smb.signing = required
fact.mail.starttls = works
fact.mail.auth.tls = LOGIN
nofact = mail.auth
finding.smb-signing-not-required = pass
finding.smb-signing-disabled = pass
finding.smb1-offered = pass
finding.smb-reachable = warn
finding.smtp-starttls-missing = pass
finding.smtp-starttls-broken = pass
finding.smtp-auth-before-tls = pass
finding.smtp-banner-leak = pass
finding.smtp-ntlm-offered = pass
finding.smtp-unavailable = pass
finding.imap-reachable = pass
finding.pop-reachable = pass
finding.mail-ehlo-masked = pass
finding.extended-protection = undecidable
finding.relay-exposure = undecidable
finding.not-visible-from-network = not-observable
