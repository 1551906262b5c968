# Exchange 2016, 2019 and Subscription Edition on Windows Server 2016 or later.
[server]
base = exchange-2013plus
iis = 10.0
os = 10.0.17763

[tls]
min = 1.2
max = 1.2
