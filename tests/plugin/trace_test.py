#!/usr/bin/python3
"""check_exchange under strace: no other process, nothing written but its line, no third party."""

import os
import re
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugin import Plugin, harness

CALLS = ("clone,clone3,fork,vfork,execve,execveat,open,openat,openat2,creat,mkdir,mkdirat,mknod,mknodat,"
         "rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,truncate,ftruncate,"
         "memfd_create,chmod,fchmodat,connect,sendto,sendmsg,bind")
MAKES = {"creat", "mkdir", "mkdirat", "mknod", "mknodat", "rename", "renameat", "renameat2", "link",
         "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "truncate", "ftruncate", "memfd_create",
         "chmod", "fchmodat"}


def judge(tap, text, address, name):
    calls = re.findall(r"^\d+ +(\w+)\((.*)$", text, re.M)
    tap.ok(sum(c == "execve" for c, _ in calls) == 1 and not any(
        c in ("fork", "vfork", "execveat") or c.startswith("clone") and "CLONE_THREAD" not in a
        for c, a in calls), f"{name}: no other process", [c for c in calls if "open" not in c[0]][:20])
    tap.ok(not any(c in MAKES or c.startswith("open") and re.search(r"O_(CREAT|WRONLY|RDWR|TMPFILE)", a)
                   for c, a in calls), f"{name}: no file is made or changed",
           [c for c in calls if c[0] in MAKES or "O_RDWR" in c[1]])
    peers = set(re.findall(r'inet_addr\("([0-9.]+)"\)|inet_pton\(AF_INET6, "([0-9a-f:]+)"', text))
    peers = {a or b for a, b in peers} - {"0.0.0.0", "::"}
    tap.equal(peers, {address} if address else set(), f"{name}: the server alone is asked")


def main():
    if not harness.have_scan():
        harness.skip_all("this exvet cannot scan")
    if not shutil.which("strace"):
        harness.skip_all("needs strace")
    if harness.sanitized():
        harness.skip_all("a sanitizer makes calls of its own")
    tap = harness.Tap()
    with harness.Lab("ex-se-latest", "bad-mute") as lab, Plugin() as plugin, \
            tempfile.TemporaryDirectory() as folder:
        address = dict(line.split(":", 1) for line in lab.read("resolve.txt").split())
        rows = [("a good server", "ex-se-latest", ["-vvv", "--checks",
                 "patch,support,tls,cert,smb,auth,mail,health,exposure"]),
                ("a silent server", "bad-mute", ["-t", "1"]), ("a mistake", None, ["--bogus"])]
        for name, profile, more in rows:
            host = (profile or "x") + ".exvet.test"
            out = os.path.join(folder, "trace")
            run = harness.Run(["-f", "-qq", "-e", "trace=" + CALLS, "-o", out, plugin.path,
                               *lab.options(), "-H", host, "-p", str(lab.port(443)), *more],
                              program=shutil.which("strace"))
            if not os.path.exists(out) or "ptrace" in run.err:
                tap.skip(name, "strace may not trace here: " + run.err[:200])
                continue
            tap.ok(run.out.startswith("EXCHANGE ") and run.err == "", f"{name}: the line", run)
            with open(out, encoding="utf-8", errors="replace") as f:
                judge(tap, f.read(), address.get(host) if profile else None, name)
    tap.done()


if __name__ == "__main__":
    main()
