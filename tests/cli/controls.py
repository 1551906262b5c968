"""controls.py - the table of frameworks, and what findings say of them."""
import collections
import csv
import html
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree as ET

from tap import TOP, Tap, run

tap = Tap()
folder = tempfile.TemporaryDirectory()
TABLE = os.path.join(TOP, "data", "controls.xml")
SCHEMA = os.path.join(TOP, "data", "controls.rng")
SCAN = os.path.join(folder.name, "scan.jsonl")
AS_OF = "--as-of=2026-11-01"

# ---- the table ----
for tool in (["xmllint", "--noout", "--relaxng", SCHEMA, TABLE], ["jing", SCHEMA, TABLE]):
    if shutil.which(tool[0]) is None:
        tap.skip("%s validates controls.xml" % tool[0], "not installed")
        continue
    done = subprocess.run(tool, capture_output=True, text=True, check=False)
    tap.ok(done.returncode == 0, "%s validates controls.xml" % tool[0], done.stdout + done.stderr)
root = ET.parse(TABLE).getroot()
rules = [json.loads(s)["rule"] for s in run("list", "-o", "jsonl", "rules")[1].splitlines()]
mapped = {r for c in root.iter("control") for r in c.get("rules", "").split()}
unmapped = [u.get("rule") for u in root.iter("unmapped")]
tap.ok(len(rules) > 80 and len(mapped) > 40, "there are rules and controls")
tap.ok(not mapped - set(rules), "controls.xml names no rule that is not there", mapped - set(rules))
tap.ok(not set(unmapped) - set(rules), "nor does it leave one out that is not there")
tap.ok(not set(rules) - mapped - set(unmapped), "every rule gives evidence, or is said not to",
       set(rules) - mapped - set(unmapped))
tap.ok(not mapped & set(unmapped) and len(unmapped) == len(set(unmapped)), "and not both",
       mapped & set(unmapped))
frameworks = {f.get("id"): f for f in root.iter("framework")}
WANTED = ["cisa-2025", "cisa-bod-22-01", "cisa-ed-25-02", "disa-exchange-2016", "disa-exchange-2019",
          "disa-iis-10-server", "disa-iis-10-site", "disa-windows-2019", "disa-windows-2022",
          "cis-exchange-2019", "cis-iis-10", "nist-800-53r5", "pci-dss-4.0.1", "bsi-grundschutz",
          "nis2"]
tap.ok(all(w in frameworks for w in WANTED), "the frameworks that were asked for")
tap.ok(all(not c.get("title") for f in frameworks.values() for c in f
           if f.get("id").startswith(("cis-", "pci-"))) , "no text of CIS and PCI is copied")
tap.ok(len([c for c in frameworks["cisa-2025"] if c.get("sight") == "none"]) == 7,
       "advice that no scan sees is listed, not dropped")

certain = collections.Counter(c.get("certain") for c in root.iter("control"))
print("# entries: %d checked against the original, %d against a copy or list, %d not checked" %
      (certain["original"], certain["copy"], certain["general"]))
tap.ok(sum(certain.values()) > 100 and not certain["general"], "no entry stands unchecked", certain)
tap.ok(all(f.get("url") and f.get("checked") and f.get("compared") for f in frameworks.values()),
       "each framework says where it is from, when it was compared, and with what")

# ---- every fault of the table is told with its line ----
home = os.path.join(folder.name, "home")
os.mkdir(home)
shutil.copy(os.environ["EXVET_TABLE"], home)
with open(TABLE, encoding="utf-8") as f:
    GOOD = f.read()
BAD = [
    ("rules=\"su-missing cu-outdated", "rules=\"su-mising cu-outdated", "no rule \"su-mising\""),
    ("rules=\"su-missing cu-outdated", "rules=\"su-missing su-missing", "rule su-missing twice"),
    ("sight=\"full\"", "sight=\"whole\"", "\"whole\": expected full, part or none"),
    ("certain=\"copy\"", "certain=\"sure\"", "\"sure\": expected original, copy or general"),
    ("sight=\"full\"", "sight=\"none\"", "sight none, expected no evidence"),
    ("sight=\"none\"", "sight=\"full\"", "sight full, expected rules or cve"),
    ("id=\"cisa-bod-22-01\"", "id=\"cisa-2025\"", "framework cisa-2025 twice"),
    ("id=\"7.3\"", "id=\"7.2\"", "control 7.2 twice"),
    (" publisher=\"DISA\"", "", "framework without publisher"),
    (" publisher=\"DISA\"", " editor=\"x\" publisher=\"DISA\"", "unknown attribute editor of"),
    ("<unmapped rule=\"identity\"", "<unmapped rule=\"identiti\"", "no rule \"identiti\""),
    ("<controls as-of", "<control as-of", "element control, expected controls"),
    ("<framework id=\"nis2\"", "<framewurk id=\"nis2\"", "element framewurk is not expected here"),
    ("</controls>", "", "controls.xml"),
]
for old, new, expected in BAD:
    text = GOOD.replace(old, new, 1)
    if new.startswith("<control as-of"):
        text = text.replace("</controls>", "</control>")
    with open(os.path.join(home, "controls.xml"), "w", encoding="utf-8") as f:
        f.write(text)
    status, out, err = run("list", "frameworks",
                           env={"EXVET_TABLE": os.path.join(home, "exchange.xml")})
    tap.ok(text != GOOD and status == 2 and out == "" and
           re.match(r"exvet: \S*controls\.xml:\d+: ", err) and expected in err,
           "fault: " + expected, err)

status, out, err = run("explain", "tls-baseline")
tap.ok("cisa-2025: Configure transport layer security" in out and "nist-800-53r5: CM-6" in out and
       "pci-dss-4.0.1: 2.2.1" in out, "the baseline of TLS is evidence too", out)

# ---- states, on made-up servers ----


def obs(fact, value, at="https://mail/owa/", probe="owa"):
    return {"fact": fact, "value": value, "at": at, "probe": probe, "evidence": "e"}


def server(name, build, more=(), marks=True):
    seen = [obs("exchange.build", build)] if build else []
    if marks:
        seen += [obs("exchange.mark", m) for m in
                 ["guid", "owa-page", "owa-path", "cookie", "feserver", "owa-header"]]
    return json.dumps({"schema": "exvet/1", "target": name, "address": "192.0.2.1", "port": 443,
                       "started": "2026-10-30T10:00:00.000Z", "observations": seen + list(more),
                       "errors": []})


lines = [server("se", "15.2.2562.56"), server("old19", "15.2.1748.36"),
         server("old16", "15.1.2507.44"), server("silent", None, marks=False),
         server("range", "15.2.1748")]
with open(SCAN, "w", encoding="utf-8") as f:
    f.write("\n".join(lines) + "\n")


def table(*args):
    status, out, err = run("report", AS_OF, "-o", "controls", *args, SCAN)
    rows = list(csv.DictReader(io.StringIO(out, newline="")))
    return {(r["framework"], r["control"]): r for r in rows}, status, err


STATES = ["failed", "waived", "undecidable", "not_observable", "satisfied", "not_applicable"]


def counts(row):
    return {s: int(row[s]) for s in STATES if row[s] != "0"}


rows, status, err = table()
tap.ok(status == 0 and len(rows) == len(list(root.iter("control"))), "a row a control", err)
EXPECTED = [
    (("cisa-2025", "Migrate end-of-life Exchange servers"),
     {"satisfied": 1, "failed": 3, "not_observable": 1}, "a support rule"),
    (("cisa-2025", "Apply security baselines"), {"not_observable": 5}, "no scan can see it"),
    (("cisa-ed-25-02", "hotfix"), {"not_observable": 3, "failed": 1, "undecidable": 1},
     "the state of one flaw"),
    (("disa-exchange-2019", "EX19-MB-000244"), {"failed": 2, "not_observable": 1,
                                                "not_applicable": 2}, "another version's STIG"),
    (("disa-exchange-2016", "EX16-MB-000680"), {"failed": 1, "not_observable": 1,
                                                "not_applicable": 3}, "2016 alone"),
    (("disa-windows-2022", "WN22-SO-000190"), {"not_observable": 5}, "Windows is not known"),
]
for key, expected, name in EXPECTED:
    tap.ok(counts(rows[key]) == expected, "%s: %s" % (name, key[1]), counts(rows[key]))

# recomputed from the findings alone
found = [json.loads(s) for s in run("report", AS_OF, "-o", "jsonl", SCAN)[1].splitlines()]
ORDER = [("fail", "failed"), ("warn", "failed"), ("undecidable", "undecidable"),
         ("not-observable", "not_observable"), ("pass", "satisfied"),
         ("not-applicable", "not_applicable")]


def expected_state(control, result):
    framework = frameworks[control[0]]
    if result["identity"] != "exchange":
        return "not_observable"
    if framework.get("branches") and framework.get("branches") != result["branch"]:
        return "not_applicable"
    if framework.get("os"):
        return "not_observable"
    element = [c for c in framework if c.get("id") == control[1]][0]
    if element.get("sight") == "none":
        return "not_observable"
    verdicts = {f["verdict"] for f in result["findings"] if f["rule"] in element.get("rules").split()}
    return next(state for verdict, state in ORDER if verdict in verdicts)


wrong = []
for key, row in rows.items():
    if key == ("cisa-ed-25-02", "hotfix"):
        continue
    want = {s: 0 for s in STATES}
    for r in found:
        want[expected_state(key, r)] += 1
    if {s: int(row[s]) for s in STATES} != want:
        wrong.append((key, counts(row), want))
tap.ok(not wrong, "states agree with the findings, computed anew", wrong[:3])
for name in frameworks:
    mine = [r for k, r in rows.items() if k[0] == name]
    total = {s: sum(int(r[s]) for r in mine) for s in STATES}
    decided = total["failed"] + total["waived"] + total["satisfied"]
    everything = decided + total["undecidable"] + total["not_observable"]
    score = max(total["satisfied"] * 100 // decided, 1 if total["satisfied"] else 0) \
        if decided else None
    cover = max(decided * 100 // everything, 1 if decided else 0) if everything else None
    have = {(r["framework_score"], r["framework_coverage"]) for r in mine}
    tap.ok(have == {("" if score is None else str(score), "" if cover is None else str(cover))},
           "%s: score and coverage" % name, (have, score, cover))

# ---- the same numbers in every format ----
lines = [json.loads(s) for s in run("report", AS_OF, "-o", "controls-jsonl", SCAN)[1].splitlines()]
tap.ok([(r["framework"], r["control"]) for r in lines] == list(rows) and all(
    str(r[s]) == rows[r["framework"], r["control"]][s] for r in lines for s in STATES), "lines and table: states")
tap.ok(all(("" if r[k] is None else str(r[k])) == rows[r["framework"], r["control"]][k] for r in lines for k in
           ("framework_score", "framework_coverage", "checked", "compared", "certain", "sight", "url")),
       "lines and table: score, coverage, and where an entry is from")
status, page, err = run("report", AS_OF, "--framework", "all", "-o", "html", SCAN)
status, ticket, err = run("report", AS_OF, "--framework", "all", "-o", "markdown", SCAN)
status, words, err = run("report", AS_OF, "--framework", "all", SCAN)
words = " ".join(words.split())
for name, f in frameworks.items():
    mine = [r for k, r in rows.items() if k[0] == name]
    total = [sum(int(r[s]) for r in mine) for s in STATES]
    score, cover = mine[0]["framework_score"], mine[0]["framework_coverage"]
    edition = ", ".join(x for x in (f.get("version"), f.get("date") or "date not known") if x)
    cells = "| %s, %s | %s | %s |" % (f.get("name"), edition, score + " %" if score else "-", cover + " %" if cover else "-")
    line = next((s for s in ticket.splitlines() if re.sub(r"\\\\", "", s).startswith(cells)), "")
    tap.ok([int(n) for n in line.rstrip("|").split("|")[4:]] == total, name + ": markdown", (cells, line, total))
    said = "%s%% of what was decided is satisfied, %s%% of what applies was decided: " % (score, cover) \
        if score else "nothing was decided: "
    counted = ", ".join("%d %s" % (n, s.replace("_", "-")) for n, s in zip(total, STATES) if n) or "no server"
    tap.ok("%s %s%s" % (name, said, counted) in words, name + ": text", (name, said, counted))
    one = run("report", AS_OF, "--framework", name, SCAN)[1]
    tap.ok("%s, %s (%s)." % (f.get("name"), edition, f.get("publisher")) in " ".join(one.split()),
           name + ": which edition, or that its day is not known", edition)
    row = re.search(r"<tr><th scope=\"row\"><a href=\"#f-\d+\">%s<.*?</tr>" % re.escape(html.escape(f.get("name"), False)),
                    page, re.S)
    seen = [int(n) for n in re.findall(r"<td class=\"k\">(\d+)</td>", row.group(0))] if row else None
    shown = re.findall(r"<td class=\"n\">(\?|\d+)(?:&#160;%)?</td>", row.group(0)) if row else None
    tap.ok(seen == [total[4]] + total[:4] and shown == [score or "?", cover or "?"],
           name + ": html", (row.group(0)[:900] if row else "", total))

# ---- Windows is known ----
with open(SCAN, "w", encoding="utf-8") as f:
    f.write(server("se", "15.2.2562.56", [obs("ntlm.os", "10.0.20348", probe="ntlm"),
                                           obs("smb1.offered", True, "h:445", "smb")]) + "\n")
rows, status, err = table()
tap.ok(counts(rows["disa-windows-2019", "WN19-SO-000190"]) == {"not_applicable": 1},
       "another Windows")
tap.ok(counts(rows["disa-windows-2022", "WN22-00-000100"]) == {"satisfied": 1}, "this Windows",
       rows["disa-windows-2022", "WN22-00-000100"])

# ---- waived is neither satisfied nor failed ----
with open(SCAN, "w", encoding="utf-8") as f:
    f.write(server("old19", "15.2.1748.36") + "\n")
waivers = os.path.join(folder.name, "w.ini")
with open(waivers, "w", encoding="utf-8") as f:
    f.write("[waiver a]\nrule = product-unsupported\ntarget = *\nreason = r\nowner = o\n"
            "until = 2027-01-01\n")
rows, status, err = table("--waivers", waivers)
row = rows["cisa-2025", "Migrate end-of-life Exchange servers"]
tap.ok(counts(row) == {"waived": 1}, "a waived finding", row)
row = rows["disa-exchange-2019", "EX19-MB-000244"]
tap.ok(counts(row) == {"failed": 1}, "waived and failed is failed", row)

# ---- one framework, as table and as text ----
one = table("--framework", "nis2")[0]
tap.ok({k[0] for k in one} == {"nis2"} and len(one) == 4, "--framework limits the table", list(one))
status, text, err = run("report", AS_OF, "--framework", "disa-exchange-2019", SCAN)
tap.ok(status == 0 and "conflict: disa-exchange-2016 EX16-MB-002920 wants it off" in
       " ".join(text.split()), "a conflict is shown", text[-900:])
tap.ok(re.search(r"\d+% of what was decided is satisfied, \d+% of what applies was decided",
                 " ".join(text.split())) is not None, "coverage beside the score")
status, text, err = run("report", AS_OF, "--framework", "all", SCAN)
tap.ok(all(re.search(r"^%s$" % re.escape(name), text, re.M) for name in frameworks), "all of them")
tap.ok(not re.search(r"compliant with|is compliant|are compliant", text), "nobody is compliant")
for name, expected in (("nis3", "--framework nis3: expected nis2?"),
                       ("xyzzyxyzzy", "--framework xyzzyxyzzy: expected all, cisa-2025, ")):
    status, out, err = run("report", "--framework", name, SCAN)
    tap.ok(status == 2 and expected in err and err.count("\n") == 1, "no framework " + name, err)
os.remove(os.path.join(home, "controls.xml"))
status, out, err = run("report", SCAN, env={"EXVET_TABLE": os.path.join(home, "exchange.xml"),
                                            "EXVET_DATADIR": home})
tap.ok(status == 0 and err == "", "without the table other reports work", err)
status, out, err = run("report", "-o", "controls", SCAN,
                       env={"EXVET_TABLE": os.path.join(home, "exchange.xml"), "EXVET_DATADIR": home})
tap.ok(status == 2 and "controls.xml: No such file" in err, "and this one says what it lacks", err)
status, out, err = run("explain", "smb1-offered")
tap.ok("disa-windows-2022: WN22-00-000390 (V-254276)" in out, "explain names controls", out)
tap.end()
