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
from tlstools import TestSsl, nmap_suites, sslscan_suites  # noqa: E402

TOP = os.environ.get("top_srcdir", ".")
TALK = os.path.join(os.environ.get("top_builddir", "."), "tests", "tools", "talk_run")
OLD = {"TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA",
       "TLS_RSA_WITH_NULL_SHA", "TLS_DH_anon_WITH_RC4_128_MD5"}
DES, EXPORT = {"TLS_RSA_WITH_DES_CBC_SHA"}, {"TLS_RSA_EXPORT_WITH_RC4_40_MD5"}
# JSSE has no EXPORT after TLS 1.0 and no DES after 1.1, as the RFCs say.
EXPECTED = {"SSLv3": OLD | DES | EXPORT, "TLSv1.0": OLD | DES | EXPORT, "TLSv1.1": OLD | DES,
            "TLSv1.2": OLD | {"TLS_RSA_WITH_NULL_SHA256"}}
KINDS = {"null": "NULL", "anonymous": "anon", "export": "EXPORT", "rc4": "RC4"}
EVERY = ["SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"]
# Servers that have one weak suite and nothing else, and the versions that then remain.
ALONE = [
    ("TLS_RSA_WITH_RC4_128_MD5", EVERY, EVERY), ("TLS_RSA_WITH_DES_CBC_SHA", EVERY, EVERY[:3]),
    ("TLS_RSA_EXPORT_WITH_RC4_40_MD5", EVERY, EVERY[:2]), ("TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", EVERY[:2], EVERY[:2]),
    ("TLS_DH_anon_EXPORT_WITH_RC4_40_MD5", EVERY, EVERY[:2]), ("TLS_DH_anon_WITH_AES_128_CBC_SHA", EVERY, EVERY),
    ("TLS_RSA_WITH_NULL_MD5", EVERY, EVERY), ("TLS_RSA_WITH_NULL_SHA256", EVERY, EVERY[3:]),
    ("TLS_ECDH_anon_WITH_NULL_SHA", EVERY, EVERY), ("TLS_ECDHE_RSA_WITH_RC4_128_SHA", EVERY[1:], EVERY[1:]),
    ("TLS_DHE_RSA_WITH_DES_CBC_SHA", ["TLSv1", "TLSv1.1"], ["TLSv1", "TLSv1.1"]),
    ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", ["SSLv3"], ["SSLv3"]), ("TLS_DH_anon_WITH_RC4_128_MD5", ["TLSv1"], ["TLSv1"]),
]


def java_name(suite):
    """Older suites are called SSL_ in Java."""
    new = "ECDH" in suite or "AES" in suite or suite.endswith("SHA256")
    return suite if new else suite.replace("TLS_", "SSL_", 1)


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
    everything = set().union(*EXPECTED.values())
    servers = [",".join(EVERY), ",".join(java_name(s) for s in sorted(everything))]
    for suite, versions, _ in ALONE:
        servers += [",".join(versions), java_name(suite)]
    return subprocess.Popen(["java", "-Xmx128m", "-Djava.security.properties=" + properties,
                             os.path.join(TOP, "tests", "servers", "OldServer.java"), store] + servers,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


# Errors of other tools that are known: sslscan 2.0.7 asks for suites of SSLv3 by
# the OpenSSL that it was built with, which has no SSLv3.  (nmap calls the 512 bits
# of the temporary key "rsa 64"; only suites are compared here.)
KNOWN_LESS = {"sslscan": {"SSLv3"}, "nmap": set(), "testssl": set()}


def check_tool(tap, tool, theirs):
    expected = {"%s %s" % (v, s) for v, suites in EXPECTED.items() if v not in KNOWN_LESS[tool] for s in suites}
    tap.ok(theirs == expected, tool + " finds the same, but for its known errors", "more %s\nless %s" %
           (sorted(theirs - expected), sorted(expected - theirs)))


def check_tools(tap, port):
    for tool, ask in (("nmap", nmap_suites), ("sslscan", sslscan_suites)):
        if shutil.which(tool):
            check_tool(tap, tool, ask(port))
        else:
            tap.skip(tool, "not installed")


def check_all(tap, port):
    facts = probe("tls-exact", port)
    for version, suites in EXPECTED.items():
        found = {v.split()[1] for k, v in facts if k == "tls.suite" and v.split()[0] == version}
        tap.ok(found == suites, version, "missing %s\nextra %s" % (sorted(suites - found), sorted(found - suites)))
        tap.ok(("tls.suites-complete", version) in facts, version + " is complete", facts)
    tap.ok(("tls.refused", "TLSv1.3") in facts, "no TLS 1.3", facts)
    tap.ok(("tls.refused", "SSLv2") in facts, "no SSLv2", facts)
    tap.ok(any(k == "cert.weak" and "RSA 1024" in v for k, v in facts), "a short key", facts)
    posture = probe("tls", port)
    suites = [v for k, v in posture if k == "tls.suite"]
    for word, part in KINDS.items():
        tap.ok(any(part in s for s in suites), "posture sees " + word, suites)
    tap.ok(not [v for k, v in facts + posture if k == "tls.undecided"], "nothing is undecided", facts)


def check_alone(tap, port, suite, versions):
    """One weak suite: both depths find it wherever it is, in few connections."""
    wanted = {"%s %s" % ("TLSv1.0" if v == "TLSv1" else v, suite) for v in versions}
    for name in ("tls-exact", "tls"):
        facts = probe(name, port)
        found = {v for k, v in facts if k == "tls.suite"}
        tap.ok(found == wanted, "%s alone: %s finds it" % (suite, name), "wanted %s\nfound %s" %
               (sorted(wanted), sorted(found)))
        tap.ok(not [v for k, v in facts if k == "tls.undecided"], "%s alone: %s settles all" % (suite, name), facts)
        count = int(next(v for k, v in facts if k == "connections"))
        tap.ok(count <= 20, "%s alone: %s takes %d connections" % (suite, name, count))


def main():
    tap = Tap()
    if not shutil.which("java") or not shutil.which("javac"):
        tap.skip("a server of Java", "no JDK")
        tap.end()
    with tempfile.TemporaryDirectory() as folder:
        java = start(folder)
        try:
            ports = [java.stdout.readline().strip() for _ in range(1 + len(ALONE))]
            if not all(ports):
                java.terminate()
                raise SystemExit("Bail out! java: " + java.stderr.read()[:300].replace("\n", " "))
            beside = TestSsl(int(ports[0]), folder) if shutil.which("testssl") else None
            check_all(tap, int(ports[0]))
            check_tools(tap, int(ports[0]))
            for port, (suite, _, versions) in zip(ports[1:], ALONE):
                check_alone(tap, int(port), suite, versions)
            if beside is not None:
                check_tool(tap, "testssl", beside.suites())
            else:
                tap.skip("testssl", "not installed")
        finally:
            java.terminate()
            java.wait(20)
    tap.end()


main()
