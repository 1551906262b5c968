#!/usr/bin/python3
"""Both TLS probes against a server of Java that still has what is broken.

OpenSSL and GnuTLS of today cannot play it: SSLv3, DES, EXPORT are gone there.
"""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from tap import Tap  # noqa: E402

TOP = os.environ.get("top_srcdir", ".")
TALK = os.path.join(os.environ.get("top_builddir", "."), "tests", "tools", "talk_run")
OLD = {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA",
       "TLS_RSA_WITH_NULL_SHA", "TLS_DH_anon_WITH_RC4_128_MD5"}
DES, EXPORT = {"TLS_RSA_WITH_DES_CBC_SHA"}, {"TLS_RSA_EXPORT_WITH_RC4_40_MD5"}
# JSSE has no EXPORT after TLS 1.0 and no DES after 1.1, as the RFCs say.
EXPECTED = {"SSLv3": OLD | DES | EXPORT, "TLSv1.0": OLD | DES | EXPORT, "TLSv1.1": OLD | DES,
            "TLSv1.2": OLD | {"TLS_RSA_WITH_NULL_SHA256"}}
KINDS = {"null": "NULL", "anonymous": "anon", "export": "EXPORT", "rc4": "RC4"}


def probe(name, port):
    out = subprocess.run([TALK, name, "mail.example.test", "127.0.0.1", str(port), "-", "5000"], capture_output=True,
                         text=True, check=True).stdout
    return [tuple(line.split("=", 1)) for line in out.splitlines() if "=" in line]


def start(folder):
    store, properties = os.path.join(folder, "store.p12"), os.path.join(folder, "java.security")
    cert, key = os.path.join(folder, "c.pem"), os.path.join(folder, "k.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:1024", "-nodes", "-keyout", key, "-out", cert, "-subj",
                    "/CN=old", "-days", "30"], check=True, capture_output=True)
    subprocess.run(["openssl", "pkcs12", "-export", "-in", cert, "-inkey", key, "-out", store, "-passout",
                    "pass:changeit"], check=True, capture_output=True)
    with open(properties, "w") as f:
        f.write("jdk.tls.disabledAlgorithms=\njdk.tls.legacyAlgorithms=\njdk.certpath.disabledAlgorithms=\n")
    return subprocess.Popen(["java", "-Xmx128m", "-Djava.security.properties=" + properties,
                             os.path.join(TOP, "tests", "servers", "OldServer.java"), store], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def main():
    tap = Tap()
    if not shutil.which("java") or not shutil.which("javac"):
        tap.skip("a server of Java", "no JDK")
        tap.end()
    with tempfile.TemporaryDirectory() as folder:
        java = start(folder)
        try:
            line = java.stdout.readline().strip()
            if not line:
                raise SystemExit("Bail out! java: " + java.stderr.read()[:300].replace("\n", " "))
            facts = probe("tls-exact", int(line))
            for version, suites in EXPECTED.items():
                found = {v.split()[1] for k, v in facts if k == "tls.suite" and v.split()[0] == version}
                tap.ok(found == suites, version, "missing %s\nextra %s" % (sorted(suites - found),
                                                                         sorted(found - suites)))
                tap.ok(("tls.suites-complete", version) in facts, version + " is complete", facts)
            tap.ok(("tls.refused", "TLSv1.3") in facts, "no TLS 1.3", facts)
            tap.ok(("tls.refused", "SSLv2") in facts, "no SSLv2", facts)
            tap.ok(any(k == "cert.weak" and "RSA 1024" in v for k, v in facts), "a short key", facts)
            posture = probe("tls", int(line))
            suites = [v for k, v in posture if k == "tls.suite"]
            for word, part in KINDS.items():
                tap.ok(any(part in s for s in suites), "posture sees " + word, suites)
            tap.ok(not [v for k, v in facts + posture if k == "tls.undecided"], "nothing is undecided", facts)
        finally:
            java.terminate()
            java.wait(20)
    tap.end()


main()
