#!/usr/bin/python3
"""What check_exchange costs before its first packet: at most five TLS handshakes.

Counted in instructions by callgrind, so a busy machine changes nothing.  What
is counted begins with the dynamic linker and ends where the first connection
begins; the measure is the client's side of the handshake that follows.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugin import Plugin, harness


def total(path):
    with open(path, encoding="utf-8", errors="replace") as f:
        return int(re.search(r"^(?:summary|totals): (\d+)", f.read(), re.M)[1])


def inclusive(path, function):
    """Instructions of the function and what it calls; None when it never ran."""
    said = subprocess.run(["callgrind_annotate", "--inclusive=yes", "--auto=no", "--threshold=100", path],
                          capture_output=True, check=False).stdout.decode(errors="replace")
    rows = re.findall(r"^ *([0-9,]+) .*?:" + function + r"(?:'\d+)? \[", said, re.M)
    return max(int(r.replace(",", "")) for r in rows) if rows else None


def main():
    if not shutil.which("valgrind") or not shutil.which("callgrind_annotate"):
        harness.skip_all("needs valgrind")
    if harness.sanitized():
        harness.skip_all("a sanitizer counts its own instructions")
    tap = harness.Tap()
    with harness.Lab("ex-se-latest") as lab, Plugin() as plugin, \
            tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "cost")
        run = harness.Run(
            ["-q", "--tool=callgrind", "--dump-before=dial_start", f"--callgrind-out-file={out}",
             plugin.path, "-H", "127.20.1.15", "-p", str(lab.port(443)), "-t", "100",
             "--as-of", "2026-10-20", "--checks", "patch", "--probes", "owa"],
            program=shutil.which("valgrind"), timeout=120)
        if not tap.ok(run.status == 0 and "up to date" in run.out and os.path.exists(out + ".1"),
                      "the check under callgrind", run):
            tap.done()
        before = total(out + ".1")
        handshake = inclusive(out, "SSL_do_handshake")
        # A library that is loaded when it is needed is the dynamic linker's work too.
        own = (inclusive(out + ".1", "main") or 0) - (inclusive(out + ".1", "late_load") or 0)
        tap.ok(handshake and handshake > 1_000_000, "the handshake is counted", handshake)
        print(f"# before the first packet {before} instructions, {own} of them after the dynamic "
              f"linker; one handshake {handshake}")
        tap.ok(before <= 5 * (handshake or 0), "at most five handshakes before the first packet",
               f"{before} and {handshake}")
        tap.ok(0 < own <= 2 * (handshake or 0), "of which our own code at most two",
               f"{own} and {handshake}")
        tap.ok(inclusive(out + ".1", "builds_load") is None and inclusive(out, "builds_load"),
               "the table is read after the first packet")
    tap.done()


if __name__ == "__main__":
    main()
