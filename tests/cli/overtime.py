"""overtime.py - runs side by side: diff, --compare, --history, merge, and judging again."""
import csv
import hashlib
import io
import json
import os
import re
import tempfile

from tap import Tap, run

tap = Tap()
folder = tempfile.TemporaryDirectory()


def path(name):
    return os.path.join(folder.name, name)


def obs(fact, value, at="https://mail/owa/", probe="owa"):
    return {"fact": fact, "value": value, "at": at, "probe": probe, "evidence": "e"}


MARKS = [obs("exchange.mark", m) for m in ["guid", "owa-page", "owa-path", "cookie", "feserver",
                                           "owa-header"]]


def server(target, build, day, more=(), **keys):
    seen = ([obs("exchange.build", build)] + MARKS if build else []) + list(more)
    return {"schema": "exvet/1", "target": target, "address": "192.0.2.1", "port": 443,
            "started": day + "T10:00:00.000Z", "observations": seen, "errors": [], **keys}


def write(name, *results):
    with open(path(name), "w", encoding="utf-8") as f:
        for r in results:
            f.write(json.dumps(r) + "\n")
    return path(name)


def smb1(offered):
    return [obs("smb1.offered", offered, "h:445", "smb")]


def signing(word):
    return [obs("smb.signing", word, "h:445", "smb")]


GOOD, OLD_DAY, NEW_DAY = "15.2.2562.56", "2026-10-20", "2026-11-01"
OLD = write("old.jsonl",
            server("fixed", GOOD, OLD_DAY, smb1(True)),
            server("regressed", GOOD, OLD_DAY, smb1(False)),
            server("same", GOOD, OLD_DAY, smb1(True)),
            server("unseen", GOOD, OLD_DAY, smb1(True)),
            server("seen", GOOD, OLD_DAY),
            server("well", GOOD, OLD_DAY, smb1(False)),
            server("left", GOOD, OLD_DAY, smb1(True)))
NEW = write("new.jsonl",
            server("fixed", GOOD, NEW_DAY, smb1(False)),
            server("regressed", GOOD, NEW_DAY, smb1(True)),
            server("same", GOOD, NEW_DAY, smb1(True)),
            server("unseen", GOOD, NEW_DAY),
            server("seen", GOOD, NEW_DAY, smb1(True)),
            server("well", GOOD, NEW_DAY, smb1(False)),
            server("came", GOOD, NEW_DAY, smb1(True)))


def changes(*args):
    status, out, err = run("diff", "-o", "jsonl", *args)
    rows = [json.loads(line) for line in out.splitlines()]
    return [r for r in rows if r["rule"] == "smb1-offered"], rows, status, err


smb, rows, status, err = changes(OLD, NEW)
EXPECTED = [("came", "new", None, "fail"), ("fixed", "fixed", "fail", "pass"),
            ("left", "gone", "fail", None), ("regressed", "regressed", "pass", "fail"),
            ("seen", "new", "not-observable", "fail"), ("unseen", "gone", "fail", "not-observable")]
have = [(r["target"], r["change"], r["before"], r["after"]) for r in smb]
tap.ok(status == 0 and err == "" and have == EXPECTED, "each change by its name", have)
tap.ok(all(r["severity"] == "high" and r["address"] == "192.0.2.1" for r in smb), "and severity")
status, text, err = run("diff", OLD, NEW)
words = " ".join(text.split())
old_rows = {r["target"]: r for r in map(json.loads, run(
    "report", "-o", "jsonl", "--as-of", OLD_DAY, OLD)[1].splitlines())}
new_rows = {r["target"]: r for r in map(json.loads, run(
    "report", "-o", "jsonl", "--as-of", NEW_DAY, NEW)[1].splitlines())}


def classify(was, now):
    """The definition, written anew."""
    order = ["info", "low", "medium", "high", "critical"]
    (was, was_weight), (now, now_weight) = was or (None, None), now or (None, None)
    bad_was, bad_now = was in ("fail", "warn"), now in ("fail", "warn")
    if bad_was and bad_now:
        worse = order.index(now_weight) > order.index(was_weight)
        return "regressed" if (was, now) == ("warn", "fail") or worse else "same"
    if bad_now:
        return "regressed" if was == "pass" else "new"
    if bad_was:
        return "fixed" if now == "pass" else "gone"
    return None


count = {k: 0 for k in ("new", "regressed", "fixed", "gone", "same")}
for target in set(old_rows) | set(new_rows):
    was = {f["rule"]: (f["verdict"], f["severity"]) for f in old_rows.get(target, {"findings": []})["findings"]}
    now = {f["rule"]: (f["verdict"], f["severity"]) for f in new_rows.get(target, {"findings": []})["findings"]}
    for rule in set(was) | set(now):
        kind = classify(was.get(rule), now.get(rule))
        if kind and rule != "table-stale":
            count[kind] += 1
totals = ", ".join("%d %s" % (count[k], k) for k in ("new", "regressed", "fixed", "gone", "same"))
tap.ok("Changes " + totals in words and sum(count.values()) >= 7, "totals, computed anew",
       (totals, words[:200]))
tap.ok("Servers 6 in both runs, 1 new, 1 gone" in words and "from 2026-10-20 to 2026-11-01" in words,
       "servers and days", words[:300])
tap.ok("came new server" in words and "left not in the new run" in words and "well" not in words,
       "servers that came and left are named, one without a change is not")
table = list(csv.DictReader(io.StringIO(run("diff", "-o", "csv", OLD, NEW)[1], newline="")))
tap.ok([(r["target"], r["change"], r["rule"]) for r in table] ==
       [(r["target"], r["change"], r["rule"]) for r in rows], "csv says the same as jsonl")
tap.ok(changes(NEW, NEW)[1] == [] and changes(OLD, OLD)[1] == [], "a run against itself: nothing")
a, b = write("a.jsonl", server("x", "15.2.1748.36", OLD_DAY)), \
    write("b.jsonl", server("x", GOOD, NEW_DAY))
fixed = {r["rule"]: r for r in changes(a, b)[1]}
tap.ok(fixed["su-missing"]["change"] == "fixed" and fixed["su-missing"]["old_build"] ==
       "15.2.1748.36" and fixed["su-missing"]["new_build"] == GOOD, "patched is fixed", fixed)

# ---- an update that came out between the runs is new, though the server is the same ----
a, b = write("a.jsonl", server("x", "15.2.2562.53", "2026-10-12")), \
    write("b.jsonl", server("x", "15.2.2562.53", "2026-11-15"))
late = {r["rule"]: r["change"] for r in changes(a, b)[1]}
tap.ok(late.get("su-missing") == "regressed", "each run is judged as of its own day", late)
late = {r["rule"]: r["change"] for r in changes("--as-of", "2026-10-12", a, b)[1]}
tap.ok("su-missing" not in late, "--as-of is the day of the new run", late)

# ---- severities and waivers ----
heavier = path("heavier.ini")
with open(heavier, "w", encoding="utf-8") as f:
    f.write("[smb1-offered]\nseverity = low\ntags = lab\n")
a, b = write("a.jsonl", server("x", GOOD, OLD_DAY, smb1(True), tag="lab")), \
    write("b.jsonl", server("x", GOOD, NEW_DAY, smb1(True), tag="edge"))
for first, second, want in ((a, b, [("fail", "regressed", "high")]), (b, a, [])):
    have, rows, status, err = changes("--policy", heavier, "--fail-on", "new", first, second)
    tap.ok([(r["before"], r["change"], r["severity"]) for r in have] == want and status == (1 if want else 0),
           "a finding that weighs more than before has regressed", (have, rows, status, err))
waivers = path("w.ini")
with open(waivers, "w", encoding="utf-8") as f:
    f.write("[waiver a]\nrule = smb1-offered\ntarget = regressed, came\nreason = r\nowner = o\n"
            "until = 2030-01-01\n")
waived = [(r["target"], r["change"]) for r in changes("--waivers", waivers, OLD, NEW)[0]]
tap.ok(waived == [(t, c) for t, c, _, _ in EXPECTED if t not in ("regressed", "came")],
       "what is waived is no change", waived)

# ---- several results of one server in one run: the worst counts ----
a = write("a.jsonl", server("x", GOOD, OLD_DAY, smb1(False)),
          server("x", GOOD, OLD_DAY, smb1(True), address="192.0.2.2"))
b = write("b.jsonl", server("x", GOOD, NEW_DAY, smb1(False)))
tap.ok([r["change"] for r in changes(a, b)[0]] == ["fixed"], "the worst view of a run counts")

# ---- exit status ----
for args, status in ((["diff", OLD, NEW], 0), (["diff", "--fail-on", "new", OLD, NEW], 1),
                     (["diff", "--fail-on", "new", NEW, NEW], 0),
                     (["report", "--fail-on", "new", "--compare", OLD, NEW], 1),
                     (["report", "--fail-on", "new", NEW], 2),
                     (["report", "-o", "changes", NEW], 2),
                     (["diff", OLD], 2), (["diff", OLD, NEW, NEW], 2),
                     (["diff", "-o", "html", OLD, NEW], 2),
                     (["diff", path("none.jsonl"), NEW], 2), (["diff", OLD, path("none.jsonl")], 2),
                     (["report", "--compare", OLD, "-o", "jsonl:" + OLD, NEW], 2)):
    have, out, err = run(*args)
    tap.ok(have == status and (status != 2 or err.count("\n") == 1),
           "exit %d: %s" % (status, " ".join(os.path.basename(a) for a in args)), (have, err))
status, text, err = run("report", "--compare", OLD, NEW)
tap.ok("Changes" in text and "Judged" in text, "report --compare is a report and its changes")

# ---- history ----
os.mkdir(path("runs"))
write("runs/2026-10.jsonl", server("a", "15.2.1748.36", "2026-10-01"), server("b", GOOD, "2026-10-20"),
      {"schema": "exvet/1", "target": "silent", "address": None, "port": 443,
       "started": "2026-10-20T10:00:00.000Z", "observations": [], "errors": []})
write("runs/2026-09.jsonl", server("a", "15.2.1748.36", "2026-09-01"))
with open(path("runs/note.txt"), "w", encoding="utf-8") as f:
    f.write("no run\n")
with open(path("runs/empty.jsonl"), "w", encoding="utf-8") as f:
    f.write("")
status, text, err = run("report", "--history", path("runs"), NEW)
trend = [line.split() for line in text.splitlines() if line.startswith("2026-")]
tap.ok(status == 0 and [t[:5] for t in trend] == [["2026-09-01", "1", "1", "0", "1"],
                                                  ["2026-10-01", "3", "2", "1", "1"]],
       "the trend, oldest first: targets, Exchange, current, behind", (trend, err))
tap.ok(err == "", "nothing is said of files that are no runs", err)
for name in ("runs/2026-08.jsonl.gz", "runs/2026-07.jsonl.xz", "runs/.2026-06.jsonl.gz"):
    with open(path(name), "wb") as f:
        f.write(b"\x1f\x8b")
status, again, err = run("report", "--history", path("runs"), NEW)
tap.ok(status == 0 and again == text and err == "exvet: --history %s: 2 files not read, 2026-07.jsonl.xz "
       "and others: expected NAME.jsonl, not compressed: unpack them first\n" % path("runs"),
       "compressed runs are not read, and that is told", (status, err))
for bad in (path("nowhere"), path("nothing")):
    if bad.endswith("nothing"):
        os.mkdir(bad)
    status, out, err = run("report", "--history", bad, NEW)
    tap.ok(status == 2 and err.startswith("exvet: --history " + bad + ": "), "no such history", err)

# ---- merge ----
lan = write("lan.jsonl", server("x", GOOD, NEW_DAY, smb1(True), vantage="lan", address="10.0.0.1"),
            server("only-lan", GOOD, NEW_DAY, vantage="lan"))
wan = write("wan.jsonl", server("x", GOOD, NEW_DAY, signing("required") + smb1(False), vantage="internet"),
            server("a-first", GOOD, NEW_DAY, vantage="internet"))
status, out, err = run("merge", "--as-of", NEW_DAY, "-o", "jsonl", lan, wan)
views = [json.loads(line) for line in out.splitlines()]
have = [(v["target"], v["vantage"], v["view"], v["views"]) for v in views]
tap.ok(status == 0 and err == "" and
       have == [("a-first", "internet", 1, 1), ("only-lan", "lan", 1, 1), ("x", "lan", 1, 2),
                ("x", "internet", 2, 2)], "every view is kept, the worst first", (have, err))
status, out, err = run("merge", "--as-of", NEW_DAY, "-o", "csv-findings", lan, wan)
table = list(csv.DictReader(io.StringIO(out, newline="")))
mine = {r["rule"]: r for r in table if r["target"] == "x"}
tap.ok(len([r for r in table if r["target"] == "x"]) == len(mine), "other formats: once a server")
tap.ok(mine["smb1-offered"]["verdict"] == "fail" and mine["smb-signing-not-required"]["verdict"] ==
       "pass" and mine["smb-signing-not-required"]["why"].startswith("Seen from internet: "),
       "by rule the worst that any view saw, and from where", mine["smb-signing-not-required"])
status, again, err = run("merge", "--as-of", NEW_DAY, "-o", "jsonl", wan, lan, wan)
tap.ok(again == run("merge", "--as-of", NEW_DAY, "-o", "jsonl", lan, wan)[1] and
       "2 lines left out that another file holds too" in err, "copies are left out, order is no "
       "matter", err)
with open(path("merged.jsonl"), "w", encoding="utf-8") as f:
    f.write(again)
twice = run("merge", "--as-of", NEW_DAY, "-o", "jsonl", path("merged.jsonl"))[1]
tap.ok(twice == again, "what was merged can be merged")
plain = run("merge", "--as-of", NEW_DAY, "-o", "csv", path("merged.jsonl"))[1]
tap.ok(plain.count("\n") == 4 and
       run("report", "--as-of", NEW_DAY, "-o", "csv", path("merged.jsonl"))[1] == plain,
       "a report of what was merged counts each server once, too", plain)
page = run("merge", "--as-of", NEW_DAY, "-o", "html", lan, wan)[1]
method = " ".join(re.sub("<[^>]*>", " ", page[page.index("<h2>Method</h2>"):]).split())
tap.ok(all("Results %s, SHA-256 %s" % (os.path.basename(f), hashlib.sha256(open(f, "rb").read()).hexdigest()) in method
           for f in (lan, wan)) and "2 internet, 2 lan" in method, "a page of merge names its files by their hashes, and "
       "every view's place", method[:900])
text = run("report", "--as-of", NEW_DAY, path("merged.jsonl"))[1]
tap.ok("Seen from internet (2), lan (2)" in " ".join(text.split()), "every view's place is counted", text)
with open(path("runs/2026-11.jsonl"), "w", encoding="utf-8") as f:
    f.write(again)
text = run("report", "--history", path("runs"), NEW)[1]
tap.ok(any(line.split()[:3] == [NEW_DAY, "3", "3"] for line in text.splitlines()),
       "and in the trend", text)
err = run("report", "--compare", OLD, path("merged.jsonl"))[2]
tap.ok("each view counts as a target" in err, "where it cannot, it says so", err)
for args, expected in (([], "expected files"), (["-"], "expected a file"),
                       ([path("none.jsonl")], "expected a file"), ([lan, "-o", "jsonl:" + lan], "would be overwritten")):
    status, out, err = run("merge", *args)
    tap.ok(status == 2 and expected in err, "merge: " + expected, (status, err))
with open(path("broken.jsonl"), "w", encoding="utf-8") as f:
    f.write("{\n" + json.dumps(server("x", GOOD, NEW_DAY)) + "\n")
status, out, err = run("merge", "--strict", "-o", "csv", path("broken.jsonl"))
tap.ok(status == 3 and "broken.jsonl:1: " in err and "x," in out, "a bad line is told", (status, err))

# ---- one server under several names ----
def ntlm(name):
    return [obs("ntlm.computer.dns", name, probe="ntlm")]


a = write("a.jsonl", server("mail.example.com", GOOD, OLD_DAY, ntlm("ex01.example.com") + smb1(True)),
          server("other", GOOD, OLD_DAY, ntlm("ex02.example.com")))
b = write("b.jsonl", server("10.0.0.1", GOOD, NEW_DAY, ntlm("EX01.example.com") + smb1(False)),
          server("other", GOOD, NEW_DAY, ntlm("ex02.example.com")))
renamed = changes(a, b)[0]
tap.ok([(r["target"], r["old_target"], r["change"]) for r in renamed] == [("10.0.0.1", "mail.example.com", "fixed")],
       "a server that was scanned by another name is the same server", renamed)
text = run("diff", a, b)[1]
tap.ok("10.0.0.1 was mail.example.com" in " ".join(text.split()) and "2 in both runs, 0 new, 0 gone" in
       " ".join(text.split()), "and so it is told", text)
tap.ok("mail.example.com" in run("diff", "-o", "csv", a, b)[1], "in csv too")
c = write("c.jsonl", server("10.0.0.1", GOOD, NEW_DAY, ntlm("ex01.example.com") + smb1(False)),
          server("10.0.0.2", GOOD, NEW_DAY, ntlm("ex01.example.com")))
tap.ok([(r["target"], r["change"]) for r in changes(a, c)[0]] == [("mail.example.com", "gone")],
       "two new names for one that is gone: nobody knows which")
pool = write("pool.jsonl", server("10.0.0.1", GOOD, NEW_DAY, ntlm("ex01.example.com") + ntlm("ex02.example.com")))
tap.ok([(r["target"], r["change"]) for r in changes(a, pool)[0]] == [("mail.example.com", "gone")],
       "several machines behind a name are none of them")
torn = write("torn.jsonl", server("10.0.0.1", GOOD, NEW_DAY, ntlm("ex01.example.com")),
             server("10.0.0.1", GOOD, NEW_DAY, ntlm("ex03.example.com"), address="192.0.2.9"))
tap.ok([(r["target"], r["change"]) for r in changes(a, torn)[0]] == [("mail.example.com", "gone")],
       "nor where one result names another than the next")
short = write("short.jsonl", server("10.0.0.1", GOOD, NEW_DAY, [obs("exchange.name.frontend", "EX01")] + smb1(False)))
tap.ok([(r["target"], r["change"]) for r in changes(a, short)[0]] == [("mail.example.com", "gone")],
       "a bare name is called so in many places")
upper = write("upper.jsonl", server("MAIL.example.com.", GOOD, NEW_DAY, smb1(False)),
              server("other:443", GOOD, NEW_DAY, smb1(True)), server("other:8443", GOOD, NEW_DAY, smb1(True)))
have = [(r["target"], r["change"]) for r in changes(a, upper)[0]]
tap.ok(have == [("mail.example.com", "fixed"), ("other", "new"), ("other:8443", "new")],
       "case, a last dot and the usual port are no other name", have)


def merged(*files):
    status, out, err = run("merge", "--as-of", NEW_DAY, "-o", "jsonl", *files)
    return [(v["target"], v["view"], v["views"]) for v in map(json.loads, out.splitlines())], status, err


have = merged(a, b)
tap.ok(have[0] == [("mail.example.com", 1, 2), ("10.0.0.1", 2, 2), ("other", 1, 2), ("other", 2, 2)] and have[2] == "",
       "merge: one machine is one server, its worst view first", have)
have = merged(a, pool)[0]
tap.ok(("mail.example.com", 1, 1) in have and ("10.0.0.1", 1, 1) in have, "merge: a pool is not", have)
have = merged(a, upper)[0]
tap.ok(("mail.example.com", 1, 2) in have and ("MAIL.example.com.", 2, 2) in have and ("other:8443", 1, 1) in have,
       "merge: by the same rules of names", have)
have = merged(a, a, a)
tap.ok(have[0] == [("mail.example.com", 1, 1), ("other", 1, 1)] and "4 lines left out" in have[2], "merge: copies", have)
twin = write("twin.jsonl", server("other", GOOD, OLD_DAY, ntlm("ex02.example.com") + smb1(True)))
have = merged(a, twin)[0]
tap.ok(("other", 1, 2) in have and ("other", 2, 2) in have, "merge: the same second, and another sight: no copy", have)
rows = list(csv.DictReader(io.StringIO(run("merge", "--as-of", NEW_DAY, "-o", "csv", a, twin)[1], newline="")))
tap.ok([(r["target"], r["worst_finding"]) for r in rows] == [("mail.example.com", "smb1-offered"), ("other", "smb1-offered")],
       "merge: the worst of both counts", rows)

# ---- odd files ----
EMPTY, BLANK = path("empty.jsonl"), path("blank.jsonl")
for name, data in ((EMPTY, b""), (BLANK, b"\n\n"), (path("cut.jsonl"), open(NEW, "rb").read()[:-40]),
                   (path("v0.jsonl"), open(NEW, "rb").read().replace(b"exvet/1", b"exvet/0", 1)),
                   (path("crlf.jsonl"), open(NEW, "rb").read().replace(b"\n", b"\r\n")),
                   (path("zipped.jsonl"), b"\x1f\x8b\x08\x00" + bytes(range(10, 250)) * 40)):
    with open(name, "wb") as f:
        f.write(data)
for args in (["report", EMPTY], ["report", BLANK], ["merge", EMPTY], ["diff", OLD, EMPTY], ["report", "--compare", OLD, EMPTY]):
    status, out, err = run(*args)
    tap.ok(status == 2 and "no result could be read" in err, "nothing in it: " + " ".join(args[:2]).split("/")[0], (status, err))
status, out, err = run("diff", "-o", "jsonl", EMPTY, NEW)
tap.ok(status == 0 and all(json.loads(s)["change"] == "new" for s in out.splitlines()) and out, "an empty old run: all is new")
for name, line in (("cut.jsonl", 7), ("v0.jsonl", 1)):
    for args in (["report", "--strict", path(name)], ["diff", "--strict", OLD, path(name)], ["merge", "--strict", path(name)],
                 ["diff", "--strict", path(name), OLD]):
        status, out, err = run(*args)
        tap.ok(status == 3 and "%s:%d: " % (name, line) in err, "%s %s: told, the rest is used" % (args[0], name),
               (status, err))
os.link(NEW, path("linked.jsonl"))
for again in (NEW, path("linked.jsonl"), os.path.join(folder.name, ".", "new.jsonl")):
    status, out, err = run("report", NEW, OLD, again)
    tap.ok(status == 2 and out == "" and "named twice" in err, "the same file twice: " + os.path.basename(again), err)
tap.ok(changes(OLD, path("crlf.jsonl"))[0] == smb, "lines may end in CRLF")
status, out, err = run("merge", path("zipped.jsonl"), NEW)
tap.ok(status == 4 and "compressed" in err and "came" in out, "merge: one of two cannot be read", (status, err))
status, out, err = run("report", NEW, path("zipped.jsonl"))
tap.ok(status == 4 and "compressed" in err and "came" in out, "report: one of two cannot be read", (status, err))
for args in (["report"], ["diff", OLD], ["merge"], ["report", "--compare"]):
    extra = [NEW] if args[-1] == "--compare" else []
    status, out, err = run(*args, path("zipped.jsonl"), *extra)
    tap.ok(status in (2, 4) and "compressed by gzip" in err and err.count("\n") <= 2 and "Traceback" not in err,
           "gzip: " + args[0], (status, err))
    status, out, err = run(*args, folder.name, *extra)
    tap.ok(status in (2, 4) and "Is a directory" in err, "a folder: " + args[0], (status, err))

# ---- judging again is the same, byte for byte ----
once = run("report", "--as-of", NEW_DAY, "--policy", "strict", "-o", "jsonl", OLD)[1]
with open(path("once.jsonl"), "w", encoding="utf-8") as f:
    f.write(once)
for policy in ("strict", "cisa-2025"):
    first = run("report", "--as-of", NEW_DAY, "--policy", policy, "-o", "jsonl", OLD)[1]
    second = run("report", "--as-of", NEW_DAY, "--policy", policy, "-o", "jsonl", path("once.jsonl"))[1]
    tap.ok(first == second and first.count("\n") == 7, "judged again by %s: the same bytes" % policy)
tap.ok(run("report", "--as-of", NEW_DAY, "--policy", "cisa-2025", "-o", "jsonl", OLD)[1] != once,
       "another policy gives others")
tap.end()
