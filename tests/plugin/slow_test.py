#!/usr/bin/python3
"""check_exchange ends within -t whatever the peer does, and says at which stage it was.

The peers are here: each takes its time at another stage, for ever.  None of
them may be taken for fine, and each line names the stage.
"""

import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugin import Plugin, harness

SLACK = 8       # seconds for a machine that does other things; the plugin itself keeps a fifth back
HEAD = b"HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/10.0\r\nX-OWA-Version: 15.2.1748.39\r\n"


def trickle(send, data, stop, pause=0.1):
    for byte in data:
        if stop.wait(pause):
            return
        send(bytes([byte]))


def for_ever(send, data, stop, pause):
    while not stop.is_set():
        send(data)
        if pause:
            stop.wait(pause)


def read_head(conn):
    data = b""
    while b"\r\n\r\n" not in data:
        more = conn.recv(4096)
        if not more:
            return b""
        data += more
    return data


# What is said to each request, inside TLS.
def mute(conn, stop):
    stop.wait(60)


def slow_status(conn, stop):
    trickle(conn.sendall, HEAD * 20, stop)


def endless_headers(conn, stop):
    conn.sendall(HEAD)
    for_ever(conn.sendall, b"X-More: and more\r\n", stop, 0)


def endless_headers_slow(conn, stop):
    conn.sendall(HEAD)
    for_ever(conn.sendall, b"X-More: and more\r\n", stop, 0.1)


def endless_interim(conn, stop):
    for_ever(conn.sendall, b"HTTP/1.1 100 Continue\r\n\r\n", stop, 0.1)


def endless_body(conn, stop):
    conn.sendall(HEAD + b"Content-Type: text/html\r\n\r\n")
    for_ever(conn.sendall, b"<p>" * 4096, stop, 0)


def endless_body_slow(conn, stop):
    conn.sendall(HEAD + b"Content-Type: text/html\r\n\r\n")
    for_ever(conn.sendall, b"<", stop, 0.1)


def endless_chunks(conn, stop):
    conn.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for_ever(conn.sendall, b"1\r\n<\r\n", stop, 0.1)


def endless_redirects(conn, stop):
    stop.wait(0.2)
    conn.sendall(b"HTTP/1.1 302 Found\r\nLocation: /owa/?%d\r\nContent-Length: 0\r\n\r\n" % time.time_ns())


class Peer(threading.Thread):
    """A TLS server whose answers are one of the above; or one that hangs before TLS is made."""

    def __init__(self, context, answer, handshake="good", address="127.0.0.1"):
        super().__init__(daemon=True)
        self.context, self.answer, self.handshake = context, answer, handshake
        self.stop = threading.Event()
        self.listener = socket.create_server((address, 0), backlog=100)
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        while not self.stop.is_set():
            try:
                conn, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn):
        try:
            conn.settimeout(30)
            if self.handshake == "none":
                self.stop.wait(60)
            elif self.handshake == "slow":
                self._slow_handshake(conn)
            elif self.handshake == "alerts":
                for_ever(conn.sendall, b"\x15\x03\x03\x00\x02\x01\x5a", self.stop, 0.05)
            else:
                with self.context.wrap_socket(conn, server_side=True) as tls:
                    while read_head(tls):
                        self.answer(tls, self.stop)
        except (OSError, ValueError):
            pass
        finally:
            conn.close()

    def _slow_handshake(self, conn):
        """The server's flight, a byte at a time."""
        into, out = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = self.context.wrap_bio(into, out, server_side=True)
        while not self.stop.is_set():
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                pass
            trickle(conn.sendall, out.read(), self.stop)
            data = conn.recv(4096)
            if not data:
                return
            into.write(data)

    def close(self):
        self.stop.set()
        self.listener.close()


# name: answer, handshake, pattern of the line
PEERS = {
    "no handshake": (mute, "none", "in the TLS handshake"),
    "a slow handshake": (mute, "slow", "in the TLS handshake"),
    "alerts for ever": (mute, "alerts", ""),
    "no answer": (mute, "good", "while waiting for HTTP"),
    "a slow head": (slow_status, "good", "while waiting for HTTP"),
    "endless headers": (endless_headers, "good", ""),
    "endless slow headers": (endless_headers_slow, "good", "while waiting for HTTP"),
    "100 Continue for ever": (endless_interim, "good", "while waiting for HTTP"),
    "an endless body": (endless_body, "good", ""),
    "an endless slow body": (endless_body_slow, "good", "timed out"),
    "endless chunks": (endless_chunks, "good", "timed out"),
    "endless redirects": (endless_redirects, "good", ""),
}


def judge(tap, answer, seconds, pattern, name):
    tap.ok(answer.state in (2, 3) and not answer.wrong and pattern in answer.first, name,
           f"{answer.run}\n{answer.wrong}")
    tap.ok(answer.run.seconds < seconds + SLACK, f"{name}: in time", answer.run)


def check_peers(tap, plugin, context):
    for name, (answer, handshake, pattern) in PEERS.items():
        peer = Peer(context, answer, handshake)
        try:
            for seconds in (1, 3):
                got = plugin.run("-H", "127.0.0.1", "-p", peer.port, "-t", seconds, timeout=60)
                judge(tap, got, seconds, pattern, f"{name}, -t {seconds}")
                if pattern == "in the TLS handshake" or pattern == "while waiting for HTTP":
                    tap.equal(got.state, 3, f"{name}, -t {seconds}: time ran out is UNKNOWN")
        finally:
            peer.close()


def check_certificate(tap, plugin, context):
    """The certificate was seen, is the worst, and then time ran out: the line says it."""
    said = threading.Event()

    def answer_once(conn, stop):
        if said.is_set():
            mute(conn, stop)
        said.set()
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    peer = Peer(context, answer_once)
    try:
        got = plugin.run("-H", "127.0.0.1", "-p", peer.port, "-t", 1, "-C", "9999,9998")
        judge(tap, got, 1, "cert-days", "a certificate that ends soon, and no whole answer")
        tap.equal(got.state, 2, "a certificate that ends soon, and no whole answer: its state")
    finally:
        peer.close()


def check_connect(tap, plugin):
    """A listener whose queue is full: SYNs are dropped."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        port = full.getsockname()[1]
        held = []
        for _ in range(4):
            s = socket.socket()
            s.setblocking(False)
            s.connect_ex(("127.0.0.1", port))
            held.append(s)
        got = plugin.run("-H", "127.0.0.1", "-p", port, "-t", "1")
        judge(tap, got, 1, "timed out after", "no connection, -t 1")
        tap.ok(got.state == 3 and "while connecting" in got.first, "the stage is the connection", got.run)
        got = plugin.run("-H", "127.0.0.1", "-p", port, "-t", "4", "--connect-timeout", "500ms")
        judge(tap, got, 4, "no answer: connect: timeout", "no connection, and -t is not the limit")
        tap.equal(got.state, 2, "which is unreachable: CRITICAL")
        for s in held:
            s.close()


def check_names(tap, plugin):
    """A name server that never answers, for one process that sees another resolv.conf."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        tap.skip("a silent name server", "needs root and unshare")
        return
    with tempfile.TemporaryDirectory() as folder, \
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.77.53.1", 53))
        conf = os.path.join(folder, "resolv.conf")
        with open(conf, "w", encoding="utf-8") as f:
            f.write("nameserver 127.77.53.1\n")
        script = 'mount --bind "$0" /etc/resolv.conf && exec "$@"'
        probe = subprocess.run(["unshare", "-m", "sh", "-c", script, conf, "cat", "/etc/resolv.conf"],
                               capture_output=True, check=False)
        if probe.stdout != b"nameserver 127.77.53.1\n":
            tap.skip("a silent name server", "no mount namespace: " + probe.stderr.decode())
            return
        path, plugin.path = plugin.path, shutil.which("unshare")
        try:
            for seconds in (1, 3):
                got = plugin.run("-m", "sh", "-c", script, conf, path, "-H", "mail.example.com",
                                 "-t", seconds)
                judge(tap, got, seconds, "in the look-up of the name", f"a silent name server, -t {seconds}")
                tap.equal(got.state, 3, "time ran out is UNKNOWN")
        finally:
            plugin.path = path
        server.setblocking(False)
        try:
            tap.ok(b"example" in server.recv(2000), "the name server was asked")
        except BlockingIOError:
            tap.ok(False, "the name server was asked")


def check_beside(tap, plugin, context):
    """A mail service that never greets makes itself unseen, not the web."""
    with harness.Lab("ex-se-latest") as lab:
        target = lab.expected()[0]["target"]
        address = lab.read("resolve.txt").split()[0].rpartition(":")[2]
        peer = Peer(context, mute, "none", address)
        args = [*lab.options(), "-H", target, "-t", "4", "--as-of", "2026-10-20", "--port", f"smtp={peer.port}"]
        try:
            got = plugin.run(*args, "--checks", "patch,support,health")
            tap.ok(got.state == 0 and "timed out" not in got.first and got.run.seconds > 2,
                   "a mute mail service beside a good web", got.run)
            got = plugin.run(*args, "--checks", "mail", "-v")
            tap.ok(got.state == 3, "which is UNKNOWN when mail is what was asked for", got.run)
        finally:
            peer.close()


def check_options(tap, plugin, folder):
    """A file of options that hangs: -t is not known yet, its default counts."""
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo)
    got = plugin.run("--extra-opts=@" + fifo, "-H", "mail.example.com")
    judge(tap, got, 10, "timed out while the options were read", "a file of options that hangs")
    tap.equal(got.state, 3, "which is UNKNOWN")


def main():
    if not harness.have_scan():
        harness.skip_all("this exvet cannot scan")
    tap = harness.Tap()
    with tempfile.TemporaryDirectory() as folder, Plugin() as plugin:
        pem = os.path.join(folder, "peer.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                        "-subj", "/CN=peer", "-keyout", pem, "-out", pem + ".crt"],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem + ".crt", pem)
        check_peers(tap, plugin, context)
        check_certificate(tap, plugin, context)
        check_connect(tap, plugin)
        check_names(tap, plugin)
        check_beside(tap, plugin, context)
        check_options(tap, plugin, folder)
    tap.done()


if __name__ == "__main__":
    main()
