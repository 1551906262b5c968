#!/usr/bin/python3
"""check_exchange at its edges: the last days of a certificate, counted as check_http counts
them, a balancer without a server behind it, and a signal in the middle."""

import http.server
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugin import Plugin, harness

NAME, DAYS = "edge.exvet.test", 30      # made now, so 29 whole days are left
OK, WARNING, CRITICAL, UNKNOWN = range(4)
CHECK_HTTP = "/usr/lib/nagios/plugins/check_http"


class Peer:
    """An HTTPS server that gives every request one status, or none at all (0)."""

    def __init__(self, folder, status):
        peer = self
        self.asked = threading.Event()
        self.stop = threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                peer.asked.set()
                if status == 0:
                    peer.stop.wait(60)
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            do_OPTIONS = do_POST = do_HEAD = do_GET

            def log_message(self, *unused):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def finish_request(self, request, client_address):
                try:
                    super().finish_request(context.wrap_socket(request, server_side=True),
                                           client_address)
                except OSError:
                    pass                # hellos that only look

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()


def make_certificate(folder):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", str(DAYS), "-subj", "/CN=" + NAME, "-addext",
                    "subjectAltName=DNS:" + NAME, "-keyout", os.path.join(folder, "key.pem"), "-out",
                    os.path.join(folder, "cert.pem")], check=True, capture_output=True)
    time.sleep(1.5)                     # the thirtieth day has begun


def server_of(peer, folder):
    return ["-H", NAME, "-I", "127.0.0.1", "-p", peer.port, "--ca-file", os.path.join(folder, "cert.pem")]


def check_days(tap, plugin, folder):
    cases = [("28", OK), ("29", WARNING), ("30", WARNING), ("40,28", WARNING), ("40,29", CRITICAL),
             ("29,28", WARNING), ("0", OK)]
    with Peer(folder, 404) as peer:
        for days, state in cases:
            answer = plugin.run(*server_of(peer, folder), "--checks", "cert", "-C", days)
            lines = [x for x in answer.long if "cert-days 29" in x]
            got = {"[WA": WARNING, "[CR": CRITICAL}.get(lines[0][:3]) if lines else OK
            tap.ok(got == state and answer.perf["cert-days"][0] == 29 and not answer.wrong,
                   f"-C {days} with 29 whole days left", answer.run)
            if not os.access(CHECK_HTTP, os.X_OK):
                tap.skip(f"check_http -C {days}", "no check_http here")
                continue
            real = subprocess.run([CHECK_HTTP, "-H", NAME, "-I", "127.0.0.1", "-p", str(peer.port), "-S",
                                   "-C", days], capture_output=True, check=False)
            # its exit status is not that of its line in Debian 12
            word = real.stdout.decode().split(" ")[0]
            tap.equal(word, ["OK", "WARNING", "CRITICAL"][state], f"check_http -C {days} says the same")


def check_errors(tap, plugin, folder):
    for status, state, words in ((502, CRITICAL, "no usable answer: HTTP status 502"),
                                 (503, CRITICAL, "no usable answer: HTTP status 503"),
                                 (404, UNKNOWN, "answers, "), (403, UNKNOWN, "answers, ")):
        with Peer(folder, status) as peer:
            answer = plugin.run(*server_of(peer, folder), "--checks", "patch")
            tap.ok(answer.state == state and words in answer.first and not answer.wrong,
                   f"{status} to everything", answer.run)
            if status == 503:
                answer = plugin.run(*server_of(peer, folder), "--unreachable-state", "warning")
                tap.ok(answer.state == WARNING and words in answer.first,
                       "--unreachable-state holds for 503 too", answer.run)


def check_signal(tap, plugin, folder):
    for number in (signal.SIGTERM, signal.SIGINT):
        with Peer(folder, 0) as peer:
            process = subprocess.Popen([plugin.path, *map(str, server_of(peer, folder)), "-t", "60",
                                        "--timeout-result", "ok", "--request-timeout", "60"],
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            asked = peer.asked.wait(30)
            time.sleep(0.2)
            process.send_signal(number)
            out, err = process.communicate(timeout=40)
            tap.ok(asked and process.returncode == UNKNOWN and err == b"" and out.startswith(
                b"EXCHANGE UNKNOWN - " + NAME.encode() + b": stopped by a signal after "),
                f"{number.name} is no time-out", (process.returncode, out, err))


def main():
    if not harness.have_scan():
        harness.skip_all("this exvet cannot scan")
    tap = harness.Tap()
    with Plugin() as plugin, tempfile.TemporaryDirectory() as folder:
        make_certificate(folder)
        check_days(tap, plugin, folder)
        check_errors(tap, plugin, folder)
        check_signal(tap, plugin, folder)
    tap.done()


if __name__ == "__main__":
    main()
