#!/usr/bin/python3
"""What a scan costs its target: connections and requests, as the result tells
them and as the servers counted them."""

import harness

STANDARD, FULL = 12, 40         # connections to one server, without TLS enumeration
NAMES = ("ex-se-latest", "ex2010", "healthy", "basic-on-80", "relay-exposed", "pop-clear-text", "pool-closing",
         "pool-member-a", "pool-member-b", "pool-member-c")


def targets(lab):
    return [e["target"] for e in lab.expected() if e["profile"] in NAMES]


def seen(lab, before):
    """(connections, requests) that the servers logged since then."""
    rows = lab.requests()[before:]
    return len({row[0] for row in rows}), len(rows)


def check(tap, lab, profile, most, *options):
    """Every target by itself, so that the log is its own."""
    for target in targets(lab):
        before = len(lab.requests())
        run, results = harness.scan(lab, [target], "--profile", profile, "--tls", "none",
                                    "--connect-timeout", "2s", *options)
        what = f"{profile} {' '.join(options)} {target}".replace("  ", " ")
        if not tap.equal(len(results), 1, what + ": one result"):
            print("#", run)
            continue
        got = results[0]
        connections, requests = seen(lab, before)
        tap.ok(0 < got["connections"] <= most, what + f": at most {most} connections",
               f"{got['connections']} connections, {got['requests']} requests")
        # Raw talks (TLS, SMB, mail) are not in the log: the result may count more.
        tap.ok(0 < connections <= got["connections"], what + ": no connection is hidden",
               f"servers {connections}, result {got['connections']}")
        tap.ok(0 < requests <= got["requests"], what + ": no request is hidden",
               f"servers {requests}, result {got['requests']}")


def main():
    if not harness.have_scan():
        harness.skip_all("exvet cannot scan")
    tap = harness.Tap()
    with harness.Lab(*NAMES) as lab:
        tap.ok(len(targets(lab)) >= 5, "enough targets", targets(lab))
        check(tap, lab, "quick", 2)
        check(tap, lab, "standard", STANDARD)
        check(tap, lab, "full", FULL)
        run, results = harness.scan(lab, ["pool-closing.exvet.test" + (
            f":{lab.port(443)}" if lab.offset else "")], "--samples", "9", "--tls", "none")
        rules = {f["rule"]: f for f in results[0]["findings"]} if results else {}
        tap.ok("At least 3 members seen in 9 samples" in rules.get("pool-members", {}).get("why", ""),
               "9 samples of a pool meet its 3 members", rules.get("pool-members", run))
        tap.equal(rules.get("pool-mixed-builds", {}).get("verdict"), "warn", "and their builds")
        builds = sorted({o["value"] for o in results[0]["observations"] if o["fact"] == "pool.build"})
        tap.equal(builds, ["15.2.1544.36", "15.2.1748.36", "15.2.1748.39"], "each of the three builds")
        tap.equal(rules.get("pool-member-out", {}).get("verdict"), "pass", "and their health")
    tap.done()


if __name__ == "__main__":
    main()
