# No X-OWA-Version anywhere; the path gives three parts, the manifest four.
[server]
address = 127.20.2.1
base = exchange-2016plus
build = 15.2.1544.36
netbios = EX19S
strip = X-OWA-Version, X-AspNet-Version, X-Powered-By

[expect]
identity = exchange
product = Exchange Server 2019
branch = 2019
cu = CU14
fact.exchange.build.path = 15.2.1544
fact.exchange.build.manifest = 15.2.1544.36
nofact = exchange.build
