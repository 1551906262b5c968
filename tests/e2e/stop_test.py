#!/usr/bin/env python3
"""stop_test.py - a signal ends a scan at once, whatever its input does."""
import json
import os
import signal
import subprocess
import tempfile
import time

EXVET = os.environ["EXVET"]
done = failed = 0


def check(what, ok, more=""):
    global done, failed
    done += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {done} - {what}" + (f" ({more})" if not ok else ""))


def stopped(number, args, lines):
    """Exit status, results and seconds from the signal to the end; standard input stays open."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen([EXVET, "scan", "--progress=never", "-o", "jsonl", *args], stdin=subprocess.PIPE,
                                 stdout=out, stderr=subprocess.DEVNULL)
        child.stdin.write("".join(line + "\n" for line in lines).encode())
        child.stdin.flush()
        time.sleep(1)
        child.send_signal(number)
        at = time.monotonic()
        try:
            status = child.wait(15)
        except subprocess.TimeoutExpired:
            child.kill()
            status = None
        out.seek(0)
        return status, [json.loads(line) for line in out], time.monotonic() - at


def main():
    refused = [f"127.0.0.1:{port}" for port in (1, 2, 3)]
    for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
        code, results, seconds = stopped(number, ["-"], refused)
        check(f"an open pipe, {number.name}: exit {status}", code == status, code)
        check("... soon", seconds < 5, seconds)
        check("... and what finished is written", sorted(r["target"] for r in results) == refused and
              all(r["finished"] for r in results))
    code, results, _ = stopped(signal.SIGINT, ["--rate", "1", "127.0.0.0/28:1"], [])
    check("a list: exit 130", code == 130, code)
    check("... every address is listed", len(results) == 16, len(results))
    check("... most as not done, with the reason", sum(not r["finished"] and r["errors"][0]["stage"] == "stopped"
                                                     for r in results) >= 10)
    print(f"1..{done}")


main()
