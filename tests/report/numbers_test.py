"""numbers_test.py - waivers, changes and the trend: every number that a summary shows is counted
again here from the JSON Lines of the same servers, by the definitions of the manual."""
import collections
import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "cli"))
from tap import Tap  # noqa: E402

TOP = os.environ["top_srcdir"]
FLEET = os.path.join(TOP, "tests", "report", "fleet.jsonl")
AS_OF = "2026-11-24"
LEVELS = ["info", "low", "medium", "high", "critical"]
tap = Tap()
ok = tap.ok


def run(*args, status=0):
    env = {k: v for k, v in os.environ.items() if k == "EXVET_TABLE" or not k.startswith("EXVET_")}
    env["XDG_CONFIG_HOME"] = "/nonexistent"
    done = subprocess.run([os.environ["EXVET"], *args], env=env, capture_output=True, timeout=120, check=False)
    assert done.returncode == status, (args, done.returncode, done.stderr)
    return done.stdout.decode(), done.stderr.decode()


def lines(*args):
    return [json.loads(line) for line in run(*args)[0].splitlines()]


def judged(path, *args, as_of=AS_OF):
    return {r["target"]: r for r in lines("report", "--as-of", as_of, "-o", "jsonl", *args, path)}


def verdicts(r):
    """{rule: (verdict, severity, waived)}"""
    return {f["rule"]: (f["verdict"], f["severity"], "waived" in f) for f in r["findings"]}


def is_bad(v):
    return v is not None and v[0] in ("fail", "warn") and not v[2]


# ---- waivers ----

WAIVERS = """[waiver smb]
rule = smb1-offered
target = 127.0.0.0/8
reason = The scanner of the archive
owner = A. Doe
until = 2027-01-31
[waiver patch]
rule = su-missing
target = ex2019-*, ex2016-cu9-2018.exvet.test
reason = Replaced in January
owner = B. Doe
until = 2026-11-24
[waiver tagged]
rule = product-unsupported
target = *
tags = berlin
reason = Extended updates are paid for
owner = C. Doe
until = 2026-12-31
[waiver idle]
rule = su-missing
target = nowhere.example
reason = none
owner = D. Doe
until = 2026-12-31
"""


def is_waived(rule, r):
    if rule == "smb1-offered":
        return "smb"
    if rule == "su-missing" and re.match(r"ex2019-|ex2016-cu9-2018\.exvet\.test$", r["target"]):
        return "patch"
    return "tagged" if rule == "product-unsupported" and r["tag"] == "berlin" else None


def waivers(folder):
    path = os.path.join(folder, "w.ini")
    with open(path, "w", encoding="utf-8") as f:
        f.write(WAIVERS)
    plain, now = judged(FLEET), judged(FLEET, "--waivers", path)
    wrong, uses = [], collections.Counter()
    for target, r in now.items():
        before = verdicts(plain[target])
        for f in r["findings"]:
            want = is_waived(f["rule"], r) if f["verdict"] in ("fail", "warn") else None
            got = f.get("waived", {}).get("waiver")
            uses[got] += got is not None
            if want != got or (f["verdict"], f["severity"]) != before[f["rule"]][:2]:
                if f["rule"] != "waiver-ended":
                    wrong.append((target, f["rule"], want, got))
    ok(not wrong and uses["patch"] > 2 and uses["tagged"] > 1, "waived is what the file says, and no verdict changes",
       (wrong[:5], uses))
    text, err = run("report", "--as-of", AS_OF, "--waivers", path, FLEET)
    flat = " ".join(text.split())
    for name in ("smb", "patch", "tagged", "idle"):
        n = uses[name]
        ok(f"{name}: {n} finding{'' if n == 1 else 's'} of " in flat, f"text: how often {name} is used", flat[-900:])
        ok((f"waiver {name} matches nothing" in err) == (n == 0), f"and {name} is told when it is not", err)
    ticket = run("report", "--as-of", AS_OF, "--waivers", path, "-o", "markdown", FLEET)[0]
    rows = {m[0]: int(m[1]) for m in re.findall(r"^\| (smb|patch|tagged|idle) \|.*\| (\d+) \|$", ticket, re.M)}
    ok(rows == {n: uses[n] for n in ("smb", "patch", "tagged", "idle")}, "markdown: the same", (rows, uses))
    page = run("report", "--as-of", AS_OF, "--waivers", path, "-o", "html", FLEET)[0]
    said = f"; {sum(uses[n] for n in rows)} findings are waived."
    ok(said in ticket and said in page and "waived." not in run(
        "report", "--as-of", AS_OF, "-o", "markdown", FLEET)[0], "the first sentence says how much is waived", said)
    numbers = json.loads(re.search(r'id="numbers">(.*?)</script>', page, re.S).group(1))
    servers = [r for r in now.values() if r["identity"] == "exchange"]
    want = collections.Counter(f["severity"] for r in servers for f in r["findings"]
                               if f["verdict"] in ("fail", "warn") and "waived" not in f)
    ok({k: v for k, v in numbers["findings"].items() if v} == dict(want), "html: findings that count",
       (numbers["findings"], want))
    plain_page = run("report", "--as-of", AS_OF, "-o", "html", FLEET)[0]
    ok(json.loads(re.search(r'id="numbers">(.*?)</script>', plain_page, re.S).group(1))["findings"] !=
       numbers["findings"], "html: and they are fewer than without")
    urgent = sum(any(is_bad(v) and v[1] == "critical" for v in verdicts(r).values()) for r in servers)
    ok(f"{urgent} of {len(servers)} Exchange servers" in page and numbers["urgent"] == urgent, "html: urgent",
       (urgent, numbers["urgent"]))
    gauges = dict(re.findall(r'^exvet_findings_waived\{target="([^"]*)".*\} (\d+)$', run(
        "report", "--as-of", AS_OF, "--waivers", path, "-o", "prometheus", FLEET)[0], re.M))
    ok(gauges and all(int(n) == sum("waived" in f for f in now[t]["findings"]) for t, n in gauges.items()),
       "prometheus: the same", gauges)
    table = list(csv.DictReader(io.StringIO(run("report", "--as-of", AS_OF, "--waivers", path, "-o", "csv",
                                                FLEET)[0], newline="")))
    ok(table and all(sorted(r["waived"].split()) == sorted(f["rule"] for f in now[r["target"]]["findings"]
                                                           if "waived" in f) for r in table), "csv: the same")
    return path


# ---- changes ----

def classify(was, now):
    """None: nothing to tell."""
    if is_bad(was) and is_bad(now):
        order = ["info", "low", "medium", "high", "critical"]
        return "regressed" if (was[0], now[0]) == ("warn", "fail") or \
            order.index(now[1]) > order.index(was[1]) else "same"
    if is_bad(now):
        return "regressed" if was is not None and was[0] == "pass" else "new"
    if is_bad(was):
        return "fixed" if now is not None and now[0] == "pass" else "gone"
    return None


def changes(folder, policy):
    old = os.path.join(folder, "old.jsonl")
    with open(FLEET, encoding="utf-8") as f:
        stored = f.read().splitlines()
    with open(old, "w", encoding="utf-8") as f:
        for line in stored[2:]:
            f.write(line.replace("15.2.1748.39", "15.2.1748.55").replace("15.2.2562.53", "15.2.2562.17")
                    .replace('"started":"2026-11-24', '"started":"2026-10-20') + "\n")
        f.write(stored[3].replace("cert-expired.exvet.test", "left.exvet.test")
                .replace('"started":"2026-11-24', '"started":"2026-10-20') + "\n")
    options = ["--waivers", policy]
    was = judged(old, *options, as_of="2026-10-20")
    now = judged(FLEET, *options)
    want = collections.Counter()
    every = set()
    for target in set(was) | set(now):
        a = verdicts(was[target]) if target in was else {}
        b = verdicts(now[target]) if target in now else {}
        for rule in set(a) | set(b):
            kind = classify(a.get(rule), b.get(rule)) if rule != "table-stale" else None
            want[kind] += 1
            if kind not in (None, "same"):
                every.add((target, kind, rule))
    rows = lines("diff", *options, "--as-of", AS_OF, "-o", "jsonl", old, FLEET)
    # --as-of is the day of the new run; the old one is judged by its own day.
    ok({(r["target"], r["change"], r["rule"]) for r in rows} == every and len(rows) == len(every) > 20,
       "each change, counted again", sorted({(r["target"], r["change"], r["rule"]) for r in rows} ^ every)[:10])
    kinds = ("new", "regressed", "fixed", "gone", "same")
    sentence = "Changes " + ", ".join("%d %s" % (want[k], k) for k in kinds)
    both = len(set(was) & set(now))
    servers = "Servers %d in both runs, %d new, %d gone" % (both, len(set(now) - set(was)), len(set(was) - set(now)))
    for args in (["diff", "--as-of", AS_OF, *options, old, FLEET],
                 ["report", "--as-of", AS_OF, *options, "--compare", old, FLEET]):
        text = " ".join(run(*args)[0].split())
        ok(sentence in text and servers in text, args[0] + ": the totals", (sentence, servers, text[-700:]))
    page = run("report", "--as-of", AS_OF, *options, "--compare", old, "-o", "html", FLEET)[0]
    part = page.split('<section id="changes">')[1].split("</section>")[0]
    shown = [int(n) for n in re.findall(r'<td class="n">(\d+)</td>', part)]
    ok(shown == [want[k] for k in kinds], "html: the totals", (shown, want))
    ok(want["fixed"] and want["new"] and want["gone"] and want["same"] and want["regressed"], "each kind was met", want)
    for args, expected in ((["diff", "--fail-on", "new", *options, old, FLEET], 1),
                           (["diff", "--fail-on", "new", *options, FLEET, FLEET], 0)):
        run(*args, status=expected)
    ok(True, "--fail-on new")
    return old


# ---- the trend ----

def trend(folder, policy):
    home = os.path.join(folder, "runs")
    os.mkdir(home)
    for name in ("old.jsonl", "fleet.jsonl"):
        with open(os.path.join(folder, name) if name[0] == "o" else FLEET, "rb") as f, \
                open(os.path.join(home, name), "wb") as out:
            out.write(f.read())
    text = run("report", "--as-of", AS_OF, "--waivers", policy, "--history", home, FLEET)[0]
    got = [line.split() for line in text.splitlines() if re.match(r"20\d\d-\d\d-\d\d  ", line)]
    want = []
    for name, day in (("old.jsonl", "2026-10-20"), ("fleet.jsonl", AS_OF)):
        rows = judged(os.path.join(home, name), "--waivers", policy, as_of=day)
        servers = [r for r in rows.values() if r["identity"] == "exchange"]
        found = [f for r in servers for f in r["findings"]]
        detail = {r["target"]: {f["rule"]: f for f in r["findings"]} for r in servers}
        kev = sum((d["backdoor-check"]["detail"].get("known_exploited_open") or 0) > 0 for d in detail.values())
        unsupported = sum(d["product-unsupported"]["detail"].get("status") in
                          ("esu-1", "esu-2", "esu-ended", "unsupported") for d in detail.values())
        bad = collections.Counter(f["severity"] for f in found if f["verdict"] in ("fail", "warn") and "waived" not in f)
        behind = sum((d["su-missing"]["detail"].get("missing_count") or 0) > 0 and
                     d["su-missing"]["verdict"] in ("fail", "warn") for d in detail.values())
        want.append([day, len(rows), len(servers), None, behind, kev, unsupported, bad["critical"], bad["high"],
                     sum("waived" in f for f in found)])
    ok(len(got) == 2, "a row a run, the oldest first", text)
    for g, w in zip(got, want):
        for i, column in enumerate(("day", "targets", "exchange", "current", "behind", "kev", "unsupported", "critical",
                                    "high", "waived")):
            if w[i] is not None:
                ok(g[i] == str(w[i]), f"trend of {w[0]}: {column}", (g, w))
    page = run("report", "--as-of", AS_OF, "--waivers", policy, "--history", home, "-o", "html", FLEET)[0]
    ok('<section id="trend">' in page and "old.jsonl" in page, "html has a trend")


def main():
    with tempfile.TemporaryDirectory() as folder:
        policy = waivers(folder)
        changes(folder, policy)
        trend(folder, policy)
    tap.end()


main()
