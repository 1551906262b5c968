# Bare CR and folded lines in the head.
[server]
address = 127.66.0.52

[* *]
@close
HTTP/1.1 200 OK
Server: nginx\rX-OWA-Version: 15.2.1748.39
X-Folded: a
 X-FEServer: FOLDED
	more

x

[expect]
bounded = yes
