#!/usr/bin/python3
"""The mail probes in bad company: 421 at every step, replies without end, bytes
that are no text, words in the clear that pretend to come from inside TLS.
"""
import os
import resource
import shutil
import ssl
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
import harness  # noqa: E402
from peers import Peer, Scan, Tap  # noqa: E402

GREETING = {"smtp": b"220 mail.example.test Microsoft ESMTP MAIL Service ready at Tue, 24 Nov 2026 10:00:00 +0000\r\n",
            "imap": b"* OK The Microsoft Exchange IMAP4 service is ready.\r\n",
            "pop3": b"+OK The Microsoft Exchange POP3 service is ready.\r\n"}
EHLO = b"250-mail.example.test Hello\r\n250-AUTH NTLM\r\n250-STARTTLS\r\n250 XRDST\r\n"
CLEAR = b"250-mail.example.test Hello\r\n250-AUTH NTLM\r\n250 XRDST\r\n"
CAPABILITY = b"* CAPABILITY IMAP4 LOGINDISABLED STARTTLS\r\na OK done\r\n"
HEAR = None
UNSEEN = {"smtp-starttls-missing": "not-observable", "smtp-starttls-broken": "not-observable",
          "smtp-auth-before-tls": "not-observable", "smtp-ntlm-offered": "not-observable",
          "mail-ehlo-masked": "not-observable"}


def script(*steps):
    """Say the bytes, hear at HEAR, do the functions; then say nothing more to the end."""
    def talk(peer, c):
        for step in steps:
            if step is HEAR:
                peer.hear(c)
            elif callable(step):
                step(c)
            else:
                c.sendall(step)
        while peer.hear(c):
            pass
    return talk


# ---- bad company: scripts of the peer, one thread a connection ----

def endless(line):
    def talk(peer, c):
        c.sendall(b"220 ")
        for _ in range(1600):                   # a hundred megabytes
            c.sendall(line * 65536)
    return talk


def polite(slow=0.0):
    def talk(peer, c):
        time.sleep(slow)
        c.sendall(b"220 mail.example.test ESMTP\r\n")
        while True:
            line = peer.hear(c)
            if not line:
                return
            if line.upper().startswith(b"QUIT"):
                c.sendall(b"221 bye\r\n")
                return
            c.sendall(b"250-mail.example.test\r\n250 SIZE 1\r\n" if line.upper().startswith(b"EHLO") else b"500 what\r\n")
    return talk


def after_starttls(reply):
    def talk(peer, c):
        c.sendall(b"220 mail.example.test ESMTP\r\n")
        peer.hear(c)
        c.sendall(b"250-mail.example.test\r\n250 STARTTLS\r\n")
        peer.hear(c)
        c.sendall(b"220 go\r\n")
        peer.hear(c)
        reply(c)
    return talk


def trickle(c):
    for byte in b"\x16\x03\x03\xff\xff" + bytes(600):
        c.sendall(bytes([byte]))
        time.sleep(0.02)


def endless_tls(c):
    for _ in range(5000):
        c.sendall(b"\x16\x03\x03\x40\x00" + b"\x02\xff\xff\xff" + bytes(16380))


def quick_scan(peer, *options):
    began = time.monotonic()
    s = Scan({"smtp": peer.port}, "--request-timeout", "2s", *options)
    return s, time.monotonic() - began


def check_hostile(tap):
    for line, limit in ((b"x", "line"), (b"\0", "line"), (b"\r", "line"), (b"220-x\r\n", "bytes")):
        peer = Peer(endless(line))
        s, took = quick_scan(peer)
        tap.ok(s.one("mail.limit") == limit and took < 30 and not s.errors,
               "a greeting of a hundred megabytes and more (%s)" % limit, (s.errors, s.facts("mail.limit"), took))
        peer.close()
    cases = (("plain text in place of TLS", lambda c: c.sendall(b"hello there, no TLS\r\n" * 10)),
             ("hang-up in the handshake", lambda c: None),
             ("a fatal alert", lambda c: c.sendall(b"\x15\x03\x03\x00\x02\x02\x28")),
             ("a handshake that trickles", trickle), ("a handshake without end", endless_tls))
    for name, reply in cases:
        peer = Peer(after_starttls(reply))
        s, took = quick_scan(peer)
        tap.ok(s.one("mail.starttls") == "handshake-failed" and took < 30 and s.connections == 1, name,
               (s.facts("mail.starttls"), s.errors, took))
        tap.ok(not s.facts("mail.feature.tls"), name + ": nothing noted of the inside")
        peer.close()


def check_injected(tap, folder):
    """Words in the clear behind the answer to STARTTLS are not heard inside TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")

    def talk(peer, c):
        c.sendall(b"220 mail.example.test ESMTP\r\n")
        peer.hear(c)
        c.sendall(b"250-mail.example.test\r\n250 STARTTLS\r\n")
        peer.hear(c)
        c.sendall(b"220 go\r\n250-mail.example.test\r\n250 AUTH LOGIN\r\n")
        with context.wrap_socket(c, server_side=True) as s:
            peer.heard += s.recv(4096)
            s.sendall(b"250-mail.example.test\r\n250 AUTH PLAIN\r\n")
            peer.heard += s.recv(4096)
            s.sendall(b"221 bye\r\n")

    peer = Peer(talk)
    s, _ = quick_scan(peer)
    tap.ok(s.facts("mail.auth.tls") == {"PLAIN"} and s.one("mail.starttls") == "works",
           "what was said too early is dropped", (s.facts("mail.auth.tls"), s.errors))
    tap.ok(s.one("mail.early") == "dropped" and s.verdicts["smtp-starttls-broken"] == "warn", "and told",
           (s.facts("mail.early"), s.verdicts["smtp-starttls-broken"]))
    tap.ok(not s.errors and peer.heard.endswith(b"QUIT\r\n"), "and the talk goes on to its end", peer.heard)
    peer.close()


def check_turns(tap):
    """Two ports of one service never hear us at once; other words than ours are not said."""
    peer = Peer(polite(0.3))
    s = Scan({"smtp": peer.port, "submission": peer.port})
    tap.ok(peer.count == 2 and peer.most == 1, "SMTP hears one connection at a time", (peer.count, peer.most))
    words = {line.split()[0].upper() for line in peer.heard.splitlines() if line}
    tap.ok(words == {b"EHLO", b"QUIT"}, "nothing is said but EHLO and QUIT", peer.heard)
    tap.ok(b"EHLO exvet.invalid\r\n" in peer.heard, "with the honest name", peer.heard)
    tap.ok(min(s.facts("mail.delay")) >= 250, "the slow greeting is measured", s.facts("mail.delay"))
    peer.heard = b""
    Scan({"smtp": peer.port}, "--ehlo", "scanner.example.test")
    tap.ok(b"EHLO scanner.example.test\r\n" in peer.heard, "--ehlo", peer.heard)
    peer.close()


def drip(peer, c):
    c.sendall(GREETING["smtp"])
    peer.hear(c)
    for i in range(200):
        c.sendall(b"250-X%d\r\n" % i)
        time.sleep(0.2)


def trickle_greeting(peer, c):
    c.sendall(b"* OK ")
    for _ in range(200):
        c.sendall(b"x")
        time.sleep(0.2)


# ---- one table: what is said, what must come of it ----

def cases():
    away = {"mail.refused": "421 4.3.2 Service not available"}
    late = b"421 4.3.2 Service not available\r\n"
    yield ("421 to greet", "smtp", script(late), away, {"smtp-unavailable": "warn", **UNSEEN}, b"")
    yield ("421 to EHLO", "smtp", script(GREETING["smtp"], HEAR, late), away,
           {"smtp-unavailable": "warn", **UNSEEN}, b"EHLO exvet.invalid\r\n")
    yield ("421 in the midst of a list", "smtp", script(GREETING["smtp"], HEAR, b"250-mail\r\n" + late), away,
           {"smtp-unavailable": "warn", **UNSEEN}, b"EHLO exvet.invalid\r\n")
    yield ("421 to STARTTLS", "smtp", script(GREETING["smtp"], HEAR, EHLO, HEAR, late),
           {**away, "mail.starttls": "refused", "mail.auth": "NTLM"},
           {"smtp-unavailable": "warn", "smtp-starttls-broken": "warn", "smtp-starttls-missing": "pass"},
           b"EHLO exvet.invalid\r\nSTARTTLS\r\n")
    yield ("421 to AUTH", "smtp", script(GREETING["smtp"], HEAR, CLEAR, HEAR, late), {**away, "mail.starttls": "missing"},
           {"smtp-unavailable": "warn", "smtp-ntlm-offered": "warn"}, b"EHLO exvet.invalid\r\nAUTH NTLM\r\n")
    yield ("454 to STARTTLS", "smtp",
           script(GREETING["smtp"], HEAR, EHLO.replace(b"AUTH NTLM", b"DSN"), HEAR, b"454 4.7.0 TLS not available\r\n", HEAR,
                  b"221 bye\r\n"), {"mail.starttls": "refused", "mail.refused": None}, {"smtp-starttls-broken": "fail"},
           b"EHLO exvet.invalid\r\nSTARTTLS\r\nQUIT\r\n")
    yield ("no answer to STARTTLS", "smtp", script(GREETING["smtp"], HEAR, EHLO), {"mail.starttls": "silent"},
           {"smtp-starttls-broken": "fail"}, None)
    yield ("BYE to CAPABILITY", "imap", script(GREETING["imap"], HEAR, b"* BYE Connection is closed. 14\r\n"),
           {"mail.refused": "* BYE Connection is closed. 14", "mail.starttls": None},
           {"imap-plaintext-login": "not-observable"}, b"a CAPABILITY\r\n")
    yield ("NO to STARTTLS", "imap", script(GREETING["imap"], HEAR, CAPABILITY, HEAR, b"a NO not now\r\n"),
           {"mail.starttls": "refused"}, {"mailbox-starttls-broken": "fail", "imap-plaintext-login": "pass"}, None)
    yield ("-ERR to STLS", "pop3", script(GREETING["pop3"], HEAR, b"+OK\r\nSTLS\r\n.\r\n", HEAR, b"-ERR no\r\n"),
           {"mail.starttls": "refused"}, {"mailbox-starttls-broken": "fail"}, None)
    yield ("-ERR to greet", "pop3", script(b"-ERR Connection is closed. 21\r\n"),
           {"mail.refused": "-ERR Connection is closed. 21"}, {"pop-plaintext-login": "not-observable"}, None)
    # Bytes that are no text, and lines that have no end.
    yield ("NULs", "smtp", script(b"220 mail\0.example.test\r\n", HEAR, b"250-mail\r\n250-START\0TLS\r\n250 AUTH NT\0LM\r\n"),
           {"mail.banner": "mail\\x00.example.test"},
           {"smtp-ntlm-offered": "undecidable", "smtp-auth-before-tls": "undecidable", "mail-ehlo-masked": "fail"}, None)
    yield ("CRs before the LF", "smtp", script(b"220 mail.example.test\r\r\r\n", HEAR, b"250-x\r\r\n250 AUTH PLAIN\r\r\n"),
           {"mail.banner": "mail.example.test", "mail.auth": "PLAIN"}, {"smtp-auth-before-tls": "fail"}, None)
    yield ("a CR is no end of a line", "smtp", script(b"220 mail.example.test\r220 ESMTP\r"), {"mail.banner": None},
           {"smtp-unavailable": "not-observable"}, b"")
    yield ("LF alone is", "smtp", script(b"220 mail.example.test\n", HEAR, b"250-x\n250 AUTH PLAIN\n"), {"mail.auth": "PLAIN"},
           {"smtp-auth-before-tls": "fail"}, None)
    yield ("a line without its end", "smtp", script(b"220 mail.example.test"), {"mail.banner": None},
           {"smtp-unavailable": "not-observable", **UNSEEN}, b"")
    yield ("lines that drip", "smtp", drip, {"mail.limit": None, "mail.starttls": None},
           {"smtp-unavailable": "warn", "smtp-starttls-missing": "not-observable"}, b"EHLO exvet.invalid\r\n")
    yield ("bytes that drip", "imap", trickle_greeting, {"mail.banner": None}, {"imap-plaintext-login": "not-observable"}, b"")
    # More than anybody needs.
    yield ("10,000 lines of EHLO", "smtp",
           script(GREETING["smtp"], HEAR, b"".join(b"250-X-FEATURE-%d\r\n" % i for i in range(10000)) + b"250 STARTTLS\r\n"),
           {"mail.limit": "bytes", "mail.starttls": None},
           {"smtp-starttls-missing": "not-observable", "smtp-auth-before-tls": "undecidable"}, None)
    yield ("a thousand mechanisms", "smtp",
           script(GREETING["smtp"], HEAR, b"250-x\r\n250-AUTH" + b"".join(b" M%d" % i for i in range(1000)) +
                  b" PLAIN\r\n250 DSN\r\n"), {"mail.limit": "lines"},
           {"smtp-auth-before-tls": "undecidable", "smtp-ntlm-offered": "undecidable"}, None)
    yield ("100,000 untagged lines", "imap", script(GREETING["imap"], HEAR, b"* X\r\n" * 100000 + b"a OK\r\n"),
           {"mail.limit": "bytes"}, {"imap-plaintext-login": "undecidable"}, None)
    yield ("10,000 lines of CAPA", "pop3", script(GREETING["pop3"], HEAR, b"+OK\r\n" + b"CAPABILITY\r\n" * 10000 + b".\r\n"),
           {"mail.limit": "lines"}, {"pop-plaintext-login": "undecidable"}, None)


def check_cases(tap):
    for name, probe, talk, facts, verdicts, heard in cases():
        peer = Peer(talk)
        began = time.monotonic()
        s = Scan({probe: peer.port}, "--request-timeout", "2s")
        took = time.monotonic() - began
        tap.ok(took < 60 and peer.count == 1 and s.connections == 1, name + ": bounded, and one connection",
               (took, peer.count, s.connections))
        wrong = {f: s.facts(f) for f, want in facts.items() if s.facts(f) != ({want} if want else set())}
        tap.ok(not wrong, name + ": the facts", wrong)
        wrong = {r: s.verdicts.get(r) for r, want in verdicts.items() if s.verdicts.get(r) != want}
        tap.ok(not wrong, name + ": the verdicts", wrong)
        if heard is not None:
            tap.ok(peer.heard == heard, name + ": nothing is said after it", peer.heard)
        peer.close()


def check_inside(tap, folder):
    """421 to the EHLO inside TLS: STARTTLS works, and no word more is said."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")

    def talk(peer, c):
        c.sendall(GREETING["smtp"])
        peer.hear(c)
        c.sendall(EHLO)
        peer.hear(c)
        c.sendall(b"220 2.0.0 SMTP server ready\r\n")
        with context.wrap_socket(c, server_side=True) as s:
            peer.heard += s.recv(4096)
            s.sendall(b"421 4.4.2 Connection dropped\r\n")
            while True:
                more = s.recv(4096)
                if not more:
                    break
                peer.heard += more

    peer = Peer(talk)
    s = Scan({"smtp": peer.port}, "--request-timeout", "2s")
    tap.ok(s.one("mail.refused") == "421 4.4.2 Connection dropped" and s.one("mail.starttls") == "works",
           "421 inside TLS", (s.facts("mail.refused"), s.facts("mail.starttls"), s.errors))
    tap.ok(s.verdicts["smtp-starttls-broken"] == "pass" and s.verdicts["smtp-unavailable"] == "warn", "and its verdicts")
    tap.ok(peer.heard == b"EHLO exvet.invalid\r\nSTARTTLS\r\nEHLO exvet.invalid\r\n", "nothing is said after it", peer.heard)
    peer.close()


def check_ports(tap):
    """2525 and 465 are asked when they are named, and only then."""
    peer = Peer(polite())
    for name in ("transport", "smtps"):
        s = Scan({name: peer.port}, "--request-timeout", "2s")
        states = [o["value"] for o in s.result["observations"] if o["fact"] == "net.port" and o["probe"] == name]
        tap.ok(states == ["open"], "the probe %s is there" % name, s.result)
    peer.close()
    probes = harness.Run(["list", "probes"]).out
    row = {line.split()[0]: line.split()[2] for line in probes.splitlines()}
    tap.ok(row["transport"] == row["smtps"] == "named", "no profile asks them", row)
    peer = Peer(polite())
    run = harness.Run(["scan", "127.0.0.2:1", "--profile", "quick", "--port", "transport=%d" % peer.port, "-o", "jsonl",
                       "--connect-timeout", "2s"])
    tap.ok(peer.count == 1 and b'"transport"' in run.out.encode(), "--port transport=NUMBER asks it", run)
    peer.close()


def main():
    if not harness.have_scan():
        harness.skip_all("exvet cannot scan")
    tap = Tap()
    folder = tempfile.mkdtemp(prefix="exvet-mail-")
    try:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder + "/key.pem",
                        "-out", folder + "/cert.pem", "-subj", "/CN=mail.example.test", "-days", "30"],
                       check=True, capture_output=True)
        check_cases(tap)
        check_hostile(tap)
        check_injected(tap, folder)
        check_inside(tap, folder)
        check_turns(tap)
        check_ports(tap)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    tap.ok(harness.sanitized() or most < 100_000, "whatever came, memory stayed below 100 MB", most)
    tap.end()


main()
