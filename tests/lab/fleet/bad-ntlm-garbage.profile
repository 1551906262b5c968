# Type 2 messages with offsets and lengths that point nowhere.
[server]
address = 127.66.0.64

[* *]
HTTP/1.1 401 Unauthorized
Server: Microsoft-IIS/10.0
WWW-Authenticate: NTLM TlRMTVNTUAACAAAA//////////8FgomiAAAAAAAAAAAAAAAAAAAAAP///////////////w==
WWW-Authenticate: NTLM !!!!not base64!!!!
WWW-Authenticate: NTLM TlRMTVNTUAAC
WWW-Authenticate: Basic realm="unterminated
WWW-Authenticate: ,,,=,=,"

[expect]
nofact = ntlm.domain.dns
bounded = yes
