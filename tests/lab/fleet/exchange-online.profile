# Exchange Online: 15.20, routed names of outlook.com.
[server]
address = 127.20.3.4

[* /owa/]
HTTP/1.1 302 Found
Content-Type: text/html; charset=utf-8
Location: https://login.microsoftonline.com/common/oauth2/authorize?client_id=00000002-0000-0ff1-ce00-000000000000&redirect_uri=https%3a%2f%2f${host}%2fowa%2f
Server: Microsoft-IIS/10.0
request-id: ${request_id}
Alt-Svc: h3=":443",h3-29=":443"
X-CalculatedFETarget: BYAPR06CU002.internal.outlook.com
X-CalculatedBETarget: PH7PR13MB4482.namprd42.PROD.OUTLOOK.COM
X-BackEndHttpStatus: 302
X-RUM-Validated: 1
X-BeSku: WCS7
X-OWA-Version: 15.20.9275.13
X-OWA-DiagnosticsInfo: 1;0;0
X-DiagInfo: PH7PR13MB4482
X-BEServer: PH7PR13MB4482
X-FEServer: BYAPR06CA0042
X-Powered-By: ASP.NET
X-FEServer: BL1PR13CA0291

[* /autodiscover/*]
HTTP/1.1 401 Unauthorized
Server: Microsoft-IIS/10.0
request-id: ${request_id}
X-CalculatedFETarget: BYAPR06CU002.internal.outlook.com
X-BackEndHttpStatus: 401
X-CalculatedBETarget: PH7PR13MB4482.namprd42.PROD.OUTLOOK.COM
X-BackEndHttpStatus: 401
WWW-Authenticate: Basic Realm=""
X-DiagInfo: PH7PR13MB4482
X-BEServer: PH7PR13MB4482
X-FEServer: BYAPR06CA0042
X-Powered-By: ASP.NET
X-FEServer: BL1PR13CA0291

[* *]
HTTP/1.1 404 Not Found
Server: Microsoft-IIS/10.0
request-id: ${request_id}
X-CalculatedFETarget: BYAPR06CU002.internal.outlook.com
X-FEServer: BYAPR06CA0042
X-FEServer: BL1PR13CA0291

[expect]
identity = exchange-online
