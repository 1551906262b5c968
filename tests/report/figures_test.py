"""figures_test.py - a run of mixed tags, waivers, ranges, certificates and views:
every number of the HTML page, counted again from the JSON Lines."""
import collections
import csv
import datetime
import hashlib
import html
import json
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "cli"))
from tap import Tap  # noqa: E402

TOP = os.environ["top_srcdir"]
AS_OF = datetime.date(2026, 11, 24)
ENV = dict({k: v for k, v in os.environ.items() if k == "EXVET_TABLE" or not k.startswith("EXVET_")},
           XDG_CONFIG_HOME="/nonexistent")
POLICY = """[policy]
title = Of the test
[tls-1-0-offered]
severity = critical
[http-hsts]
enabled = no
[waiver old]
rule = product-unsupported
target = m*.exvet.test
reason = moved by spring <b>
owner = Ann
until = 2027-03-31
[waiver done]
rule = su-missing
target = m1*.exvet.test
reason = was tested
owner = Bob
until = 2026-10-31
[waiver nobody]
rule = smb1-offered
target = no.such.host
reason = none
owner = Eve
until = 2027-01-01
"""
tap = Tap()


def same(got, want, name):
    tap.ok(got == want and want not in ({}, [], None), name, f"got  {str(got)[:1500]}\nwant {str(want)[:1500]}")


def mixed():
    """Results out of those of the fleet: names, tags, days and builds are changed."""
    with open(os.path.join(TOP, "tests", "report", "fleet.jsonl"), encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    builds = ["15.2.2562.56", "15.2.1748", "15.2.9999.1", "15.1.2507.61", "14.3.123.4", "15.2.1748.44",
              "15.0.1497.48", "15.2.2562.17", "15.2.1748.54"]
    out = []
    for i in range(3 * len(rows)):
        r = json.loads(json.dumps(rows[i % len(rows)]))
        r.update(target=f"m{i}.exvet.test", tag=[None, "berlin", "lyon <i>", "a,b"][i % 4],
                 vantage=["lab", "internet", None][i % 3], finished=i % 17 != 5, requests=i, connections=i // 2)
        if r["started"]:
            r["started"] = f"2026-11-{10 + i % 9:02}T08:00:00.000Z"
        end = AS_OF + datetime.timedelta(days=(i * 37) % 500 - 40)
        for o in r["observations"]:
            if o["fact"] == "cert.not-after":
                o["value"] = f"{end}T10:00:00Z"
            if o["fact"].startswith(("exchange.name.", "ntlm.computer", "pool.member", "smb.guid", "mail.name")):
                o["value"] = f"n{i}-{o['value']}"       # each a server of its own
            if o["fact"] == "exchange.build" and i >= len(rows) and i % 3:
                o["value"] = builds[i % len(builds)]
        out.append(json.dumps(r) + "\n")
    return "".join(out)


def run(folder, fmt, text):
    policy = os.path.join(folder, "test.ini")
    with open(policy, "w", encoding="utf-8") as f:
        f.write(POLICY)
    r = subprocess.run([os.environ["EXVET"], "report", f"--as-of={AS_OF}", f"--policy={policy}", "-o", fmt, "-"],
                       input=text.encode(), env=ENV, capture_output=True, timeout=120, check=False)
    assert r.returncode in (0, 1) and r.stdout, r.stderr
    return r.stdout.decode()


# ---- what the page shows ----

def text_of(s):
    return html.unescape(re.sub(r"<[^>]*>", "", s)).strip()


def section(page, name):
    return page.split(f'<section id="{name}">')[1].split("\n</section>")[0]


def charts(page):
    out = {}
    for figure in section(page, "charts").split("<figure")[1:]:
        title = text_of(re.search(r"<h3>(.*?)</h3>", figure).group(1))
        out[title] = {text_of(a): int(n) for a, n in re.findall(
            r'<th scope="row">(.*?)</th><td class="n">(\d+)</td>', figure)}
        out[title + ": widths"] = {text_of(a): int(n) for a, n in re.findall(
            r'<th scope="row">(.*?)</th>.*?<rect class="[^"]*" width="(\d+)"', figure)}
    return out


def matrix(page):
    table = section(page, "levels").split('<table class="mx">')[1].split("</table>")[0]
    heads = [text_of(h) for h in re.findall(r'<th scope="col">(.*?)</th>', table)][1:]
    out = {}
    for row in re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", table):
        name, cells = row.split("</th>", 1)
        for head, cell in zip(heads, re.findall(r"<td[^>]*>(\d*)</td>", cells)):
            if cell:
                out[text_of(name), head] = int(cell)
    return out


# ---- the same from the JSON Lines ----

def bad(r):
    return [f for f in r["findings"] if f["verdict"] in ("fail", "warn") and not f.get("waived")]


def worst(r):
    order = ["info", "low", "medium", "high", "critical"]
    return max((f["severity"] for f in bad(r)), key=order.index, default=None)


def detail(r, rule, key):
    return next(f for f in r["findings"] if f["rule"] == rule)["detail"].get(key)


def certificates(servers):
    bins = collections.Counter()
    for r in servers:
        ends = [o["value"][:10] for o in r["observations"] if o["fact"] == "cert.not-after"]
        if ends:
            days = (datetime.date.fromisoformat(min(ends)) - AS_OF).days
            bins[0 if days < 0 else min(13, 1 + days // 30)] += 1
    return bins


def levels(servers):
    out = collections.Counter()
    for r in servers:
        if r["branch"] and r["update"]:
            out[f"{r['branch']} {r['cu']}", r["update"]] += 1
    return out


def verdicts(servers, rule):
    words = {"fail": "failed", "warn": "warned", "undecidable": "undecided", "not-observable": "not seen",
             "pass": "passed", "not-applicable": "do not apply"}
    return collections.Counter(words[f["verdict"]] for r in servers for f in r["findings"]
                               if f["rule"] == rule)


def check_figures(page, servers):
    got = charts(page)
    shown = {k: v for k, v in got["Worst finding"].items() if v}
    want = collections.Counter(worst(r) for r in servers if worst(r))
    same({k: v for k, v in shown.items() if k in want}, dict(want), "worst findings, the waived left out")
    same(sum(shown.values()), len(servers), "each server has a worst finding or another word")
    want = collections.Counter(f["severity"] for r in servers for f in bad(r))
    want["undecided"] = sum(f["verdict"] == "undecidable" for r in servers for f in r["findings"])
    same({k: v for k, v in got["Findings"].items() if v}, dict(want), "findings by severity")
    same(sum(got["Days behind"].values()), len(servers), "each server is behind by something")
    built = sum(r["build"] is not None for r in servers)
    same(sum(got["Patch distribution"].values()), built, "each build is in the distribution")
    most = max(got["Patch distribution"].values())
    same(got["Patch distribution: widths"],
         {k: v * 1000 // most for k, v in got["Patch distribution"].items()}, "bars are as long as their numbers")
    svg = section(page, "charts").split('<svg class="time"')[1].split("</svg>")[0]
    tops = {int(x) // 50: int(n) for x, n in re.findall(r'class="v" x="(\d+)" y="\d+">(\d+)<', svg)}
    same(tops, dict(certificates(servers)), "certificates by thirty days")


def check_rules(page, servers):
    part, wrong = section(page, "checks"), []
    tallies = re.findall(r'id="rule-([a-z0-9-]+)"><summary>.*?<span class="tally">(.*?)</span></summary>', part)
    for rule, tally in tallies:
        got = {w: int(n) for n, w in re.findall(r">(\d+) ([a-z ]+)</span>", tally + "</span>")}
        if got != dict(verdicts(servers, rule)):
            wrong.append((rule, got, verdicts(servers, rule)))
    same((len(tallies), wrong), (len(servers[0]["findings"]), []), "each check: what the fleet answered")
    page_words = text_of(part.split("What cannot be seen")[1])
    n = collections.Counter(f["verdict"] for r in servers for f in r["findings"])
    same([int(x) for x in re.findall(r"\d+", page_words)[:3]],
         [sum(n.values()) - n["not-applicable"], n["not-observable"], n["undecidable"]], "what cannot be seen")


def check_actions(page, rows):
    """Each group of the to-do list that is one check: servers, and what is no known Exchange."""
    titles = {f["rule"]: f["title"] for f in rules_of(page)}
    got, want = {}, {}
    for rule, title in titles.items():
        m = re.search(rf"<h3>{re.escape(html.escape(title))}:(?: (\d+) servers?)?(?: and)?(?: (\d+) other targets?)?</h3>",
                      page)
        if m is None:
            continue
        got[rule] = [int(n or 0) for n in m.groups()]
        asked = [r for r in rows if any(f["rule"] == rule for f in bad(r))]
        want[rule] = [sum(r["identity"] == "exchange" for r in asked),
                      sum(r["identity"] != "exchange" for r in asked)]
    same(got, want, "what to do: how many servers, and how many others")
    same(len(got) > 10 and any(n[1] for n in got.values()), True, "what to do: both kinds are there")


def rules_of(page):
    return [{"rule": rule, "title": text_of(title)} for rule, title in re.findall(
        r'id="rule-([a-z0-9-]+)"><summary><b>(.*?)</b>', section(page, "checks"))]


def check_method(page, rows):
    kv = {text_of(a): text_of(b) for a, b in re.findall(r"<div><dt>(.*?)</dt><dd>(.*?)</dd></div>",
                                                        section(page, "method"))}
    same(kv["Traffic"].split(" targets")[0], f"{sum(r['connections'] for r in rows)} connections, "
         f"{sum(r['requests'] for r in rows)} requests and messages to {len(rows)}", "traffic")
    seen = collections.Counter(r["vantage"] or "no vantage point given" for r in rows)
    same({w: int(n) for n, w in re.findall(r"(\d+) ([a-z ]+)", kv["Seen from"])}, dict(seen), "vantage points")
    names = {"exchange": "Exchange Server", "exchange-online": "Exchange Online",
             "pre-auth-proxy": "behind a pre-auth proxy", "not-exchange": "not Exchange", "unknown": "not known"}
    same({w: int(n) for n, w in re.findall(r"(\d+) ([A-Za-z -]+)", kv["Targets"])},
         dict(collections.Counter(names[r["identity"]] for r in rows)), "what answered")
    sha = hashlib.sha256(POLICY.encode()).hexdigest()
    same((kv["Policy"].endswith(": Of the test"), kv["Policy file"]), (True, f"test.ini, SHA-256 {sha}"),
         "the policy is named, and its file by its hash")


def check_frameworks(page, folder, text):
    table = [line for line in run(folder, "controls", text).splitlines()]
    want = collections.Counter()
    for row in csv.DictReader(table, strict=True):
        for key in ("satisfied", "failed", "waived", "undecidable", "not_observable"):
            want[row["name"], key] += int(row.get(key) or 0)
    got = {}
    for name, cells in re.findall(r'<th scope="row"><a href="#f-\d+">(.*?)</a>.*?</th>(.*?)</tr>',
                                  section(page, "frameworks")):
        for key, n in zip(("satisfied", "failed", "waived", "undecidable", "not_observable"),
                          re.findall(r'<td class="k">(\d+)</td>', cells)):
            got[text_of(name), key] = int(n)
    keys = {k for k in got if k[1] != "waived"}
    same({k: got[k] for k in keys}, {k: want[k] for k in keys}, "frameworks: the sums of their controls")
    same(sum(v for k, v in got.items() if k[1] == "waived") > 0, True, "frameworks: what is waived is told")


def main():
    text = mixed()
    with tempfile.TemporaryDirectory() as folder:
        page = run(folder, "html", text)
        rows = [json.loads(line) for line in run(folder, "jsonl", text).splitlines()]
        servers = [r for r in rows if r["identity"] == "exchange"]
        check_figures(page, servers)
        got, want = matrix(page), levels(servers)
        same({k: v for k, v in got.items() if k in want}, dict(want), "patch levels: each cell")
        same(sum(v for k, v in got.items() if k[1] != "all"), sum(r["build"] is not None for r in servers),
             "patch levels: all of them")
        same([int(n) for n in re.findall(r"<dd><b>(\d+)</b>", page)],
             [sum(worst(r) == "critical" for r in servers),
              sum((detail(r, "backdoor-check", "known_exploited_open") or 0) > 0 for r in servers),
              sum(detail(r, "product-unsupported", "status") in ("esu-1", "esu-2", "esu-ended", "unsupported")
                  for r in servers),
              sum(not r["finished"] or r["identity"] == "unknown" or
                  (r["identity"] == "exchange" and r["build"] is None) for r in rows)], "the four numbers")
        check_rules(page, servers)
        check_method(page, rows)
        check_actions(page, rows)
        check_frameworks(page, folder, text)
        waivers = section(page, "waivers")
        used = sum(f.get("waived") is not None for r in rows for f in r["findings"])
        same([int(n) for n in re.findall(r"\((\d+) finding", waivers)], [used, 0, 0], "waivers: what each waived")
        same((">ended<" in waivers, ">waived nothing<" in waivers, "<b>moved" in waivers),
             (True, True, False), "waivers: ended, and for nothing")
    tap.end()


main()
