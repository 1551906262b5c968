"""What end-to-end tests share: TAP, the lab, and a run of exvet with limits.

Standard library only.  The binary comes from $EXVET, the source tree from
$top_srcdir, as `make check` sets them.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

SRCDIR = os.environ.get("top_srcdir") or os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
LAB = os.path.join(SRCDIR, "tests", "lab", "lab.py")
EXVET = os.environ.get("EXVET", os.path.join(SRCDIR, "build", "exvet"))
PYTHON = "/usr/bin/python3"


class Tap:
    """Prints test points as they come; done() prints the plan and exits."""

    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, detail=None):
        self.count += 1
        self.failed += not good
        print(("ok" if good else "not ok"), self.count, "-", name.replace("#", "\\#"))
        if not good and detail is not None:
            for line in (str(detail) or repr(detail)).splitlines()[:40]:
                print("#  ", line)
        sys.stdout.flush()
        return bool(good)

    def equal(self, got, expected, name):
        return self.ok(got == expected, name, f"got      {got!r}\nexpected {expected!r}")

    def skip(self, name, why):
        self.count += 1
        print("ok", self.count, "-", name, "# SKIP", why)

    def done(self):
        if self.count == 0:
            self.ok(False, "a test that checks nothing fails")
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def skip_all(why):
    print("1..0 # SKIP", why)
    sys.exit(0)


def stop(process, seconds=20):
    """Ask a server that we started to end, and end it when it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Lab:
    """The lab in a directory of its own, for the length of a with statement.

    Root gets the real ports unless another lab holds them; everyone else, and
    the second comer, gets all ports moved up.
    """

    OFFSETS = (0, 20000, 24000, 28000, 30000)

    def __init__(self, *names, offset=None):
        self.names = names
        self.offsets = self.OFFSETS if offset is None else (offset,)
        if os.geteuid() != 0:
            self.offsets = [o for o in self.offsets if o] or (20000,)

    def __enter__(self):
        self.dir = tempfile.mkdtemp(prefix="exvet-lab-")
        for self.offset in self.offsets:
            self.process = subprocess.Popen(
                [PYTHON, LAB, "up", "--dir", self.dir, "--port-offset", str(self.offset), *self.names],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            while self.process.poll() is None:
                if os.path.exists(self.path("ready")):
                    return self
                time.sleep(0.02)
            self.output = self.process.stdout.read()
            if "in use" not in self.output:
                break
        shutil.rmtree(self.dir, ignore_errors=True)
        raise RuntimeError("the lab did not start: " + self.output)

    def __exit__(self, *unused):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()             # status -9: a test point of lab_test.py
            self.process.communicate()
        if not os.environ.get("KEEP_LAB"):
            shutil.rmtree(self.dir, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.dir, name)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as f:
            return f.read()

    def expected(self):
        return json.loads(self.read("expect.json"))

    def requests(self, name=None):
        """[connection, profile, scheme, method, target, authorization, agent] of each request."""
        rows = [line.split("\t") for line in self.read("access.log").split("\n") if line]
        return [r for r in rows if name is None or r[1] == name]

    def heard(self, name=None):
        """[connection, profile, service, line] of SMB and mail; "open" and "close" too."""
        for _ in range(500):                # the lab hears of an end when it gets to it
            rows = [line.split("\t") for line in self.read("services.log").split("\n") if line]
            said = [r[3] for r in rows]
            if said.count("open") == said.count("close"):
                break
            time.sleep(0.02)
        return [r for r in rows if name is None or r[1] == name]

    def options(self):
        """Options by which exvet reaches the lab."""
        out = ["--ca-file", self.path("ca.pem")]
        for line in self.read("resolve.txt").split():
            out += ["--resolve", line]
        for line in self.read("ports.txt").split():
            out += ["--port", line]
        return out

    def port(self, number):
        return number + self.offset


class Run:
    """One run of exvet: status (negative: signal), out, err, seconds, peak_kib, timed_out."""

    def __init__(self, args, timeout=60, stdin=None, env=None, program=None):
        environment = {k: v for k, v in os.environ.items()
                       if not k.lower().endswith("_proxy") and not k.startswith(("XDG_", "EXVET_"))}
        if "EXVET_TABLE" in os.environ:
            environment["EXVET_TABLE"] = os.environ["EXVET_TABLE"]
        environment.update({"HOME": "/nonexistent", "TZ": "UTC", "LC_ALL": "C.UTF-8", **(env or {})})
        self.args = [program or EXVET, *args]
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, \
                tempfile.TemporaryFile() as inp:
            if stdin:
                inp.write(stdin.encode() if isinstance(stdin, str) else stdin)
                inp.seek(0)
            begin = time.monotonic()
            process = subprocess.Popen(self.args, stdin=inp, stdout=out, stderr=err, env=environment)
            self.timed_out = False
            timer = threading.Timer(timeout, self._late, [process.pid])
            timer.start()
            _, status, usage = os.wait4(process.pid, 0)
            timer.cancel()
            self.seconds = time.monotonic() - begin
            process.returncode = self.status = os.waitstatus_to_exitcode(status)
            self.peak_kib = usage.ru_maxrss
            self.cpu = usage.ru_utime + usage.ru_stime
            out.seek(0)
            err.seek(0)
            self.out = out.read().decode("utf-8", "backslashreplace")
            self.err = err.read().decode("utf-8", "backslashreplace")

    def _late(self, pid):
        self.timed_out = True
        os.kill(pid, signal.SIGABRT)

    def __str__(self):
        return (f"{' '.join(self.args[:6])} ...: status {self.status} after {self.seconds:.1f} s, "
                f"peak {self.peak_kib} KiB\nstdout: {self.out[-1500:]}\nstderr: {self.err[-1500:]}")


def have_scan():
    """Can this binary scan yet?"""
    return os.access(EXVET, os.X_OK) and Run(["scan", "--help"]).status == 0


def sanitized():
    with open(EXVET, "rb") as f:
        return b"__asan_init" in f.read()


def json_lines(text):
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def scan(lab, targets, *options, timeout=300):
    """(run, results) of a scan of these targets with JSON Lines output."""
    with tempfile.TemporaryDirectory() as folder:
        file, listing = os.path.join(folder, "out.jsonl"), os.path.join(folder, "targets")
        with open(listing, "w", encoding="utf-8") as f:
            f.writelines(t + "\n" for t in targets)
        run = Run(["scan", "-i", listing, "-o", "jsonl:" + file, *lab.options(), *options],
                  timeout=timeout)
        results = []
        if os.path.exists(file):
            with open(file, encoding="utf-8", newline="\n") as f:
                results = json_lines(f.read())
    return run, results


def observations(result, fact):
    return [o for o in result.get("observations", []) if o["fact"] == fact]


def _text(value):
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return str(int(value))
    return str(value)


def _one(result, key, want):
    """(what the result has, whether that is right) for one line of [expect]."""
    words = want.split("|")
    if key.startswith("fact."):
        got = [_text(o["value"]) for o in observations(result, key[5:])]
        return got, any(w in got for w in words)
    if key.startswith("nofactvalue."):
        got = [_text(o["value"]) for o in observations(result, key[12:])]
        return got, want not in got
    if key in ("hasfact", "nofact"):
        got = [_text(o["value"]) for o in observations(result, want)]
        return got, bool(got) == (key == "hasfact")
    if key.startswith("finding."):
        got = next((f["verdict"] for f in result["findings"] if f["rule"] == key[8:]), None)
        return got, got in words
    if key == "error":
        got = [f"{e['stage']} {e['reason']}" for e in result.get("errors", [])]
        stage, _, reason = want.partition(" ")
        return got, any(stage in ("*", e["stage"]) and reason in ("", e["reason"])
                        for e in result.get("errors", []))
    if key.endswith(".not"):
        got = _text(result.get(key[:-4]))
        return got, got not in words
    got = _text(result.get(key))
    return got, got in words


def mismatches(result, expect):
    """What in a result differs from a profile's [expect] section; [] when nothing does."""
    out = []
    for key, want in expect:
        if key == "bounded":            # that there is a result at all says it
            continue
        got, good = _one(result, key, want)
        if not good:
            out.append(f"{key}: expected {want!r}, got {got!r}")
    return out
