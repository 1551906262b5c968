# Web Application Proxy sends everybody to AD FS on another host.
[server]
address = 127.20.3.2

[* *]
HTTP/1.1 307 Temporary Redirect
Content-Length: 0
Location: https://adfs.exvet.test/adfs/ls?version=1.0&action=signin&realm=urn%3AAppProxy%3Acom&appRealm=1f5c2a7e-0000-e811-80d1-00155d010203&returnUrl=https%3A%2F%2F${host}%2Fowa%2F&client-request-id=5F2B9D3A-0000-0000-0000-000000000001
Server: Microsoft-HTTPAPI/2.0

[expect]
identity = pre-auth-proxy
hasfact = http.redirect.offsite
build = -
finding.pre-auth-proxy-in-front = pass
