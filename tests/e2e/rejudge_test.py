#!/usr/bin/python3
"""Judging a stored scan again: the same bytes as the scan gave, in every format, for the same
table and policy; and not one packet."""

import os
import re
import shutil
import subprocess
import tempfile

import harness

NAMES = ("ex-se-newer", "ex2019-cu15-oct25", "ex2016-three-part-only", "preauth-f5", "bad-refuse", "zpush",
         "cert-expired")
DAY = "2026-11-24"
# What a format is given beside its name; None: it goes nowhere that a file could hold.
MORE = {"icinga": None, "checklist": None, "changes": None, "changes-csv": None, "changes-jsonl": None}
PAST = {"changes", "changes-csv", "changes-jsonl"}


def formats():
    return [line.split()[0] for line in harness.Run(["list", "formats"]).out.splitlines() if line.strip()]


def read(path):
    with open(path, "rb") as f:
        return f.read()


def without_inputs(page):
    """The page without the hash of the file that it was made from: a scan has no file."""
    return re.sub(rb"<div><dt>Results</dt><dd>[^\n]*</dd></div>\n", b"", page)


def judge(files, scan, *options):
    """Every format of the files, written by one report into a folder of its own."""
    folder = tempfile.mkdtemp(dir=os.path.dirname(scan))
    out = [o for f in files for o in ("-o", "%s:%s" % (f, os.path.join(folder, f)))]
    run = harness.Run(["report", "--as-of", DAY, *options, *out, scan])
    return run, {f: read(os.path.join(folder, f)) for f in files if os.path.exists(os.path.join(folder, f))}


def network_of(path):
    """Calls that strace saw make a socket or send by one."""
    with open(path, encoding="utf-8", errors="replace") as f:
        return [line for line in f if re.search(r"\b(socket|socketpair|connect|bind|sendto|sendmsg|sendmmsg)\(", line)]


def traced(trace, args):
    """Run exvet under strace; the leak sanitizer cannot work beside it."""
    quiet = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    return subprocess.run(["strace", "-f", "-e", "trace=network", "-o", trace, harness.EXVET, *args],
                          env={**os.environ, "ASAN_OPTIONS": quiet}, capture_output=True, check=False)


def silent(tap, folder, scan, policy):
    trace = os.path.join(folder, "trace")
    commands = {
        "report": ["report", "--as-of", DAY, "--policy", policy, "-o", "html:" + os.path.join(folder, "page"), scan],
        "diff": ["diff", scan, scan], "merge": ["merge", "-o", "csv", scan],
        "report --framework --history": ["report", "--framework", "all", "--history", folder, scan],
    }
    if shutil.which("strace") is None:
        tap.skip("no packet", "needs strace")
        return
    for name, args in commands.items():
        done = traced(trace, args)
        tap.ok(done.returncode == 0 and os.path.exists(trace), name + ": runs under strace", done.stderr)
        tap.equal(network_of(trace), [], name + ": no socket is made")
    control = traced(trace, ["scan", "--connect-timeout", "1s", "127.0.0.1:1"])
    tap.ok(network_of(trace), "a scan makes some: they would have been seen", control.stderr)
    lonely = subprocess.run(["unshare", "-n", harness.EXVET, *commands["diff"]], capture_output=True, check=False)
    if lonely.returncode != 0 and b"unshare" in lonely.stderr:
        tap.skip("without any network", "no right to a network namespace")
    else:
        tap.ok(lonely.returncode == 0, "without any network it works as well", lonely.stderr)


def check(tap, lab, folder):
    scan = os.path.join(folder, "scan.jsonl")
    files = [f for f in formats() if MORE.get(f, "") is not None and f != "jsonl"]
    tap.ok(len(files) >= 12 and "html" in files and "xccdf" in files, "formats", files)
    policy = os.path.join(folder, "house.ini")
    with open(policy, "w", encoding="utf-8") as f:
        f.write("[policy]\nbased-on = strict\n[waiver old]\nrule = su-missing\ntarget = *\nreason = r\nowner = o\n"
                "until = 2027-01-31\n[http-hsts]\nenabled = no\n")
    judging = ["--policy", policy, "--framework", "all"]
    out = [o for f in files for o in ("-o", "%s:%s" % (f, os.path.join(folder, "scan." + f)))]
    targets = [e["target"] for e in lab.expected()]
    run = harness.Run(["scan", "--as-of", DAY, "--connect-timeout", "3s", "--request-timeout", "5s", *judging, *out,
                       "-o", "jsonl:" + scan, *lab.options(), *targets], timeout=300)
    if not tap.ok(run.status == 0 and len(harness.json_lines(read(scan).decode())) == len(targets), "the scan", run):
        return
    run, first = judge(files, scan, *judging)
    tap.ok(run.status == 0 and sorted(first) == sorted(files), "judged again in every format", run)
    for f in files:
        was = read(os.path.join(folder, "scan." + f))
        now = first.get(f, b"")
        if f == "html":
            was, now = without_inputs(was), without_inputs(now)
        tap.ok(was == now and was, "%s: as the scan wrote it" % f,
               "\n".join(line_difference(was.decode(), now.decode())))
    run, stored = judge(["jsonl"], scan, *judging)
    tap.equal(stored.get("jsonl"), read(scan), "jsonl: as the scan wrote it")
    again = os.path.join(folder, "again.jsonl")
    with open(again, "wb") as f:
        f.write(stored["jsonl"])
    run, second = judge(files, again, *judging)
    for f in files:
        old, new = first.get(f, b""), second.get(f, b"")
        if f == "html":
            old, new = without_inputs(old), without_inputs(new)
        tap.ok(old == new and old, "%s: judged twice, the same bytes" % f)
    run, third = judge(files, scan, *judging)
    tap.equal([f for f in files if third.get(f) != first.get(f)], [], "and the same command again: the same")
    run, other = judge(["jsonl", "csv"], scan, "--policy", "default")
    tap.ok(other["csv"] != first["csv"] and other["jsonl"] != read(scan), "another policy says something else")
    run, later = judge(["jsonl"], again, *judging)
    tap.equal(later.get("jsonl"), read(scan), "what was judged otherwise in between leaves no trace")
    silent(tap, folder, scan, policy)


def line_difference(was, now):
    a, b = was.splitlines(), now.splitlines()
    yield "%d and %d lines" % (len(a), len(b))
    for x, y in zip(a, b):
        if x != y:
            yield "- " + x[:300]
            yield "+ " + y[:300]
            return


def main():
    tap = harness.Tap()
    with tempfile.TemporaryDirectory() as folder, harness.Lab(*NAMES) as lab:
        check(tap, lab, folder)
    tap.done()


main()
