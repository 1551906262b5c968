# Entra application proxy: log-on at login.microsoftonline.com.
[server]
address = 127.20.3.3

[* *]
HTTP/1.1 302 Found
Cache-Control: private
Content-Type: text/html; charset=utf-8
Location: https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/authorize?response_type=code&client_id=aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee&scope=openid&redirect_uri=https%3a%2f%2f${host}%2fowa%2f
Server: Microsoft-HTTPAPI/2.0
Set-Cookie: AzureAppProxyAnalyticCookie_aaaaaaaa_1.3=x; domain=${hostname}; path=/; secure; HttpOnly
x-ms-proxy-app-id: aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee
x-ms-proxy-group-id: bbbbbbbb-bbbb-cccc-dddd-eeeeeeeeeeee
x-ms-proxy-subscription-id: 11111111-2222-3333-4444-555555555555
x-ms-proxy-transaction-id: ${request_id}
x-ms-proxy-service-name: proxy-appproxy-neur-ams02p-3
Nel: {"report_to":"network-errors","max_age":86400,"success_fraction":0.2,"failure_fraction":1.0}

[expect]
identity = pre-auth-proxy
hasfact = http.redirect.offsite
build = -
finding.pre-auth-proxy-in-front = pass
