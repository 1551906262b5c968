# Internet Information Services with nothing in it.
[server]
iis = 10.0
listen = 443 https, 80 http

[* *]
@body iis-404
HTTP/1.1 404 Not Found
Content-Type: text/html
Server: Microsoft-IIS/${iis}
X-Powered-By: ASP.NET

