#!/usr/bin/python3
"""A pool behind a real balancer: haproxy in front of servers of the lab.

Passed through, bridged (TLS ends at the balancer), and sticky: who is met,
with which build, health, certificate and TLS, and what is said of it."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))

import harness  # noqa: E402
from peers import Server, Tap, free_port, need  # noqa: E402

BALANCER, NAME = "127.0.0.3", "pool.exvet.test"
CONF = """defaults
 mode {mode}
 timeout connect 5s
 timeout client 60s
 timeout server 60s
frontend front
 bind {host}:{port}{bind}
 default_backend members
backend members
 balance {balance}
"""


def certificate(folder):
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "30", "-subj", "/CN=" + NAME,
                    "-addext", "subjectAltName=DNS:" + NAME], check=True, capture_output=True)
    both = os.path.join(folder, "both.pem")
    with open(both, "w", encoding="ascii") as out:
        for name in (key, cert):
            with open(name, encoding="ascii") as f:
                out.write(f.read())
    return both


def balancer(binary, lab, folder, members, mode="tcp", balance="roundrobin"):
    port = free_port(BALANCER)
    addresses = dict(line.split(":", 1) for line in lab.read("resolve.txt").split())
    text = CONF.format(mode=mode, host=BALANCER, port=port, balance=balance,
                       bind=" ssl crt %s alpn h2,http/1.1" % certificate(folder) if mode == "http" else "")
    for i, member in enumerate(members):
        text += " server m%d %s:%d%s\n" % (i, addresses[member + ".exvet.test"], lab.port(443),
                                           " ssl verify none" if mode == "http" else "")
    conf = os.path.join(folder, "haproxy.cfg")
    with open(conf, "w", encoding="ascii") as f:
        f.write(text)
    return port, Server([binary, "-db", "-f", conf], port, os.path.join(folder, "haproxy.log"), BALANCER)


def scan(lab, port, samples, *more):
    _, results = harness.scan(lab, ["%s:%d" % (NAME, port), *more], "--resolve", NAME + ":" + BALANCER, "--samples",
                              str(samples), "--tls", "none", "--connect-timeout", "2s")
    return results


def rules(result):
    return {f["rule"]: f for f in result["findings"]}


def passed_through(tap, binary, lab, folder):
    members = ("healthy", "ex2019-cu15-oct25", "maintenance", "tls13")
    port, server = balancer(binary, lab, folder, members)
    with server:
        results = scan(lab, port, 12)
        if not tap.ok(len(results) == 1, "passed through: one result", results):
            return
        got = rules(results[0])
        why = got["pool-members"]["why"]
        tap.ok("At least 4 members seen in 12 samples" in why, "all members are met", why)
        tap.ok("the oldest build is 15.2.1748.39 of EX19A" in why, "the oldest build and whose it is", why)
        seen = [m.split() for m in got["pool-members"]["detail"]["member"]]
        tap.ok(sorted(m[0] for m in seen if m[1] == "build-not-seen" or m[2] == "health-not-seen") == [],
               "build and health of each", seen)
        tap.ok(got["pool-mixed-builds"]["verdict"] == "warn" and "half-installed" not in got["pool-mixed-builds"]["why"],
               "mixed builds", got["pool-mixed-builds"]["why"])
        tap.ok(got["pool-member-out"]["verdict"] == "fail" and "EX19W" in got["pool-member-out"]["why"] and
               "1 of 4 members" in got["pool-member-out"]["why"], "a member out of rotation gets clients",
               got["pool-member-out"]["why"])
        tap.ok(got["pool-tls-differs"]["verdict"] == "warn" and
               set(got["pool-tls-differs"]["detail"]["tls"]) == {"TLSv1.2", "TLSv1.3"} and
               len(got["pool-tls-differs"]["detail"]["certificate"]) == 4, "certificates and TLS differ",
               got["pool-tls-differs"])
        blockers = got["extended-protection"]["detail"].get("blocker", [])
        tap.ok(set(blockers) >= {"members of the pool show different certificates",
                                 "members of the pool differ in TLS"}, "both stand against Extended Protection", blockers)
        tap.ok("certainly on" not in str(got) and "is on" not in got["extended-protection"]["why"],
               "nothing says that it is on")


def bridged(tap, binary, lab, folder):
    members = ("healthy", "ex2019-cu15-oct25")
    port, server = balancer(binary, lab, folder, members, "http")
    with server:
        results = scan(lab, port, 4)
        got = rules(results[0])
        seen = sorted(m.split() for m in got["pool-members"]["detail"]["member"])
        tap.ok(seen == [["EX19A", "15.2.1748.39", "up"], ["EXGOOD", "15.2.2562.56", "up"]],
               "bridged: two members that take turns, build and health of each", seen)
        tap.ok("At least 2 members seen in 4 samples" in got["pool-members"]["why"], "bridged: counted",
               got["pool-members"]["why"])
        tap.ok(got["pool-tls-differs"]["verdict"] == "pass", "bridged: one certificate in front",
               got["pool-tls-differs"]["why"])


def moved(tap, binary, lab, folder):
    """The samples at another port than the target's: fresh connections too."""
    port, server = balancer(binary, lab, folder, ("healthy", "ex2019-cu15-oct25"))
    second, other = balancer(binary, lab, folder, ("maintenance",))
    with server, other:
        run = harness.Run(["scan", "%s:%d" % (NAME, second), "--resolve", NAME + ":" + BALANCER, "--probes", "owa,pool",
                           "--samples", "4", "--port", "pool=%d" % port, "-o", "jsonl", *lab.options()])
        result = harness.json_lines(run.out)[0]
        got = {o["value"].split(".")[0] for o in harness.observations(result, "pool.member")}
        certificates = {o["value"] for o in harness.observations(result, "pool.certificate")}
        tap.ok(got == {"EXGOOD", "EX19A"} and len(certificates) == 2 and result["connections"] == 9,
               "another port: members and certificates, a connection each", (got, certificates, result["connections"]))


def sticky(tap, binary, lab, folder):
    port, server = balancer(binary, lab, folder, ("healthy", "ex2019-cu15-oct25"), balance="source")
    with server:
        got = rules(scan(lab, port, 5)[0])
        tap.ok("At least 1 member seen in 5 samples" in got["pool-members"]["why"], "sticky: a lower bound",
               got["pool-members"]["why"])
        tap.ok(got["pool-tls-differs"]["verdict"] == "not-applicable", "sticky: nothing to compare",
               got["pool-tls-differs"]["why"])


def counted(tap, binary, lab, folder):
    """One machine by its own name, by its address, and through a balancer: one server."""
    port, server = balancer(binary, lab, folder, ("healthy",))
    own = "healthy.exvet.test" + (":%d" % lab.port(443) if lab.offset else "")
    address = dict(line.split(":", 1) for line in lab.read("resolve.txt").split())["healthy.exvet.test"]
    with server:
        run = harness.Run(["scan", own, "%s:%d" % (NAME, port), address + (":%d" % lab.port(443) if lab.offset else ""),
                           "--resolve", NAME + ":" + BALANCER, "--tls", "none", "--connect-timeout", "2s", "-o", "text",
                           *lab.options()])
        tap.ok("1 behind 3 Exchange targets" in run.out and "exgood.corp.exvet.test = " in run.out, "three targets, one server", run.out[-1500:] + run.err)


def main():
    binary, _ = need("haproxy", "openssl")
    tap = Tap()
    folder = tempfile.mkdtemp(prefix="exvet-pool-")
    try:
        with harness.Lab("healthy", "ex2019-cu15-oct25", "maintenance", "tls13") as lab:
            for case in (passed_through, bridged, moved, sticky, counted):
                place = os.path.join(folder, case.__name__)
                os.mkdir(place)
                case(tap, binary, lab, place)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tap.end()


main()
