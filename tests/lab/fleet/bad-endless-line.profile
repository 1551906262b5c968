# One header line without end; its beginning looks like a build.
[server]
address = 127.66.0.18
behaviour = endless-line

[expect]
identity = unknown
build = -
bounded = yes
