# Header stripped and the export tool blocked: the CU is all that can be known.
[server]
address = 127.20.2.2
base = exchange-2016plus
build = 15.1.2507.61
netbios = EX16T
strip = X-OWA-Version
manifest =

[expect]
identity = exchange
product = Exchange Server 2016
branch = 2016
cu = CU23
update = -
build = 15.1.2507
build_parts = 3
nofact = exchange.build
nofact = exchange.build.manifest
finding.build-range-only = warn|undecidable|fail
