#!/usr/bin/env python3
"""`exvet builds`: keys and their order, formats, files, exit statuses."""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

EXVET = os.environ["EXVET"]
TABLE = os.path.join(os.environ["top_srcdir"], "data", "exchange.xml")

STABLE = ["build", "known", "product", "branch", "cu", "update", "kind", "released", "kb",
          "support", "newest", "missing", "days_behind", "cves"]
CVE = ["cve", "state", "fixed_by", "fixed_build", "cvss", "kev", "name", "needs", "kev_date",
       "ransomware"]
n = 0
failed = False


def check(ok, name, *why):
    global n, failed
    n += 1
    failed = failed or not ok
    print("%s %d - %s" % ("ok" if ok else "not ok", n, name))
    for w in why if not ok else ():
        for line in str(w).splitlines()[:10]:
            print("# %s" % line)


def run(*args):
    env = dict(os.environ, EXVET_TABLE=TABLE, EXVET_CONFIG="/dev/null", HOME="/nonexistent")
    env.pop("NO_COLOR", None)
    return subprocess.run([EXVET, "builds", *args], env=env, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE)


DAY = ("--as-of", "2026-11-22")
p = run("-o", "jsonl", *DAY, "15.02.1748.039", "15.2.1748", "15.20.1.1")
lines = [json.loads(x) for x in p.stdout.splitlines()]
check(p.returncode == 0 and len(lines) == 3, "a line for each build", p.stderr, p.stdout)
a, r, o = lines
check(list(a)[:14] == STABLE and list(r)[:15] == STABLE + ["candidates"],
      "stable keys in their order", list(a), list(r))
check(list(a["cves"][0]) == CVE, "keys of a CVE", list(a["cves"][0]))
check(list(a["support"]) == ["status", "until"] and list(r["candidates"][0]) == ["build", "update"]
      and list(a["newest"]) == ["build", "update", "cu", "released"], "keys of the parts")
check((a["build"], a["asked"], a["update"], a["kb"], a["released"], a["days_behind"]) ==
      ("15.2.1748.39", "15.02.1748.039", "Oct25SU", "KB5066367", "2025-10-14", 348),
      "values of one build", a)
check(a["missing"][0] == "Dec25SU" and a["newest"]["update"] == "Oct26SU", "missing and newest")
check((a["cves"][0]["cve"], a["cves"][0]["cvss"], a["cves"][0]["kev"]) ==
      ("CVE-2026-42897", 8.1, True), "known-exploited first", a["cves"][0])
check('"cvss":8.1,' in p.stdout, "a score as people write it")
check(r["update"] is None and r["days_behind"] is None and r["known"] and
      len(r["candidates"]) == 14, "a range names no update", r["update"])
check(o["product"] == "Exchange Online" and not o["known"] and o["cves"] == [] and
      o["support"]["status"] == "unknown", "Exchange Online", o)

p = run("-o", "jsonl", *DAY, "15.2.2562.56", "rubbish\x1b[31m", "15.2.2562.17")
check(p.returncode == 2 and len(p.stdout.splitlines()) == 2 and p.stderr.count("\n") == 1 and
      "rubbish" in p.stderr and "\x1b" not in p.stderr, "a bad build, and the others",
      p.returncode, p.stderr)

p = run(*DAY, "15.2.1748.39")
check(p.returncode == 0 and "CU15 Oct25SU" in p.stdout and "known exploited" in p.stdout and
      "KB5066367" in p.stdout and "\x1b" not in p.stdout, "a card without colour in a pipe",
      p.stdout)
p = run(*DAY, "--color", "always", "15.2.1748.39")
check("\x1b[1m15.2.1748.39" in p.stdout, "colour when asked", p.stdout[:200])
p = run(*DAY, "14.3.513.0")
check("not safe" in p.stdout, "no open CVE and out of support does not read as safe", p.stdout)
p = run(*DAY, "6.5.7638")
check("table holds none" in p.stdout, "no CVE rows at all does not read as safe", p.stdout)
p = run(*DAY, "15.2.2562.60")
check("newer than this table" in p.stdout, "newer than the table", p.stdout)
p = run(*DAY, "15.1.1713.10")
check("cannot be read from this build: Apr19SU, Jun19SU" in p.stdout, "partial update", p.stdout)

p = run(*DAY)
rows = p.stdout.splitlines()
check(p.returncode == 0 and len(rows) == 490 and rows[0].startswith("BUILD") and
      rows[-1].startswith("15.2.2562.56 "), "the whole table, a line a row", len(rows))
check(rows[1].split()[7:9] == ["?", "?"], "no CVE rows is a question mark", rows[1])

p = run(*DAY, "-o", "csv", "15.2.1748.39", "15.2.2562")
rec = list(csv.DictReader(io.StringIO(p.stdout)))
check(len(rec) == 2 and rec[0]["days_behind"] == "348" and rec[1]["days_behind"] == "" and
      rec[0]["cves_open"] == "34" and rec[0]["missing"].split()[0] == "Dec25SU", "CSV", p.stdout)

with tempfile.TemporaryDirectory() as tmp:
    out = os.path.join(tmp, "b.jsonl")
    p = run(*DAY, "-o", "jsonl:" + out, "-o", "text", "15.2.1748.39")
    check(p.returncode == 0 and json.load(open(out))["build"] == "15.2.1748.39" and
          "CU15" in p.stdout and os.listdir(tmp) == ["b.jsonl"], "a file and the terminal",
          p.stderr, os.listdir(tmp))
    p = run(*DAY, "-o", "jsonl:" + os.path.join(tmp, "no", "b"), "15.2.1748.39")
    check(p.returncode == 4 and p.stderr.count("\n") == 1 and "no/b" in p.stderr,
          "a file that cannot be written", p.returncode, p.stderr)
p = run(*DAY, "-o", "jsonl:/dev/full", "15.2.1748.39")
check(p.returncode == 4 and os.path.exists("/dev/full") and p.stderr.count("\n") == 1, "a full disk",
      p.returncode, p.stderr)
p = run("-o", "csv-findings", "15.2")
check(p.returncode == 2 and p.stdout == "" and "jsonl" in p.stderr, "a format of other commands", p.stderr)
p = run("--as-of", "2026-02-30", "15.2")
check(p.returncode == 2 and p.stdout == "", "a day that does not exist", p.stderr)
print("1..%d" % n)
sys.exit(1 if failed else 0)
