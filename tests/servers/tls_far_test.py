#!/usr/bin/python3
"""An enumeration of TLS far away, counted: what is found is what is found near by,
never more than four connections at a time, and about half as many rounds as hellos.

Rounds are made by a relay in front of the server.  It holds each hello back until
no other one has come for a while, and then lets all of them go at once: what had
to wait for an answer comes in a later round, whatever the clock says.
"""
import json
import os
import select
import socket
import subprocess
import tempfile
import threading
import time

import peers
import tlspeers
from farwire import FAR, far_wire
from peers import EXVET, Tap
from tlsrelay import CountingRelay

QUIET = 0.25                    # seconds without a new hello: a round is full
SERVERS = [
    # name, protocols, ciphers, most rounds for so many hellos, hellos more than near by: two, and the
    # groups of 1.2, which come for nothing only when 1.3 was refused before the first suite was told
    ("many suites of 1.2, and 1.3", "TLSv1.2 TLSv1.3", "HIGH:!aNULL:!MD5", 0.75, 2),
    ("1.0 to 1.3", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "DEFAULT:@SECLEVEL=0", 0.75, 2),
    ("1.0 to 1.2", "TLSv1 TLSv1.1 TLSv1.2", "DEFAULT:@SECLEVEL=0", 1, 7),
]


class Relay(CountingRelay):
    """FAR:port to the server at HOST; counts rounds as well."""

    def __init__(self, server):
        self.rounds, self.hellos, self.held, self.last = 0, 0, [], 0.0
        self.ended = threading.Event()
        super().__init__(server, FAR)
        threading.Thread(target=self.release, daemon=True).start()

    def release(self):
        while not self.ended.wait(0.01):
            with self.lock:
                if self.held and time.monotonic() - self.last > QUIET:
                    self.rounds += 1
                    for go in self.held:
                        go.set()
                    self.held = []

    def carry(self, peer):
        go = threading.Event()
        try:
            hello = peer.recv(65536)
            if hello:
                with self.lock:
                    self.hellos += 1
                    self.held.append(go)
                    self.last = time.monotonic()
                go.wait(60)
                with socket.create_connection(("127.0.0.1", self.server), 10) as server:
                    server.sendall(hello)
                    self.answer(peer, server)
        except OSError:
            pass
        finally:
            self.leave(peer)

    @staticmethod
    def answer(peer, server):
        while True:
            for one in select.select([peer, server], [], [], 30)[0]:
                data = one.recv(65536)
                if not data or one is peer:
                    return
                peer.sendall(data)


def scan(port, host, *before):
    out = subprocess.run([*before, EXVET, "scan", "--progress=never", "--probes", "tls-exact", "-o", "jsonl:/dev/stdout",
                          f"https://{host}:{port}/"], capture_output=True, text=True, check=True).stdout
    return json.loads(out)


def facts(result):
    """Without what is chance: when it was, where, and schemes of signatures that nobody asked for."""
    return sorted((o["fact"], str(o["value"])) for o in result["observations"]
                  if o["fact"].startswith("tls.") and o["fact"] != "tls.signature-scheme")


def check(tap, folder, near, name, protocols, ciphers, rounds, more):
    port = tlspeers.free_port()
    pair = tlspeers.keypair(folder, "rsa", "rsa:2048")
    server = tlspeers.Server(tlspeers.nginx(folder, port, pair, protocols, ciphers), port)
    try:
        relay = Relay(server.port)
        far = scan(relay.port, FAR, "ip", "netns", "exec", near)
        relay.ended.set()
        here = scan(server.port, "127.0.0.1")
    finally:
        server.stop()
    offered = {o["value"] for o in far["observations"] if o["fact"] == "tls.offered"}
    whole = {o["value"] for o in far["observations"] if o["fact"] == "tls.suites-complete"}
    tap.ok(whole == offered != set(), name + ": every version to its end", f"{offered}, {whole}")
    tap.ok(facts(far) == facts(here), name + ": the same as near by",
           sorted(set(facts(far)) ^ set(facts(here))))
    tap.ok(relay.total <= far["connections"], name + ": no connection is hidden", f"{relay.total}, {far['connections']}")
    tap.ok(relay.hellos <= here["connections"] + more, name + ": at most %d hellos more than near by" % more,
           f"{relay.hellos}, {here['connections']}")
    tap.ok(relay.total <= relay.hellos + 5, name + ": at most five connections in vain", f"{relay.total}, {relay.hellos}")
    tap.ok(2 <= relay.most <= 4, name + ": at most 4 at a time", relay.most)
    tap.ok(relay.rounds <= rounds * relay.hellos, name + ": hellos side by side",
           f"{relay.hellos} in {relay.rounds} rounds")


def main():
    peers.need("nginx", "openssl", "ip")
    if not os.path.exists("/dev/net/tun"):
        print("1..0 # SKIP needs /dev/net/tun")
        return
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder, far_wire() as near:
        os.chmod(folder, 0o755)
        for server in SERVERS:
            check(tap, folder, near, *server)
    tap.end()


main()
