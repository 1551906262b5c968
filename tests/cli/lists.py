"""lists.py - what becomes of the entries of several lists: a list that breaks off
does not take the next one along, and what made no target is counted."""
import json
import os
import tempfile

from tap import Tap, run

tap = Tap()
folder = tempfile.TemporaryDirectory()
two = os.path.join(folder.name, "two.txt")
with open(two, "w", encoding="utf-8") as f:
    f.write("127.0.0.51:1\n127.0.0.51:1\n127.0.0.52:1\n127.0.0.53:1\n")
GZIP = b"\x1f\x8b\x08 not text"


def scan(*args, stdin=b""):
    return run("scan", "--profile", "quick", "--progress=never", *args, stdin=stdin)


status, out, err = scan("-i", two, "-o", "jsonl")
names = sorted(json.loads(line)["target"] for line in out.splitlines())
tap.ok(status == 0 and names == ["127.0.0.51:1", "127.0.0.52:1", "127.0.0.53:1"], "a list: each once", (status, names, err))

status, out, err = scan("-", "-i", two, "-o", "jsonl", stdin=GZIP)
names = sorted(json.loads(line)["target"] for line in out.splitlines())
tap.ok(names == ["127.0.0.51:1", "127.0.0.52:1", "127.0.0.53:1"], "a list that cannot be read: the next one is", (names, err))
tap.ok(status == 4 and "gzip" in err, "it is told, and the status is 4", (status, err))

status, out, err = scan("-i", two, "--exclude", "127.0.0.52")
tap.ok("Left out    1 duplicate, 1 excluded\n" in out, "duplicates and excluded ones are counted", out)
status, out, err = scan("127.0.0.51:1", "127.0.0.52:1")
tap.ok(status == 0 and "Targets" in out and "Left out" not in out, "nothing left out: no line", out)

status, out, err = scan("127.0.0.51:1", "127.0.0.52:1", "--tls", "none", "--profile", "full", "-o", "jsonl")
probes = [json.loads(line)["probes"].split(",") for line in out.splitlines()]
tap.ok(len(probes) == 2 and all("smtp" in p and not [n for n in p if n.startswith("tls")] for p in probes),
       "--tls none: no probe of TLS at any port", probes)
for names, depth, want in ((["127.0.0.51:1"], "auto", "tls-exact"), (["127.0.0.51:1"], "posture", "tls"), (["127.0.0.51:1"], "exact", "tls-exact"),
                           (["127.0.0.51:1", "127.0.0.52:1"], "auto", "tls"), (["127.0.0.51:1", "127.0.0.52:1"], "exact", "tls-exact")):
    status, out, err = run("scan", "--progress=never", "--probes", "tls", "--tls", depth, "-o", "jsonl", *names)
    probes = {json.loads(line)["probes"].split(",")[0] for line in out.splitlines()}
    tap.ok(status == 0 and probes == {want}, "--probes tls --tls %s for %d: %s" % (depth, len(names), want), (probes, err))
tap.end()
