#!/usr/bin/python3
"""What this machine's OpenSSL is told to allow (openssl.cnf, a system-wide policy)
decides nothing about what is seen of a server."""

import http.server
import os
import ssl
import subprocess
import tempfile
import threading

import harness

# What a hardened machine says: nothing older than TLS 1.3, no short keys, no RSA.
POLICY = """openssl_conf = start
[start]
ssl_conf = modules
[modules]
system_default = policy
[policy]
MinProtocol = TLSv1.3
CipherString = DEFAULT:@SECLEVEL=5
SignatureAlgorithms = ed448
"""


class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("X-OWA-Version", "15.2.1748.39")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


def serve(folder):
    """A server of TLS 1.2 alone on a port of its own."""
    pem = os.path.join(folder, "server.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=mail.example.test",
                    "-keyout", pem, "-out", pem + ".crt"], check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(pem + ".crt", pem)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def main():
    if not harness.have_scan():
        harness.skip_all("exvet cannot scan")
    tap = harness.Tap()
    with tempfile.TemporaryDirectory() as folder:
        server = serve(folder)
        policy = os.path.join(folder, "openssl.cnf")
        with open(policy, "w", encoding="utf-8") as f:
            f.write(POLICY)
        told = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{server.server_port}"], check=False,
                              env={**os.environ, "OPENSSL_CONF": policy}, stdin=subprocess.DEVNULL, capture_output=True)
        tap.ok(told.returncode != 0, "others are bound by it, so that this is a test", told)
        seen = {}
        for name, env in (("strict", {"OPENSSL_CONF": policy}), ("plain", {})):
            run = harness.Run(["scan", "--progress=never", "-o", "jsonl", f"127.0.0.1:{server.server_port}"], env=env)
            result = harness.json_lines(run.out)[0]
            seen[name] = [sorted({o["value"] for o in harness.observations(result, fact)}) for fact in
                          ("exchange.mark", "tls.offered", "tls.suite", "cert.key")] + [result["errors"]]
            tap.ok("owa-header" in seen[name][0], f"{name}: HTTP is spoken over TLS 1.2", result)
            tap.ok(all(seen[name][1:4]), f"{name}: TLS and certificate are seen", seen[name])
        tap.equal(seen["strict"], seen["plain"], "a policy of this machine changes nothing")
        server.shutdown()
        server.server_close()
    tap.done()


main()
