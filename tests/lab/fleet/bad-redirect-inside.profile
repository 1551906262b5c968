# Redirects to a service on the scanning host.
[server]
address = 127.66.0.33

[* *]
HTTP/1.1 302 Found
Location: http://127.0.0.1:22/owa/

[expect]
build = -
hasfact = http.redirect.offsite
