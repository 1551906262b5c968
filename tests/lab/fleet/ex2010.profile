# Exchange 2010 SP3 UR32, the last one.
[server]
address = 127.20.1.2
base = exchange-2010
build = 14.3.513.0
netbios = EX10
ntlm = type2_17_6.1.7601

[expect]
identity = exchange
product = Exchange Server 2010
branch = 2010
cu = SP3
update = UR32
kind = UR
build = 14.3.513.0
build_parts = 4
fact.exchange.health = absent
finding.protocol-out = not-applicable
finding.all-protocols-out = not-applicable
