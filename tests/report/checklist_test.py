"""checklist_test.py - a user's own STIG Viewer checklist is filled where the
network shows something, and is otherwise what it was, byte for byte."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hostile  # noqa: E402
import node  # noqa: E402
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "cli"))
from tap import Tap  # noqa: E402

TOP = os.environ["top_srcdir"]
FLEET = os.path.join(TOP, "tests", "report", "fleet.jsonl")
HOST = "ex2019-cu15-oct25.exvet.test"
tap = Tap()
ok = tap.ok


RNG = os.path.join(TOP, "tests", "report", "ckl.rng")


def schema(name, text):
    """DISA's own order of elements and words, by xmllint."""
    if not shutil.which("xmllint"):
        print(f"# {name}: no xmllint")
        ok(not node.must(), f"{name}: by the schema of checklists")
        return
    run = subprocess.run(["xmllint", "--noout", "--relaxng", RNG, "-"], input=text.encode(),
                         capture_output=True, timeout=60, check=False)
    good = run.returncode == 0
    bad = subprocess.run(["xmllint", "--noout", "--relaxng", RNG, "-"],
                         input=text.replace("<STATUS>Open<", "<STATUS>open<", 1).encode(),
                         capture_output=True, timeout=60, check=False)
    ok(good and "<STATUS>Open<" in text and bad.returncode != 0, f"{name}: by the schema of checklists",
       run.stderr.decode())


# (V-id, STIG id, status, details): by V-id, by STIG id, reviewed, of no network, unknown
RULES = [
    ("V-259711", "EX19-MB-000244", "Not_Reviewed", ""),
    ("", "EX19-MB-000283", "Not_Reviewed", "as of last year"),
    ("V-259710", "EX19-MB-000236", "Not_Reviewed", None),
    ("V-259712", "", "NotAFinding", "seen by Ann"),
    ("V-259647", "EX19-MB-000008", "Not_Reviewed", ""),
    ("V-259668", "EX19-MB-000066", "Not_Reviewed", ""),
    ("V-999999", "XX-00-000001", "Not_Reviewed", "a &lt;rule&gt; of nobody"),
]


def vuln(v, stig, status, details):
    at = "<FINDING_DETAILS/>" if details is None else f"<FINDING_DETAILS>{details}</FINDING_DETAILS>"
    data = "".join(f"\t\t\t\t<STIG_DATA>\r\n\t<VULN_ATTRIBUTE>{k}</VULN_ATTRIBUTE>"
                   f"<ATTRIBUTE_DATA>{x}</ATTRIBUTE_DATA></STIG_DATA>\n"
                   for k, x in (("Vuln_Num", v), ("Severity", "high"), ("Rule_Ver", stig),
                                ("Vuln_Discuss", "a &gt; b <![CDATA[<STATUS>]]>")))
    return f"<VULN>\n{data}<STATUS>{status}</STATUS>{at}\n<COMMENTS>mine</COMMENTS><SEVERITY_OVERRIDE/>" \
        "<SEVERITY_JUSTIFICATION/></VULN>\n"


def ckl(host=HOST, rules=None):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<!--DISA STIG Viewer <VULN> -->\n<CHECKLIST>\n'
            "<ASSET><ROLE>None</ROLE><ASSET_TYPE>Computing</ASSET_TYPE>"
            f"<HOST_NAME>{host}</HOST_NAME><HOST_IP></HOST_IP><HOST_MAC/><HOST_FQDN/>"
            "<TECH_AREA/><TARGET_KEY>5559</TARGET_KEY><WEB_OR_DATABASE>false</WEB_OR_DATABASE>"
            "<WEB_DB_SITE/><WEB_DB_INSTANCE/></ASSET>\n<STIGS><iSTIG><STIG_INFO><SI_DATA>"
            "<SID_NAME>stigid</SID_NAME><SID_DATA>x</SID_DATA></SI_DATA></STIG_INFO>" +
            "".join(vuln(*r) for r in rules or RULES) + "</iSTIG></STIGS>\n</CHECKLIST>\n")


def cklb(host=HOST):
    words = {"Not_Reviewed": "not_reviewed", "NotAFinding": "not_a_finding"}
    return json.dumps({
        "title": "t", "id": "1", "active": True, "mode": 1, "score": 1.50, "has_path": False,
        "target_data": {"host_name": host, "ip_address": "", "fqdn": "", "is_web_database": False},
        "stigs": [{"stig_name": "Exchange", "rules": [
            {"group_id": v, "rule_version": s, "status": words[status],
             "finding_details": (details or ""), "comments": "mine", "weight": "10.0"}
            for v, s, status, details in RULES]}]})


def fill(text, name, *args, source=None):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8", newline="") as f:
            f.write(text)
        run = subprocess.run(
            [os.environ["EXVET"], "report", "--as-of=2026-11-24", f"--checklist={path}",
             "-o", "checklist", *args, "-" if source else FLEET],
            input=(source or "").encode(), env=dict(os.environ, XDG_CONFIG_HOME="/nonexistent"),
            capture_output=True, timeout=60, check=False)
        return run.returncode, run.stdout.decode(), run.stderr.decode()


def read_ckl(text):
    out = []
    for v in ET.fromstring(text).iter("VULN"):
        data = {d.findtext("VULN_ATTRIBUTE"): d.findtext("ATTRIBUTE_DATA") for d in v.iter("STIG_DATA")}
        out.append((data["Vuln_Num"] or data["Rule_Ver"], v.findtext("STATUS"),
                    v.findtext("FINDING_DETAILS") or "", v.findtext("COMMENTS")))
    return out


def read_cklb(text):
    return [(r["group_id"] or r["rule_version"], r["status"], r["finding_details"], r["comments"])
            for s in json.loads(text)["stigs"] for r in s["rules"]]


def check_rules(name, got, opened, closed, blank):
    by = {r[0]: r for r in got}
    ok(len(got) == len(RULES) and all(r[3] == "mine" for r in got), f"{name}: every rule is there", got)
    ok(by["V-259711"][1] == opened and "su-missing: fail" in by["V-259711"][2] and
       HOST in by["V-259711"][2] and "at lab" in by["V-259711"][2], f"{name}: found by its V-id", by["V-259711"])
    ok(by["EX19-MB-000283"][1] == opened and by["EX19-MB-000283"][2].endswith("\nas of last year"),
       f"{name}: found by its STIG id, what stood there is kept", by["EX19-MB-000283"])
    ok(by["V-259710"][1] == closed and "tls-1-0-offered: pass" in by["V-259710"][2],
       f"{name}: no finding where all of it shows", by["V-259710"])
    ok(by["V-259712"][1:3] == (closed, "seen by Ann"), f"{name}: what is reviewed stays", by["V-259712"])
    ok(by["V-259647"][1:3] == (blank, ""), f"{name}: what no network shows stays", by["V-259647"])
    ok(by["V-259668"][1] == blank, f"{name}: a part that looks right closes nothing", by["V-259668"])
    ok(by["V-999999"][1] == blank and "exvet" not in by["V-999999"][2], f"{name}: an unknown rule stays")


def untouched(before, after):
    """Put the old content back: then nothing else may differ."""
    strip = r"<STATUS>[^<]*</STATUS>(?:<FINDING_DETAILS>[^<]*</FINDING_DETAILS>|<FINDING_DETAILS/>)"
    return re.split(strip, before) == re.split(strip, after)


def main():
    status, text, err = fill(ckl(), "a.ckl")
    ok(status == 0 and err == "", "ckl: filled", err)
    check_rules("ckl", read_ckl(text), "Open", "NotAFinding", "Not_Reviewed")
    ok(untouched(ckl(), text) and text != ckl(), "ckl: every other byte stays")
    schema("ckl", text)
    status, again, _ = fill(text, "a.ckl")
    ok(status == 0 and again.count("<STATUS>Open<") == text.count("<STATUS>Open<"), "ckl: filled again")
    status, text, err = fill(cklb(), "a.cklb")
    ok(status == 0 and err == "", "cklb: filled", err)
    check_rules("cklb", read_cklb(text), "open", "not_a_finding", "not_reviewed")
    old, new = json.loads(cklb()), json.loads(text)
    for o in (old, new):
        for r in o["stigs"][0]["rules"]:
            del r["status"], r["finding_details"]
    ok(old == new and '"score":1.5' in text, "cklb: every other value stays")

    status, text, err = fill(ckl("somebody.else"), "a.ckl")
    ok(status == 0 and text == ckl("somebody.else") and "nothing was filled" in err,
       "of another server: nothing is filled, and said", err)
    lone = json.dumps(hostile.result("one.example", hostile.exchange("15.2.1748.39")))
    text = fill(ckl(""), "a.ckl", source=lone)[1]
    ok("one.example" in text, "no asset: a run of one server is meant, and named")
    status, text, err = fill(ckl("somebody.else"), "a.ckl", source=lone)
    ok(status == 0 and "one.example" not in text and "nothing was filled" in err,
       "the only server of a run is not somebody else", err)
    twins = "".join(json.dumps(hostile.result(s, hostile.exchange("15.2.1748.39"))) + "\n"
                    for s in ("ex01.a.example", "ex01.b.example"))
    for host, fqdn, told in (("EX01", "ex01.b.example", ["b"]), ("EX01", "", ["a", "b"]), ("", "EX01.a.example", ["a"]),
                             ("EX01", "ex01.c.example", []), ("ex01.a.example", "", ["a"])):
        asset = ckl(host).replace("<HOST_FQDN/>", f"<HOST_FQDN>{fqdn}</HOST_FQDN>")
        text = fill(asset, "a.ckl", source=twins)[1]
        ok([s for s in "ab" if f"ex01.{s}.example" in text.split("</ASSET>")[1]] == told or
           (len(told) == 2 and "ex01.a.example" in text), f"asset {host} {fqdn}: filled from {told}", text[-900:])
    status, text, err = fill("\ufeff" + cklb(), "a.cklb")
    ok(status == 0 and err == "" and read_cklb(text)[0][1] == "open", "cklb with a mark: filled", err)
    nasty = "".join(json.dumps(hostile.result(s.replace("\x00", "").strip() or "x", hostile.exchange(
        "15.2.1748.39"), vantage=s.replace("\x00", ""), address="192.0.2.8")) + "\n" for s in hostile.NASTY)
    by_address = ckl().replace("<HOST_IP></HOST_IP>", "<HOST_IP>192.0.2.8</HOST_IP>")
    text = fill(by_address, "a.ckl", source=nasty)[1]
    ok(untouched(by_address, text) and "su-missing: fail" in text, "hostile names: found by the address")
    for s in hostile.NASTY:
        one = json.dumps(hostile.result("x", hostile.exchange("15.2.1748.39"), vantage=s.replace("\x00", "")))
        a, b = fill(ckl(), "a.ckl", source=one)[1], fill(cklb(), "a.cklb", source=one)[1]
        if len(read_ckl(a)) != len(RULES) or len(read_cklb(b)) != len(RULES):
            ok(False, "hostile text stays text", repr(s))
    ok(True, "hostile text stays text")

    bad = [("cut.ckl", ckl()[:-40]), ("dtd.ckl", '<!DOCTYPE a [<!ENTITY x "y">]>' + ckl()),
           ("empty.ckl", ""), ("none.ckl", "<CHECKLIST/>"), ("cut.cklb", cklb()[:-9]),
           ("none.cklb", "{}"), ("odd.cklb", '{"stigs":[1,{"rules":[2,"x"]}]}'), ("text", "hello")]
    for name, text in bad:
        status, out, err = fill(text, name)
        ok(status == 2 and out == "" and err.startswith("exvet: ") and name in err, f"refused: {name}",
           (status, out, err))
    for args, words in ((["-o", "checklist"], "expected --checklist"),
                        (["--checklist=/dev/null"], "expected -o checklist")):
        run = subprocess.run([os.environ["EXVET"], "report", *args, FLEET], capture_output=True,
                             text=True, timeout=60, check=False)
        ok(run.returncode == 2 and words in run.stderr, f"one without the other: {args}", run.stderr)
    tap.end()


main()
