#!/usr/bin/python3
"""systemd-analyze takes the units, and finds them well shut in."""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from icinga import harness

UNITS = os.path.join(harness.SRCDIR, "conf", "systemd")


def analyze(*args):
    done = subprocess.run(["systemd-analyze", *args], capture_output=True, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


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
        made = sorted(os.listdir(folder))
        tap.ok(run.status == 0 and {"scan.jsonl", "report.html", "exvet.prom"} <= set(made),
               "the command of the service runs", f"{run}\n{made}")
    tap.done()


if __name__ == "__main__":
    main()
