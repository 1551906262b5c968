"""What the tests of check_exchange share: the binary under its plugin name, and a parsed line."""

import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import harness

STATES = ["OK", "WARNING", "CRITICAL", "UNKNOWN"]
# label=value[UOM];warn;crit;min;max, and only units that Icinga knows
METRIC = re.compile(r"^([a-z][a-z-]*)=(-?[0-9.]+)(s|ms)?((?:;[^;]*){0,4})$")


class Plugin:
    """A folder with a link check_exchange in it."""

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="exvet-plugin-")
        self.path = os.path.join(self.folder.name, "check_exchange")
        os.symlink(os.path.abspath(harness.EXVET), self.path)
        return self

    def __exit__(self, *unused):
        self.folder.cleanup()

    def run(self, *args, timeout=60, env=None):
        return Answer(harness.Run([str(a) for a in args], timeout=timeout, program=self.path,
                                  env=env))


class Installed(Plugin):
    """What `make install' puts into the plugin folder, below a DESTDIR.

    It must find its table by itself: EXVET_TABLE and its like are taken away
    (self.env is an environment for servers that run it).
    """

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="exvet-installed-")
        os.chmod(self.folder.name, 0o755)
        self.env = {k: v for k, v in os.environ.items()
                    if not k.startswith(("EXVET", "MAKE", "MFLAGS"))}
        build = os.path.dirname(os.path.abspath(harness.EXVET))
        done = subprocess.run(["make", "-C", build, "install", "DESTDIR=" + self.folder.name],
                              env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        found = [os.path.join(folder, "check_exchange") for folder, _, files in os.walk(self.folder.name)
                 if "check_exchange" in files]
        if done.returncode != 0 or len(found) != 1:
            raise RuntimeError(f"make install: {found}\n{done.stdout.decode()[-1500:]}")
        self.path = found[0]
        return self

    def run(self, *args, timeout=60, env=None):
        """With what the user's shell has, and nothing of the tests."""
        saved = os.environ.pop("EXVET_TABLE", None)
        try:
            return super().run(*args, timeout=timeout, env=env)
        finally:
            if saved is not None:
                os.environ["EXVET_TABLE"] = saved


class Answer:
    """One run: state, first (text before |), perf (label -> (value, rest)), long, wrong."""

    def __init__(self, run):
        self.run, self.state = run, run.status
        lines = run.out.split("\n")
        self.line, self.long = lines[0], lines[1:]
        self.first, bar, data = self.line.partition(" | ")
        self.perf, self.wrong = {}, []
        for word in data.split(" ") if bar else []:
            found = METRIC.match(word)
            if not found:
                self.wrong.append("bad performance data: " + word)
            elif found[1][:19] in [k[:19] for k in self.perf]:
                self.wrong.append("label twice: " + word)
            else:
                self.perf[found[1]] = (float(found[2]), (found[3] or "") + found[4])
        self._judge(run)

    def _judge(self, run):
        """What every answer keeps to, whatever was asked."""
        if run.status not in (0, 1, 2, 3):
            self.wrong.append(f"status {run.status}")
        elif not self.line.startswith(f"EXCHANGE {STATES[run.status]} - "):
            self.wrong.append(f"status {run.status} and line {self.line[:60]!r}")
        if run.err and not harness.sanitized():
            self.wrong.append("standard error: " + run.err[:300])
        if "AddressSanitizer" in run.err or "runtime error" in run.err:
            self.wrong.append(run.err[-2000:])
        if re.search(r"[\x00-\x08\x0b-\x1f\x7f<>$`]", run.out):
            self.wrong.append("dangerous characters: " + repr(run.out[:300]))
        if any("|" in line for line in self.long) or self.line.count("|") > 1:
            self.wrong.append("| in the wrong place")
        if run.timed_out:
            self.wrong.append("did not end")
