"""large_test.py - 10,000 servers: every format within bounds of time and memory,
and with all of them in it."""
import json
import os
import re
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import large  # noqa: E402

SECONDS, MEBIBYTES = 60, 300
ENV = dict(os.environ, XDG_CONFIG_HOME="/nonexistent")


def lines(path):
    with open(path, "rb") as f:
        return sum(1 for _ in f)


def hits(word):
    def count(path):
        with open(path, "rb") as f:
            return sum(line.count(word) for line in f)
    return count


def firsts(path):
    """How many different first cells the rows have, but for the head."""
    with open(path, "rb") as f:
        return len({line.split(b",", 1)[0] for line in f}) - 1


def hosts(path):
    """How many of the servers are named."""
    names = set()
    with open(path, "rb") as f:
        for line in f:
            names.update(re.findall(rb"mail\d+\.example", line))
    return len(names)


def rows(path):
    """The rows that the script of the page gets, when its own count says the same."""
    with open(path, encoding="utf-8") as f:
        page = f.read()
    data, numbers = (json.loads(re.search(
        rf'<script type="application/json" id="{name}">(.*?)</script>', page, re.S).group(1))
        for name in ("data", "numbers"))
    return len(data["rows"]) if len(data["rows"]) == numbers["targets"] else -1


# How to count in each format, and what that must give: (least, most).
ALL = large.COUNT
FORMATS = {
    "text": (lines, 1000, ALL), "jsonl": (lines, ALL, ALL), "csv": (lines, ALL + 1, ALL + 1),
    "csv-findings": (firsts, ALL, ALL), "html": (rows, ALL, ALL), "markdown": (lines, 50, 1000),
    "junit": (hits(b"<testsuite "), ALL, ALL), "xccdf": (hits(b"<TestResult "), ALL, ALL),
    "sarif": (hosts, ALL // 2, ALL), "shadowserver": (hosts, ALL // 2, ALL), "intelmq": (hosts, ALL // 2, ALL),
    "controls": (lines, 50, 10000), "controls-jsonl": (lines, 50, 10000), "prometheus": (hosts, ALL, ALL), "zabbix": (hits(b" exvet.state "), ALL, ALL),
    "checkmk": (hits(b"<<<local:"), ALL, ALL), "changes": (lines, 2, 1000), "changes-csv": (lines, 1, 1000),
    "changes-jsonl": (lines, 0, 1000),
}
LEFT_OUT = {"icinga", "checklist"}      # one goes to a server, the other is about one server
# The size that nobody can use.
MOST = {"html": 60 << 20, "markdown": 1 << 20, "text": 4 << 20}


def measure(args):
    """(status, seconds of CPU, MiB at most) of one process; the MiB are never less than ours."""
    pid = os.fork()
    if pid == 0:
        os.execvpe(args[0], args, ENV)
    _, status, usage = os.wait4(pid, 0)
    return (os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024)


def main():
    listed = {line.split()[0] for line in subprocess.run(
        [os.environ["EXVET"], "list", "formats"], capture_output=True, text=True,
        check=True).stdout.splitlines()}
    good = listed == set(FORMATS) | LEFT_OUT
    failed = int(not good)
    print("ok" if good else "not ok", "1 - every format is measured:", *sorted(listed ^ set(FORMATS)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "in.jsonl")
        large.write(source)
        for n, (fmt, (count, least, most)) in enumerate(FORMATS.items(), 2):
            out = os.path.join(folder, "out")
            args = ["--compare", source] if fmt.startswith("changes") else []
            status, seconds, mebibytes = measure([os.environ["EXVET"], "report", "--as-of=2026-11-24",
                                                  *args, "-o", f"{fmt}:{out}", source])
            size = os.path.getsize(out) if os.path.exists(out) else 0
            held = count(out) if os.path.exists(out) else -1
            good = (status == 0 and seconds < SECONDS and mebibytes < MEBIBYTES and
                    least <= held <= most and size < MOST.get(fmt, 1 << 31))
            failed += not good
            print(f"{'ok' if good else 'not ok'} {n} - {fmt}: {large.COUNT} servers, {held} counted, "
                  f"{seconds:.1f} s of CPU, {mebibytes:.0f} MiB, {size} bytes")
            if os.path.exists(out):
                os.unlink(out)
    print(f"1..{len(FORMATS) + 1}")
    sys.exit(failed > 0)


main()
