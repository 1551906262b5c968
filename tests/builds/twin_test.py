#!/usr/bin/env python3
"""The verdicts again, written a second time from the rules and not from the C.

Reads data/exchange.xml by itself, computes place, missing updates, days and
every CVE's state for every build and every three-part prefix of the table and
for builds that it does not have, at several days, and compares with what
`exvet builds -o jsonl` says.
"""
import datetime
import json
import os
import random
import subprocess
import sys
import xml.etree.ElementTree as ET

EXVET = os.environ["EXVET"]
TABLE = os.path.join(os.environ["top_srcdir"], "data", "exchange.xml")
DAYS = ("2021-03-10", "2025-10-20", "2026-11-22")
SECURITY = {"SU", "UR"}


def num(text):
    return tuple(int(p) for p in text.split("."))


def day(text):
    return datetime.date.fromisoformat(text)


class Row:
    def __init__(self, release, build):
        self.text = build.get("number")
        self.n = num(self.text)
        self.update = release.get("name", "")
        self.released = release.get("date")
        self.branch, self.cu, self.kind = build.get("branch"), build.get("cu"), build.get("kind")
        self.partial = build.get("partial") == "yes"
        self.also = build.get("also")
        self.fixes = build.get("fixes", "").split()

    @property
    def name(self):
        return self.update or self.cu


def group(n):
    """Numbers of one CU: three parts from 2013 on, two (a service pack) before."""
    return n[:3] if n[0] >= 15 else n[:2]


root = ET.parse(TABLE).getroot()
rows = sorted((Row(r, b) for r in root.iter("release") for b in r.iter("build")),
              key=lambda r: r.n + (0,) * (4 - len(r.n)))
by_text = {r.text: r for r in rows}
by_text.update({r.also: r for r in rows if r.also})
cves = {c.get("id"): c for c in root.iter("cve")}
products = {p.get("branch"): p for p in root.iter("product")}

# branch -> cve -> [(fixed number, group that was assessed, row)]
fixes = {b: {} for b in products}
for r in rows:
    for c in r.fixes:
        fixes[r.branch].setdefault(c, []).append((r.n, group(r.n), r))
for f in root.iter("fix"):
    r = by_text[f.get("build")]
    g = group(r.n)
    if f.get("cu"):
        g = group(next(x for x in rows if (x.branch, x.cu) == (r.branch, f.get("cu"))).n)
    fixes[r.branch].setdefault(f.get("cve"), []).append((r.n, g, r))
for per in fixes.values():
    for rules in per.values():
        rules.sort(key=lambda t: (t[0], t[1]))


def pad(n):
    return n + (0,) * (4 - len(n))


def branch_of(n):
    if n[0] == 15 and n[1] == 2:
        return ("SE" if n[2] >= 2562 else "2019") if len(n) > 2 else None
    if n[:2] == (15, 20):
        return "online"
    return {(6, 0): "2000", (6, 5): "2003", (15, 0): "2013", (15, 1): "2016"}.get(
        n[:2], {8: "2007", 14: "2010"}.get(n[0], "none"))


def partial_below(branch, cu, n):
    got = [r for r in rows if r.partial and (r.branch, r.cu) == (branch, cu) and r.n <= n]
    return got[-1] if got else None


def state_at(row, cve):
    """State of one CVE at one row of the table, and the row that decides."""
    done = "needs-configuration" if cves[cve].get("needs") else "fixed"
    last = None
    for fixed, assessed, by in fixes[row.branch][cve]:
        last = by
        if assessed == group(row.n):
            if row.n < fixed:
                return "open", by
            p = partial_below(row.branch, row.cu, row.n)
            if p and by.update and by.n < p.n:
                return "undecidable", by
            return done, by
        if row.n < fixed:
            return "open-presumed", by
    return done, last


def agree(states):
    if len(set(states)) == 1:
        return states[0]
    if set(states) == {"open", "open-presumed"}:
        return "open-presumed"
    return "undecidable"


def updates(branch, cu, low, high, own, as_of):
    """Names of the security updates between two numbers, each once, and the first day."""
    names, first = [], None
    for r in rows:
        if (r.branch, r.cu) != (branch, cu) or r.kind not in SECURITY or r.released > as_of:
            continue
        if pad(r.n) <= pad(low) or (high and pad(r.n) >= pad(high)):
            continue
        if r.update in (own, *names):
            continue
        names.append(r.update)
        first = first or r.released
    return names, first


def days(first, as_of):
    return (day(as_of) - day(first)).days if first else 0


def judge(asked, as_of):
    n = num(asked)
    text = ".".join(map(str, n))
    out = {"build": text, "missing": [], "days_behind": None, "undetermined": []}
    branch = branch_of(n)
    if branch in ("online", "none"):
        out.update(place="exchange-online" if branch == "online" else "unknown", cves={},
                   known=False, cu=None, below=None, above=None)
        return out
    mine = [r for r in rows if r.branch == branch]
    below = [r for r in mine if pad(r.n) <= pad(n)]
    above = [r for r in mine if pad(r.n) > pad(n)]
    listed = [c for b in ([branch] if branch else ["2019", "SE"]) for c in fixes[b]
              if cves[c].get("disclosed") <= as_of]
    out.update(below=None, above=None, cu=None, known=False)
    judges = None                                   # rows whose word counts
    if len(n) > 2 and text in by_text:
        row = by_text[text]
        out.update(place="exact", cu=row.cu, known=True)
        low, own = row.n, row.update
        judges = [row]
    elif len(n) == 2:
        out["place"] = "generation"
        out["cves"] = {c: "undecidable" for c in listed}
        return out
    else:
        cand = [r for r in mine if len(n) == 3 and r.n[:3] == n]
        cand = [r for r in cand if r.released <= as_of] or cand
        if cand:
            out.update(place="range", cu=cand[0].cu, known=True)
            out["candidates"] = [r.text for r in cand]
            best, _ = updates(branch, cand[0].cu, cand[-1].n, None, cand[-1].update, as_of)
            worst, first = updates(branch, cand[0].cu, cand[0].n, None, cand[0].update, as_of)
            out["missing"], out["possible"] = best, worst
            out["days_behind"] = days(first, as_of) if len(best) == len(worst) else None
            out["cves"] = {c: agree([state_at(r, c)[0] for r in cand]) for c in listed}
            return out
        out["below"] = below[-1].text if below else None
        out["above"] = above[0].text if above else None
        if n[0] < 8:
            cu = below[-1].cu if below else None
        else:
            cu = next((r.cu for r in mine if group(r.n) == group(n)), None)
        out["cu"] = cu
        low, own = n, ""
        if cu and not [r for r in above if r.cu == cu]:
            newest = [r for r in mine if r.cu == cu][-1]
            out["place"] = "newer-than-table"
            out["cves"] = {c: s if (s := state_at(newest, c)[0]) in
                           ("fixed", "needs-configuration") else "undecidable" for c in listed}
        elif not above:
            out["place"] = "newer-than-table"
            out["cves"] = {c: "undecidable" for c in listed}
        else:
            out["place"] = "between" if cu else "generation"
            judges = [below[-1], above[0]] if below else None
            if not below:
                out["cves"] = {c: "undecidable" for c in listed}
    if judges:
        out["cves"] = {c: agree([state_at(r, c)[0] for r in judges]) for c in listed}
    if out["cu"]:
        out["missing"], first = updates(branch, out["cu"], low, None, own, as_of)
        p = partial_below(branch, out["cu"], low)
        if p:
            base = min(r.n for r in mine if r.cu == out["cu"])
            out["undetermined"], _ = updates(branch, out["cu"], base, p.n, "", as_of)
        if not out["undetermined"] and out["place"] != "newer-than-table":
            out["days_behind"] = days(first, as_of)
    return out


def said(line):
    got = {k: line[k] for k in ("build", "place", "known", "cu", "missing", "days_behind",
                                "undetermined")}
    got["below"] = (line["neighbours"]["below"] or {}).get("build")
    got["above"] = (line["neighbours"]["above"] or {}).get("build")
    got["cves"] = {c["cve"]: c["state"] for c in line["cves"]}
    if len(got["cves"]) != len(line["cves"]):
        got["cves"] = "an id is there twice"
    if line["place"] == "range":
        got["candidates"] = [c["build"] for c in line["candidates"]]
        got["possible"] = line["missing_possible"]
    return got


def support_of(row, as_of):
    p = products[row.branch]
    cu = next(c for c in p.iter("cu") if c.get("name") == row.cu)
    end = cu.get("support-end", p.get("extended-end"))
    if as_of <= end:
        return "supported", end
    if cu.get("esu"):
        for e in p.iter("esu"):
            if as_of <= e.get("to"):
                return "esu-period-" + e.get("period"), e.get("to")
        return "esu-ended", max(e.get("to") for e in p.iter("esu"))
    return "unsupported", end


def check_extra(line, as_of):
    """What only exact rows have: support, newest, fixed_by, numbers of the CVE."""
    row = by_text[line["build"]]
    bad = []
    if (line["support"]["status"], line["support"]["until"]) != support_of(row, as_of):
        bad.append("support %s" % line["support"])
    newest = [r for r in rows if (r.branch, r.cu) == (row.branch, row.cu) and r.released <= as_of]
    if (line["newest"] or {}).get("build") != (newest[-1].text if newest else None):
        bad.append("newest %s" % line["newest"])
    cu = [r for r in rows if r.branch == row.branch and r.cu != row.cu and not r.update
          and r.n > row.n and r.released <= as_of]
    if (line["newer_cu"] or {}).get("build") != (cu[-1].text if cu else None):
        bad.append("newer_cu %s" % line["newer_cu"])
    for c in line["cves"]:
        e = cves[c["cve"]]
        by = state_at(row, c["cve"])[1]
        want = {"fixed_by": by.name, "fixed_build": by.text, "kev": "kev" in e.attrib,
                "cvss": float(e.get("cvss")) if e.get("cvss") else None,
                "kev_date": e.get("kev"), "ransomware": e.get("ransomware") == "known",
                "name": e.get("name"), "needs": e.get("needs")}
        for k, v in want.items():
            if c[k] != v:
                bad.append("%s %s is %r, expected %r" % (c["cve"], k, c[k], v))
    return bad


def synthetic():
    """In between, above, below, beside, padded: always the same ones."""
    pick = random.Random(20261013)
    got = ["15.2", "15.1", "15.0", "14.3", "8.0", "6.5", "15.20", "15.20.8699.1", "15.20.1",
           "16.0", "1.2.3.4", "15.3.4.5", "7.0.1.1", "15.2.2561.9", "15.2.2562.9",
           "15.2.2562.99999", "15.2.3000.1", "15.2.99999", "15.1.1.1", "15.1.99999.1",
           "15.02.1258.028", "015.1.02507.0006", "14.3.999.9", "14.4.1.1", "8.3.84.1", "8.9",
           "14.3.300", "8.2.1.1", "6.0.6620.99", "6.0.5000.1", "6.0.1.1", "0.0", "99999.1"]
    for _ in range(260):
        r = pick.choice(rows)
        n = list(pad(r.n))
        how = pick.randrange(4)
        if how == 0:
            n[3] += pick.randrange(1, 4)
        elif how == 1:
            n[3] = max(0, n[3] - pick.randrange(1, 4))
        elif how == 2:
            n[2] += pick.randrange(1, 40)
        else:
            n = [15, pick.choice((0, 1, 2)), pick.randrange(1, 3000), pick.randrange(0, 90)]
        got.append(".".join(map(str, n if pick.randrange(6) else n[:3])))
    return got


def run(builds, as_of):
    p = subprocess.run([EXVET, "builds", "-o", "jsonl", "--as-of", as_of, *builds],
                       stdout=subprocess.PIPE, check=True,
                       env=dict(os.environ, EXVET_TABLE=TABLE))
    return [json.loads(line) for line in p.stdout.decode().splitlines()]


asked = [r.text for r in rows] + [r.also for r in rows if r.also]
asked += sorted({".".join(map(str, r.n[:3])) for r in rows if len(r.n) == 4})
asked += synthetic()
print("1..%d" % len(DAYS))
failed = False
for i, as_of in enumerate(DAYS):
    lines = run(asked, as_of)
    bad, states, places = [], set(), set()
    if len(lines) != len(asked):
        bad.append("%d answers to %d builds" % (len(lines), len(asked)))
    for a, line in zip(asked, lines):
        want, got = judge(a, as_of), said(line)
        states.update(got["cves"].values())
        places.add(got["place"])
        for k in want:
            if got.get(k) != want[k]:
                if k == "cves":
                    diff = {c: (got[k].get(c), want[k].get(c)) for c in {**got[k], **want[k]}
                            if got[k].get(c) != want[k].get(c)}
                    bad.append("%s cves (exvet, twin): %s" % (a, dict(list(diff.items())[:3])))
                else:
                    bad.append("%s %s: exvet says %r, twin %r" % (a, k, got.get(k), want[k]))
        if line["place"] == "exact":
            bad += ["%s: %s" % (a, b) for b in check_extra(line, as_of)]
    # A comparison that met only some of the cases would be none.
    if len(states) != 5 or len(places) != 7:
        bad.append("met only %s and %s" % (sorted(states), sorted(places)))
    print("%s %d - %d builds as of %s" % ("not ok" if bad else "ok", i + 1, len(asked), as_of))
    for b in bad[:20]:
        print("# " + b)
    failed = failed or bool(bad)
sys.exit(1 if failed else 0)
