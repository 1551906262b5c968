#!/usr/bin/python3
"""A web server of the lab with SMB and mail at the same address: what a scan
of all services costs, and which of them each profile asks."""

import os
import sys

import harness

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
import peers  # noqa: E402

STANDARD, FULL = 12, 40         # connections to one server, without TLS enumeration
TALKS = os.path.join(os.environ.get("top_srcdir", "."), "tests", "talk")
MAIL = {"smtp": (b"220 mail.example.test ESMTP\r\n", b"250-mail.example.test\r\n250 AUTH NTLM\r\n"),
        "submission": (b"220 mail.example.test ESMTP\r\n", b"250-mail.example.test\r\n250 AUTH NTLM\r\n"),
        "imap": (b"* OK ready\r\n", b"* CAPABILITY IMAP4 AUTH=NTLM\r\na OK done\r\n"),
        "pop3": (b"+OK ready\r\n", b"+OK\r\nUSER\r\nSASL NTLM\r\n.\r\n")}


def smb_reply():
    """A recorded answer to a negotiate: the first bytes of its talk."""
    with open(os.path.join(TALKS, "real-smb2-neg-08-mode03-dia0311.talk"), encoding="ascii") as f:
        lines = [line[3:] for line in f if line.startswith("<< ")]
    data = bytes.fromhex("".join(lines))
    return data[:4 + int.from_bytes(data[1:4], "big")]


def smb_talk(peer, c):
    asked = peer.hear(c)
    if asked[4:8] == b"\xfeSMB":
        c.sendall(smb_reply())
        peer.hear(c)


def mail_talk(greeting, features):
    def talk(peer, c):
        c.sendall(greeting)
        peer.hear(c)
        c.sendall(features)
        while peer.hear(c):
            c.sendall(b"500 no\r\n" if greeting[:1] == b"2" else b"a NO no\r\n" if greeting[:1] == b"*" else b"-ERR no\r\n")
    return talk


def check(tap, lab, target, ports, profile, most, asked):
    options = [o for name, peer in ports.items() for o in ("--port", "%s=%d" % (name, peer.port))]
    for peer in ports.values():
        peer.count = 0
    run, results = harness.scan(lab, [target], "--profile", profile, "--tls", "none", "--connect-timeout", "2s",
                                *options)
    peers.settle()
    if not tap.equal(len(results), 1, profile + ": one result"):
        print("#", run)
        return
    got = results[0]
    tap.ok(0 < got["connections"] <= most, profile + ": at most %d connections" % most, got["connections"])
    print("# %s: %d connections, %d requests" % (profile, got["connections"], got["requests"]))
    for name, peer in ports.items():
        tap.equal(peer.count, asked.get(name, 0), "%s: connections to %s" % (profile, name))
        tap.ok(peer.most <= 1, "%s: %s one at a time" % (profile, name), peer.most)
        states = [o["value"] for o in harness.observations(got, "net.port") if o["probe"] == name]
        tap.equal(states, ["open"] if name in asked else [], "%s: state of %s" % (profile, name))


def main():
    if not harness.have_scan():
        harness.skip_all("exvet cannot scan")
    tap = harness.Tap()
    with harness.Lab("healthy") as lab:
        target = lab.expected()[0]["target"]
        # Its services listen at the same address.
        address = lab.read("resolve.txt").split()[0].split(":", 1)[1]
        ports = {name: peers.Peer(mail_talk(*words), address) for name, words in MAIL.items()}
        ports["smb"] = peers.Peer(smb_talk, address)
        check(tap, lab, target, ports, "quick", 2, {})
        check(tap, lab, target, ports, "standard", STANDARD, {"smb": 2, "smtp": 1, "submission": 1})
        check(tap, lab, target, ports, "full", FULL, {name: 2 if name == "smb" else 1 for name in ports})
        for peer in ports.values():
            peer.close()
    tap.done()


main()
