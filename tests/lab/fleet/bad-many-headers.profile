# Ten thousand header lines.
[server]
address = 127.66.0.53

[* *]
@repeat 10000
HTTP/1.1 200 OK
X-N${n}: ${n}

x

[expect]
bounded = yes
