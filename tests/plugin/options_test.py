#!/usr/bin/python3
"""A table of command lines with state, first line and performance data.

A row: arguments; state; a pattern in the first line; performance data as
label: value, or label: None where it must not be, or label: (value, rest).
TARGET:NAME in the arguments is the lab's server NAME, HOST:NAME without port.
Every option of --help has a row: the last test sees to it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugin import Plugin, harness

OK, WARNING, CRITICAL, UNKNOWN = range(4)
# A day within the table's knowledge, and the groups that do not depend on the lab's certificates.
DAY = ["--as-of", "2026-10-20", "--checks", "patch,support,health"]
# Today, with the certificates of the lab; the table may be old.
NOW = ["--table-stale-days", "3650", "--checks", "cert"]
SERVERS = ["ex-se-latest", "ex-se-aug26", "ex-se-newer", "ex2019-cu15-oct25", "ex2016-three-part-only",
           "ex2013", "plain-nginx", "preauth-adfs", "exchange-online", "pool", "bad-mute",
           "bad-refuse", "bad-garbage", "bad-escape-bytes", "cert-expired", "cert-self-signed-default",
           "cert-wrong-name", "iis-503", "broken-owa", "maintenance", "zero-padded", "ex2007", "tls10-only", "half-installed",
           "tls13", "ex2019-unlisted"]
GOOD, OLD = "TARGET:ex-se-latest", "TARGET:ex-se-aug26"

ROWS = [
    # ---- states ----
    (["-H", GOOD, *DAY], OK, r"Exchange SE RTM Oct26SU \(15\.2\.2562\.56\), up to date$",
     {"missing-updates": 0, "days-behind": 0, "kev-open": 0, "cves-open": 0, "findings-critical": 0,
      "findings-high": 0, "members": 1}),
    (["-H", OLD, *DAY], CRITICAL, r"Aug26SU \(15\.2\.2562\.46\), 3 updates behind \(42 days\)",
     {"missing-updates": 3, "days-behind": 42, "kev-open": 0}),
    (["-H", OLD, *DAY[2:], "--as-of", "2026-09-12"], WARNING, r"1 update behind \(4 days\)$",
     {"missing-updates": 1, "days-behind": 4}),
    (["-H", OLD, *DAY[2:], "--as-of", "2026-09-12", "--grace-days", "0"], CRITICAL,
     r"1 update behind \(4 days\)$", {"missing-updates": 1}),
    (["-H", "TARGET:ex2019-cu15-oct25", *DAY], CRITICAL, r"Exchange 2019 CU15 Oct25SU \(15\.2\.1748\."
     r"39\), 8 updates behind \(315 days\), 1 known-exploited CVE open, out of support but for ESU$",
     {"kev-open": 1, "missing-updates": 8}),
    (["-H", "TARGET:ex-se-newer", *DAY], UNKNOWN, r"newer than the table$",
     {"missing-updates": None, "days-behind": None, "kev-open": None}),
    (["-H", "TARGET:ex2016-three-part-only", *DAY], WARNING, r"\(15\.1\.2507\), 0 to 25 updates behind",
     {"missing-updates": None, "cves-open": None}),
    (["-H", "TARGET:ex2013", *DAY], CRITICAL, r"Exchange 2013 CU23 Mar23SU .*, out of support$",
     {"missing-updates": None}),
    (["-H", "TARGET:ex2007", *DAY[:2], "--checks", "patch"], UNKNOWN, r"Exchange 2007", {}),
    (["-H", "TARGET:plain-nginx", *DAY], UNKNOWN, r"answers, and is not Exchange$",
     {"missing-updates": None}),
    (["-H", "TARGET:preauth-adfs", *DAY], UNKNOWN, r"a pre-authentication proxy hides the build", {}),
    (["-H", "TARGET:exchange-online", *DAY], UNKNOWN, r"Exchange Online, which Microsoft updates", {}),
    (["-H", "TARGET:zero-padded", *DAY], CRITICAL, r"\(15\.2\.1748\.39\)", {"missing-updates": 8}),
    (["-H", "TARGET:iis-503", *DAY], CRITICAL, r": An application pool of IIS is stopped;",
     {"missing-updates": None}),
    (["-H", OLD, *DAY[:2], "--checks", "patch,cert", "-D", "--name", "wrong.example"], CRITICAL,
     r"^EXCHANGE CRITICAL - \S+: Exchange SE RTM Aug26SU .*\(42 days\); The certificate.*; cert \d+ d$", {}),
    (["-H", "TARGET:half-installed", *DAY], CRITICAL, r": Two witnesses name different builds; Exch", {}),
    (["-H", "TARGET:broken-owa", *DAY], WARNING, r": Outlook on the web is broken;", {}),
    (["-H", GOOD, *DAY, "--as-of", "2027-06-01"], UNKNOWN,
     r": exvet's table of builds is out of date \(update exvet\); Exchange.*, up to date by the table of 2026-\d\d-\d\d$",
     {"missing-updates": 0}),
    # ---- limits by an old table: what is missing by it, is missing ----
    (["-H", OLD, *DAY, "--as-of", "2027-06-01"], CRITICAL, r": Exchange .* 3 updates behind \(266 days\)$", {}),
    (["-H", OLD, *DAY, "--as-of", "2027-06-01", "-w", "0", "-c", "days-behind=300"], WARNING,
     r": Exchange .* 3 updates behind \(266 days\)$", {"missing-updates": (3, ";0;;0")}),
    (["-H", OLD, *DAY, "--as-of", "2027-06-01", "-w", "5"], UNKNOWN, r"update exvet\); Exchange .* 3 updates", {}),
    (["-H", GOOD, *DAY, "--as-of", "2027-06-01", "-w", "0"], UNKNOWN, r"\(update exvet\); Exchange", {}),
    (["-H", GOOD, *DAY, "--as-of", "2027-06-01", "-w", "0", "--table-stale-days", "365"], OK, r"up to date$", {}),
    (["-H", "TARGET:ex2019-unlisted", *DAY], CRITICAL, r"\(15\.2\.1748\.45\), in no list of builds, at "
     r"least \d updates behind \(\d+ days\)", {"missing-updates": None}),
    (["-H", "TARGET:ex2013", *DAY, "-c", "cves-open=0"], CRITICAL, r"cves-open is not known|out of support$",
     {"cves-open": None}),
    (["-H", "TARGET:ex2013", *DAY[:2], "--checks", "smb", "-c", "cves-open=0"], UNKNOWN,
     r"cves-open is not known.*; Exchange 2013", {"cves-open": None}),
    # ---- nothing answers ----
    (["-H", "TARGET:bad-refuse", *DAY], CRITICAL, r"no answer: connect: refused", {"time-tls": None}),
    (["-H", "TARGET:bad-refuse", *DAY, "--unreachable-state", "warning"], WARNING, r"refused", {}),
    (["-H", "TARGET:bad-refuse", *DAY, "--unreachable-state=0"], OK, r"refused", {}),
    (["-H", "TARGET:bad-refuse", *DAY, "--unreachable-state=3"], UNKNOWN, r"refused", {}),
    (["-H", "TARGET:bad-refuse", *DAY, "--unreachable-state=WARNING"], WARNING, r"refused", {}),
    (["-H", "no-such-name.invalid", *DAY], CRITICAL, r"no answer: resolve: not-found", {}),
    (["-H", "TARGET:bad-garbage", *DAY], CRITICAL, r"no usable answer: tls: handshake-failed", {}),
    (["-H", "TARGET:bad-mute", *DAY, "-t", "1"], UNKNOWN, r"timed out after \S+ s in the TLS handshake",
     {"missing-updates": None}),
    (["-H", "TARGET:bad-mute", *DAY, "--timeout", "1s", "--timeout-result", "critical"], CRITICAL,
     r"timed out after", {}),
    (["-H", "TARGET:bad-mute", *DAY, "--timeout=1", "--timeout-result=1"], WARNING, r"timed out", {}),
    (["-H", "TARGET:bad-mute", *DAY, "--request-timeout", "300ms", "-t5"], CRITICAL,
     r"no usable answer: tls: timeout", {}),
    (["-H", "192.0.2.1", "-I", "127.20.99.99", "-p", "1", *DAY, "--connect-timeout", "300ms"], CRITICAL,
     r"192\.0\.2\.1: no answer: connect: refused", {}),
    # ---- limits ----
    (["-H", GOOD, *DAY, "-w", "0", "-c", "2"], OK, r"up to date$", {"missing-updates": (0, ";0;2;0")}),
    (["-H", OLD, *DAY, "-w", "0", "-c", "5"], WARNING, r"3 updates", {"missing-updates": (3, ";0;5;0")}),
    (["-H", OLD, *DAY, "-w", "0", "-c", "2"], CRITICAL, r"3 updates", {}),
    (["-H", OLD, *DAY, "-w3"], OK, r"3 updates", {}),
    (["-H", OLD, *DAY, "-w", "5:"], WARNING, r"3 updates", {"missing-updates": (3, ";5:;;0")}),
    (["-H", OLD, *DAY, "-w", "~:2"], WARNING, r"3 updates", {}),
    (["-H", OLD, *DAY, "-c", "@3:3"], CRITICAL, r"3 updates", {}),
    (["-H", OLD, *DAY, "-c", "@4:9"], OK, r"3 updates", {}),
    (["-H", OLD, *DAY, "--warning", "missing-updates=0", "--critical", "days-behind=30"], CRITICAL,
     r"42 days", {"days-behind": (42, ";;30;0")}),
    (["-H", OLD, *DAY, "--warning=missing-updates=0", "--critical=days-behind=60"], WARNING,
     r"42 days", {}),
    (["-H", OLD, *DAY[2:], "--as-of=2026-09-12", "-c", "0"], WARNING, r"1 update behind", {}),
    (["-H", OLD, *DAY[2:], "--as-of=2026-09-12", "-c", "0", "--grace-days=3"], CRITICAL, r"1 update", {}),
    (["-H", "TARGET:ex2019-cu15-oct25", *DAY[:2], "--checks=patch", "-c", "kev-open=0"], CRITICAL,
     r"1 known-exploited", {"kev-open": (1, ";;0;0")}),
    (["-H", OLD, *DAY, "-w", "9,cves-open=5,kev-open=0"], WARNING, r"3 updates", {}),
    (["-H", "TARGET:ex-se-newer", *DAY, "-w", "0"], UNKNOWN, r"missing-updates is not known", {}),
    (["-H", GOOD, *DAY, "-w", "time=@0:10"], WARNING, r"time \S+ \(warning @0:10\)", {}),
    (["-H", GOOD, *DAY, "-w", "time-owa=~:-1"], WARNING, r": time-owa \d+ \(warning ~:-1\); Exch",
     {"time-owa": (None, "ms;~:-1;;0")}),
    (["-H", GOOD, *DAY, "-c", "time-nothing=5"], UNKNOWN, r"expected a metric before the =", {}),
    (["-H", GOOD, *DAY, "-c", "members=3:"], CRITICAL, r"members 1 \(critical 3:\)", {}),
    (["-H", GOOD, *DAY, "-c", "findings-high=0", "-c", "findings-critical=0"], OK, r"up to date$", {}),
    (["-H", GOOD, *DAY, "-w", "20:10"], UNKNOWN, r'bad value "20:10", expected \[METRIC=\]RANGE', {}),
    (["-H", GOOD, *DAY, "-w", "planets=1"], UNKNOWN, r"expected a metric before the =", {}),
    (["-H", GOOD, *DAY, "-c", ""], OK, r"up to date$", {}),
    (["-H", GOOD, *DAY, "-c", "x"], UNKNOWN, r'--critical: bad value "x"', {}),
    # ---- certificates ----
    (["-H", GOOD, *NOW], OK, r"; cert 3\d\d d$", {"cert-days": (None, ";30:;7:")}),
    (["-H", GOOD, *NOW, "-C", "400"], WARNING, r": cert 3\d\d d; Exchange", {"cert-days": (None, ";401:;1:")}),
    (["-H", GOOD, *NOW, "-C", "500,400"], CRITICAL, r": cert 3\d\d d; Exchange .*56\), up to date",
     {"cert-days": (None, ";501:;401:")}),
    (["-H", OLD, *NOW, "--checks=patch", "-C", "999,998"], CRITICAL,
     r": Exchange .*, \d+ updates behind \(\d+ days\); cert \d+ d$", {"cert-days": (None, ";1000:;999:")}),
    (["-H", GOOD, *NOW, "--certificate=10,5"], OK, r"; cert", {}),
    (["-H", GOOD, *NOW, "-C", "1,2,3"], UNKNOWN, r'--certificate: bad value "1,2,3", expected DAYS', {}),
    (["-H", GOOD, *NOW, "-C", "500,400", "-C", "10"], OK, r"; cert", {"cert-days": (None, ";11:;1:")}),
    (["--extra-opts=@OPTS", "-H", GOOD, *NOW, "-C", "5,4"], OK, r"; cert", {"cert-days": (None, ";6:;5:")}),
    (["-H", GOOD, *NOW, "-C", "30,"], UNKNOWN, r'bad value "30,", expected DAYS', {}),
    (["-H", GOOD, *NOW, "-w", "cert-days=400:"], WARNING, r": cert", {}),
    (["-H", GOOD, *NOW, "--cert-warn-days", "400"], WARNING, r": cert", {}),
    (["-H", GOOD, *NOW, "--cert-warn-days=500", "--cert-fail-days=400"], CRITICAL, r": cert", {}),
    (["-H", "TARGET:cert-expired", *NOW], CRITICAL, r"has expired.*; cert expired \d+ d ago$", {}),
    (["-H", "TARGET:cert-expired", *NOW[:2], "--checks=patch", "-C", "10"], CRITICAL,
     r": cert expired \d+ d ago; ", {}),
    (["-H", "TARGET:cert-self-signed-default", *NOW], WARNING, r"chain is not trusted", {}),
    (["-H", "TARGET:cert-self-signed-default", *NOW, "-D"], CRITICAL, r"chain is not trusted", {}),
    (["-H", "TARGET:cert-wrong-name", *NOW, "--verify-cert"], CRITICAL, r"does not match the name", {}),
    (["-H", "TARGET:cert-wrong-name", *NOW, "--no-verify-cert"], WARNING, r"does not match", {}),
    (["-H", GOOD, *NOW, "-D", "--ca-file", "/etc/hostname"], UNKNOWN, r".", {}),
    (["-H", GOOD, *NOW, "-D", "--ca-cert", "/nonexistent"], UNKNOWN, r"/nonexistent", {}),
    # ---- where to ----
    (["-H", "HOST:ex-se-latest", "-p", "PORT:443", *DAY], OK, r"ex-se-latest\S+: Exchange SE", {}),
    (["-H", "other.example", "-I", "ADDRESS:ex-se-latest", "--port=PORT:443", *DAY], OK,
     r"other\.example: Exchange SE", {}),
    (["--IP-address", "ADDRESS:ex-se-latest", "-p", "PORT:443", *DAY], OK, r"127\.20\S+: Exchange", {}),
    (["-H", "192.0.2.7", "-I", "ADDRESS:ex-se-latest", "-p", "PORT:443", *DAY], OK, r"192.0.2.7: ", {}),
    (["-H", "192.0.2.7:PORT:443", "-I", "ADDRESS:ex-se-latest", *DAY], OK,
     r"192\.0\.2\.7:\d+: Exchange", {}),
    (["-H", "mail.example:PORT:443", "-I", "HOST:ex-se-latest", *DAY], OK,
     r"mail\.example:\d+: Exchange", {}),
    (["--hostname", "ADDRESS:ex-se-latest", "-p", "PORT:443", "--name", "mail.example.com", *DAY], OK,
     r"Exchange", {}),
    (["-H", "a.example", "--resolve", "a.example:ADDRESS:ex-se-latest", "-p", "PORT:443", *DAY], OK,
     r"a\.example: Exchange", {}),
    (["-H", "mail.example", "-I", "[::1]", "-p", "1", *DAY], CRITICAL,
     r"mail\.example: no answer: connect: refused", {}),
    (["-I", "[::1]", "-p", "1", *DAY], CRITICAL, r"\[::1\]: no answer: connect: refused", {}),
    (["-H", "x", "-I", "[::1", *DAY], UNKNOWN, r"expected the address of a server, or its name", {}),
    (["-H", GOOD, *DAY, "-4"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "--ipv4"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "--use-ipv4"], OK, r"up to date", {}),
    (["-H", "::1", "-p1", *DAY, "--use-ipv6"], CRITICAL, r"::1: no answer", {}),
    (["-H", "[::1]:1", *DAY, "-6"], CRITICAL, r"\[::1\]:1: no answer: connect: refused", {}),
    (["-H", "::1", "-p1", *DAY, "--ipv6"], CRITICAL, r"::1: no answer", {}),
    (["-H", GOOD, *DAY, "-4", "-6"], UNKNOWN, r"both ipv4 \(argument\) and ipv6", {}),
    (["-H", GOOD, *DAY, "--all-addresses"], OK, r"up to date", {}),
    (["-H", "HOST:bad-tls-on-80", "--no-ssl", "-p", "1", "-I", "127.0.0.1", *DAY], CRITICAL,
     r"no answer: connect: refused", {"cert-days": None}),
    (["-H", "HOST:ex-se-latest", "--no-ssl", "-p", "PORT:80", *DAY], UNKNOWN, r"answers, but nothing tells",
     {"cert-days": None, "time-tls": None}),
    (["-H", "HOST:ex-se-latest:PORT:80", "--no-ssl", "-p", "1", *DAY], UNKNOWN, r"answers, but", {}),
    (["-H", "HOST:bad-tls-on-80", "--no-ssl", "-p", "1", "-I", "127.0.0.1", *DAY[:2]], CRITICAL, r"refused", {}),
    (["-H", "HOST:ex-se-latest", "--no-ssl", "-p", "PORT:80", "--checks=cert", "-v"], UNKNOWN,
     r"nothing of cert could be seen", {"cert-days": None}),
    (["-H", "::1", "--no-ssl", "-p1", *DAY], CRITICAL, r"::1: no answer: connect: refused", {}),
    (["-H", GOOD, *DAY, "-S", "--sni"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "-S1.2"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "--ssl=1.2+"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "-S1+"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "-S1.3"], CRITICAL, r"no usable answer: tls: handshake-failed",
     {"missing-updates": None}),
    (["-H", GOOD, *DAY, "-S1"], CRITICAL, r"no usable answer: tls: handshake-failed", {}),
    (["-H", "TARGET:tls10-only", *DAY, "-S1.0"], CRITICAL, r"Exchange 2010 SP3 ", {}),
    (["-H", "TARGET:tls10-only", *DAY, "-S1.1+"], CRITICAL, r"handshake-failed", {}),
    (["-H", "TARGET:tls13", *DAY, "-S1.3", "-v"], WARNING, r"clock is wrong; Exchange SE", {}),
    (["-H", GOOD, *DAY, "-S3"], UNKNOWN, r'--ssl: bad value "3", expected 1, 1\.1, 1\.2 or 1\.3', {}),
    (["-H", GOOD, *DAY, "-S", "1.2"], UNKNOWN, r"1\.2: no operand is expected", {}),
    (["-H", GOOD, *DAY, "--no-sni"], UNKNOWN, r"always sent", {}),
    (["-H", GOOD, *DAY, "--proxy", "http://127.0.0.1:1"], CRITICAL, r"proxy: refused", {}),
    # ---- how to ask ----
    (["-H", GOOD, *DAY, "-A", "plugin test/1", "-k", "X-Test: yes"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "--useragent=y", "-k", "X-Comma: a, b,c", "-k", "X-Two: 2"], OK,
     r"up to date", {}),
    (["-H", GOOD, *DAY, "--user-agent=x", "--header=X-Other: 1", "--contact", "noc@example.com"], OK,
     r"up to date", {}),
    (["-H", GOOD, *DAY, "-k", "no colon"], UNKNOWN, r"expected NAME:VALUE", {}),
    (["-H", GOOD, *DAY, "--profile", "quick"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "--probes", "owa,health"], OK, r"up to date", {}),
    (["-H", "TARGET:pool", *DAY, "--samples", "6"], CRITICAL, r"[23] members seen$", {}),
    (["-H", GOOD, *DAY, "--samples", "0x"], UNKNOWN, r"--samples: bad value", {}),
    # ---- what counts ----
    (["-H", "TARGET:plain-nginx", *DAY, "--unknown-as", "critical"], CRITICAL, r"is not Exchange", {}),
    (["-H", "TARGET:plain-nginx", *DAY, "--unknown-as=warning"], WARNING, r"is not Exchange", {}),
    (["-H", "TARGET:plain-nginx", *DAY, "--unknown-as=ok"], UNKNOWN, r'bad value "ok"', {}),
    (["-H", GOOD, *DAY[:2], "--checks", "smb"], UNKNOWN, r"nothing of smb could be seen|no rule of smb",
     {}),
    (["-H", GOOD, *DAY, "--checks", "planets"], UNKNOWN, r"expected one of patch, support", {}),
    (["-H", OLD, *DAY[:2], "--checks", "support"], OK, r"3 updates behind", {}),
    (["-H", "TARGET:ex2019-cu15-oct25", *DAY[:2], "--checks=support"], WARNING, r"but for ESU", {}),
    (["-H", GOOD, *DAY, "--table-stale-days", "1"], UNKNOWN, r"table of builds is out of date", {}),
    (["-H", GOOD, *DAY, "--proxy", "http://ADDRESS:bad-mute:PORT:443", "-t1"], UNKNOWN,
     r"timed out after \S+ s in the proxy$", {"missing-updates": None}),
    (["-H", GOOD, *DAY, "--table", "/nonexistent.xml"], UNKNOWN, r"/nonexistent\.xml", {}),
    (["-H", GOOD, *DAY, "--table", "TABLE"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "--policy", "POLICY"], OK, r"up to date", {}),
    (["-H", OLD, *DAY[2:], "--as-of=2026-09-12", "--policy", "POLICY"], CRITICAL, r"1 update", {}),
    (["-H", OLD, *DAY[2:], "--as-of=2026-09-12", "--policy", "POLICY", "--grace-days=20"], WARNING,
     r"1 update", {}),
    (["-H", GOOD, *DAY, "--policy", "/nonexistent.ini"], UNKNOWN, r"/nonexistent\.ini: No such file", {}),
    (["-H", GOOD, *DAY, "--allowed-builds", "15.2.2562.*"], OK, r"up to date", {}),
    (["-H", GOOD, *DAY, "--allowed-builds", "15.1.2507.*"], CRITICAL, r"", {}),
    (["-H", GOOD, *DAY, "--allowed-builds", "15.1.2507.*", "--waivers", "WAIVERS"], OK,
     r"up to date", {}),
    (["-H", GOOD, *DAY, "--waivers", "/nonexistent.ini"], UNKNOWN, r"/nonexistent\.ini: No such", {}),
    (["-H", GOOD, *DAY, "--skew-seconds", "600"], OK, r"up to date", {}),
    # ---- options from a file ----
    (["--extra-opts=exchange@OPTS", *DAY], OK, r"up to date", {"missing-updates": (0, ";1;2;0")}),
    (["--extra-opts=exchange@OPTS", "-H", OLD, *DAY], CRITICAL, r"3 updates", {}),
    (["--extra-opts=@OPTS", "-H", GOOD, *DAY], OK, r"up to date", {}),
    (["--extra-opts", "exchange@OPTS", *DAY], OK, r"up to date", {"missing-updates": (0, ";1;2;0")}),
    (["--extra-opts", "exchange@OPTS", "--extra-opts", "@OPTS", *DAY], OK, r"up to date",
     {"cert-days": (None, ";21:;11:")}),
    (["--extra-opts=empty@OPTS", "-H", OLD, *DAY], CRITICAL, r"3 updates", {"missing-updates": (3, ";;;0")}),
    (["--extra=exchange@OPTS", *DAY], OK, r"up to date", {"missing-updates": (0, ";1;2;0")}),
    (["--ext", "exchange@OPTS", *DAY], OK, r"up to date", {"missing-updates": (0, ";1;2;0")}),
    (["--extra-opts=again@OPTS", "-H", GOOD, *DAY], UNKNOWN, r"--extra-opts: expected on the command line", {}),
    (["--extra-opts=none@OPTS", "-H", GOOD, *DAY], UNKNOWN, r"no section \[none\]", {}),
    (["--extra-opts=bad@OPTS", "-H", GOOD, *DAY], UNKNOWN, r"--no-such-option: unknown option", {}),
    (["--extra-opts=@/dev/zero", "-H", GOOD], UNKNOWN, r"/dev/zero: expected a file of at most \d+ bytes", {}),
    (["--extra-opts=@/", "-H", GOOD], UNKNOWN, r"--extra-opts: /: Is a directory", {}),
    (["-H", GOOD, *DAY, "--policy", "/dev/zero"], UNKNOWN, r"/dev/zero:1: endless line", {}),
    # ---- how much to say ----
    (["-H", OLD, *DAY, "-v"], CRITICAL, r"3 updates", {}),
    (["-H", OLD, *DAY, "-vv"], CRITICAL, r"3 updates", {}),
    (["-H", OLD, *DAY, "--verbose", "--verbose", "--verbose"], CRITICAL, r"3 updates", {}),
    # ---- mistakes ----
    ([], UNKNOWN, r"no server, expected -H HOST", {}),
    (["-H"], UNKNOWN, r"-H: expected HOST after it", {}),
    (["mail.example.com"], UNKNOWN, r"no operand is expected", {}),
    (["-H", "10.0.0.0/24"], UNKNOWN, r"expected the name or address of one server", {}),
    (["-H", "10.0.0.1-5"], UNKNOWN, r"expected the name or address of one server", {}),
    (["-H", "a b"], UNKNOWN, r"expected the name or address of one server", {}),
    (["-H", "x|y<z>$HOME`id`\n"], UNKNOWN, r".", {}),
    (["-H", "x", "-t", "0"], UNKNOWN, r"--timeout: bad value", {}),
    (["-H", "x", "-t", "10:CRITICAL"], UNKNOWN, r"--timeout: bad value", {}),
    (["-H", "x", "-I", "not an address"], UNKNOWN, r"expected the address of a server, or its name", {}),
    (["-H", "x", "-t", "abc"], UNKNOWN, r'--timeout: bad value "abc"', {}),
    (["-H", "x", "-p", "70000"], UNKNOWN, r"1 to 65535", {}),
    (["-H", "x", "--bogus"], UNKNOWN, r"--bogus: unknown option, expected .*check_exchange --help", {}),
    (["-H", "x", "--rate", "5"], UNKNOWN, r"--rate: not an option of check_exchange", {}),
    # ---- hostile text ----
    (["-H", "TARGET:bad-escape-bytes", *DAY, "-vvv"], CRITICAL, r"Exchange 2019", {}),
]

OPTS = """# comment
[exchange]
hostname = %s
warning=missing-updates=1
critical=missing-updates=2
ca-file=%s
user-agent=a very long one %s
verbose

[check_exchange]
C=20,10
[empty]
w=
D=
S=
k=
[again]
extra-opt=exchange
[bad]
no-such-option
"""


def replace(lab, folder, arg):
    """TARGET:NAME and so on in an argument."""
    expected = {e["profile"]: e["target"] for e in lab.expected()}
    addresses = dict(line.split(":", 1) for line in lab.read("resolve.txt").split())
    arg = re.sub(r"TARGET:([a-z0-9-]+)", lambda m: expected[m[1]], arg)
    arg = re.sub(r"HOST:([a-z0-9-]+)", lambda m: m[1] + ".exvet.test", arg)
    arg = re.sub(r"ADDRESS:([a-z0-9-]+)", lambda m: addresses[m[1] + ".exvet.test"], arg)
    arg = re.sub(r"PORT:([0-9]+)", lambda m: str(lab.port(int(m[1]))), arg)
    arg = arg.replace("OPTS", os.path.join(folder, "opts.ini"))
    arg = arg.replace("WAIVERS", os.path.join(folder, "waivers.ini"))
    arg = arg.replace("POLICY", os.path.join(folder, "policy.ini"))
    return os.environ["EXVET_TABLE"] if arg == "TABLE" else arg


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
        f.write(text)


def differences(answer, row):
    _, state, pattern, perf = row
    wrong = list(answer.wrong)
    if answer.state != state:
        wrong.append(f"state {answer.state}, expected {state}")
    # the end of the certificate is in every line, and depends on the day of the test
    text = answer.first if "cert" in pattern else re.sub(r"; cert \S+ d$", "", answer.first)
    if not re.search(pattern, text):
        wrong.append(f"first line is not like {pattern}")
    for label, want in perf.items():
        got = answer.perf.get(label)
        if want is None or got is None:
            good = want is got
        elif isinstance(want, tuple):
            good = (want[0] is None or want[0] == got[0]) and got[1].startswith(want[1])
        else:
            good = got[0] == want
        if not good:
            wrong.append(f"{label}: {got}, expected {want}")
    return wrong


def check_rows(tap, lab, plugin, folder):
    for row in ROWS:
        args = [replace(lab, folder, a) for a in row[0]]
        given = [] if {"--ca-file", "--ca-cert"} & set(args) or not args else lab.options()
        answer = plugin.run(*given, *args, timeout=30)
        wrong = differences(answer, row)
        tap.ok(not wrong, " ".join(row[0]).replace("\n", "\\n")[:100] or "no argument",
               "\n".join(wrong) + f"\n{answer.run}")


def check_help(tap, plugin):
    """Long options, and letters, of --help: each in some row."""
    text = plugin.run("--help").run.out
    options = re.findall(r"^ {2}(?:-(\w), |    )--([A-Za-z0-9-]+)", text, re.M)
    used = " ".join(a for row in ROWS for a in row[0] if a.startswith("-"))
    tap.ok(len(options) > 40, "options of --help", options)
    for letter, name in options:
        if name in ("help", "version"):
            continue
        short = letter and re.search(rf"(^| )-{letter}", used)
        tap.ok(short or re.search(rf"(^| )--{name}\b", used), f"--{name} has a row")
    for args in (["-h"], ["--help"], ["-V"], ["--version"]):
        run = plugin.run(*args).run
        tap.ok(run.status == 3 and run.err == "" and "check_exchange" in run.out,
               f"{args[0]}: status 3", run)
    wide = [line for line in text.splitlines() if len(line) > 79]
    tap.ok(not wide, "--help fits 80 columns", wide)


def check_long(tap, lab, plugin):
    target = [lab.expected()[i]["target"] for i in range(len(lab.expected()))
              if lab.expected()[i]["profile"] == "ex2019-cu15-oct25"][0]
    sizes = []
    for v in ([], ["-v"], ["-vv"], ["-vvv"]):
        answer = plugin.run(*lab.options(), "-H", target, *DAY, *v)
        sizes.append(len(answer.run.out))
    tap.ok(sizes == sorted(sizes) and len(set(sizes)) >= 3, "each -v says more", sizes)
    tap.ok(sizes[0] < 8192 and sizes[1] < 8192, "below 8 kB unless -vv", sizes)
    answer = plugin.run(*lab.options(), "-H", target, *DAY)
    states = [line.split("]")[0][1:] for line in answer.long if line.startswith("[")]
    rank = {"CRITICAL": 0, "WARNING": 1, "UNKNOWN": 2}
    ranks = [rank.get(s, 3) for s in states]
    tap.ok(len(ranks) > 3 and ranks == sorted(ranks), "the long output has the worst first", states)


def check_stale(tap, lab, plugin):
    """Every server is UNKNOWN at once then: each says the way out."""
    target = [e["target"] for e in lab.expected() if e["profile"] == "ex-se-latest"][0]
    answer = plugin.run(*lab.options(), "-H", target, *DAY, "--as-of", "2027-06-01")
    full = plugin.run(*lab.options(), "-H", target, *DAY)
    tap.ok(answer.state == UNKNOWN and "--table" in "".join(answer.long) and
           "--table-stale-days" in "".join(answer.long), "an old table: the way out", answer.run)
    tap.equal([k for k in full.perf if not k.startswith("time")],
              [k for k in answer.perf if not k.startswith("time")], "an old table: all metrics are there")


def check_unknown_limits(tap, lab, plugin):
    """A limit stands in for a rule where its metric is known, and only there."""
    for profile, word in (("half-installed", "CRITICAL"), ("ex2019-cu15-oct25", "fail")):
        target = [e["target"] for e in lab.expected() if e["profile"] == profile][0]
        answer = plugin.run(*lab.options(), "-H", target, *DAY, "-c", "kev-open=9")
        line = [x for x in answer.long if "] cve-known-exploited-open: " in x]
        tap.ok(len(line) == 1 and line[0].startswith(f"[{word}]") and
               ("kev-open" in answer.perf) == (word == "fail"), f"kev-open=9: {profile}", answer.run)


def check_guard(tap, lab, plugin, folder):
    """What no server does: our own side hangs.  It ends in time all the same."""
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)                     # to open it waits for a writer, for ever
    target = [e["target"] for e in lab.expected() if e["profile"] == "ex-se-latest"][0]
    for result, state in (("unknown", UNKNOWN), ("critical", CRITICAL)):
        answer = plugin.run(*lab.options(), "-H", target, "-t", "2", "--table", fifo,
                            "--timeout-result", result)
        tap.ok(answer.state == state and not answer.wrong and answer.run.seconds < 10 and
               "timed out after" in answer.line, f"a hang of our own: {result}", answer.run)
    # Nobody reads what is printed.
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    try:
        while os.write(writer, b"x" * 4096):
            pass
    except BlockingIOError:
        os.set_blocking(writer, True)
    begin = time.monotonic()
    process = subprocess.Popen([plugin.path, *lab.options(), "-H", target, "-t", "2"], stdout=writer)
    status = process.wait(30)
    os.close(reader)
    os.close(writer)
    tap.ok(status == UNKNOWN and time.monotonic() - begin < 10, "nobody reads the line",
           (status, time.monotonic() - begin))
    closed = subprocess.run([plugin.path, "-H", target, "-t", "2"], stdout=open("/dev/full", "wb"),
                            stderr=subprocess.PIPE, check=False)
    tap.ok(closed.returncode == UNKNOWN and closed.stderr == b"", "a full disk is UNKNOWN", closed)


def check_surroundings(tap, lab, plugin, folder):
    """Whatever starts the plugin: another name, no environment, no descriptors, no rights."""
    target = [e["target"] for e in lab.expected() if e["profile"] == "ex-se-latest"][0]
    args = [*lab.options(), "-H", target, *DAY]
    link = os.path.join(folder, "check_mail_servers")
    os.symlink(plugin.path, link)
    copy = os.path.join(folder, "check_copy")
    shutil.copy(harness.EXVET, copy)
    for path in (link, copy):
        run = harness.Run(args, program=path)
        tap.ok(run.status == OK and run.out.startswith("EXCHANGE OK - "), "as " + os.path.basename(path),
               run)
    table = os.environ["EXVET_TABLE"]
    bare = subprocess.run([plugin.path, *args, "--table", table], env={}, cwd="/proc", check=False,
                          stdin=subprocess.DEVNULL, capture_output=True)
    tap.ok(bare.returncode == OK and bare.stdout.startswith(b"EXCHANGE OK") and bare.stderr == b"",
           "without environment, in a folder where nothing can be written", bare)
    for closed, status in (("<&-", OK), ("2>&-", OK), ("<&- 2>&-", OK), (">&-", UNKNOWN),
                           ("<&- >&- 2>&-", UNKNOWN)):
        run = subprocess.run(["sh", "-c", f'"$0" "$@" {closed}', plugin.path, *args], check=False,
                             capture_output=True)
        good = run.stdout.startswith(b"EXCHANGE OK - ") if status == OK else run.stdout == b""
        tap.ok(run.returncode == status and run.stderr == b"" and good, f"started with {closed}", run)
    if os.geteuid() == 0:
        os.chmod(lab.dir, 0o755)
        run = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "cat",
                              harness.EXVET, table], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             check=False)
        if run.returncode == 0:
            os.chmod(os.path.dirname(plugin.path), 0o755)
            run = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                                  "--no-new-privs", plugin.path, *args], check=False,
                                 capture_output=True)
            tap.ok(run.returncode == OK and run.stderr == b"", "as a user without rights", run)
        else:
            tap.skip("as a user without rights", run.stderr.decode()[:200])


def check_traffic(tap, lab):
    rows = lab.requests("ex-se-latest")
    agents = {r[6] for r in rows}
    tap.ok({"plugin test/1", "y", "x (noc@example.com)"} <= agents, "-A and --contact are sent", agents)


def main():
    if not harness.have_scan():
        harness.skip_all("this exvet cannot scan")
    tap = harness.Tap()
    tap.ok(len(ROWS) >= 60, "sixty rows or more", len(ROWS))
    with harness.Lab(*SERVERS) as lab, Plugin() as plugin, tempfile.TemporaryDirectory() as folder:
        target = [e["target"] for e in lab.expected() if e["profile"] == "ex-se-latest"][0]
        write(folder, "opts.ini", OPTS % (target, lab.path("ca.pem"), "x" * 3000))
        write(folder, "policy.ini", "[policy]\ngrace-days = 1\n")
        write(folder, "waivers.ini", "[waiver a]\nrule = build-not-allowed\ntarget = *\n"
              "reason = r\nowner = o\nuntil = 2100-01-01\n")
        check_rows(tap, lab, plugin, folder)
        check_help(tap, plugin)
        check_long(tap, lab, plugin)
        check_stale(tap, lab, plugin)
        check_unknown_limits(tap, lab, plugin)
        check_guard(tap, lab, plugin, folder)
        check_surroundings(tap, lab, plugin, folder)
        check_traffic(tap, lab)
    tap.done()


if __name__ == "__main__":
    main()
