#!/usr/bin/python3
"""systemd-analyze takes the units, and finds them well shut in."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from icinga import Installed, harness

UNITS = os.path.join(harness.SRCDIR, "conf", "systemd")


def analyze(*args):
    done = subprocess.run(["systemd-analyze", *args], capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def check_installed(tap):
    """What is installed names the programs where they are installed."""
    with Installed() as plugin:
        root = plugin.folder.name
        exvet = os.path.realpath(plugin.path)[len(os.path.realpath(root)):]
        link = plugin.path[len(root):]
        conf = next(f for f, _, _ in os.walk(root) if f.endswith("/share/exvet/conf"))
        for path, program in (("systemd/exvet.service", exvet), ("zabbix/exvet_json", exvet),
                              ("checkmk/exvet-piggyback", exvet), ("checkmk/mrpe.cfg", link),
                              ("nagios/check_exchange.cfg", link)):
            with open(os.path.join(conf, path), encoding="utf-8") as f:
                named = set(re.findall(r"(/[a-z/]+/(?:exvet|check_exchange))\s", f.read()))
            tap.equal(named, {program}, f"{path} names the installed program")
        scripts = [os.path.join(conf, "zabbix", "exvet_json"), os.path.join(conf, "checkmk", "exvet-piggyback")]
        tap.ok(all(os.access(s, os.X_OK) for s in scripts), "the scripts can be run", scripts)


def check_ended(tap, service):
    """A waiver that has ended makes the status 1, and the metrics are handed on all the same."""
    with tempfile.TemporaryDirectory() as folder:
        waivers, metrics = os.path.join(folder, "waivers.ini"), os.path.join(folder, "exvet.prom")
        with open(waivers, "w", encoding="utf-8") as f:
            f.write("[waiver gone]\nrule = su-missing\ntarget = 127.0.0.1\nreason = x\nowner = y\n"
                    "until = 2026-01-31\n")
        run = harness.Run(["scan", "--waivers", waivers, "--progress", "never", "-o",
                           "prometheus:" + metrics, "127.0.0.1:1"])
        good = re.findall(r"^SuccessExitStatus=(.*)", service, re.M)
        tap.ok(os.path.exists(metrics) and [str(run.status)] == good,
               "an ended waiver does not keep the metrics back", f"{good}\n{run}")


def main():
    if not shutil.which("systemd-analyze"):
        harness.skip_all("needs systemd-analyze")
    tap = harness.Tap()
    with open(os.path.join(UNITS, "exvet.service"), encoding="utf-8") as f:
        service = f.read()
    with tempfile.TemporaryDirectory() as folder:
        # The program is not installed here, and neither are the manual pages.
        shutil.copy(os.path.join(UNITS, "exvet.timer"), folder)
        with open(os.path.join(folder, "exvet.service"), "w", encoding="utf-8") as f:
            f.write(service.replace("/usr/bin/exvet", "/bin/true"))
        units = [os.path.join(folder, n) for n in ("exvet.service", "exvet.timer")]
        status, said = analyze("verify", "--man=no", *units)
        tap.ok(status == 0 and said.strip() == "", "systemd-analyze verify", said)
        with open(units[0], "a", encoding="utf-8") as f:
            f.write("NoSuchSetting=yes\n")
        status, said = analyze("verify", "--man=no", units[0])
        tap.ok("NoSuchSetting" in said, "which sees a wrong line", said)
        status, said = analyze("security", "--offline=yes", "--threshold=20", units[0])
        level = re.search(r"exposure level for \S+ ([0-9.]+)", said)
        tap.ok(status == 0 and level and float(level[1]) < 2, "systemd-analyze security below 2.0",
               said[-300:])
    formats = re.findall(r"-o ([a-z-]+):/var/lib/exvet/", service)
    known = [r["format"] for r in harness.json_lines(
        harness.Run(["list", "-o", "jsonl", "formats"]).out)]
    tap.ok({"jsonl", "html", "prometheus"} <= set(formats) and set(formats) <= set(known),
           "the service writes formats that exist", (formats, known))
    # The command of the unit, on an empty folder instead of /var/lib/exvet.
    with tempfile.TemporaryDirectory() as folder:
        targets = os.path.join(folder, "targets.txt")
        with open(targets, "w", encoding="utf-8") as f:
            f.write("127.0.0.1:1 nobody\n")
        command = re.search(r"^ExecStart=/usr/bin/exvet ((?:.*\\\n)*.*)", service, re.M)[1]
        words = command.replace("\\\n", " ").replace("/etc/exvet/targets.txt", targets).replace(
            "/var/lib/exvet", folder).split()
        run = harness.Run(words)
        nodes = os.path.join(folder, "node-exporter")
        os.mkdir(nodes)
        for post in re.findall(r"^ExecStartPost=-\+(.*)", service, re.M):
            subprocess.run(post.replace("/var/lib/exvet", folder).replace(
                "/var/lib/prometheus/node-exporter", nodes).split(), check=True)
        tap.equal(os.listdir(nodes), ["exvet.prom"], "the metrics are handed over, under one name")
        made = sorted(os.listdir(folder))
        tap.ok(run.status == 0 and {"scan.jsonl", "report.html", "exvet.prom"} <= set(made),
               "the command of the service runs", f"{run}\n{made}")
    check_ended(tap, service)
    check_installed(tap)
    tap.done()


if __name__ == "__main__":
    main()
