"""import.py - what HealthChecker saw on the servers, beside what the network shows: filled rows,
differences, both formats in every encoding, and hostile files."""
import json
import os
import resource
import tempfile
import xml.etree.ElementTree as ET

from tap import TOP, Tap, run

tap = Tap()
folder = tempfile.TemporaryDirectory()
XML = os.path.join(TOP, "tests", "import", "HealthChecker-EX01.xml")
JSON = os.path.join(TOP, "tests", "import", "HealthChecker-VulnerabilityReport.json")
SCAN = os.path.join(folder.name, "scan.jsonl")
AS_OF = "--as-of=2026-11-24"
SOURCE = "HealthChecker 26.10.15.1234 of 2026-11-01"
with open(XML, encoding="utf-8") as f:
    XML_TEXT = f.read()
with open(JSON, encoding="utf-8") as f:
    JSON_TEXT = f.read()
ET.fromstring(XML_TEXT)


def write(name, data):
    path = os.path.join(folder.name, name)
    with open(path, "wb") as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    return path


def obs(fact, value, at="https://mail/owa/", probe="owa"):
    return {"fact": fact, "value": value, "at": at, "probe": probe, "evidence": "e"}


MARKS = [obs("exchange.mark", m) for m in ["guid", "owa-page", "owa-path", "cookie", "feserver",
                                           "owa-header"]]


def server(target, build, name, more=()):
    seen = ([obs("exchange.build", build)] if build else []) + MARKS + list(more)
    if name:
        seen.append(obs("exchange.name.frontend", name))
    return json.dumps({"schema": "exvet/1", "target": target, "address": "192.0.2.1", "port": 443,
                       "started": "2026-11-20T10:00:00.000Z", "observations": seen, "errors": []}) + "\n"


def tls(*offered):
    return [obs("tls.depth", "posture", "h:443", "tls")] + [
        obs("tls.offered" if v in offered else "tls.refused", "TLSv1." + v, "h:443", "tls")
        for v in "0123"]


def judged(*args, scan=SCAN):
    """{target: {rule: finding}}, status, stderr"""
    status, out, err = run("report", AS_OF, "-o", "jsonl", *args, scan)
    rows = [json.loads(line) for line in out.splitlines()]
    return {r["target"]: {f["rule"]: f for f in r["findings"]} for r in rows}, status, err


def imported(path, **keys):
    return judged("--import", path, **keys)


def verdicts(found, *rules):
    return [found[r]["verdict"] for r in rules]


write("scan.jsonl", server("mail.example.com", "15.2.2562", "EX01", tls("2")) +
      server("ex02.example.com", "15.2.1748.39", "EX02") + server("other", "15.2.2562.56", "EX09"))
plain, status, err = judged()
ROWS = ("su-missing", "cve-open", "smb1-offered", "smb-signing-not-required", "extended-protection")
tap.ok(status == 0 and verdicts(plain["mail.example.com"], *ROWS, "import-differs") ==
       ["undecidable", "undecidable", "not-observable", "not-observable", "undecidable",
        "not-applicable"], "without: not known", verdicts(plain["mail.example.com"], *ROWS))

# ---- the exported data ----
found, status, err = imported(XML)
mail = found["mail.example.com"]
tap.ok(status == 0 and err == "", "the exported data", err)
tap.ok(verdicts(mail, *ROWS) == ["fail", "fail", "pass", "fail", "fail"], "rows are filled",
       verdicts(mail, *ROWS))
tap.ok(all(mail[r]["detail"]["imported_from"] == SOURCE and SOURCE + " on EX01.example.com itself" in
           mail[r]["why"] and mail[r]["why"].startswith("Not seen from the network; ") for r in ROWS),
       "and say by whom", mail["su-missing"])
tap.ok(mail["tls-1-0-offered"] == plain["mail.example.com"]["tls-1-0-offered"] and
       mail["tls-1-0-offered"]["verdict"] == "pass", "what the network decided stays")
tap.ok(mail["import-differs"]["verdict"] == "warn" and mail["import-differs"]["detail"]["differs"] ==
       ["tls-1-0-offered"] and "disagree on tls-1-0-offered" in mail["import-differs"]["why"],
       "a difference is a finding", mail["import-differs"])
unseen = mail["not-visible-from-network"]
tap.ok(unseen["verdict"] == "not-observable" and unseen["detail"]["imported"] ==
       ["Exchange Emergency Mitigation Service: Disabled on server level", "AMSI Enabled: true"],
       "what no scan sees is quoted", unseen)
tap.ok(found["other"] == plain["other"], "another server is left alone")
changed = [r for r in mail if mail[r] != plain["mail.example.com"][r] and
           plain["mail.example.com"][r]["verdict"] in ("pass", "fail", "warn") and r != "import-differs"]
tap.ok(not changed, "no verdict of the network is changed", changed)

# ---- the vulnerability report ----
found, status, err = imported(JSON)
mail, two = found["mail.example.com"], found["ex02.example.com"]
tap.ok(verdicts(mail, "su-missing", "extended-protection", "import-differs") == ["fail", "fail", "pass"],
       "the vulnerability report fills", mail["su-missing"])
tap.ok(verdicts(mail, "smb1-offered") == ["not-observable"], "what it does not know stays unseen")
tap.ok(two["import-differs"]["verdict"] == "warn" and two["import-differs"]["detail"]["differs"] ==
       ["cve-open"] and two["cve-open"]["verdict"] == "fail", "no flaw there, some here", two["import-differs"])
tap.ok(err == "exvet: %s: server EX03 was not met: no name that was seen is its\n" % JSON,
       "a server that was not met is told", err)
flaw = JSON_TEXT.replace("CVE-2021-1730", "CVE-2025-59249")
found = imported(write("flaw.json", flaw))[0]["mail.example.com"]["import-differs"]
tap.ok(found["verdict"] == "warn" and found["detail"]["differs"] == ["CVE-2025-59249"],
       "a flaw that the build has fixed", found)
old = JSON_TEXT.replace("15.2.2562.53", "15.2.1748.39")
found = imported(write("old.json", old))[0]["mail.example.com"]["import-differs"]
tap.ok("build" in found["detail"]["differs"] and "build there 15.2.1748.39, here 15.2.2562" in
       found["why"], "another build", found)
found = imported(write("hybrid.json", JSON_TEXT.replace("CVE-2021-1730", "CVE-2025-53786")))[0]
found = found["mail.example.com"]["cve-needs-configuration"]
tap.ok(found["verdict"] == "fail" and "CVE-2025-53786" in found["why"], "a flaw that needs a setting", found)
both, status, err = judged("--import", JSON, "--import", XML)
turned, status, err = judged("--import", XML, "--import", JSON)
for name, result in (("both files", both), ("in any order", turned), ("twice", judged(
        "--import", XML, "--import", JSON, "--import", XML)[0])):
    mail = result["mail.example.com"]
    tap.ok(verdicts(mail, *ROWS) == ["fail", "fail", "pass", "fail", "fail"] and
           mail["import-differs"]["detail"]["differs"] == ["tls-1-0-offered"], name, mail["import-differs"])
merged = run("merge", AS_OF, "--import", XML, "-o", "jsonl", SCAN)[1]
tap.ok([json.loads(s)["target"] for s in merged.splitlines() if "imported_from" in s] ==
       ["mail.example.com"], "merge takes it too")
for fmt in ("text", "csv-findings", "markdown", "html", "junit", "sarif", "xccdf"):
    status, out, err = run("report", AS_OF, "--import", XML, "-o", fmt, SCAN)
    tap.ok(status == 0 and out and (SOURCE in out or fmt in ("text", "sarif", "markdown")), fmt + " tells it", err)

# ---- what is open stays open ----
blank = JSON_TEXT.replace("15.2.2562.53", "0.0").replace("true,\n                        \"Vuln", "\"Unknown\",\n                        \"Vuln")
found = imported(write("blank.json", blank))[0]["mail.example.com"]
tap.ok(found["su-missing"]["verdict"] == "undecidable" and found["import-differs"]["verdict"] ==
       "undecidable" and "know nothing of the same thing" in found["import-differs"]["why"],
       "nothing to compare is no pass", found["import-differs"])
ep_on = XML_TEXT.replace("Extended Protection Vulnerable", "x").replace("AMSI Enabled", "Extended Protection Enabled (Any VDir)")
tap.ok(imported(write("ep.xml", ep_on))[0]["mail.example.com"]["extended-protection"]["verdict"] == "pass",
       "Extended Protection is on, and nothing is vulnerable for want of it")
ep_off = ep_on.replace("<B N=\"DisplayValue\">true", "<B N=\"DisplayValue\">false")
tap.ok(imported(write("ep.xml", ep_off))[0]["mail.example.com"]["extended-protection"]["verdict"] == "fail",
       "it is off")
waivers = write("w.ini", "[waiver a]\nrule = import-differs\ntarget = mail.*\nreason = r\nowner = o\n"
                "until = 2030-01-01\n[waiver b]\nrule = smb-signing-not-required\ntarget = *\nreason = r\n"
                "owner = o\nuntil = 2030-01-01\n")
found, status, err = judged("--import", XML, "--waivers", waivers)
tap.ok("waived" in found["mail.example.com"]["import-differs"] and err == "" and
       "waived" in found["mail.example.com"]["smb-signing-not-required"], "both can be waived", err)
policy = write("p.ini", "[smb-signing-not-required]\nenabled = no\n[import-differs]\nseverity = critical\n")
found = judged("--import", XML, "--policy", policy)[0]["mail.example.com"]
tap.ok(found["smb-signing-not-required"]["verdict"] != "fail" and
       found["import-differs"]["severity"] == "critical", "and fall under the policy")
gone = run("diff", SCAN, SCAN)[1]
same = run("report", AS_OF, "--compare", SCAN, "-o", "changes-jsonl", "--import", XML, SCAN)
tap.ok(same[0] == 0 and same[1] == "", "what was imported is no change of the network", same[1][:300])

# ---- who is who ----
NAMES = [("EX01", "EX01.example.com", True), ("ex01.EXAMPLE.com", "EX01.example.com", True),
         ("EX01.example.net", "EX01.example.com", False), ("EX011", "EX01", False),
         ("EX0", "EX01", False), ("EX01.example.com", "EX01", True), ("", "EX01", False)]
for seen, name, match in NAMES:
    path = write("one.json", json.dumps({"VersionReport": "1", "ReportDate": "d", "Servers": [
        {"Name": name, "BuildVersion": "15.2.2562.53", "HasVulnerability": False, "Vulnerabilities": []}]}))
    one = write("one.jsonl", server("192.0.2.7", "15.2.2562.53", seen))
    got = imported(path, scan=one)[0]["192.0.2.7"]["import-differs"]["verdict"]
    tap.ok((got == "not-applicable") != match, "%s and %s" % (seen or "no name", name), got)
bare = write("bare.xml", XML_TEXT.replace("<S N=\"ServerName\">EX01.example.com", "<S N=\"ServerName\">EX01"))
for seen, match in (("EX01.example.com", True), ("EX01.example.net", False), ("EX01", True)):
    one = write("one.jsonl", server("192.0.2.7", "15.2.2562.53", seen))
    got = imported(bare, scan=one)[0]["192.0.2.7"]["import-differs"]["verdict"]
    tap.ok((got != "not-applicable") == match, "%s and a server whose full name stands elsewhere in the file" % seen, got)
pool = write("pool.jsonl", server("pool", "15.2.2562", "EX01", [obs("exchange.name.frontend", "EX02", "https://b/")]))
found = imported(JSON, scan=pool)[0]["pool"]
tap.ok(found["import-differs"]["verdict"] == "undecidable" and "Several" in found["import-differs"]["why"]
       and found["su-missing"]["verdict"] == "undecidable", "several servers behind one name fill nothing")

# ---- encodings, forms and orders ----
GOOD = {
    "UTF-8 with a mark": (XML_TEXT.encode("utf-8-sig"), JSON_TEXT.encode("utf-8-sig")),
    "UTF-16LE with a mark": (b"\xff\xfe" + XML_TEXT.encode("utf-16-le"), b"\xff\xfe" + JSON_TEXT.encode("utf-16-le")),
    "UTF-16BE with a mark": (b"\xfe\xff" + XML_TEXT.encode("utf-16-be"), b"\xfe\xff" + JSON_TEXT.encode("utf-16-be")),
    "UTF-16LE whose mark is gone": (XML_TEXT.encode("utf-16-le"), JSON_TEXT.encode("utf-16-le")),
    "UTF-16BE whose mark is gone": (XML_TEXT.encode("utf-16-be"), JSON_TEXT.encode("utf-16-be")),
    "the same, declared or behind blanks": (
        ("<?xml version=\"1.0\" encoding=\"utf-16\"?>\r\n" + XML_TEXT).encode("utf-16-le"),
        ("\r\n  " + JSON_TEXT).encode("utf-16-le")),
    "CRLF": (XML_TEXT.replace("\n", "\r\n"), JSON_TEXT.replace("\n", "\r\n")),
    "one line": (XML_TEXT.replace("\n", ""), json.dumps(json.loads(JSON_TEXT))),
    "declared": ("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" + XML_TEXT, "\n  " + JSON_TEXT),
}
want = [imported(p)[0]["mail.example.com"] for p in (XML, JSON)]
said = imported(write("said.json", JSON_TEXT.replace("true", "\"True\"").replace("false", "\"False\"")))[0]
tap.ok(said["mail.example.com"] == want[1], "yes and no as words")
for name, files in GOOD.items():
    for i, data in enumerate(files):
        found, status, err = imported(write("f", data))
        tap.ok(status == 0 and found.get("mail.example.com") == want[i],
               "%s: %s" % (name, ("XML", "JSON")[i]), err)
root = ET.fromstring(XML_TEXT)
NS = "{http://schemas.microsoft.com/powershell/2004/04}"
root[0][1][:] = list(root[0][1])[::-1]
found, status, err = imported(write("f", ET.tostring(root)))
tap.ok(status == 0 and {r: f["verdict"] for r, f in found["mail.example.com"].items()} ==
       {r: f["verdict"] for r, f in want[0].items()}, "what is displayed may stand first", err)
inner = XML_TEXT.split("<Obj RefId=\"0\">", 1)[1].rsplit("</Obj>", 1)[0]
two = "<Obj RefId=\"0\">" + inner + "</Obj>"
other = two.replace("EX01", "EX02").replace("15.02.2562.053", "15.02.1748.039")
head = XML_TEXT.split("<Obj ", 1)[0]
for name, text in (("one behind another", head + two + other + "</Objs>"),
                   ("a list", head + "<Obj RefId=\"99\"><LST>" + other + two + "</LST></Obj></Objs>")):
    found, status, err = imported(write("f", text))
    tap.ok(status == 0 and found["mail.example.com"]["su-missing"]["verdict"] == "fail" and
           found["ex02.example.com"]["smb1-offered"]["verdict"] == "pass" and
           "EX02.example.com" in found["ex02.example.com"]["smb1-offered"]["why"], "several servers, " + name, err)
shallow = head + ("<Obj RefId=\"0\"><MS><Obj N=\"HealthCheckerExchangeServer\" RefId=\"1\"><MS><S N=\"ServerName\">EX01"
                  "</S><S N=\"OSInformation\">@{}</S></MS></Obj><Obj N=\"DisplayResults\" RefId=\"2\"><DCT><En><S N=\"Key\">k"
                  "</S><Obj N=\"Value\" RefId=\"3\"><LST><Obj RefId=\"4\"><Props><S N=\"Name\">Build Number</S>"
                  "<S N=\"DisplayValue\">15.02.2562.053</S></Props></Obj></LST></Obj></En></DCT></Obj></MS></Obj></Objs>")
found, status, err = imported(write("f", shallow))
tap.ok(status == 0 and found["mail.example.com"]["su-missing"]["verdict"] == "fail",
       "what a shallow export cuts off is read from what was displayed", err)
wrapped = json.loads(JSON_TEXT)
wrapped["Servers"] = wrapped["Servers"][0]
wrapped["Servers"]["Vulnerabilities"] = {"value": ["CVE-2025-53786"], "Count": 1}
found, status, err = imported(write("f", json.dumps(wrapped)))
tap.ok(found["mail.example.com"]["cve-needs-configuration"]["verdict"] == "fail", "a list in its wrapping", err)

# ---- bad files: one line, exit 2, no report ----
BOMB = "<!DOCTYPE Objs [<!ENTITY a \"x\">" + "".join(
    "<!ENTITY %c \"%s\">" % (c, ("&%c;" % (ord(c) - 1)) * 10) for c in "bcdefghij") + "]>"
BAD = [
    ("empty", b"", "neither JSON nor XML"), ("words", b"hello\n", "neither JSON nor XML"),
    ("zeros", b"\0" * 100, "neither JSON nor XML"), ("only a mark", b"\xff\xfe", "neither JSON nor XML"),
    ("gzip", b"\x1f\x8b\x08\0\0\0\0\0", "compressed"), ("zip", b"PK\x03\x04" + b"\0" * 30, "compressed"),
    ("UTF-32", b"\xff\xfe\0\0" + JSON_TEXT.encode("utf-32-le"), "not JSON"),
    ("two reports", (JSON_TEXT * 2).encode(), "more behind its JSON object"),
    ("words behind the report", (JSON_TEXT + "x").encode(), "more behind its JSON object"),
    ("another XML", b"<a><b/></a>", ":1: root element is not Objs"),
    ("no server", (head + "</Objs>").encode(), "no server in it"),
    ("entities", (BOMB + XML_TEXT.replace("EX01.example.com", "&j;")).encode(), ":1: "),
    ("an outer entity", XML_TEXT.replace("<Objs", "<!DOCTYPE Objs [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><Objs", 1)
     .replace("EX01.example.com", "&a;").encode(), ":1: "),
    ("an entity of nobody", XML_TEXT.replace("EX01.example.com", "&a;").encode(), "undefined entity"),
    ("deep nesting", b"<Objs>" + b"<Obj>" * 100000, "nested too deeply"),
    ("cut short", XML_TEXT[:len(XML_TEXT) // 2].encode(), ":"),
    ("a wrong encoding", XML_TEXT.replace("EX01.example.com", "EX\xff").encode("latin-1"), ":"),
    ("JSON cut short", JSON_TEXT[:300].encode(), "ends inside its JSON object"),
    ("JSON without servers", b"{\"a\": 1}", "no Servers in it"),
    ("JSON of no server", b"{\"Servers\": []}", "no server in it"),
    ("a list", b"{\"Servers\": 3}", "Servers is no list"),
    ("a server without a name", b"{\"Servers\": [{\"Name\": \"\"}]}", "without Name"),
    ("deep JSON", b"{\"a\":" + b"[" * 100000, "not JSON"),
    ("JSON with a wrong byte", JSON_TEXT.replace("EX01", "EX\xff").encode("latin-1"), "neither UTF-8 nor UTF-16"),
]
for name, data, expected in BAD:
    path = write("bad", data)
    status, out, err = run("report", AS_OF, "-o", "jsonl", "--import", path, SCAN)
    tap.ok(status == 2 and out == "" and err.startswith("exvet: " + path) and expected in err and
           err.count("\n") == 1, "bad: " + name, (status, out[:100], err))
for path, expected in ((folder.name, "Is a directory"), (os.path.join(folder.name, "none"), "No such file")):
    status, out, err = run("report", "--import", path, SCAN)
    tap.ok(status == 2 and expected in err and err.count("\n") == 1, "bad: " + expected, err)
status, out, err = run("scan", "--import", XML, "127.0.0.1")
tap.ok(status == 2 and "import" in err, "scan knows no --import", err)

# ---- much of it: cut, within little memory ----
long = XML_TEXT.replace("Disabled on server level", "x" * 5000000).replace(
    "15.02.2562.053", "15.02.2562.053" + " " * 10)
found, status, err = imported(write("f", long))
said = found["mail.example.com"]["not-visible-from-network"]["detail"]["imported"]
tap.ok(status == 0 and all(len(s) < 400 for s in said), "a long text is cut", (status, err))
many = JSON_TEXT.replace("\"CVE-2021-1730\",", "".join("\"CVE-2099-%d\"," % i for i in range(20000)))
found, status, err = imported(write("f", many))
tap.ok(status == 0 and found["mail.example.com"]["su-missing"]["verdict"] == "fail", "many flaws", err)
hostile = XML_TEXT.replace("EX01.example.com", "EX01&#x202e;&lt;script&gt;|\x7f").replace(
    "<S N=\"Fqdn\">EX01&#x202e;&lt;script&gt;|\x7f</S>", "<S N=\"Fqdn\">EX01</S>").replace(
    "Disabled on server level", "&lt;script&gt;alert(1)&lt;/script&gt;")
for fmt in ("html", "text", "markdown", "csv-findings", "jsonl"):
    status, out, err = run("report", AS_OF, "--import", write("f", hostile), "-o", fmt, SCAN)
    tap.ok(status == 0 and "\u202e" not in out and (fmt not in ("html", "markdown") or "<script>alert" not in out),
           "hostile words in " + fmt, err)
page = b"".join(b"<Obj RefId=\"%d\"><MS><S N=\"x\">%s</S></MS></Obj>" % (i, b"y" * 1000) for i in range(40000))
big = write("big.xml", head.encode() + two.encode() + page + b"</Objs>")
before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
found, status, err = imported(big)
after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
tap.ok(status == 0 and os.path.getsize(big) > 40000000 and (after < 400000 or after == before),
       "40 MB are streamed", (status, err, before, after))
tap.end()
