# Redirects to the very same path.
[server]
address = 127.66.0.30

[* *]
HTTP/1.1 302 Found
Location: ${path}

[expect]
build = -
bounded = yes
