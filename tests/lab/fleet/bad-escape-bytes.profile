# Terminal escapes, bidi overrides, markup and formulas in headers, title and names.
[server]
address = 127.66.0.50

[* /owa/]
HTTP/1.1 302 Found
Server: Microsoft-IIS/10.0\e[2J\e[31m
Location: /owa/auth/logon.aspx
X-OWA-Version: 15.2.1748.39
X-FEServer: =cmd|'/C calc'!A0
X-FEServer: <script>alert(1)</script>
X-FEServer: \xe2\x80\xaegnp.exe
X-FEServer: a\x07b\x08c\x9bd
X-Powered-By: "quoted", 'single'; | pipe & ampersand `tick`
Set-Cookie: +SUM(1+1)*cmd|' /C calc'!A0=1; path=/

[* /owa/auth/logon.aspx]
HTTP/1.1 200 OK
Content-Type: text/html
Server: Microsoft-IIS/10.0

<html><head><title>\e]0;owned\x07</title><script>alert(1)</script>\xff\xfe\xc0\x80 @SUM(1) \xe2\x80\xaetitle | x</title>
<!-- {57A118C6-2DA9-419d-BE9A-F92B0F9A418B} -->
<link href="/owa/auth/15.2.1748/themes/resources/favicon.ico"></head></html>

[* /*/healthcheck.htm]
HTTP/1.1 200 OK

200 OK<br/>=HYPERLINK("http://evil")\e[2J\r
EVIL.exvet.test

[* *]
HTTP/1.1 404 Not Found
Server: -1+1\e[0m

[expect]
bounded = yes
