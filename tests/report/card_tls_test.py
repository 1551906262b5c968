#!/usr/bin/python3
"""The two lines on the card, of TLS and of the certificate, from stored observations."""
import json
import os
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from tap import Tap, run  # noqa: E402

FLEET = os.path.join(os.environ.get("top_srcdir", "."), "tests", "report", "fleet.jsonl")
TARGET = "ex-se-latest.exvet.test"
PORT = TARGET + ":443"


def stored():
    with open(FLEET, encoding="utf-8") as f:
        return next(r for r in map(json.loads, f) if r["target"] == TARGET)


def card(folder, keep, more, *options):
    """Lines of the card of that server, with those facts left out and these put in; "" is all of it."""
    r = stored()
    r["observations"] = [o for o in r["observations"] if keep(o)]
    r["observations"] += [{"fact": fact, "at": at, "probe": "tls", "value": value, "evidence": "".join(evidence)}
                          for fact, at, value, *evidence in more]
    path = os.path.join(folder, "one.jsonl")
    with open(path, "w", encoding="utf-8") as f:
        f.write(json.dumps(r) + "\n")
    status, out, err = run("report", "--as-of", "2026-11-24", *options, path)
    out = out.decode() if isinstance(out, bytes) else out
    lines = re.sub(r"\n {13}", " ", out)
    return {"": re.sub(r"\n {19}", " ", out)} | {k: next((line for line in lines.splitlines() if line.startswith("  %s  " % k)), "") for k in ("TLS", "Cert")}


def without(*facts):
    return lambda o: o["fact"] not in facts


VERSIONS = ("tls.offered", "tls.suite", "tls.clean", "tls.refused")
EVERY = ("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3")


def refused(*versions):
    return [("tls.refused", PORT, v) for v in versions]


# what, which facts stay, which are put in, the line, what it must hold, what it must not
CASES = [
    ("as it is", without(), [], "Cert", ["CN=%s by CN=" % TARGET, "; trusted"], ["cannot be read", "no subject"]),
    ("an empty subject, and a name", without("cert.subject", "cert.san"),
     [("cert.subject", PORT, ""), ("cert.san", PORT, "mail.example.test")], "Cert", ["mail.example.test by CN="], []),
    ("an empty subject, and no name", without("cert.subject", "cert.san"), [("cert.subject", PORT, "")], "Cert",
     ["no subject by CN="], []),
    ("no certificate", lambda o: not o["fact"].startswith("cert.") or o["fact"] == "cert.sha256",
     [("cert.bad", PORT, "0: not a certificate")], "Cert", ["cannot be read"], [" by "]),
    ("a chain not read whole", without("cert.trust"), [("cert.trust", PORT, "not-read-whole")], "Cert",
     ["; trust not settled"], ["trusted"]),
    ("not trusted", without("cert.trust"), [("cert.trust", PORT, "self-signed")], "Cert", ["; not trusted"], []),
    ("versions", without(), [], "TLS", ["1.2; not "], ["none", "not seen"]),
    ("all refused but one, which is open", without(*VERSIONS),
     refused("SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.3") + [("tls.undecided", PORT, "TLSv1.2 silence")], "TLS",
     ["none seen; not 1.3, 1.1, 1.0, SSL 3, SSL 2; not settled: 1.2"], []),
    ("all refused", without(*VERSIONS), refused(*EVERY), "TLS", ["none; not 1.3, 1.2, "], ["none seen", "settled"]),
    ("closed, and answered no more", without(*VERSIONS),
     refused(*EVERY[:-1]) + [("tls.offered", PORT, "TLSv1.3"), ("tls.undecided", PORT, "TLSv1.1 it closed, and answered no more")],
     "TLS", ["1.3; not 1.2, 1.0, SSL 3, SSL 2; not settled: 1.1"], ["1.2, 1.1"]),
    ("closed on every hello", without(*VERSIONS), [(*f, "close") for f in refused(*EVERY)], "TLS",
     ["none seen; not settled: 1.3, 1.2, 1.1, 1.0, SSL 3, SSL 2"], ["; not 1"]),
    ("two versions never asked", without(*VERSIONS), refused(*EVERY[2:-1]) + [("tls.offered", PORT, "TLSv1.3")], "TLS",
     ["1.3; not 1.2, 1.1, 1.0; not settled: SSL 3, SSL 2"], ["no weak"]),
    ("not asked to the end", without(*VERSIONS, "tls.depth", "tls.suites-complete"),
     refused(*EVERY[:-1]) + [("tls.offered", PORT, "TLSv1.3"), ("tls.depth", PORT, "exact")], "TLS",
     ["1.3; not 1.2, ", "; not all settled"], ["no weak"]),
    ("asked to the end", without(*VERSIONS, "tls.depth", "tls.suites-complete"),
     refused(*EVERY[:-1]) + [("tls.offered", PORT, "TLSv1.3"), ("tls.depth", PORT, "exact"),
                             ("tls.suites-complete", PORT, "TLSv1.3")], "TLS", ["1.3; not 1.2, "], ["settled"]),
]

tap = Tap()
with tempfile.TemporaryDirectory() as folder_:
    for what, keep_, more_, line_, has, lacks in CASES:
        text = card(folder_, keep_, more_)[line_]
        tap.ok(all(h in text for h in has) and not any(x in text for x in lacks), what, text)
    text = card(folder_, without(*VERSIONS), refused("SSLv2", "SSLv3", "TLSv1.1") +
                [("tls.offered", PORT, "TLSv1.3"), ("tls.undecided", PORT, "TLSv1.1 it closed, and answered no more")], "-v")[""]
    tap.ok("refused SSLv2, SSLv3\n" in text and "not settled: TLSv1.0 (not asked to the end), TLSv1.1 (it closed, and "
           "answered no more), TLSv1.2 (not asked to the end)\n" in text, "-v: what is refused, and what is not settled", text)
tap.end()
