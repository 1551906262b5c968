#!/usr/bin/python3
"""An enumeration of TLS at a server that bears only so many connections of one
address at a time: nothing is called complete or refused that is not, and what
the server has is found.

The limits are those of a relay of ours, which counts without delay, and of
haproxy, which may be late to see that a connection has ended.  And a server that
only closes where others send alerts, but bears all: it costs no more than before.
"""
import collections
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from tap import EXVET, Tap  # noqa: E402
from tlspeers import free_port, running_nginx  # noqa: E402
from tlsrelay import CountingRelay  # noqa: E402

EXACT, WEB, POSTURE = ("--probes", "tls-exact"), ("--tls", "exact"), ("--tls", "posture")
ALERT = 21                      # type of a record, RFC 8446 5.1
TRIES = 3                       # on a machine that is busy with other things
MORE = 4                        # scans after a lie of a server that counts late


class Limit(CountingRelay):
    """Carries so many connections at a time (0: all), and ends what is more."""

    def __init__(self, server, limit=0, after_hello=False, hard=False, alerts=True):
        self.limit, self.after_hello, self.hard, self.alerts, self.denied = limit, after_hello, hard, alerts, 0
        super().__init__(server, "127.0.0.1")

    def admit(self, peer, count):
        deny = 0 < self.limit < count
        self.denied += deny
        if deny and not self.after_hello:
            self.peers.discard(peer)
            self.end(peer)
            return None
        return (deny,)

    def end(self, peer):
        if self.hard:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        peer.close()

    def carry(self, peer, deny):
        try:
            if deny:
                peer.recv(65536)
                return
            with socket.create_connection(("127.0.0.1", self.server), 10) as server:
                self.hand_over(peer, server)
        except OSError:
            pass
        finally:
            self.leave(peer)

    def hand_over(self, peer, server):
        poll, ends = select.poll(), {peer.fileno(): (peer, server), server.fileno(): (server, peer)}
        for fd in ends:
            poll.register(fd, select.POLLIN)
        while True:
            for fd, _ in poll.poll(30000):
                here, there = ends[fd]
                data = here.recv(65536)
                if not data or (here is server and data[0] == ALERT and not self.alerts):
                    return
                there.sendall(data)


def scan(port, options):
    out = subprocess.run([EXVET, "scan", "--progress=never", "-o", "jsonl:/dev/stdout", *options,
                          f"https://127.0.0.1:{port}/"], capture_output=True, text=True, check=True).stdout
    result = json.loads(out)
    facts = collections.defaultdict(set)
    for o in result["observations"]:
        if o["probe"].startswith("tls"):
            facts[o["fact"]].add(o["value"])
    return facts, result["connections"]


def version(value):
    return value.split()[0]


def lies(truth, facts):
    """What is said to be complete or refused, and is not."""
    open_ = {version(v) for v in facts["tls.undecided"]}
    found = []
    for whole, item in (("tls.suites-complete", "tls.suite"), ("tls.groups-complete", "tls.group")):
        for v in facts[whole]:
            missing = {x for x in truth[item] - facts[item] if version(x) == v}
            found += [f"{whole} {v}: {sorted(missing)}"] if missing else []
    found += ["refused: " + v for v in facts["tls.refused"] & truth["tls.offered"] - facts["tls.offered"] - open_]
    found += ["not there: " + v for v in facts["tls.suite"] - truth["tls.suite"]]
    return found


def check(tap, name, truth, port, options, denied=None, late=False):
    """Never a lie, and once the whole truth; said to be limited when it was.

    late: it counts connections that have ended.  On a busy machine that may last longer
    than any pause of ours, so that one lie is borne, and none in the scans that follow.
    """
    whole = limited = False
    for _ in range(TRIES):
        facts, count = scan(port, options)
        told = lies(truth, facts)
        if late and told:
            again = [lies(truth, scan(port, options)[0]) for _ in range(MORE)]
            tap.ok(not any(again), name + ": after a lie, no other one", (told, again))
        else:
            tap.ok(not told, name + ": nothing is complete or refused that is not", told)
        whole = whole or (facts["tls.suite"] == truth["tls.suite"] and not facts["tls.undecided"])
        limited = limited or bool(facts["tls.limits-connections"])
        if whole and limited:
            break
    tap.ok(whole, name + f": all is found, in {count} connections", (sorted(truth["tls.suite"] - facts["tls.suite"]),
                                                                     sorted(facts["tls.undecided"])))
    tap.ok(limited or denied == 0, name + ": the limit is told")


def check_relays(tap, server, truths):
    for limit in (1, 2, 3):
        for after in (False, True):
            relay = Limit(server, limit, after_hello=after)
            check(tap, f"{limit} at a time, closed {'after the hello' if after else 'at once'}", truths[EXACT],
                  relay.port, EXACT)
            tap.ok(relay.denied > 0 and relay.most <= 4, f"{limit} at a time: it was reached", relay.most)
    relay = Limit(server, 2, hard=True)
    check(tap, "2 at a time, reset", truths[EXACT], relay.port, EXACT)
    relay = Limit(server, 2, alerts=False)
    check(tap, "2 at a time, and closes for alerts", truths[EXACT], relay.port, EXACT)
    for limit in (1, 2):
        relay = Limit(server, limit)
        check(tap, f"{limit} at a time, with the web", truths[WEB], relay.port, WEB)
    relay = Limit(server, 1)
    check(tap, "1 at a time, posture, with the web", truths[POSTURE], relay.port, POSTURE, denied=0)


def check_closer(tap, server, truths):
    """It closes for "no", and bears four at a time: as many connections as two closes for each "no" take."""
    for name, options, most in (("exact", EXACT, 42), ("exact, with the web", WEB, 45), ("posture", POSTURE, 21)):
        relay = Limit(server, alerts=False)
        best = None
        for _ in range(TRIES):
            facts, count = scan(relay.port, options)
            tap.ok(not lies(truths[options], facts) and not facts["tls.limits-connections"] and
                   not facts["tls.drops-connections"], f"closes for alerts, {name}: that is no limit", sorted(facts))
            best = count if best is None else min(best, count)
            if best <= most:
                break
        tap.ok(best <= most, f"closes for alerts, {name}: at most {most} connections", best)


def haproxy(folder, server):
    """The ports of three frontends that bear 1, 2 and 3 of an address; and the process."""
    ports = [free_port() for _ in range(3)]
    conf = os.path.join(folder, "haproxy.cfg")
    with open(conf, "w", encoding="utf-8") as f:
        f.write("defaults\n mode tcp\n timeout connect 5s\n timeout client 30s\n timeout server 30s\n"
                f"backend b\n server s 127.0.0.1:{server}\n")
        for limit, port in enumerate(ports, 1):
            f.write(f"frontend f{limit}\n bind 127.0.0.1:{port}\n default_backend b\n"
                    " stick-table type ip size 1k expire 30s store conn_cur\n"
                    " tcp-request connection track-sc0 src\n"
                    f" tcp-request connection reject if {{ src_conn_cur gt {limit} }}\n")
    path = shutil.which("haproxy", path=os.environ.get("PATH", "") + ":/usr/sbin")
    child = subprocess.Popen([path, "-q", "-db", "-f", conf], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", ports[-1]), 1).close()
            return ports, child
        except OSError:
            time.sleep(0.05)
    child.terminate()
    raise SystemExit("Bail out! haproxy does not listen")


def check_haproxy(tap, folder, server, truths):
    if shutil.which("haproxy", path=os.environ.get("PATH", "") + ":/usr/sbin") is None:
        tap.skip("haproxy", "it is not installed")
        return
    ports, child = haproxy(folder, server)
    try:
        for limit, port in enumerate(ports, 1):
            check(tap, f"haproxy, {limit} at a time", truths[EXACT], port, EXACT, late=True)
    finally:
        child.terminate()
        child.wait()


def main():
    if shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin") is None:
        print("1..0 # SKIP needs nginx")
        return
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        server = free_port()
        child = running_nginx(folder, server, "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "DEFAULT:@SECLEVEL=0")
        try:
            truths = {options: scan(server, options)[0] for options in (EXACT, WEB, POSTURE)}
            tap.ok(len(truths[EXACT]["tls.suite"]) > 20 and not truths[EXACT]["tls.undecided"], "without a limit")
            check_relays(tap, server, truths)
            check_closer(tap, server, truths)
            check_haproxy(tap, folder, server, truths)
        finally:
            child.terminate()
            child.wait()
    tap.end()


main()
