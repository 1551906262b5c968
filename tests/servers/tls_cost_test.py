#!/usr/bin/python3
"""What an enumeration of TLS costs its server, counted: connections in all,
against nmap's ssl-enum-ciphers at the same server, and how many at a time.

Both tools talk to the server through a relay of ours that counts.  Whoever
connects is held for a moment, so that what may go side by side does.
"""
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
from tlspeers import running_nginx  # noqa: E402
from tlsrelay import CountingRelay  # noqa: E402

SERVERS = [
    ("1.2 and 1.3, AEAD with forward secrecy", "TLSv1.2 TLSv1.3", "ECDHE+AESGCM"),
    ("1.0 to 1.3", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "DEFAULT:@SECLEVEL=0"),
    ("1.2 alone, as Exchange 2016 may be", "TLSv1.2",
     "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256"),
]
HOLD = 0.03                     # seconds from a connection to the server's first byte


class Relay(CountingRelay):
    """Holds whoever connects for a moment."""

    def carry(self, peer):
        try:
            with socket.create_connection(("127.0.0.1", self.server), 10) as server:
                time.sleep(HOLD)
                ways = {peer: server, server: peer}
                while True:
                    for one in select.select(list(ways), [], [], 30)[0]:
                        data = one.recv(65536)
                        if not data:
                            return
                        ways[one].sendall(data)
        except OSError:
            pass
        finally:
            self.leave(peer)

    def take(self):
        """Since the last time: connections, most at once."""
        for _ in range(100):
            if not self.peers:
                break
            time.sleep(0.05)
        with self.lock:
            got = self.total, self.most
            self.total = self.most = 0
        return got


def scan(port, *options):
    out = subprocess.run([EXVET, "scan", "--progress=never", "-o", "jsonl:/dev/stdout", *options,
                          f"https://127.0.0.1:{port}/"], capture_output=True, text=True, check=True).stdout
    return json.loads(out)


def values(result, fact):
    return {o["value"] for o in result["observations"] if o["fact"] == fact}


def nmap(port):
    """How many suites nmap finds; 0: it did not enumerate."""
    out = subprocess.run(["nmap", "-Pn", "-n", "-p", str(port), "--script", "ssl-enum-ciphers", "127.0.0.1"],
                         capture_output=True, text=True, check=False).stdout
    return sum(" - " in line and "TLS_" in line for line in out.splitlines()) if "least strength" in out else 0


def check(tap, folder, name, protocols, ciphers):
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    child = running_nginx(folder, port, protocols, ciphers)
    try:
        relay = Relay(port, "127.0.0.1")
        result = scan(relay.port, "--probes", "tls-exact")
        ours, most = relay.take()
        found = values(result, "tls.suite")
        tap.ok(values(result, "tls.suites-complete") == values(result, "tls.offered") != set(),
               name + ": every version to its end", sorted(found))
        tap.ok(ours == result["connections"], name + ": no connection is hidden", f"{ours}, {result['connections']}")
        tap.ok(2 <= most <= 4, name + ": side by side, at most 4 at a time", most)
        theirs = nmap(relay.port)
        count, _ = relay.take()
        if theirs == 0:
            tap.ok(False, name + ": nmap enumerates")
            return
        tap.ok(theirs == len(found), name + ": as many suites as nmap finds", f"{theirs}, {len(found)}")
        tap.ok(ours <= 0.45 * count, name + ": at most 45 % of nmap's connections", f"{ours} of {count}")
        scan(relay.port, "--tls", "exact")
        most = relay.take()[1]
        tap.ok(2 <= most <= 4, name + ": at most 4 at a time with the web probes too", most)
        scan(relay.port, "--tls", "exact", "--connections", "1")
        most = relay.take()[1]
        tap.ok(most == 1, name + ": --connections 1", most)
    finally:
        child.terminate()
        child.wait()


def main():
    missing = [p for p in ("nginx", "nmap") if not shutil.which(p, path=os.environ.get("PATH", "") + ":/usr/sbin")]
    if missing:
        print("1..0 # SKIP needs " + ", ".join(missing))
        return
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for server in SERVERS:
            check(tap, folder, *server)
    tap.end()


main()
