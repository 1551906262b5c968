"""summary_test.py - the numbers of the summaries, counted again from the JSON
Lines; escaping, policy and structure of the HTML by a parser; the feeds of CERTs
by the rules of their readers."""
import base64
import collections
import csv
import datetime
import hashlib
import html.parser
import io
import ipaddress
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hostile  # noqa: E402
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "cli"))
from tap import Tap  # noqa: E402

TOP = os.environ["top_srcdir"]
AS_OF = "2026-11-24"
tap = Tap()
ok = tap.ok


def report(fmt, text, *args):
    env = {k: v for k, v in os.environ.items() if k == "EXVET_TABLE" or not k.startswith("EXVET_")}
    env["XDG_CONFIG_HOME"] = "/nonexistent"
    run = subprocess.run([os.environ["EXVET"], "report", f"--as-of={AS_OF}", "-o", fmt, *args, "-"],
                         input=text.encode("utf-8", "surrogatepass"), env=env,
                         capture_output=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout.decode("utf-8")


# ---- counting again ----

LEVELS = ["info", "low", "medium", "high", "critical"]


def findings(r, *verdicts):
    return [f for f in r["findings"] if f["verdict"] in verdicts]


def state(r):
    """The worst finding of a target, by the definition of the manual."""
    about = [f for f in findings(r, "fail", "warn")
             if f["rule"] != "table-stale" or r["identity"] == "exchange"]
    worst = max((f["severity"] for f in about), key=LEVELS.index, default=None)
    if worst and (r["identity"] != "unknown" or worst in ("high", "critical")):
        return worst
    if not judged(r):
        return "unknown"
    if r["identity"] != "exchange":
        return "other"
    return "undecided" if findings(r, "undecidable") else "no finding"


def judged(r):
    return r["finished"] and r["identity"] != "unknown" and \
        (r["identity"] != "exchange" or r["build"] is not None)


def finding(r, rule):
    return next(f for f in r["findings"] if f["rule"] == rule)


def behind(r):
    if r["build"] is None:
        return "not known"
    f = finding(r, "su-missing")
    days = f["detail"].get("days_behind")
    if f["verdict"] == "pass":
        return "nothing missing"
    if not f["detail"].get("missing_count"):
        return "updates have ended" if f["verdict"] == "not-applicable" else "not known"
    if days is None:
        return "not known"
    for most, word in ((30, "up to 30 days"), (90, "31 to 90 days"), (180, "91 to 180 days"),
                       (365, "181 to 365 days"), (730, "1 to 2 years")):
        if days <= most:
            return word
    return "more than 2 years"


def expected(rows):
    servers = [r for r in rows if r["identity"] == "exchange"]
    built = [r for r in servers if r["build"] is not None]
    return {
        "targets": len(rows), "servers": len(servers),
        "urgent": sum(state(r) == "critical" for r in servers),
        "known_exploited": sum((finding(r, "backdoor-check")["detail"].get("known_exploited_open") or
                                0) > 0 for r in built),
        "unsupported": sum(finding(r, "product-unsupported")["detail"].get("status") in
                           ("esu-1", "esu-2", "esu-ended", "unsupported") for r in built),
        "missing": sum((finding(r, "su-missing")["detail"].get("missing_count") or 0) > 0
                       for r in built),
        "known_exploited_maybe": sum(f["rule"] == "cve-known-exploited-open" for r in servers
                                     for f in findings(r, "undecidable", "not-observable")),
        "unsupported_maybe": sum(f["rule"] == "product-unsupported" for r in servers
                                 for f in findings(r, "undecidable", "not-observable")),
        "not_judged": sum(not judged(r) for r in rows),
        "connections": sum(r["connections"] for r in rows),
        "requests": sum(r["requests"] for r in rows),
        "states": dict(collections.Counter(map(state, rows))),
        "behind": dict(collections.Counter(map(behind, servers))),
        "findings": dict(collections.Counter(f["severity"] for r in servers
                                             for f in findings(r, "fail", "warn"))),
    }


def json_in(page, name):
    return json.loads(re.search(rf'<script type="application/json" id="{name}">(.*?)</script>', page,
                                re.S).group(1))


def numbers(name, page, rows):
    want, got = expected(rows), json_in(page, "numbers")
    for key, value in want.items():
        mine = {k: v for k, v in got[key].items() if v} if isinstance(value, dict) else got[key]
        ok(mine == value, f"{name}: {key} counted again", f"{mine}\n{value}")
    shown = [int(n) for n in re.findall(r"<dd><b>(\d+)</b>", page)]
    ok(shown == [want["urgent"], want["known_exploited"], want["unsupported"], want["not_judged"]],
       f"{name}: the four numbers that are shown", shown)
    title = re.search(r"<h1>(.*?)</h1>", page, re.S).group(1)
    ok(f"{want['urgent']} of {want['servers']} Exchange servers" in title and
       f"{want['not_judged']} of {want['targets']} targets could not be judged" in title,
       f"{name}: the sentence", title)
    kev, maybe = want["known_exploited"], want["known_exploited_maybe"]
    said = f"{kev}{' or more' if maybe else ''} ha" if kev else f"; {maybe} may have a flaw that" if maybe else ""
    ok(said in title and ("or more, of" in page.split("with a known-exploited flaw")[1][:80]) == (maybe > 0),
       f"{name}: and that others may have a known-exploited flaw", (said, title))
    old, maybe = want["unsupported"], want["unsupported_maybe"]
    said = f"{old}{' or more' if maybe else ''} {'is' if old == 1 and not maybe else 'are'} out of support"
    ok(said in title and ("or more, of" in page.split("out of support</dt>")[1][:80]) == (maybe > 0),
       f"{name}: and that others may be out of support", (said, title))
    matrix = page.split('<table class="mx">')[1].split("</table>")[0]
    cells = [int(n) for n in re.findall(r'<td class="c [^>]*>(\d+)</td>', matrix)]
    sums = [int(n) for n in re.findall(r'<td class="sum">(\d+)</td>', matrix)]
    built = sum(r["build"] is not None for r in rows if r["identity"] == "exchange")
    ok(sum(cells) == sum(sums) == built, f"{name}: the patch levels add up", (cells, sums, built))
    data = json_in(page, "data")
    ok(len(data["rows"]) == len(rows) and
       collections.Counter(data["states"][r[1]][0] for r in data["rows"]) ==
       collections.Counter(map(state, rows)), f"{name}: every target is in the table")
    ok(sorted(r[0] for r in data["rows"]) == list(range(1, len(rows) + 1)), f"{name}: each once")
    steps = {}
    for verb, n, rest in re.findall(r"<h3>(Migrate|Install [^<]*? on) (\d+) servers?([^<]*)</h3>", page):
        steps[verb + rest] = int(n)
    warned = sum(finding(r, "next-step")["verdict"] == "warn" for r in rows
                 if r["identity"] == "exchange")
    reads = sum(int(n) for n in re.findall(r"<h3>Read the whole build of[^<]*? on, (\d+) server", page))
    ok(steps and sum(steps.values()) + reads == warned, f"{name}: each server has one step",
       (steps, reads, warned))


# ---- structure ----

class Page(html.parser.HTMLParser):
    VOID = {"meta", "link", "input", "rect", "line"}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.stack, self.faults, self.texts, self.tags, self.ids = [], [], [], set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        for k, v in attrs:
            if k.startswith("on") or k in ("style", "src", "srcset", "action", "formaction"):
                self.faults.append(f"{tag} {k}={v}")
            if k == "href" and not re.match(r"#[a-z0-9-]+$|https://[a-z0-9.-]+(/|$)|data:,$", v or ""):
                self.faults.append(f"{tag} {k}={v}")
            if k == "id":
                self.ids.append(v)
        if tag not in self.VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.stack.pop()

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}>")

    def handle_data(self, data):
        if self.stack[-1:] not in (["script"], ["style"]):
            self.texts.append(data)


def structure(name, page):
    p = Page()
    p.feed(page)
    p.close()
    ok(not p.faults and not p.stack, f"{name}: well-formed, no handler, no foreign link",
       p.faults[:10] or p.stack)
    ok(len(p.ids) == len(set(p.ids)), f"{name}: each id once")
    dead = {h for h in re.findall(r'href="#([^"]*)"', page)} - set(p.ids)
    ok(not dead, f"{name}: every link inside leads somewhere", dead)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    hashes = re.findall(r"(\w+)-src 'sha256-([^']*)'", policy)
    inside = {"style": re.findall(r"<style>(.*?)</style>", page, re.S),
              "script": re.findall(r"<script>(.*?)</script>", page, re.S)}
    good = len(hashes) == 2 and all(
        len(inside[kind]) == 1 and
        base64.b64encode(hashlib.sha256(inside[kind][0].encode()).digest()).decode() == value
        for kind, value in hashes)
    ok(good and policy.startswith("default-src 'none';") and "unsafe" not in policy,
       f"{name}: its policy allows its own style and script alone", policy)
    ok(not re.search(r"@import|url\(|https?:", inside["style"][0]), f"{name}: the style fetches nothing")
    ok(not re.search(r"fetch\(|XMLHttp|WebSocket|import\(|https?:", inside["script"][0]),
       f"{name}: the script fetches nothing")
    return "".join(p.texts)


def clean(text):
    out = []
    for c in text:
        o = ord(c)
        if o < 0x20 or 0x7f <= o < 0xa0 or 0x200b <= o <= 0x200f or 0x2028 <= o <= 0x202e or \
           0x2060 <= o <= 0x206f or o == 0xfeff:
            out += [f"\\x{b:02x}" for b in c.encode()]
        else:
            out.append(c)
    return "".join(out)


def hostile_texts(seen):
    texts = [clean(s.replace("\x00", "")) for s in hostile.NASTY if s.strip()]
    lost = [s for s in texts if s[:1000] not in seen]
    ok(len(texts) > 15 and not lost, "hostile: each text is shown as it is", lost)


# ---- feeds ----

def vulnerable(rows):
    rules = ("cve-known-exploited-open", "cve-open", "cve-open-presumed", "su-missing",
             "product-unsupported")
    return [r for r in rows if r["identity"] == "exchange" and
            any(f["rule"] in rules for f in findings(r, "fail"))]


COLUMNS = ("timestamp ip port hostname tag asn geo region city naics sic sector version "
           "servername url").split()


def shadowserver(name, text, rows):
    table = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    want = vulnerable(rows)
    ok(list(table[0]) == COLUMNS and len(table) == len(want) > 3,
       f"{name}: shadowserver: a row for each vulnerable server", (len(table), len(want)))
    bad = [r for r in table if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", r["timestamp"]) or
           not re.fullmatch(r"exchange(;cve-\d{4}-\d+|;adv\d+)*(;eol)?", r["tag"]) or
           not re.fullmatch(r"\d+\.\d+(\.\d+){0,2}", r["version"])]
    ok(not bad, f"{name}: shadowserver: times, tags and versions", bad)
    tagged = sum(";cve-" in r["tag"] for r in table)
    ok(tagged == expected(rows)["known_exploited"], f"{name}: shadowserver: tags name what is exploited")


# The fields that are used, with the rules of IntelMQ's harmonization.conf, stand in
# intelmq.json; here are the types (docs/dev/data-format, intelmq/lib/harmonization.py).
def is_fqdn(v):
    return (v == v.lower() and ":" not in v and "/" not in v and v.strip(".") == v and
            not is_address(v) and v.encode("idna").decode() == v)


def is_address(v):
    try:
        return str(ipaddress.ip_address(v)) == v
    except ValueError:
        return False


TYPES = {
    "String": lambda v: isinstance(v, str) and v != "",
    "LowercaseString": lambda v: isinstance(v, str) and v != "" and v == v.lower(),
    "Integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "DateTime": lambda v: datetime.datetime.fromisoformat(v).utcoffset() == datetime.timedelta(0),
    "IPAddress": is_address,
    "FQDN": is_fqdn,
    "ClassificationType": lambda v: v == "vulnerable-system",
}
# What this feed says of each event; the taxonomy follows from the type.
FIXED = {"feed.name": "exvet", "classification.taxonomy": "vulnerable",
         "classification.type": "vulnerable-system",
         "classification.identifier": "vulnerable-exchange-server", "protocol.transport": "tcp"}


def field_is_good(rules, key, value):
    if re.fullmatch(r"extra\.[a-z_]+", key):
        return TYPES["String"](value)
    rule = rules.get(key)
    return (rule is not None and TYPES[rule["type"]](value) and
            len(str(value)) <= rule.get("length", 1 << 20) and
            re.search(rule.get("regex", ""), str(value)) is not None)


def intelmq(name, text, rows):
    with open(os.path.join(TOP, "tests", "report", "intelmq.json"), encoding="utf-8") as f:
        rules = json.load(f)
    events = [json.loads(line) for line in text.splitlines()]
    ok(len(events) == len(vulnerable(rows)) > 0, f"{name}: intelmq: an event for each vulnerable server")
    faults = [(k, v) for e in events for k, v in e.items() if not field_is_good(rules, k, v)]
    ok(not faults, f"{name}: intelmq: every field by its type", faults)
    ok(all(e.get(k) == v for e in events for k, v in FIXED.items()) and
       all("time.source" in e and 1 <= e["source.port"] <= 65535 for e in events),
       f"{name}: intelmq: what every event says")
    ok(all("source.ip" in e or "source.fqdn" in e for e in events), f"{name}: intelmq: about somebody")
    bad = [("source.fqdn", "mail.example."), ("source.fqdn", "10.0.0.1:443"), ("source.port", "443"),
           ("source.fqdn", "h\u00f6lle.example"), ("time.source", "2026-11-24T10:00:00+02:00"), ("cve", "x"),
           ("protocol.application", "HTTPS"), ("source.ip", "010.0.0.1"), ("extra.tag", "")]
    ok(not [k for k in bad if field_is_good(rules, *k)], f"{name}: intelmq: a fault is found")


# ---- the others, by what they must say ----

def junit(name, text, rows):
    root = ET.fromstring(text)
    suites = root.findall("testsuite")
    good = len(suites) == len(rows)
    for suite, r in zip(suites, rows):
        cases = {c.get("name"): c for c in suite.findall("testcase")}
        good &= suite.get("name") == r["target"] and len(cases) == len(r["findings"]) + 1
        good &= int(suite.get("failures")) == len(findings(r, "fail", "warn"))
        good &= (cases["judged"].find("error") is None) == bool(judged(r))
        for f in r["findings"]:
            kinds = [k.tag for k in cases[f["rule"]]]
            good &= kinds == {"pass": [], "fail": ["failure"], "warn": ["failure"]}.get(
                f["verdict"], ["skipped"])
    ok(good and suites, f"{name}: junit: each verdict by its word")


def sarif(name, text, rows):
    run = json.loads(text)["runs"][0]
    rules = [r["id"] for r in run["tool"]["driver"]["rules"]]
    want = [(r["target"], f["rule"], "review" if f["verdict"] == "undecidable" else "fail")
            for r in rows for f in findings(r, "fail", "warn", "undecidable")]
    got = [(r["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], r["ruleId"], r["kind"])
           for r in run["results"]]
    ok(got == want and want, f"{name}: sarif: failures, warnings and what is open, nothing else")
    ok(all(rules[r["ruleIndex"]] == r["ruleId"] for r in run["results"]), f"{name}: sarif: indexes")


def xccdf(name, text, rows):
    ns = "{http://checklists.nist.gov/xccdf/1.2}"
    words = {"pass": "pass", "fail": "fail", "warn": "fail", "undecidable": "unknown",
             "not-observable": "notchecked", "not-applicable": "notapplicable"}
    results = ET.fromstring(text).findall(ns + "TestResult")
    good = len(results) == len(rows)
    for t, r in zip(results, rows):
        got = [(x.get("idref").removeprefix("xccdf_org.exvet_rule_"), x.find(ns + "result").text)
               for x in t.findall(ns + "rule-result")]
        want = [(f["rule"], words[f["verdict"]]) for f in r["findings"]]
        good &= got == (want or [("identity", "notchecked")])
    ok(good and results, f"{name}: xccdf: each verdict by its word")


def markdown(name, text, rows):
    ok(text.startswith("# Exchange servers\n") and "- [ ] **critical**: " in text,
       f"{name}: markdown: a ticket")
    want = expected(rows)
    ok(f"**{want['urgent']} of {want['servers']} Exchange servers" in text, f"{name}: markdown: the sentence")
    raw = re.sub(r"\\.", "", text)
    ok(not re.search(r"<[a-z!/]|!\[|\]\(|https?:/|(?<!\*)\*(?!\*)", raw, re.I),
       f"{name}: markdown: no mark-up and no link of a peer",
       re.findall(r".{30}(?:<[a-z!/]|!\[|\]\(|https?:/|(?<!\*)\*(?!\*)).{30}", raw)[:5])
    head = text.index("| Worst ")
    table = [line for line in text[head:].split("\n\n")[0].splitlines()]
    ok(len(table) == min(len(rows), 100) + 2 and
       len({len(re.findall(r"(?<!\\)\|", line)) for line in table}) == 1,
       f"{name}: markdown: a table of equal rows")


def urgent(name, text, rows):
    want, said = expected(rows), " ".join(text.split())
    parts = [f"{want[key]}{' or more' if want[key + '_maybe'] else ''} {words}" for key, words in (
        ("known_exploited", "with a known-exploited CVE open"), ("unsupported", "out of support"))]
    ok("Urgent " + ", ".join(parts) in said, f"{name}: text: what is urgent, and that it may be more",
       (parts, said[-1500:]))


def policy_named(rows_text):
    for fmt, words in (("text", "by policy strict"), ("markdown", "by the policy strict"),
                       ("html", "as the policy strict has it")):
        ok(words in " ".join(report(fmt, rows_text, "--policy=strict").split()) and
           words.removesuffix(" has it").rsplit(" ", 1)[0] + " " not in " ".join(report(fmt, rows_text).split()),
           f"{fmt}: the policy is named where one was")


def frameworks(page):
    table = ET.parse(os.path.join(TOP, "data", "controls.xml")).getroot().findall("framework")
    part = page.split('<section id="frameworks">')[1].split("</section>\n<section id=")[0]
    heads = re.findall(r'<th scope="col" class="k">([^<]*)</th>', part)
    ok(heads == ["satisfied", "failed", "waived", "undecidable", "not-observable"],
       "html: the states of controls by their words", heads)
    for w in table:
        said = html.unescape(part.split(f"<b>{html.escape(w.get('name'))}</b>")[1].split("</details>")[0])
        copies = sum(c.get("certain") == "copy" for c in w.iter("control"))
        ok(w.get("url") in said and f"<time>{w.get('checked')}</time> with {w.get('compared')}" in said and
           (f"for {copies} of {len(w.findall('control'))} entries" in said) == (copies > 0),
           f"html: source and certainty of {w.get('id')}", said[:400])


def inputs_hashed():
    path = os.path.join(TOP, "tests", "report", "fleet.jsonl")
    env = dict(os.environ, XDG_CONFIG_HOME="/nonexistent")
    page = subprocess.run([os.environ["EXVET"], "report", f"--as-of={AS_OF}", "-o", "html", path],
                          env=env, capture_output=True, timeout=120, check=True).stdout.decode()
    with open(path, "rb") as f:
        sha = hashlib.sha256(f.read()).hexdigest()
    ok(f"fleet.jsonl, SHA-256 {sha}" in page, "html: the hash of its input")


def over_time():
    path = os.path.join(TOP, "tests", "report", "fleet.jsonl")
    with open(path, encoding="utf-8") as f:
        lines = f.read().splitlines()
    with tempfile.TemporaryDirectory() as folder:
        old = os.path.join(folder, "old.jsonl")
        with open(old, "w", encoding="utf-8") as f:
            for line in lines[1:]:
                f.write(line.replace("15.2.1748.39", "15.2.1748.55")
                        .replace('"started":"2026-11-24', '"started":"2026-11-01') + "\n")
        args = [os.environ["EXVET"], "report", f"--as-of={AS_OF}", f"--compare={old}"]
        env = dict(os.environ, XDG_CONFIG_HOME="/nonexistent")
        page = subprocess.run([*args, f"--history={folder}", "-o", "html", path], env=env,
                              capture_output=True, timeout=120, check=True).stdout.decode()
    structure("over time", page)
    part = page.split('<section id="changes">')[1].split("</section>")[0]
    shown = [int(n) for n in re.findall(r'<td class="n">(\d+)</td>', part)]
    ok("Changes since 2026-11-01" in part and "18 targets are in both runs, 1 are new, 0 are gone" in part
       and len(shown) == 5, "over time: both runs", part[:400])
    badges = [len(re.findall(rf">{word}</span> <a", part)) for word in ("new", "regressed", "fixed", "gone")]
    ok(badges == shown[:4] and sum(badges) > 3, "over time: each change is listed", (badges, shown))
    ok('<section id="trend">' in page and "old.jsonl" in page, "over time: a trend")


# ---- machines: several names, one server ----

def named(base, target, server):
    """A result whose healthcheck.htm gives that name, and nothing else one."""
    r = json.loads(json.dumps(base))
    r["target"] = r["address"] = target
    r["observations"] = [o for o in r["observations"] if not o["fact"].startswith((
        "ntlm.", "exchange.name.", "smb.guid", "cert.", "pool.", "mail.name"))]
    r["observations"].append({"fact": "exchange.name.health", "value": server, "at": f"https://{target}/owa/healthcheck.htm",
                              "probe": "health", "evidence": ""})
    return json.dumps(r) + "\n"


def machines(rows):
    base = next(r for r in rows if r["identity"] == "exchange")
    alone = named(base, "192.0.2.1", "ex01.corp.test") + named(base, "192.0.2.3", "ex02.corp.test")
    for fmt in ("markdown", "html", "text"):
        said = re.sub(r"\s+", " ", report(fmt, alone + named(base, "192.0.2.2", "ex01.corp.test")).replace("\\", ""))
        want = "2 behind 3 Exchange targets ex01.corp.test = 192.0.2.1, 192.0.2.2" if fmt == "text" else \
            "Behind the 3 Exchange targets stand 2 machines: ex01.corp.test is 192.0.2.1, 192.0.2.2."
        ok(want in said, fmt + ": two names of one machine count as one", said[:2000])
        ok(not re.search(r"stands? \d+ machine|behind \d+ Exchange", report(fmt, alone)),
           fmt + ": nothing of it where each is its own machine")
    servers_counted(next(r for r in rows if r["identity"] == "exchange" and
                         finding(r, "backdoor-check")["detail"].get("known_exploited_open") and
                         finding(r, "product-unsupported")["verdict"] == "fail"))


def pool(base, target, *members):
    r = json.loads(named(base, target, members[0]))
    r["observations"] += [{"fact": "pool.member", "value": m, "at": f"https://{target}/owa/#{i}", "probe": "pool",
                           "evidence": ""} for i, m in enumerate(members)]
    return json.dumps(r) + "\n"


def counted(text):
    """What each format says of how many servers there are, and how many of them need work."""
    page, ticket = report("html", text), report("markdown", text).replace("\\", "")
    rows = list(csv.DictReader(io.StringIO(report("controls", text), newline="")))
    states = ("failed", "waived", "undecidable", "not_observable", "satisfied", "not_applicable")
    urgent = re.search(r"Urgent +(\d+) with a known-exploited CVE open, (\d+) out of support",
                       re.sub(r"\s+", " ", report("text", text)))
    if urgent is None:
        raise AssertionError(report("text", text))
    return {
        "html": re.search(r"<h1>(\d+ of \d+) Exchange server", page).group(1),
        "html numbers": [int(n) for n in re.findall(r"<dd><b>(\d+)</b>", page)][:3],
        "html to do": set(re.findall(r"<h3>[^<]*? (\d+) servers?[^<]*</h3>", page)),
        "html matrix": sum(int(n) for n in re.findall(r'<td class="sum">(\d+)</td>', page)),
        "html checks": {sum(int(n) for n in re.findall(r">(\d+) [a-z ]+</span>", tally)) for tally in
                        re.findall(r'<span class="tally">(.*?)</span></summary>', page)},
        "markdown": re.search(r"\*\*(\d+ of \d+) Exchange server", ticket).group(1),
        "markdown to do": set(re.findall(r"^- \[ \] .*? (\d+) servers?\b", ticket, re.M)),
        "text": urgent.groups(),
        "controls": {sum(int(r[k]) for k in states) for r in rows},
    }


def servers_counted(base):
    """Two targets of one machine are one server, wherever servers are counted."""
    alone = named(base, "192.0.2.1", "ex01.corp.test") + named(base, "192.0.2.3", "ex02.corp.test")
    want = lambda n: {"html": f"{n} of {n}", "html numbers": [n] * 3, "html to do": {str(n)}, "html matrix": n,
                      "html checks": {n}, "markdown": f"{n} of {n}", "markdown to do": {str(n)},
                      "text": (str(n), str(n)), "controls": {n}}
    again = named(base, "192.0.2.2", "ex01.corp.test")
    both = pool(base, "192.0.2.9", "ex01.corp.test", "ex02.corp.test")
    for what, text, n in (
            ("two machines", alone, 2), ("two, one of them twice", alone + again, 2),
            ("the same in another order", again + alone, 2), ("one machine twice", again + alone.split("\n")[0] + "\n", 1),
            ("a pool counts as one while nothing else is known of its members", both, 1),
            ("a pool and one of its two members", both + again, 2),
            ("a pool and both", both + alone, 2), ("both, then the pool", alone + both, 2),
            ("two names of one pool", both + pool(base, "192.0.2.10", "ex02.corp.test", "ex01.corp.test"), 1)):
        got = counted(text)
        ok(got == want(n), f"servers are counted, not targets: {what}", (got, want(n)))
    # Where that makes fewer servers than machines, the line says why.
    for fmt, word in (("text", "Machines 2 behind 1 Exchange target, counted as 1 server: a pool is one"),
                      ("html", "Behind the 1 Exchange target stand 2 machines, counted as 1 server: a pool is one."),
                      ("markdown", "Behind the 1 Exchange target stand 2 machines, counted as 1 server: a pool is one.")):
        said = re.sub(r"\s+", " ", report(fmt, both).replace("\\", ""))
        ok(word in said, fmt + ": a pool is one server, and several machines", said[:2000])
    # Of two results of one machine the worse counts, and what one could not see hides nothing.
    mild = json.loads(named(base, "192.0.2.4", "ex01.corp.test"))
    mild["observations"] = [o for o in mild["observations"] if not o["fact"].startswith("exchange.build")]
    for text in (json.dumps(mild) + "\n" + again, again + json.dumps(mild) + "\n"):
        got = counted(text)
        ok((got["html"], got["html numbers"], got["html matrix"], got["controls"]) == ("1 of 1", [1, 1, 1], 1, {1}),
           "the worse of two results of one machine counts", got)


def main():
    with open(os.path.join(TOP, "tests", "report", "fleet.jsonl"), encoding="utf-8") as f:
        inputs = {"fleet": f.read(), "hostile": hostile.lines()}
    for name, text in inputs.items():
        rows = [json.loads(line) for line in report("jsonl", text).splitlines()]
        page = report("html", text)
        numbers(name, page, rows)
        seen = structure(name, page)
        if name == "hostile":
            hostile_texts(seen)
        else:
            machines(rows)
            policy_named(text)
            frameworks(page)
        ok(report("html", text) == page, f"{name}: the same page again")
        for fmt, test in (("shadowserver", shadowserver), ("intelmq", intelmq), ("junit", junit),
                          ("sarif", sarif), ("xccdf", xccdf), ("markdown", markdown), ("text", urgent)):
            test(name, report(fmt, text), rows)
    inputs_hashed()
    over_time()
    tap.end()


main()
