#!/usr/bin/python3
"""The vantage point stands in every output: what is exposed depends on it.

Left out are formats of which somebody else wrote the columns, and those that
tell changes, whose runs name it.
"""

import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from tap import EXVET, Tap  # noqa: E402

FLEET = os.path.join(os.environ.get("top_srcdir", "."), "tests", "report", "fleet.jsonl")
WITHOUT = {"changes", "changes-csv", "changes-jsonl", "checklist",
           "shadowserver", "icinga"}
NAME = "branch seven"


def run(*args):
    env = {k: v for k, v in os.environ.items() if not k.startswith("EXVET_") or k == "EXVET_TABLE"}
    return subprocess.run([EXVET, *args], capture_output=True, text=True, env=env, timeout=120)


def main():
    tap = Tap()
    with open(FLEET, encoding="utf-8") as f:
        lines = [json.loads(line) for line in f if line.strip()]
    servers = [r for r in lines if any(o["fact"] == "exchange.build" for o in r["observations"])]
    tap.ok(len(servers) > 1, "servers to report", len(servers))
    formats = [line.split()[0] for line in run("list", "formats").stdout.splitlines() if line.strip()]
    tap.ok(len(formats) > 10, "formats", formats)
    with tempfile.TemporaryDirectory() as folder:
        for name, count in (("one", 1), ("several", len(servers))):
            for vantage in (NAME, ""):
                file = os.path.join(folder, "%s-%d.jsonl" % (name, bool(vantage)))
                with open(file, "w", encoding="utf-8") as f:
                    for r in servers[:count]:
                        f.write(json.dumps({**r, "vantage": vantage}) + "\n")
                for fmt in formats:
                    if fmt in WITHOUT:
                        continue
                    p = run("report", file, "-o", fmt)
                    what = "%s, %s, %s" % (fmt, name, "named" if vantage else "not named")
                    if vantage and fmt == "intelmq" and not p.stdout:
                        tap.skip(what, "no event")
                        continue
                    tap.ok(p.returncode == 0 and (NAME in p.stdout) == bool(vantage), what, p.stdout[-400:] + p.stderr)
    tap.end()


main()
