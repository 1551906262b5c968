# Redirects to a file of the scanning host.
[server]
address = 127.66.0.32

[* *]
HTTP/1.1 302 Found
Location: file:///etc/passwd

[expect]
build = -
bounded = yes
