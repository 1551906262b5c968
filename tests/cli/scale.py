"""scale.py - 10,000 servers: every way over time in less than 60 s of CPU and 300 MiB."""
import json
import os
import subprocess
import tempfile

from tap import EXVET, Tap

tap = Tap()
folder = tempfile.TemporaryDirectory()
SERVERS = int(os.environ.get("EXVET_SCALE", "10000"))
BUILDS = ["15.2.2562.56", "15.2.2562.53", "15.2.1748.36", "15.1.2507.44", "15.0.1497.48", "15.2.1748"]
CPU, MEMORY = 60, 300 * 1024		# seconds, KiB


def obs(fact, value, at="https://mail/owa/", probe="owa"):
    return {"fact": fact, "value": value, "at": at, "probe": probe, "evidence": "evidence of it"}


COMMON = [obs("exchange.mark", m) for m in ["guid", "owa-page", "owa-path", "cookie", "feserver",
                                            "owa-header"]] + \
    [obs("http.status", 200 + i, "https://mail/%d" % i) for i in range(40)] + \
    [obs("tls.suite", "TLSv1.2 SUITE_%d" % i, "mail:443", "tls") for i in range(30)] + \
    [obs("cert.san", "name%d.example.com" % i, "mail:443", "cert") for i in range(10)]


def write(name, day, shift):
    with open(os.path.join(folder.name, name), "w", encoding="utf-8") as f:
        for i in range(SERVERS):
            f.write(json.dumps({
                "schema": "exvet/1", "target": "mail%05d.example.com" % i, "port": 443,
                "address": "10.%d.%d.%d" % (i >> 16, i >> 8 & 255, i & 255),
                "started": day + "T10:00:00.000Z", "vantage": name, "errors": [], "observations":
                [obs("exchange.build", BUILDS[(i + shift) % len(BUILDS)])] + COMMON}) + "\n")
    return os.path.join(folder.name, name)


def measure(*args):
    """(status, bytes out, CPU seconds, KiB at most)"""
    with subprocess.Popen([EXVET, *args], stdout=subprocess.PIPE) as p:
        size = 0
        while block := p.stdout.read(1 << 20):
            size += len(block)
        _, status, used = os.wait4(p.pid, 0)
        p.returncode = os.waitstatus_to_exitcode(status)
    return p.returncode, size, used.ru_utime + used.ru_stime, used.ru_maxrss


old, new = write("old.jsonl", "2026-10-20", 0), write("new.jsonl", "2026-11-01", 1)
RUNS = [
    ("text with every framework", ["report", "--framework", "all", new]),
    ("controls", ["report", "-o", "controls", new]),
    ("csv-findings", ["report", "-o", "csv-findings", new]),
    ("jsonl by a policy", ["report", "--policy", "strict", "-o", "jsonl", new]),
    ("diff", ["diff", "-o", "csv", old, new]),
    ("trend", ["report", "--history", folder.name, "-o", "text", new]),
    ("merge", ["merge", "-o", "jsonl", old, new]),
]
for name, args in RUNS:
    status, size, cpu, memory = measure(*args)
    print("# %s: %.1f s of CPU, %d MiB, %d bytes" % (name, cpu, memory // 1024, size))
    tap.ok(status == 0 and size > 100 and cpu < CPU and memory < MEMORY,
           "%d servers: %s" % (SERVERS, name), (status, size, cpu, memory))
tap.end()
