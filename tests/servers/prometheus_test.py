#!/usr/bin/python3
"""promtool and Debian's node_exporter take what `-o prometheus' writes; the rules are tested."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from icinga import free_port, harness

CONF = os.path.join(harness.SRCDIR, "conf", "prometheus")


def promtool(*args, stdin=None):
    done = subprocess.run(["promtool", *args], input=stdin, capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def check_rules(tap):
    for args in (("check", "rules", "exvet.rules.yml"), ("test", "rules", "exvet.rules.test.yml")):
        status, said = promtool(args[0], args[1], os.path.join(CONF, args[2]))
        tap.ok(status == 0 and "SUCCESS" in said, "promtool " + " ".join(args), said)
    with open(os.path.join(CONF, "exvet.rules.yml"), encoding="utf-8") as f:
        return f.read()


def check_file(tap, text, rules):
    status, said = promtool("check", "metrics", stdin=text.encode())
    tap.ok(status == 0 and said == "", "promtool check metrics has nothing to say", said)
    names = {line.split("{")[0].split(" ")[0] for line in text.splitlines() if line[0] != "#"}
    tap.ok(len(names) >= 12, "there are metrics", names)
    wanted = set(re.findall(r"\bexvet_[a-z_]+", rules))
    tap.ok(wanted and wanted <= names, "every metric of the alert rules is written", wanted - names)
    with open(os.path.join(harness.SRCDIR, "conf", "grafana", "exvet-dashboard.json"),
              encoding="utf-8") as f:
        shown = set(re.findall(r"\bexvet_[a-z_]+", f.read()))
    tap.ok(len(shown) > 6 and shown <= names, "every metric of the dashboard is written", shown - names)
    series = [line.rsplit(" ", 1)[0] for line in text.splitlines() if line[0] != "#"]
    tap.equal(len(series), len(set(series)), "no series stands twice")


def check_served(tap, folder, text):
    port = free_port()
    program = shutil.which("prometheus-node-exporter") or shutil.which("node_exporter")
    process = subprocess.Popen(
        [program, f"--web.listen-address=127.0.0.1:{port}", "--collector.disable-defaults",
         "--collector.textfile", f"--collector.textfile.directory={folder}"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    served = ""
    try:
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as reply:
                    served = reply.read().decode()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
    tap.ok("node_textfile_scrape_error 0" in served, "node_exporter could read the file",
           served[:1500])
    ours = [line for line in text.splitlines() if line.startswith("exvet_")]
    labels = {re.match(r"\w+", line)[0] for line in ours}
    tap.ok(all(any(s.startswith(n) for s in served.splitlines()) for n in labels),
           "node_exporter serves each metric")
    tap.equal(sum(line.startswith("exvet_") for line in served.splitlines()), len(ours),
              "node_exporter serves each series")


def main():
    exporter = shutil.which("prometheus-node-exporter") or shutil.which("node_exporter")
    if not shutil.which("promtool") or not exporter:
        harness.skip_all("needs Debian's prometheus and prometheus-node-exporter")
    tap = harness.Tap()
    rules = check_rules(tap)
    servers = ["ex-se-latest", "ex-se-aug26", "ex2013", "ex2016-three-part-only", "plain-nginx",
               "bad-refuse", "bad-escape-bytes", "cert-expired"]
    with harness.Lab(*servers) as lab, tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "exvet.prom")
        targets = [e["target"] for e in lab.expected()]
        run = harness.Run(["scan", *lab.options(), "--as-of", "2026-10-20", "--progress", "never",
                           "--vantage", "a \"b\" \\ c", "-o", "prometheus:" + out,
                           "-o", "jsonl:" + out + ".jsonl", *targets])
        tap.ok(run.status == 0, "the scan", run)
        os.chmod(folder, 0o755)
        with open(out, encoding="utf-8") as f:
            text = f.read()
        check_file(tap, text, rules)
        check_served(tap, folder, text)
        # Twice the same results: the later counts, and no series stands twice.
        shutil.copy(out + ".jsonl", out + ".again.jsonl")
        again = harness.Run(["report", "--as-of", "2026-10-20", "-o", "prometheus", out + ".jsonl",
                             out + ".again.jsonl"])
        tap.ok(again.status == 0 and again.out == text, "stored twice, judged again: the same file",
               again.out[:500])
    tap.done()


if __name__ == "__main__":
    main()
