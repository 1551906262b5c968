# A TMG log-on page carries the same GUID comment as OWA.
[server]
address = 127.20.3.7

[* /CookieAuth.dll*]
HTTP/1.1 200 OK
Content-Type: text/html; charset=UTF-8
Connection: Keep-Alive
Pragma: no-cache
Cache-Control: no-cache

<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.0 Transitional//EN">
<!-- {57A118C6-2DA9-419d-BE9A-F92B0F9A418B} -->
<html><head><title>Microsoft Forefront TMG</title>
<link href="/CookieAuth.dll?GetPic?formdir=1&image=logon_style.css" rel="stylesheet"></head>
<body><form action="/CookieAuth.dll?Logon" method="POST" id="logonForm">
<input type="hidden" id="curl" name="curl" value="Z2FowaZ2F"><input type="text" name="username">
</form></body></html>

[* *]
HTTP/1.1 302 Moved Temporarily
Location: https://${host}/CookieAuth.dll?GetLogon?curl=Z2FowaZ2F&reason=0&formdir=1
Pragma: no-cache
Cache-Control: no-cache
Connection: close
Content-Length: 0

[expect]
identity.not = exchange
build = -
