# Ten gigabytes of zeroes out of ten megabytes.
[server]
address = 127.66.0.21
behaviour = gzip-bomb

[expect]
identity = unknown|not-exchange
build = -
hasfact = http.limit
