#!/usr/bin/python3
"""A server with every port open: what each profile costs it, where connections
are kept and where the server ends each after one answer."""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile

import harness

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "servers"))
import peers  # noqa: E402

MOST = {"quick": 3, "standard": 12, "full": 40}     # without TLS enumeration
ADDRESS = "127.0.0.4"
TALKS = os.path.join(os.environ.get("top_srcdir", "."), "tests", "talk")
PAGE = ("HTTP/1.1 401 Unauthorized\r\nServer: Microsoft-IIS/10.0\r\nX-FEServer: EX01\r\n"
        "X-OWA-Version: 15.2.1748\r\nrequest-id: 11111111-2222-3333-4444-555555555555\r\n"
        "WWW-Authenticate: Negotiate\r\nWWW-Authenticate: NTLM\r\nContent-Length: 0\r\n%s\r\n")


def smb_reply():
    with open(os.path.join(TALKS, "real-smb2-neg-08-mode03-dia0311.talk"), encoding="ascii") as f:
        data = bytes.fromhex("".join(line[3:] for line in f if line.startswith("<< ")))
    return data[:4 + int.from_bytes(data[1:4], "big")]


def smb(peer, c):
    if peer.hear(c)[4:8] == b"\xfeSMB":
        c.sendall(smb_reply())
        peer.hear(c)


def mail(greeting, features):
    def talk(peer, c):
        c.sendall(greeting)
        while peer.hear(c):
            c.sendall(features)
    return talk


def web(closes):
    def talk(peer, c):
        while True:
            data = b""
            while b"\r\n\r\n" not in data:
                more = c.recv(4096)
                if not more:
                    return
                data += more
            peer.requests = getattr(peer, "requests", 0) + 1
            c.sendall((PAGE % ("Connection: close\r\n" if closes else "")).encode("ascii"))
            if closes:
                return
    return talk


def secure(context, talk):
    """The same inside TLS."""
    def outer(peer, c):
        inner = context.wrap_socket(c, server_side=True)
        talk(peer, inner)
        inner.close()
    return outer


def certificate(folder):
    key, cert = os.path.join(folder, "key.pem"), os.path.join(folder, "cert.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "30", "-subj", "/CN=mail.example.test"],
                   check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context


def services(context, closes):
    tls = {"https": web(closes), "backend": web(closes),
           "imaps": mail(b"* OK ready\r\n", b"* CAPABILITY IMAP4 AUTH=NTLM\r\na OK done\r\n"),
           "pop3s": mail(b"+OK ready\r\n", b"+OK\r\nUSER\r\nSASL NTLM\r\n.\r\n")}
    plain = {"plain": web(closes), "backend-plain": web(closes), "smb": smb,
             "smtp": mail(b"220 mail.example.test ESMTP\r\n", b"250-mail.example.test\r\n250 AUTH NTLM\r\n"),
             "submission": mail(b"220 mail.example.test ESMTP\r\n", b"250-mail.example.test\r\n250 AUTH NTLM\r\n"),
             "imap": mail(b"* OK ready\r\n", b"* CAPABILITY IMAP4 AUTH=NTLM\r\na OK done\r\n"),
             "pop3": mail(b"+OK ready\r\n", b"+OK\r\nUSER\r\nSASL NTLM\r\n.\r\n")}
    return {**{name: peers.Peer(secure(context, talk), ADDRESS) for name, talk in tls.items()},
            **{name: peers.Peer(talk, ADDRESS) for name, talk in plain.items()}}


def check(tap, ports, profile, how, *more):
    for peer in ports.values():
        peer.count, peer.requests = 0, 0
    options = [o for name, peer in ports.items() if name != "https" for o in ("--port", "%s=%d" % (name, peer.port))]
    run = harness.Run(["scan", "%s:%d" % (ADDRESS, ports["https"].port), "--profile", profile, "--tls", "none",
                       "--name", "mail.example.test", "--connect-timeout", "3s", "-o", "jsonl", *options, *more])
    peers.settle()
    name = "%s, %s" % (profile, how)
    results = harness.json_lines(run.out)
    if not tap.equal(len(results), 1, name + ": one result"):
        print("#", run)
        return
    got = results[0]
    counted = {key: peer.count for key, peer in ports.items() if peer.count}
    # TLS inside the mail ports is asked by the profile full: its hellos are not in the sum.
    hellos = sum(1 for o in got["observations"] if o["fact"] == "tls.depth")
    print("# %s: %d connections, %d requests, %s" % (name, got["connections"], got["requests"], counted))
    tap.equal(hellos, 0, name + ": no TLS enumeration")
    tap.ok(0 < got["connections"] <= MOST[profile], name + ": at most %d connections" % MOST[profile],
           (got["connections"], counted))
    tap.equal(got["connections"], sum(counted.values()), name + ": the result counts what the servers counted")
    for key in ("smb", "smtp", "submission", "imap", "imaps", "pop3", "pop3s"):
        most = 2 if key == "smb" else 1
        tap.ok(counted.get(key, 0) <= most, "%s: %s at most %d" % (name, key, most), counted)
    if profile == "full":
        tap.ok(all(key in counted for key in ports), name + ": every port was asked", counted)
    gave_up = [e for e in got["errors"] if e["reason"] == "gave-up"]
    tap.ok(bool(gave_up) == (how == "closing" and profile != "quick"), name + ": what was not asked is said", got["errors"])


def check_closed(tap):
    """Nobody listens: what four lanes of TLS met is said once, and no version is said of it."""
    with socket.socket() as s:
        s.bind((ADDRESS, 0))
        target = "%s:%d" % s.getsockname()
    result = harness.json_lines(harness.Run(["scan", target, "-o", "jsonl"]).out)[0]
    met = [(e["probe"], e["at"], e["stage"], e["reason"]) for e in result["errors"]]
    tap.ok("refused" in str(met) and len(met) == len(set(met)), "a closed port: nothing is said twice", met)
    text = harness.Run(["scan", target]).out
    tap.ok("TLS        not seen" in text, "a closed port: TLS is not seen", text)


def main():
    if not harness.have_scan():
        harness.skip_all("exvet cannot scan")
    tap = harness.Tap()
    check_closed(tap)
    folder = tempfile.mkdtemp(prefix="exvet-open-")
    try:
        context = certificate(folder)
        for how in ("keeping", "closing"):
            ports = services(context, how == "closing")
            for profile in MOST:
                check(tap, ports, profile, how)
            for peer in ports.values():
                peer.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tap.done()


main()
