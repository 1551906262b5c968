# An update that broke off: the header names CU15 Oct25SU, the manifest an
# older update, the log-on page's folder is still CU14's.
[server]
address = 127.20.2.3
base = exchange-2016plus
build = 15.2.1748.39
path_build = 15.2.1544
manifest_build = 15.2.1748.24
netbios = EX19H

[expect]
identity = exchange
branch = 2019
fact.exchange.build = 15.2.1748.39
fact.exchange.build.path = 15.2.1544
fact.exchange.build.manifest = 15.2.1748.24
finding.build-contradiction = fail
