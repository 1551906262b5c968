# The start page of IIS, no Exchange.
[server]
address = 127.20.3.10
base = iis

[* /]
HTTP/1.1 200 OK
Content-Type: text/html
Last-Modified: Tue, 14 Jan 2025 09:12:11 GMT
Accept-Ranges: bytes
ETag: "b1f7d2c36566db1:0"
Server: Microsoft-IIS/10.0
X-Powered-By: ASP.NET

<!DOCTYPE html><html><head><title>IIS Windows Server</title></head><body><div id="container"><a href="http://go.microsoft.com/fwlink/?linkid=66138&amp;clcid=0x409"><img src="iisstart.png" alt="IIS" /></a></div></body></html>

[expect]
identity = not-exchange
build = -
