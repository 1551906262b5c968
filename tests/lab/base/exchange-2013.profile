# Exchange 2013 on Windows Server 2012 R2.
[server]
base = exchange-2013plus
iis = 8.5
os = 6.3.9600

[tls]
min = 1.0
max = 1.2
ciphers = DEFAULT@SECLEVEL=0
