#!/usr/bin/python3
"""The same certificate and TLS everywhere: between the ports of a server, and
between the addresses of a name, of which the later one tells."""

import harness

GOOD, OLD, SMTP = "tls-good", "tls10-on", "smtp-other-certificate"
TWO = "two.exvet.test"


def values(result, fact):
    return {(o["at"].rpartition(":")[2], o["value"]) for o in harness.observations(result, fact)}


def verdicts(result):
    return {f["rule"]: f["verdict"] for f in result["findings"]}


def main():
    if not harness.have_scan():
        harness.skip_all("exvet cannot scan")
    tap = harness.Tap()
    with harness.Lab(GOOD, OLD, SMTP) as lab:
        by_name = {e["profile"]: e for e in lab.expected()}
        web, mail = lab.port(443), lab.port(25)

        _, results = harness.scan(lab, [by_name[SMTP]["target"]], "--profile", "full")
        port, first = str(mail), "smtp-other-certificate.exvet.test"
        tap.equal(len(results), 1, "ports: one result")
        certs, tls = values(results[0], "cert.differs"), values(results[0], "tls.differs")
        tap.ok({p for p, _ in certs} == {port} and all(first in v for _, v in certs), "ports: SMTP has another certificate", certs)
        tap.ok({p for p, _ in tls} == {port} and any(v.startswith("offers TLSv1.0, unlike ") for _, v in tls),
               "ports: SMTP has an older version", tls)

        fixed = [f"--resolve={TWO}:{by_name[p]['address']}" for p in (GOOD, OLD)]
        _, results = harness.scan(lab, [f"{TWO}:{web}"], "--all-addresses", *fixed)
        tap.equal(len({r["address"] for r in results}), 2, "addresses: one result each")
        told = [r for r in results if values(r, "cert.differs")]
        tap.equal(len(told), 1, "addresses: the later one tells")
        tap.ok(told and all(verdicts(r)[k] == "warn" for r in told for k in ("cert-differs", "tls-differs")),
               "addresses: findings", [verdicts(r) for r in told])
        other = [r["address"] for r in results if r not in told]
        tap.ok(told and other and any(f"({other[0]})" in v for _, v in values(told[0], "tls.differs")),
               "addresses: it names the other one", told and values(told[0], "tls.differs"))

        both = [*fixed, f"--resolve={TWO}:::1"]
        for option, want in (("-6", {"::1"}), ("-4", {by_name[p]["address"] for p in (GOOD, OLD)})):
            _, results = harness.scan(lab, [f"{TWO}:{web}"], "--all-addresses", "--probes=owa", option, *both)
            tap.equal({r["address"] for r in results}, want, f"addresses: {option} goes for those of --resolve too")

        _, results = harness.scan(lab, [by_name[GOOD]["target"]], "--profile", "full")
        tap.ok(len(results) == 1 and not values(results[0], "cert.differs") and not values(results[0], "tls.differs"),
               "the same at all ports: no such observation", results and values(results[0], "tls.differs"))
        tap.equal(verdicts(results[0]).get("tls-differs"), "pass", "and a pass")
    tap.done()


if __name__ == "__main__":
    main()
