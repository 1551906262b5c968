#!/usr/bin/python3
"""--tls-baseline: names, files, and what is wrong with them, with file:line."""
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from tap import Tap, run  # noqa: E402

ABOUT = "[baseline]\nname = x\ntitle = X\nsource = here\ndate = 2026\n"
# content, what the message must hold; None: it is fine
CASES = [
    (ABOUT + "[require]\nversions = TLSv1.2\n", None),
    (ABOUT + "[require]\nsuites = TLS_RSA_WITH_AES_128_CBC_SHA\nsuites = TLS_RSA_WITH_AES_256_CBC_SHA\n", None),
    (ABOUT + "[require]\nversions = TLSv1.5\n", ":7: versions = TLSv1.5, expected versions"),
    (ABOUT + "[require]\nversions =\n", ":7: versions = , expected versions"),
    (ABOUT + "[require]\nsuites = AES128-SHA\n", ":7: suites = AES128-SHA, expected IANA names"),
    (ABOUT + "[require]\nno = weak\n", ":7: no = weak, expected words of null"),
    (ABOUT + "[require]\nversions = TLSv1.2, TLSv1.3\n", ":7: versions = TLSv1.2,, expected versions with blanks between"),
    (ABOUT + "[require]\nversions = TLSv1.2\tTLSv1.3\n", None),
    (ABOUT + "[require]\nno = rc4 weak des\n", ":7: no = weak, expected words"),
    (ABOUT + "[require]\nno = rc4\n\0\n", ":8: a byte of zero, expected text"),
    (ABOUT + "[require]\ndh-bits = 0\n", ":7: dh-bits = 0, expected a number"),
    (ABOUT + "[require]\ndh-bits = 2048 3072\n", ":7: dh-bits = 2048 3072, expected a number"),
    (ABOUT + "[require]\ncertificate-days = 90 days\n", ":7: certificate-days = days, expected a number"),
    (ABOUT + "[require]\nkeys = rsa prime256v1\nsignatures = ecdsa-with-SHA256\none-group-of = x25519\n", None),
    (ABOUT + "[require]\nkeys = RSA\n", ":7: keys = RSA, expected words of rsa rsa-pss"),
    (ABOUT + "[require]\nsignatures = sha1WithRSAEncryption\n", ":7: signatures = sha1WithRSAEncryption, expected words as sha256"),
    (ABOUT + "[require]\nhsts = 1\n", ":7: hsts = 1, expected"),
    (ABOUT + "versions = TLSv1.2\n", ":6: versions = TLSv1.2, expected"),
    (ABOUT, ".ini: it ends without a line in [require], expected name"),
    ("[require]\nversions = TLSv1.2\n", ".ini: it ends without a name in [baseline], expected name"),
    (ABOUT.replace("title = X\n", "") + "[require]\nversions = TLSv1.2\n", ": it ends without a title in [baseline]"),
    (ABOUT.replace("title = X\n", "title =\n") + "[require]\nversions = TLSv1.2\n", ":3: title = , expected some text"),
    ("", ".ini: empty, expected a baseline: name"),
    (ABOUT + "[require]\nsuites = " + "x" * 300 + "\n", ":7: line too long"),
    (ABOUT + "[require\n", "expected"),
]
for date, good in (("2026", True), ("2026-01", True), ("2024-02-29", True), ("2026-13", False), ("2026-02-29", False),
                   ("soon", False), ("", False), ("26", False), ("2026-1-1", False), ("2026-01-01 ", True),
                   ("2026-01-01T00:00:00Z", False), ("2026-", False)):
    CASES.append((ABOUT.replace("2026", date) + "[require]\nversions = TLSv1.2\n", None if good else
                  ":5: date = %s, expected a year, a month or a day" % date.strip()))

tap = Tap()
with tempfile.TemporaryDirectory() as folder:
    results = os.path.join(folder, "none.jsonl")
    open(results, "w").close()
    for i, (content, want) in enumerate(CASES):
        path = os.path.join(folder, "b%d.ini" % i)
        with open(path, "w") as f:
            f.write(content)
        status, out, err = run("report", "--tls-baseline", path, results)
        err = err.decode() if isinstance(err, bytes) else err
        if want is None:
            tap.ok("expected" not in err, "file %d is fine" % i, err)
        else:
            tap.ok(status == 2 and want in err and err.count("\n") == 1, "file %d: %s" % (i, want), err)
    status, out, err = run("report", "--tls-baseline", folder + "/", results)
    tap.ok(status == 2 and err == "exvet: %s/: Is a directory, expected a file with a baseline\n" % folder,
           "a directory", err)
    # Each line that is broken is told by its own number in the user's file; words that may be are one list.
    fleet = os.path.join(os.environ.get("top_srcdir", "."), "tests", "report", "fleet.jsonl")
    path = os.path.join(folder, "own.ini")
    with open(path, "w") as f:
        f.write(ABOUT + "[require]\nno = rc4\nno = anonymous\nrsa-bits = 1024\nrsa-bits = 4096\noffers = TLSv1.0\n"
                "offers = TLSv1.2\nversions = TLSv1.1\nversions = TLSv1.0\n")
    status, out, err = run("report", "--tls-baseline", path, "-o", "jsonl", fleet)
    lines = [json.loads(line) for line in out.splitlines()]
    found = [f for r in lines if r["target"] == "tls10-only.exvet.test" for f in r["findings"] if f["rule"] == "tls-baseline"]
    broken = sorted(b.split(": ")[0] for b in found[0]["detail"]["broken"]) if found else []
    tap.ok(broken == ["%s (%s:%d)" % (key, path, n) for key, n in (("no", 8), ("offers", 12), ("rsa-bits", 10))],
           "broken lines by file:line", found)
    tap.ok(found and path + ":8): TLSv1.0 TLS_ECDH_anon" in found[0]["why"], "and so in the sentence", found)
    for name, good in (("nist-800-52r2", True), ("mozilla-old", False), ("/nonexistent/x.ini", False)):
        status, out, err = run("report", "--tls-baseline", name, results)
        err = err.decode() if isinstance(err, bytes) else err
        tap.ok(("--tls-baseline" in err) != good, "name %s" % name, err)
tap.end()
