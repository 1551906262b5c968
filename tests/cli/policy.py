"""policy.py - policy files and waivers: what they do, and every way to get one wrong."""
import csv
import io
import json
import os
import re
import tempfile

from tap import TOP, Tap, run

tap = Tap()
folder = tempfile.TemporaryDirectory()
FILE = os.path.join(folder.name, "lab.ini")
WAIVERS = os.path.join(folder.name, "waivers.ini")
SCAN = os.path.join(folder.name, "scan.jsonl")
AS_OF = "--as-of=2026-11-24"


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def obs(fact, value, at="https://mail/owa/", probe="owa"):
    return {"fact": fact, "value": value, "at": at, "probe": probe, "evidence": "e"}


def server(target, address, tag=None, build="15.2.1748.36"):
    marks = ["guid", "owa-page", "owa-path", "cookie", "feserver", "owa-header"]
    return json.dumps({
        "schema": "exvet/1", "target": target, "address": address, "tag": tag, "port": 443,
        "started": "2026-11-20T10:00:00.000Z", "observations":
        [obs("exchange.build", build)] + [obs("exchange.mark", m) for m in marks],
        "errors": []})


THREE = "\n".join([
    server("mail1.example.com", "192.0.2.1", "edge"),
    server("mail2.example.com", "192.0.2.2", "lan"),
    server("mail3.example.net:8443", "198.51.100.3"),
]) + "\n"
write(SCAN, THREE)


def judged(*args):
    """{target: {rule: finding}}, status, stderr"""
    status, out, err = run("report", AS_OF, "-o", "jsonl", *args, SCAN)
    found = {}
    for line in out.splitlines():
        r = json.loads(line)
        found[r["target"]] = {f["rule"]: f for f in r["findings"]}
    return found, status, err


plain, status, err = judged()
tap.ok(status == 0 and len(plain) == 3 and
       all(p["su-missing"]["verdict"] == "fail" for p in plain.values()), "the fixture fails",
       (status, err))

# ---- every mistake: file:line, what was expected, exit 2 ----
BAD = [
    ("[su-mising]\nseverity = low\n", 1, "no rule \"su-mising\", expected su-missing?"),
    ("[xyzzy]\n", 1, "no rule \"xyzzy\", expected one of `exvet list rules'"),
    ("[su-missing]\n\nseverity = hgih\n", 3, "severity: bad value \"hgih\", expected info, low"),
    ("[su-missing]\nenabled = maybe\n", 2, "enabled: bad value \"maybe\", expected yes or no"),
    ("[su-missing]\nlevel = low\n", 2, "bad value \"level\", expected enabled, severity"),
    ("[su-missing]\ntargets = 10.0.0.0/99\n", 2, "targets: bad value"),
    ("[su-missing]\ntargets = a b\n", 2, "targets: bad value"),
    ("[su-missing]\ntargets = ,\n", 2, "expected at least one name"),
    ("[policy]\ngrace-days = x\n", 2, "grace-days: bad value \"x\", expected a number from 0"),
    ("[policy]\ngrace-dyas = 3\n", 2, "bad value \"grace-dyas\", expected grace-days"),
    ("[policy]\nrate = 3\n", 2, "bad value \"rate\", expected"),
    ("[policy]\npolicy = x\n", 2, "bad value \"policy\", expected"),
    ("[policy]\nallowed-builds = 15.*.3\n", 2, "allowed-builds: bad value"),
    ("[policy]\nallowed-builds = *\n", 2, "allowed-builds: bad value"),
    ("[policy]\ncert-fail-days = 90\n", 2, "expected at most cert-warn-days"),
    ("[policy]\ngrace-days = 3\nbased-on = default\n", 3, "based-on after other keys"),
    ("[policy]\nbased-on = %s\n" % FILE, 2, "a policy that stands on itself"),
    ("[policy]\n\nbased-on = no-such-policy\n", 3,
     "based-on: bad value \"no-such-policy\", expected default, cisa-2025, strict or a readable file"),
    ("grace-days = 3\n", 1, "key before the first [section], expected a section"),
    ("[policy\n", 1, "neither a [section] nor key = value"),
    ("[waiver]\n", 1, "waiver without a name, expected [waiver NAME]"),
    ("[waiver a]\nrule = su-missing\n", 1, "waiver without target, expected rule, target"),
    ("[waiver a]\n", 1, "waiver without rule"),
    ("[waiver a]\n[waiver b]\n", 1, "waiver without rule"),
    ("[waiver a]\nrule = su-mising\n", 2, "no rule \"su-mising\", expected su-missing?"),
    ("[waiver a]\nuntil = 2026-02-30\n", 2, "until: bad value \"2026-02-30\", expected the last"),
    ("[waiver a]\nreason =\n", 2, "reason: bad value \"\", expected some words"),
    ("[waiver a]\ncolour = red\n", 2, "bad value \"colour\", expected rule, target"),
    ("[su-missing]\nseverity = low\nseverity = high\n", 3, "second value of one key: bad value \"severity\""),
    ("[su-missing]\n[cve-open]\n[su-missing]\n", 3, "second section of that name"),
    ("[su-missing a]\ntags = x\n[su-missing a]\ntags = y\n", 3, "second section of that name"),
    ("[policy]\ngrace-days = 1\n[policy]\ngrace-days = 1\n", 3, "second section of that name"),
    ("[policy]\ngrace-days = 1\ngrace-days = 2\n", 3, "second value of one key"),
    ("[policy]\ndate = 2026-02-30\n", 2, "date: bad value \"2026-02-30\", expected a day"),
    ("[policy]\nmay-reach = ecp owa\n", 2, "may-reach: bad value \"ecp owa\", expected words of ecp"),
    ("[policy]\nallowed-auth = EWS\n", 2, "allowed-auth: bad value"),
    ("[policy]\ncert-warn-days = -1\n", 2, "cert-warn-days: bad value \"-1\", expected a number"),
    ("[policy]\ncert-warn-days = 99999999999999999999\n", 2, "expected a number from 0"),
    ("[policy]\ntls-baseline = nope\n", 2, "tls-baseline nope: "),
    ("[su-missing]\ntags =\n", 2, "tags: bad value \"\", expected at least one tag"),
    ("[su-missing]\ntargets = 300.1.1.1/8\n", 2, "targets: bad value"),
    ("[su-missing]\ntargets = fe80::/129\n", 2, "targets: bad value"),
    ("[su-missing]\ntargets = 10.0.0.300\n", 2, "targets: bad value"),
    ("[su-missing]\ntargets = 10.0.0.9-3\n", 2, "targets: bad value"),
    ("[su-missing]\nenabled\n", 2, "neither a [section] nor key = value"),
    ("[SU-MISSING]\n", 1, "no rule"),
    ("[*]\nseverity = none\n", 2, "severity: bad value"),
    ("[waiver a]\nrule = su-missing\nrule = cve-open\n", 3, "second value of one key"),
    ("[waiver a]\nrule = *\n", 2, "no rule \"*\""),
    ("[waiver a]\nrule = waiver-ended\n", 2, "an ended waiver stays loud"),
    ("[waiver a]\nrule = su-missing\ntarget = x\nreason = r\nowner = o\n", 1, "waiver without until"),
    ("[waiver a]\nrule = su-missing\ntarget = x\nowner = o\nuntil = 2027-01-01\n", 1, "waiver without reason"),
    ("[waiver a]\nrule = su-missing\ntarget = x\nreason = r\nuntil = 2027-01-01\n", 1, "waiver without owner"),
    ("[waiver a]\nuntil = 2025-02-29\n", 2, "until: bad value"),
    ("[waiver a]\nuntil = 2026-13-01\n", 2, "until: bad value"),
    ("[waiver a]\nuntil = 31.12.2026\n", 2, "until: bad value"),
    ("[waiver a]\ntarget = 10.0.0.0/33\n", 2, "target: bad value"),
    ("[%s]\n" % ("x" * 60), 1, "name of a section too long, expected at most 48"),
    ("[\x1b[31m]\n", 1, "no rule \"\\x1b"),
]
GOOD_WAIVER = ("[waiver %s]\nrule = su-missing\ntarget = %s\nreason = Replaced in January\n"
               "owner = J. Doe\nuntil = %s\n")
BAD.append((GOOD_WAIVER % ("a", "x", "2027-01-31") * 2, 7, "second waiver of that name"))
for text, line, expected in BAD:
    write(FILE, text)
    for args in (["policy", "check", FILE], ["report", "--policy", FILE, SCAN]):
        status, out, err = run(*args)
        first = err.splitlines()[0] if err else ""
        where = FILE + (":%d" % line if line is not None and "at most" not in expected else "")
        tap.ok(status == 2 and out == "" and expected in first and first.startswith("exvet: ") and
               (where in first or line is None),
               "%s: %s" % (args[0], expected.replace("#", "")), (status, out, err))
write(FILE, "[waiver a]\nrule = su-missing\ntarget = a.example\ntarget = b.example, 10.0.0.0/8\nreason = r\n"
      "owner = o\nuntil = 2027-01-01\n[* x]\ntags = a\ntags = b\nenabled = no\n[policy]\nmay-reach = ecp, 444\n")
status, out, err = run("policy", "check", FILE)
tap.ok(status == 0 and "1 rule section, 1 waiver" in out, "lists may be given line by line", (out, err))
write(FILE, "[policy]\nbased-on = cisa-2025\n[http-hsts]\nseverity = low\n")
status, out, err = run("policy", "show", "--policy", FILE)
tap.ok(status == 0 and "title = based on cisa-2025 " in out and "source" not in out and "CISA, NSA" not in out,
       "a policy that stands on another is not that other", out[:300])
write(FILE, "[policy]\ncert-warn-days = 3\n")
err = run("policy", "check", FILE)[2]
tap.ok(err == "exvet: %s:2: cert-fail-days 7 (default), expected at most cert-warn-days 3 (%s:2)\n" % (FILE, FILE),
       "two values that do not fit: file:line", err)
write(WAIVERS, GOOD_WAIVER % ("a", "x", "2027-01-31"))
write(FILE, GOOD_WAIVER % ("a", "y", "2027-01-31"))
status, out, err = run("report", "--policy", FILE, "--waivers", WAIVERS, SCAN)
tap.ok(status == 2 and WAIVERS + ":1: second waiver of that name" in err, "nor across files", err)
write(WAIVERS, "[su-missing]\nseverity = low\n")
status, out, err = run("report", "--waivers", WAIVERS, SCAN)
tap.ok(status == 2 and WAIVERS + ":1: not a waiver" in err, "a file of waivers holds no more", err)
status, out, err = run("report", "--policy", "no-such-policy", SCAN)
tap.ok(status == 2 and "no-such-policy.ini: No such file" in err, "no such policy", err)
status, out, err = run("policy", "check")
tap.ok(status == 2 and "expected the name" in err, "policy check without a file", err)
status, out, err = run("policy", "shwo")
tap.ok(status == 2 and "expected `exvet policy check" in err, "policy shwo", err)

# ---- what is shipped ----
for name in ("default", "cisa-2025", "strict"):
    status, out, err = run("policy", "check", name)
    tap.ok(status == 0 and "no mistake" in out and err == "", "%s is right" % name, err)
    status, shown, err = run("policy", "show", "--policy", name)
    write(FILE, shown)
    again = run("policy", "show", "--policy", FILE)[1]

    def values(text):
        return [" ".join(line.split(" ; ")[0].split()) for line in text.splitlines()
                if not line.startswith(";")]
    tap.ok(status == 0 and values(shown) == values(again) and len(values(shown)) > 150,
           "%s: what is shown is a policy that says the same" % name,
           [v for v in zip(values(shown), values(again)) if v[0] != v[1]][:5])
default, status, err = judged("--policy", "default")
tap.ok(default == plain, "default is what holds without a policy")
strict, status, err = judged("--policy", "strict")
tap.ok(strict["mail1.example.com"]["su-missing"]["severity"] == "critical", "strict", strict)

# ---- each key ----
write(FILE, "[su-missing]\nseverity = low\n[cve-open here]\nenabled = no\ntargets = mail1.*\n"
      "[cu-outdated x]\nseverity = info\ntags = edge, dmz\n"
      "[product-unsupported]\nseverity = low\n[* all]\nseverity = medium\n"
      "[cve-known-exploited-open net]\nseverity = info\ntargets = 198.51.100.0/24\n")
found, status, err = judged("--policy", FILE)
one, two, three = (found[t] for t in ("mail1.example.com", "mail2.example.com",
                                      "mail3.example.net:8443"))
tap.ok(status == 0 and err == "", "a policy of its own", err)
tap.ok(one["su-missing"]["severity"] == "low", "a rule's own section is stronger than a star's",
       one["su-missing"])
tap.ok(one["build-unknown"]["severity"] == "medium", "a star is for every rule")
tap.ok(one["cu-outdated"]["severity"] == "info" and two["cu-outdated"]["severity"] == "medium",
       "scope by tag")
tap.ok(three["cve-known-exploited-open"]["severity"] == "info" and
       one["cve-known-exploited-open"]["severity"] == "medium", "scope by address")
off, on = one["cve-open"], two["cve-open"]
tap.ok(off["verdict"] == "not-applicable" and on["verdict"] != "not-applicable" and
       off["why"].startswith("Not counted by the policy lab (%s:3). It would be %s: " %
                             (FILE, on["verdict"])) and off["why"].endswith(on["why"]),
       "a rule that does not count says what it would have been", (off, on))
write(FILE, "[policy]\ngrace-days = 3650\nallowed-builds = 15.2.2562.*\n")
write(SCAN, server("mail1.example.com", "192.0.2.1", build="15.2.2562.53") + "\n")
found, status, err = judged()
tap.ok(found["mail1.example.com"]["su-missing"]["verdict"] == "fail", "grace-days: over without")
write(FILE, "[policy]\ngrace-days = 3650\nallowed-builds = 15.1.*\n")
found, status, err = judged("--policy", FILE)
tap.ok(found["mail1.example.com"]["su-missing"]["verdict"] == "warn", "grace-days")
tap.ok(found["mail1.example.com"]["build-not-allowed"]["verdict"] == "fail", "allowed-builds")
found, status, err = judged("--policy", FILE, "--grace-days", "0")
tap.ok(found["mail1.example.com"]["su-missing"]["verdict"] == "fail", "an argument is stronger")
write(SCAN, THREE)
shown = run("policy", "show", "--policy", FILE, env={"EXVET_GRACE_DAYS": "5"})[1]
tap.ok("grace-days = 3650" in shown and FILE + ":2" in shown, "a policy is stronger than "
       "the environment, and show says where a value is from", shown[:400])
tap.ok("[su-missing]\nenabled = yes                            ; built in\n; severity = high " in shown,
       "show names what is built in", shown[-300:])
for key, path in (("--policy", FILE), ("--waivers", WAIVERS), ("--import", os.path.join(folder.name, "hc.json"))):
    write(path, "[waiver a]\nrule = su-missing\ntarget = x\nreason = r\nowner = o\nuntil = 2099-01-01\n"
          if key != "--import" else '{"Servers": [{"Name": "x", "BuildVersion": "15.2.1748.36"}]}')
    status, out, err = run("report", key, path, "-o", "csv:" + path, SCAN)
    with open(path, encoding="utf-8") as f:
        tap.ok(status == 2 and "is read by this run and would be overwritten" in err and "target" not in f.readline(),
               "an output never takes the place of %s" % key, (status, err))
write(FILE, "[policy]\ngrace-days = 3650\nallowed-builds = 15.1.*\n")
SHOWN = os.path.join(folder.name, "shown.ini")
write(SHOWN, shown)
found, again = judged("--policy", FILE)[0], judged("--policy", SHOWN)[0]
weights = [{t: [(i, f["verdict"], f["severity"]) for i, f in r.items()] for t, r in x.items()} for x in (found, again)]
tap.ok(found and weights[0] == weights[1] and any(f["severity"] != "high" for f in [found["mail1.example.com"]["cve-open"]]),
       "what show prints is the same policy, and rules weigh their findings as before", weights)

# ---- thresholds of a rule, for some servers ----
write(SCAN, "\n".join([server("mail1.example.com", "192.0.2.1", "edge", "15.2.2562.53"),
                       server("mail2.example.com", "192.0.2.2", "lan", "15.2.2562.53")]) + "\n")
write(FILE, "[policy]\ngrace-days = 3650\nallowed-builds = 15.2.*\n[su-missing edge]\ngrace-days = 0\ntags = edge\n"
      "[build-not-allowed lan]\nallowed-builds = 15.2.2562.56\ntargets = 192.0.2.2/31\n"
      "[cert-expires-soon]\ncert-warn-days = 200\n[* all]\ncert-fail-days = 3\nslow-ms = 9\n")
found, status, err = judged("--policy", FILE)
one, two = found["mail1.example.com"], found["mail2.example.com"]
tap.ok(status == 0 and err == "" and [one["su-missing"]["verdict"], two["su-missing"]["verdict"]] == ["fail", "warn"],
       "grace-days of one section is for its servers alone", (err, one["su-missing"], two["su-missing"]))
tap.ok([one["build-not-allowed"]["verdict"], two["build-not-allowed"]["verdict"]] == ["pass", "fail"],
       "allowed-builds too", (one["build-not-allowed"], two["build-not-allowed"]))
tap.ok(judged("--policy", FILE, "--grace-days", "0")[0]["mail2.example.com"]["su-missing"]["verdict"] == "fail",
       "elsewhere an argument is stronger")
shown = run("policy", "show", "--policy", FILE)[1]
write(WAIVERS, shown)
again = run("policy", "show", "--policy", WAIVERS)[1]
tap.ok(re.search(r"\[cert-expires-soon\]\nenabled[^\n]*\n; severity[^\n]*\ncert-warn-days = 200 +; %s:10\n"
                 r"cert-fail-days = 3 +; %s:12\n" % (re.escape(FILE), re.escape(FILE)), shown) and
       re.search(r"\[su-missing 1\]\ntags = edge[^\n]*\ngrace-days = 0 ", shown) and values(shown) == values(again),
       "show has them, each with its place", shown[-1500:])
for text, line, expected in (("[su-missing]\ngrace-days = x\n", 2, "grace-days: bad value \"x\", expected a number from 0"),
                             ("[su-missing]\ncert-warn-days = 3\n", 2, "expected enabled, severity, targets, tags or a threshold"),
                             ("[build-not-allowed]\nallowed-builds = 15\n", 2, "allowed-builds: bad value"),
                             ("[ecp-reachable]\nmay-reach = owa\n", 2, "may-reach: bad value")):
    write(FILE, text)
    status, out, err = run("policy", "check", FILE)
    tap.ok(status == 2 and err.startswith("exvet: %s:%d: " % (FILE, line)) and expected in err, expected, err)
write(SCAN, THREE)

# ---- waivers ----
write(WAIVERS, GOOD_WAIVER % ("active", "MAIL1.*", "2026-11-24") +
      GOOD_WAIVER % ("past", "192.0.2.2", "2026-11-23") +
      GOOD_WAIVER % ("idle", "nowhere.example.com", "2027-01-31"))
found, status, err = judged("--waivers", WAIVERS)
one, two, three = (found[t] for t in sorted(found))
tap.ok(one["su-missing"].get("waived") == {"waiver": "active", "reason": "Replaced in January",
                                           "owner": "J. Doe", "until": "2026-11-24"} and
       one["su-missing"]["verdict"] == "fail", "waived on its last day; the verdict stays", one)
tap.ok("waived" not in two["su-missing"] and two["waiver-ended"]["verdict"] == "fail" and
       "Waiver past of J. Doe for su-missing ended on 2026-11-23." == two["waiver-ended"]["why"],
       "an ended waiver is a finding", two["waiver-ended"])
tap.ok("waived" not in three["su-missing"] and
       three["waiver-ended"]["verdict"] == "not-applicable", "another target")
tap.ok(err == "exvet: %s:7: waiver past of J. Doe for su-missing on 192.0.2.2 ended on 2026-11-23\n"
       "exvet: %s:13: waiver idle matches nothing: no finding of su-missing on "
       "nowhere.example.com\n" % (WAIVERS, WAIVERS), "an ended waiver is told, and one that matches "
       "nothing", err)
tap.ok(status == 1, "an ended waiver is a failure without --fail-on", status)
for fmt in ("text", "csv", "csv-findings", "markdown", "html", "junit", "sarif", "xccdf", "prometheus"):
    status, out, err = run("report", AS_OF, "--waivers", WAIVERS, "-o", fmt, SCAN)
    tap.ok(status == 1 and "waiver past of J. Doe" in err, "and whatever the format is: " + fmt, err)
write(WAIVERS, GOOD_WAIVER % ("short", "mail1.*", "2026-12-01") +
      GOOD_WAIVER % ("long", "mail1.*", "2027-01-31") + GOOD_WAIVER % ("twin", "*.example.com", "2027-01-31"))
found, status, err = judged("--waivers", WAIVERS)
tap.ok(found["mail1.example.com"]["su-missing"]["waived"]["waiver"] == "long", "of several the longest counts",
       found["mail1.example.com"]["su-missing"])
tap.ok(status == 0 and err.count("\n") == 1 and ":1: waiver short is not needed: another one waives all findings "
       "of su-missing on mail1.*" in err, "one that another makes idle is not said to match nothing", err)
parts = ["The vendor's part %d: \"still\" waits; %s" % (i, "x" * 120) for i in range(4)]
hosts = ["host-number-%d.example.com" % i for i in range(40)] + ["mail1.example.com"]
write(FILE, "[cve-open many]\nseverity = low\n" + "".join("targets = %s\n" % h for h in hosts) +
      "[waiver long]\nrule = su-missing\nowner = o\nuntil = 2027-01-31\n" +
      "".join("target = %s\n" % h for h in hosts) + "".join("reason = %s\n" % p for p in parts))
found, status, err = judged("--policy", FILE)
tap.ok(status == 0 and found["mail1.example.com"]["su-missing"]["waived"]["reason"] == " ".join(parts),
       "a reason may take several lines", (err, found.get("mail1.example.com", {}).get("su-missing")))
write(WAIVERS, run("policy", "show", "--policy", FILE)[1])
again, status, err = judged("--policy", WAIVERS)
tap.ok(status == 0 and again == found and found["mail1.example.com"]["cve-open"]["severity"] == "low",
       "what is shown of long lists and reasons says the same", err)
write(WAIVERS, GOOD_WAIVER % ("tagged", "*", "2027-01-31") + "tags = nobody\n" +
      GOOD_WAIVER % ("gone", "*", "2026-11-01") + "tags = edge, lab\n")
err = judged("--waivers", WAIVERS)[2]
tap.ok("no finding of su-missing on *, tags nobody\n" in err and "for su-missing on *, tags edge, lab ended" in
       err.replace("edge,lab", "edge, lab"), "tags of a waiver are told", err)
for fmt in ("text", "markdown", "html"):
    out = " ".join(run("report", AS_OF, "--waivers", WAIVERS, "-o", fmt, SCAN)[1].replace("\\", "").split())
    tap.ok("*, tags nobody" in out, "tags of a waiver stand in " + fmt, out[-1500:])
write(WAIVERS, GOOD_WAIVER % ("idle", "nowhere.example.com", "2027-01-31") +
      GOOD_WAIVER % ("past", "nowhere.example.com", "2026-11-23"))
found, status, err = judged("--waivers", WAIVERS)
tap.ok(status == 1 and err.count("\n") == 2, "it need not be about any target", err)
write(WAIVERS, GOOD_WAIVER % ("idle", "nowhere.example.com", "2027-01-31"))
tap.ok(judged("--waivers", WAIVERS)[1] == 0, "one that matches nothing is no failure")
bad = [r for r, f in plain["mail1.example.com"].items() if f["verdict"] in ("fail", "warn")]
write(WAIVERS, "".join("[waiver %s]\nrule = %s\ntarget = *\nreason = r\nowner = o\n"
                       "until = 2030-01-01\n" % (r, r) for r in bad))
tap.ok(judged("--fail-on", "info")[1] == 1 and
       judged("--fail-on", "info", "--waivers", WAIVERS)[1] == 0 and len(bad) > 3,
       "--fail-on ignores what is waived", bad)
status, out, err = run("report", AS_OF, "--waivers", WAIVERS, "-o", "csv-findings", SCAN)
tap.ok(out.splitlines()[0].endswith(",waived_until,waived_by,waived_reason") and
       ",2030-01-01,o,r" in out, "csv-findings has waivers", out[:300])
status, out, err = run("report", AS_OF, "--waivers", WAIVERS, "-o", "csv", SCAN)
rows = list(csv.DictReader(io.StringIO(out, newline="")))
tap.ok(rows and all(r["worst_finding"] == "" and "su-missing" in r["waived"].split() for r in rows),
       "csv: the worst finding is none, and what is waived is named", out)
write(FILE, GOOD_WAIVER % ("w7", "mail1.*", "2027-01-31") + GOOD_WAIVER % ("past", "mail2.*", "2026-11-23"))
for fmt, told in (("text", "w7: 1 finding of su-missing on mail1.*, waived until 2027-01-31 by J. Doe: Replaced in January"),
                  ("markdown", "| w7 | su-missing | mail1.\\* | 2027-01-31 | J. Doe | Replaced in January | 1 |"),
                  ("html", "J. Doe"), ("csv", ",su-missing\r\n"), ("csv-findings", ",2027-01-31,\"J. Doe\",\"Replaced in January\""),
                  ("jsonl", "\"waiver\":\"w7\""), ("checkmk", "; 1 waived"), ("zabbix", "; 1 waived"),
                  ("junit", "<skipped message=\"waived until 2027-01-31 by J. Doe: Replaced in January: "),
                  ("sarif", "\"justification\":\"waived until 2027-01-31 by J. Doe: Replaced in January\""),
                  ("xccdf", "<message severity=\"info\">waived until 2027-01-31 by J. Doe: Replaced in January</message>"),
                  ("controls", ",waived,")):
    status, out, err = run("report", AS_OF, "--waivers", FILE, "-o", fmt, SCAN)
    flat = " ".join(out.split()) if fmt == "text" else out
    tap.ok(told in flat, "waivers stand in " + fmt, out[-1500:])
    if fmt in ("text", "markdown"):
        tap.ok("ended" in out, "and ended ones in " + fmt, out[-1500:])
status, out, err = run("report", AS_OF, "--waivers", WAIVERS, "-o", "prometheus", os.path.join(TOP, "tests", "report", "fleet.jsonl"))
tap.ok(any(line.startswith("exvet_findings_waived{") and line.endswith("} 1") for line in out.splitlines()),
       "prometheus counts what is waived", out[:300])
write(SCAN, server("mail1.example.com", "192.0.2.1") + "\n")
status, out, err = run("report", AS_OF, "--waivers", WAIVERS, SCAN)
tap.ok("waived" in out and "Waived until 2030-01-01 by o: r" in out, "the card has waivers", out)
status, out, err = run("policy", "show", "--as-of=2030-01-02", "--waivers", WAIVERS)
tap.ok(out.count("; ended\n[waiver ") == len(bad), "show marks ended waivers", out[-300:])
status, out, err = run("policy", "check", "--as-of=2030-01-02", WAIVERS)
tap.ok(status == 1 and out.count(" ended on 2030-01-01") == len(bad), "check tells ended ones", out)
status, out, err = run("policy", "check", "--as-of=2030-01-01", WAIVERS)
tap.ok(status == 0 and "ended" not in out, "and none on its last day", out)
tap.end()
