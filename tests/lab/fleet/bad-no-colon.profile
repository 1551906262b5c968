# A header line without a colon, and a name with spaces.
[server]
address = 127.66.0.61

[* *]
@close
HTTP/1.1 200 OK
this line has no colon
X Spaced Name : x
: no name

x

[expect]
bounded = yes
