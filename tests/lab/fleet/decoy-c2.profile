# The fixed head that command-and-control frameworks copy.
[server]
address = 127.20.3.5

[* *]
HTTP/1.1 200 OK
Cache-Control: no-cache, no-store
Pragma: no-cache
Content-Type: text/html; charset=utf-8
Expires: -1
Server: Microsoft-IIS/10.0
request-id: 6cfcf35d-0680-4853-98c4-b16723708fc9
X-CalculatedBETarget: BY2PR06MB549.namprd06.prod.outlook.com
X-Content-Type-Options: nosniff
X-OWA-Version: 15.1.1240.20
X-OWA-OWSVersion: V2017_06_15
X-OWA-MinimumSupportedOWSVersion: V2_6
X-Frame-Options: SAMEORIGIN
X-OWA-DiagnosticsInfo: 2;0;0
X-UA-Compatible: IE=EmulateIE7
X-Powered-By: ASP.NET
X-FEServer: CY4PR02CA0010

[expect]
identity = not-exchange
hasfact = exchange.mark.decoy
finding.decoy-suspected = fail|warn
