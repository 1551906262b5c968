#!/usr/bin/python3
"""Scan the whole lab once; every target must come out as its profile says."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import harness

# What a scan must never ask for, and the methods that a browser or a phone uses.
FORBIDDEN = ("autodiscover.json", "/ecp/default.flt", "/ecp/y.js", "@", "x-rps-cat", "proxylogon",
             "email=", "%40")
METHODS = {"GET", "HEAD", "OPTIONS"}
# All that a mail service may hear; what stands behind AUTH is NTLM's first message.
SAYINGS = {"EHLO exvet.invalid", "STARTTLS", "AUTH NTLM", "*", "QUIT", "CAPA", "STLS",
           "a CAPABILITY", "a STARTTLS", "a AUTHENTICATE NTLM", "a LOGOUT"}
TYPE_1 = "TlRMTVNTUAABAAAA"


def check_targets(tap, results, expected):
    by_target = {}
    for result in results:
        by_target.setdefault(result["target"], []).append(result)
    for entry in expected:
        target = entry["target"]
        found = by_target.get(target, [])
        if not tap.equal(len(found), 1, f"{target}: one result"):
            continue
        wrong = harness.mismatches(found[0], entry["expect"])
        tap.ok(not wrong, f"{entry['profile']}: {target} is as its profile says", "\n".join(wrong))


def check_traffic(tap, lab):
    rows = lab.requests()
    tap.ok(len(rows) > 100, "the lab was asked", f"{len(rows)} requests")
    tap.ok(not {r[3] for r in rows} - METHODS, "only methods of a browser", {r[3] for r in rows})
    bad = [r[4] for r in rows if any(f in r[4].lower() for f in FORBIDDEN)]
    tap.ok(not bad, "no path that an attacker would use", "\n".join(bad))
    schemes = {r[5].lower() for r in rows} - {"-", "ntlm", "negotiate", "bearer"}
    tap.ok(not schemes, "no credentials were sent", schemes)


def check_mail(tap, lab):
    """No mail, no recipient, no user; one connection at a time; silence after 421."""
    rows = lab.heard()
    said = {r[3] for r in rows} - {"open", "close"}
    odd = {s for s in said if s not in SAYINGS and not s.startswith(TYPE_1)}
    tap.ok(not odd, "nothing is said to a mail service but what the list has", odd)
    missing = {s for s in SAYINGS if s not in said}
    tap.ok(not missing, "and all of the list was said", missing)
    most, open_now = {}, {}
    for conn, name, service, what in rows:
        # The server counts the connections of a service, whichever port they come to.
        key = name, service.removesuffix("s")
        open_now[key] = open_now.get(key, 0) + {"open": 1, "close": -1}.get(what, 0)
        most[key] = max(most.get(key, 0), open_now[key])
    tap.ok(len(most) > 10, "mail and SMB were asked", len(most))
    tap.ok(max(most.values()) == 1, "one connection at a time", {k: v for k, v in most.items() if v > 1})
    turned_away = [r[3] for r in lab.heard("maintenance") if r[3] != "close"]
    tap.ok(set(turned_away) in ({"open"}, {"open", "QUIT"}), "421 is heard: no word but a good-bye", turned_away)


def main():
    if not harness.have_scan():
        harness.skip_all("this exvet cannot scan")
    tap = harness.Tap()
    with harness.Lab() as lab:
        # The trap is nobody's target: no redirect and no certificate may lead to it.
        expected = [e for e in lab.expected() if e["profile"] != "trap"]
        run, results = harness.scan(
            lab, [e["target"] for e in expected], "--profile", "full", "--connect-timeout", "2s",
            "--request-timeout", "3s", "--target-timeout", "25s", "--as-of", "2026-11-24")
        tap.ok(not run.timed_out, "the scan ends in time", run)
        tap.ok(run.status == 0, "the scan ends well", run)
        tap.ok("AddressSanitizer" not in run.err and "runtime error" not in run.err,
               "no sanitizer complains", run.err[-3000:])
        limit = 2_000_000 if harness.sanitized() else 150_000
        tap.ok(run.peak_kib < limit, f"peak memory below {limit} KiB", run.peak_kib)
        check_targets(tap, results, expected)
        tap.equal(lab.requests("trap"), [], "no redirect was followed to a host that nobody named")
        check_traffic(tap, lab)
        check_mail(tap, lab)
        said = lab.read("lab.log")
        tap.ok(said == "", "the lab itself did nothing wrong", said[:2000])
    tap.done()


if __name__ == "__main__":
    main()
