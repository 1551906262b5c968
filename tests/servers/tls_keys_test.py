#!/usr/bin/python3
"""Servers with a certificate for each kind of key: all of them are found, also
where TLS 1.3 alone is spoken, and they are no difference."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from tap import EXVET, Tap  # noqa: E402
from tlspeers import HOST, Server, free_port, keypair  # noqa: E402

# Enough of Exchange to be judged as such.
PAGE = "add_header X-FEServer EX01 always; add_header X-OWA-Version 15.2.2562.56 always;"


def nginx(folder, port, pairs, protocols, more):
    conf = os.path.join(folder, "nginx-%d.conf" % port)
    temp = "".join("%s_temp_path %s/%s;\n" % (k, folder, k) for k in
                   ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    keys = "".join("ssl_certificate %s; ssl_certificate_key %s;\n" % pair for pair in pairs)
    with open(conf, "w", encoding="ascii") as f:
        f.write("daemon off; master_process off; pid %s/%d.pid; error_log /dev/null;\nevents {}\nhttp { access_log off;\n"
                "%sserver { listen 127.0.0.1:%d ssl; %sssl_protocols %s; %s %s } }\n" %
                (folder, port, temp, port, keys, protocols, more, PAGE))
    return ["nginx", "-c", conf, "-e", "/dev/null"]


def scan(port, *options):
    done = subprocess.run([EXVET, "scan", "--name", HOST, "-o", "jsonl", *options, "127.0.0.1:%d" % port],
                          capture_output=True, text=True, check=False, timeout=120)
    return json.loads(done.stdout)


def keys(result, probe=None):
    return sorted({o["value"] for o in result["observations"] if o["fact"] == "cert.key" and
                   probe in (None, o["probe"])})


def check(tap, folder, name, pairs, protocols, more, expected, last):
    port = free_port()
    server = Server(nginx(folder, port, pairs, protocols, more), port)
    try:
        result = scan(port, "--tls", "exact")
        tap.ok(keys(result) == expected, "%s: every kind of key" % name, keys(result))
        tap.ok(keys(result, "tls-keys") == last, "%s: by a handshake of its own: %s" % (name, last or "none"),
               keys(result, "tls-keys"))
        tap.ok(not [o for o in result["observations"] if o["fact"] == "cert.differs"], "%s: no difference" % name)
        verdict = [f["verdict"] for f in result["findings"] if f["rule"] == "cert-differs"]
        tap.ok(verdict in (["pass"], ["not-applicable"]), "%s: and none is judged" % name, verdict)
        tap.ok(not result["errors"], "%s: nothing failed" % name, result["errors"])
        posture = scan(port, "--tls", "posture")
        tap.ok(not keys(posture, "tls-keys"), "%s: not asked in a posture scan" % name)
    finally:
        server.stop()


def main():
    if shutil.which("nginx") is None:
        print("1..0 # SKIP needs nginx")
        return
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        rsa = keypair(folder, "rsa", "rsa:2048")
        ec = keypair(folder, "ec", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
        ed = keypair(folder, "ed", "ed25519")
        both = ["EC prime256v1", "RSA 2048"]
        check(tap, folder, "1.3, RSA and EC", [rsa, ec], "TLSv1.3", "", both, ["RSA 2048"])
        check(tap, folder, "1.3, RSA and Ed25519", [rsa, ed], "TLSv1.3", "", ["ED25519", "RSA 2048"], ["RSA 2048"])
        check(tap, folder, "1.3, RSA alone", [rsa], "TLSv1.3", "", ["RSA 2048"], [])
        check(tap, folder, "1.3, EC alone", [ec], "TLSv1.3", "", ["EC prime256v1"], [])
        check(tap, folder, "1.2 and 1.3, RSA and EC", [rsa, ec], "TLSv1.2 TLSv1.3", "", both, [])
        check(tap, folder, "1.2 with RSA alone, 1.3 with both", [rsa, ec], "TLSv1.2 TLSv1.3",
              "ssl_ciphers ECDHE-RSA-AES128-GCM-SHA256;", both, [])
    tap.end()


main()
