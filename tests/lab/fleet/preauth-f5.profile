# F5 BIG-IP APM asks for its own log-on first.
[server]
address = 127.20.3.1

[* /my.policy]
HTTP/1.1 200 OK
Server: Apache
Content-Type: text/html; charset=utf-8
Set-Cookie: MRHSession=c0ffee00c0ffee00c0ffee00c0ffee00; path=/; secure

<html><head><title>BIG-IP logout page</title></head><body><form id="auth_form" action="/my.policy" method="post"></form>
<!-- Access policy --></body></html>

[* *]
HTTP/1.0 302 Found
Server: BigIP
Location: /my.policy
Set-Cookie: LastMRH_Session=c0ffee00; path=/; secure
Set-Cookie: MRHSession=c0ffee00c0ffee00c0ffee00c0ffee00; path=/; secure

[expect]
identity = pre-auth-proxy
build = -
finding.pre-auth-proxy-in-front = pass
