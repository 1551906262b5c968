#!/usr/bin/python3
"""The TLS probes against real servers whose configuration is known.

Expected sets come from the server's own configuration; nmap, sslscan and
testssl.sh, where they are installed, run beside it.  Every server listens on a loopback port of its own.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from tap import Tap  # noqa: E402
from tlspeers import (Server, check_posture, free_port, keypair, nginx, openssl_suites, probe,  # noqa: E402
                      s_server, suites)
from tlstools import TestSsl, nmap_suites, sslscan_suites  # noqa: E402


def gnutls_suites(priority, versions, key):
    """What gnutls-cli(1) lists for a priority string."""
    out = subprocess.run(["gnutls-cli", "--priority", priority, "--list"], capture_output=True, text=True,
                         check=True).stdout
    found = set()
    for m in re.finditer(r"^(TLS_\S+)\s+0x\S+,\s+0x\S+\s+(\S+)", out, re.M):
        name, since = m.groups()
        since = {"SSL3.0": "TLSv1.0", "TLS1.0": "TLSv1.0", "TLS1.2": "TLSv1.2", "TLS1.3": "TLSv1.3"}[since]
        if since != "TLSv1.3" and "_" + key + "_" not in name:
            continue
        iana = gnutls_name(name)
        for version in versions:
            if (since == "TLSv1.3") == (version == "TLSv1.3") and version >= since:
                found.add("%s %s" % (version, iana))
    return found


def gnutls_name(name):
    """GnuTLS leaves WITH out: TLS_ECDHE_RSA_AES_128_GCM_SHA256."""
    name = name.replace("ARCFOUR", "RC4").replace("_DHE_ANON", "_DH_anon")
    for kx in ("ECDHE_ECDSA", "ECDHE_RSA", "DHE_RSA", "DHE_DSS", "RSA"):
        if name.startswith("TLS_" + kx + "_"):
            rest = name[len("TLS_" + kx + "_"):]
            # SHA1 is plain SHA at IANA, and CCM has no hash in its name.
            rest = re.sub(r"SHA1$", "SHA", rest)
            rest = re.sub(r"CHACHA20_POLY1305$", "CHACHA20_POLY1305_SHA256", rest)
            return "TLS_%s_WITH_%s" % (kx, rest)
    return re.sub(r"CHACHA20_POLY1305$", "CHACHA20_POLY1305_SHA256", name)


SCHANNEL = (
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:"
    "ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA256:AES128-SHA256:"
    "AES256-SHA:AES128-SHA:@SECLEVEL=0")
ODD = ("AES128-SHA:ECDHE-ECDSA-AES256-GCM-SHA384:NULL-SHA256:ECDHE-RSA-AES128-SHA256:AECDH-AES128-SHA:ADH-AES256-SHA:"
       "DHE-RSA-CAMELLIA256-SHA:ARIA128-GCM-SHA256:@SECLEVEL=0")
ALL = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]


def random_lists():
    """Cipher strings drawn by a fixed seed: as odd as they come, and the same each time."""
    out = subprocess.run(["openssl", "ciphers", "-v", "ALL:COMPLEMENTOFALL:!PSK:!SRP:!aDSS:@SECLEVEL=0"],
                         capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in out.splitlines() if " TLSv1.3 " not in line]
    dice = random.Random(20261124)
    for i, n in enumerate((1, 2, 5, 12)):
        yield "openssl, list %d drawn by lot" % i, ":".join(dice.sample(names, n)) + ":AES128-SHA:@SECLEVEL=0"


RANDOM = list(random_lists())


# testssl.sh takes minutes: it runs beside these.
BESIDE = {"openssl, both keys, odd, its own order", "openssl, 1.3 alone, two groups",
          "openssl, 1.2 alone, one suite, a ticket withheld", "nginx like Schannel"}


def cases(folder):
    """name, command of a port, expected suites, other facts expected."""
    rsa, ec = keypair(folder, "rsa", "rsa:2048"), keypair(folder, "ec", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    yield ("openssl, RSA, all it has", lambda p: s_server(p, [rsa], "-cipher", "ALL:@SECLEVEL=0"),
           openssl_suites("ALL:@SECLEVEL=0", ALL, {"RSA"}),
           ["tls.order=TLSv1.2 client", "tls.dh.bits=2048", "tls.refused=SSLv3", "tls.refused=SSLv2",
            "tls.group=TLSv1.2 x448", "tls.group=TLSv1.3 ffdhe2048", "tls.groups-complete=TLSv1.2"])
    yield ("openssl, ECDSA", lambda p: s_server(p, [ec], "-cipher", "DEFAULT:@SECLEVEL=0"),
           openssl_suites("DEFAULT:@SECLEVEL=0", ALL, {"ECDSA"}),
           ["tls.groups-complete=TLSv1.2", "tls.group=TLSv1.2 secp256r1", "cert.key=EC prime256v1"])
    yield ("openssl, both keys, odd, its own order",
           lambda p: s_server(p, [rsa, ec], "-cipher", ODD, "-serverpref", "-no_tls1_3"),
           openssl_suites(ODD, ALL[:3], {"RSA", "ECDSA"}),
           ["tls.order=TLSv1.2 server", "tls.refused=TLSv1.3", "cert.key=EC prime256v1", "cert.key=RSA 2048",
            "tls.foreign=TLS_RSA_WITH_ARIA_128_GCM_SHA256"])
    yield ("openssl, 1.3 alone, two groups",
           lambda p: s_server(p, [rsa], "-tls1_3", "-groups", "P-384:X25519", "-ciphersuites", "TLS_AES_128_CCM_SHA256"),
           {"TLSv1.3 TLS_AES_128_CCM_SHA256"},
           ["tls.group=TLSv1.3 x25519", "tls.group=TLSv1.3 secp384r1", "tls.groups-complete=TLSv1.3",
            "tls.refused=TLSv1.2", "tls.refused=TLSv1.0"])
    yield ("openssl, 1.2 alone, one suite, a ticket withheld",
           lambda p: s_server(p, [rsa], "-tls1_2", "-no_ticket", "-cipher", "AES128-GCM-SHA256"),
           {"TLSv1.2 TLS_RSA_WITH_AES_128_GCM_SHA256"},
           ["tls.tickets=0", "tls.secure-renegotiation=1", "tls.extended-master-secret=1"])
    p384 = keypair(folder, "p384", "ec", "-pkeyopt", "ec_paramgen_curve:P-384")
    p521 = keypair(folder, "p521", "ec", "-pkeyopt", "ec_paramgen_curve:P-521")
    yield ("openssl, both keys, odd, the client's order",
           lambda p: s_server(p, [p384, rsa], "-cipher", ODD, "-no_tls1_3"),
           openssl_suites(ODD, ALL[:3], {"RSA", "ECDSA"}),
           ["tls.order=TLSv1.2 client", "cert.key=EC secp384r1", "cert.key=RSA 2048"])
    yield ("openssl, P-521 alone, 1.1 and 1.3", lambda p: s_server(
        p, [p521], "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0", "-no_tls1", "-no_tls1_2", "-serverpref"),
           openssl_suites("ALL:COMPLEMENTOFALL:@SECLEVEL=0", ["TLSv1.1", "TLSv1.3"], {"ECDSA"}),
           ["tls.order=TLSv1.1 server", "cert.key=EC secp521r1", "tls.refused=TLSv1.2", "tls.refused=TLSv1.0"])
    yield ("openssl, 1.0 alone, what is weak", lambda p: s_server(
        p, [rsa], "-tls1", "-cipher", "NULL:aNULL:CAMELLIA:@SECLEVEL=0"),
           openssl_suites("NULL:aNULL:CAMELLIA:@SECLEVEL=0", ["TLSv1.0"], {"RSA"}), ["tls.refused=TLSv1.2"])
    for name, string in RANDOM:
        yield (name, lambda p, string=string: s_server(p, [rsa, ec], "-cipher", string, "-no_tls1_3"),
               openssl_suites(string, ALL[:3], {"RSA", "ECDSA"}), [])
    if shutil.which("nginx"):
        yield ("nginx like Schannel", lambda p: nginx(folder, p, rsa, "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", SCHANNEL),
               openssl_suites(SCHANNEL, ALL, {"RSA"}), ["tls.order=TLSv1.2 server", "tls.alpn=http/1.1"])
    priority = ("NORMAL:+VERS-TLS1.0:+VERS-TLS1.1:+VERS-TLS1.2:+VERS-TLS1.3:+ARCFOUR-128:+3DES-CBC:+RSA:"
                "%SERVER_PRECEDENCE")
    if shutil.which("gnutls-serv") and shutil.which("gnutls-cli"):
        yield ("gnutls, with RC4 and 3DES",
               lambda p: ["gnutls-serv", "--port", str(p), "--x509certfile", rsa[0], "--x509keyfile", rsa[1],
                          "--priority", priority, "--http", "--quiet"],
               gnutls_suites(priority, ALL, "RSA"), ["tls.order=TLSv1.2 server"])
        secure = "SECURE256:-VERS-ALL:+VERS-TLS1.2:+SIGN-ALL"
        yield ("gnutls, ECDSA, 1.2 alone",
               lambda p: ["gnutls-serv", "--port", str(p), "--x509certfile", p384[0], "--x509keyfile", p384[1],
                          "--priority", secure, "--http", "--quiet"],
               gnutls_suites(secure, ["TLSv1.2"], "ECDSA"), ["tls.refused=TLSv1.3", "tls.refused=TLSv1.1"])


def check_case(tap, name, server, expected, others):
    facts, connections = probe(server.port)
    found = suites(facts)
    tap.ok(found == expected, name + ": suites",
           "missing %s\nextra %s" % (sorted(expected - found), sorted(found - expected)))
    for line in others:
        tap.ok(tuple(line.split("=", 1)) in facts, "%s: %s" % (name, line), sorted(facts))
    tap.ok(not [v for k, v in facts if k == "tls.undecided"], name + ": nothing is undecided", sorted(facts))
    groups = len([1 for k, v in facts if k == "tls.group"])
    # k + 2 of each of six versions; groups beyond those that come with the suites.
    tap.ok(connections <= len(found) + groups + 12, "%s: %d connections for %d suites, %d groups" %
           (name, connections, len(found), groups))
    deep, connections = probe(server.port, "tls-exact", "full")
    tap.ok(suites(deep) == expected, name + ": the same suites without any inference",
           "missing %s\nextra %s" % (sorted(expected - suites(deep)), sorted(suites(deep) - expected)))
    schemes = len([1 for k, v in deep if k == "tls.signature-scheme"])
    groups = len([1 for k, v in deep if k == "tls.group"])
    tap.ok(connections <= len(found) + groups + schemes + 14, "%s: %d connections, leaving nothing out" %
           (name, connections))
    check_posture(tap, name, server.port, expected)


def check_peer(tap, tool, name, theirs, expected):
    """The three make no error with these servers; those that they do are listed in tls_old_test.py."""
    less, more = expected - theirs, theirs - expected
    tap.ok(theirs and not less and not more, "%s: %s finds the same (%d of %d)" %
           (name, tool, len(theirs), len(expected)), "more %s\nless %s" % (sorted(more), sorted(less)))


def beside(command, folder):
    """testssl.sh waits a lot: it has a server of its own and goes on beside the others."""
    port = free_port()
    server = Server(command(port), port)
    return TestSsl(port, folder), server


def check_peers(tap, name, server, expected):
    for tool, ask in (("nmap", nmap_suites), ("sslscan", sslscan_suites)):
        if shutil.which(tool):
            check_peer(tap, tool, name, ask(server.port), expected)
        else:
            tap.skip("%s beside %s" % (tool, name), "not installed")


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        everything, later = list(cases(folder)), []
        if shutil.which("testssl"):
            later = [(name, beside(command, folder), expected) for name, command, expected, _ in everything
                     if name in BESIDE]
        else:
            tap.skip("testssl.sh beside all", "not installed")
        for name, command, expected, others in everything:
            port = free_port()
            server = Server(command(port), port)
            try:
                check_case(tap, name, server, expected, others)
                check_peers(tap, name, server, expected)
            finally:
                server.stop()
        for name, (run, server), expected in later:
            check_peer(tap, "testssl", name, run.suites(), expected)
            server.stop()
    tap.end()


main()
