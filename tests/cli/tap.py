"""tap.py - what the scripts in this folder share: TAP, and running exvet."""
import os
import subprocess
import sys

EXVET = os.environ.get("EXVET", "./exvet")
TOP = os.environ.get("top_srcdir", ".")


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, detail=None):
        self.count += 1
        self.failed += not good
        print("%sok %d - %s" % ("" if good else "not ", self.count, name))
        if not good and detail is not None:
            for line in (str(detail) or repr(detail)).splitlines()[:40]:
                print("# " + line)
        return good

    def skip(self, name, why):
        self.count += 1
        print("ok %d # SKIP %s: %s" % (self.count, name, why))

    def end(self):
        if self.count == 0:
            print("Bail out! nothing was checked")
        print("1..%d" % self.count)
        sys.exit(1 if self.failed or not self.count else 0)


def run(*args, env=None, stdin=b"", name=None):
    """(status, stdout, stderr) of exvet, or under that name, with an environment of its own."""
    clean = {k: v for k, v in os.environ.items()
             if not k.startswith("EXVET_") or k == "EXVET_TABLE"}
    clean.pop("NO_COLOR", None)
    clean["XDG_CONFIG_HOME"] = "/nonexistent"
    clean.update(env or {})
    p = subprocess.run([name or EXVET, *args], executable=EXVET, input=stdin, capture_output=True, env=clean,
                       timeout=60, check=False)
    return p.returncode, p.stdout.decode(), p.stderr.decode()
