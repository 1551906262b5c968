# Redirects to a host that nobody named.
[server]
address = 127.66.0.31

[* *]
HTTP/1.1 302 Found
Location: https://trap.exvet.test/owa/

[expect]
build = -
hasfact = http.redirect.offsite
