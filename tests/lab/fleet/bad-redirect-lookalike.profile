# Redirects whose host only looks like the target: user part, suffix, backslash.
[server]
address = 127.66.0.35

[* /owa/]
HTTP/1.1 302 Found
Location: https://bad-redirect-lookalike.exvet.test@trap.exvet.test/owa/

[* /ecp/]
HTTP/1.1 302 Found
Location: https://bad-redirect-lookalike.exvet.test.trap.exvet.test/

[* /autodiscover/*]
HTTP/1.1 302 Found
Location: //trap.exvet.test/owa/

[* *]
HTTP/1.1 302 Found
Location: https:\\\\trap.exvet.test/owa/

[expect]
build = -
bounded = yes
