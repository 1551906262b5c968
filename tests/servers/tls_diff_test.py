#!/usr/bin/python3
"""The exact TLS probe against real servers whose configuration is known.

Expected sets come from the server's own configuration; nmap and sslscan, where
they are installed, run beside it.  Every server listens on a loopback port of its own.
"""
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from tap import Tap  # noqa: E402

TALK = os.path.join(os.environ.get("top_builddir", "."), "tests", "tools", "talk_run")
HOST = "mail.example.test"
VERSIONS = {"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2", "TLSv1.3": "-tls1_3"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A process that accepts on a port; stopped by its own id."""

    def __init__(self, command, port):
        self.port = port
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise SystemExit("Bail out! %s does not listen" % command[0])

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(10)


def probe(port):
    """Facts as a set of (name, value), and the number of connections."""
    out = subprocess.run([TALK, "tls-exact", HOST, "127.0.0.1", str(port), "-", "3000"], capture_output=True,
                         text=True, check=True).stdout
    facts = {tuple(line.split("=", 1)) for line in out.splitlines() if "=" in line}
    return facts, int(next(v for k, v in facts if k == "connections"))


def suites(facts):
    return {v for k, v in facts if k == "tls.suite"}


def openssl_suites(string, versions, keys, suites13="TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:"
                   "TLS_AES_128_GCM_SHA256"):
    """What OpenSSL makes of a cipher string for these versions and key types."""
    found = set()
    for version in versions:
        if version == "TLSv1.3":
            found |= {"TLSv1.3 " + s for s in suites13.split(":") if s}
            continue
        out = subprocess.run(["openssl", "ciphers", "-s", VERSIONS[version], "-stdname", "-v", string],
                             capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            name, auth = line.split()[0], re.search(r"Au=(\S+)", line).group(1)
            if auth == "None" or auth in keys:
                found.add("%s %s" % (version, name))
    return found


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


def nmap_suites(port):
    out = subprocess.run(["nmap", "-Pn", "-n", "-p", str(port), "--script", "ssl-enum-ciphers", "127.0.0.1"],
                         capture_output=True, text=True).stdout
    found, version = set(), None
    for line in out.splitlines():
        m = re.match(r"\|\s+(SSLv3|TLSv1\.[0-3]):", line)
        version = m.group(1) if m else version
        m = re.match(r"\|_?\s+(TLS_\w+|SSL_\w+)", line)
        if m and version:
            # nmap calls the suites of 1.3 TLS_AKE_WITH_.
            found.add("%s %s" % (version, m.group(1).replace("TLS_AKE_WITH_", "TLS_")))
    return found


def sslscan_suites(port):
    names = subprocess.run(["openssl", "ciphers", "-stdname", "-v", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
                           capture_output=True, text=True, check=True).stdout
    iana = {line.split()[2]: line.split()[0] for line in names.splitlines()}
    out = subprocess.run(["sslscan", "--no-colour", "--xml=-", "127.0.0.1:%d" % port],
                         capture_output=True, text=True).stdout
    return {"%s %s" % (v, iana.get(c, c)) for v, c in re.findall(r'<cipher [^>]*sslversion="([^"]+)"[^>]* cipher="([^"]+)"', out)}


def keypair(folder, name, *algorithm):
    cert, key = os.path.join(folder, name + ".pem"), os.path.join(folder, name + ".key")
    subprocess.run(["openssl", "req", "-x509", "-newkey", *algorithm, "-nodes", "-keyout", key, "-out", cert,
                    "-subj", "/CN=" + HOST, "-days", "30", "-addext", "subjectAltName=DNS:" + HOST], check=True,
                   capture_output=True)
    return cert, key


def s_server(port, keys, *options):
    command = ["openssl", "s_server", "-accept", "127.0.0.1:%d" % port, "-quiet"]
    for flag, (cert, key) in zip(("", "d"), keys):
        command += ["-%scert" % flag, cert, "-%skey" % flag, key]
    return command + list(options)


def nginx(folder, port, pair, protocols, string):
    conf = os.path.join(folder, "nginx-%d.conf" % port)
    temp = "".join("%s_temp_path %s/%s;\n" % (k, folder, k) for k in
                   ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    with open(conf, "w") as f:
        f.write("daemon off; master_process off; pid %s/%d.pid; error_log /dev/null;\nevents {}\nhttp { access_log off;"
                "\n%sserver { listen 127.0.0.1:%d ssl; ssl_certificate %s; ssl_certificate_key %s;\n"
                "ssl_protocols %s; ssl_ciphers %s; ssl_prefer_server_ciphers on; } }\n" %
                (folder, port, temp, port, pair[0], pair[1], protocols, string))
    return ["nginx", "-c", conf, "-e", "/dev/null"]


SCHANNEL = (
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:"
    "ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA:AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA256:AES128-SHA256:"
    "AES256-SHA:AES128-SHA:@SECLEVEL=0")
ODD = ("AES128-SHA:ECDHE-ECDSA-AES256-GCM-SHA384:NULL-SHA256:ECDHE-RSA-AES128-SHA256:AECDH-AES128-SHA:ADH-AES256-SHA:"
       "DHE-RSA-CAMELLIA256-SHA:ARIA128-GCM-SHA256:@SECLEVEL=0")
ALL = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]


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


def check_case(tap, name, server, expected, others):
    facts, connections = probe(server.port)
    found = suites(facts)
    tap.ok(found == expected, name + ": suites",
           "missing %s\nextra %s" % (sorted(expected - found), sorted(found - expected)))
    for line in others:
        tap.ok(tuple(line.split("=", 1)) in facts, "%s: %s" % (name, line), sorted(facts))
    tap.ok(not [v for k, v in facts if k == "tls.undecided"], name + ": nothing is undecided", sorted(facts))
    groups = len([1 for k, v in facts if k == "tls.group"])
    tap.ok(connections <= len(found) + groups + 12, "%s: %d connections for %d suites, %d groups" %
           (name, connections, len(found), groups))
    return found


def check_peers(tap, name, server, found):
    """nmap must find the same; sslscan has only the suites of its OpenSSL."""
    for tool, ask in (("nmap", nmap_suites), ("sslscan", sslscan_suites)):
        if not shutil.which(tool):
            tap.skip("%s beside %s" % (tool, name), "not installed")
            continue
        theirs = ask(server.port)
        extra, missing = theirs - found, found - theirs if tool == "nmap" else set()
        tap.ok(theirs and not extra and not missing, "%s: %s finds the same (%d of %d)" %
               (name, tool, len(theirs), len(found)), "more %s\nless %s" % (sorted(extra), sorted(missing)))


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        for name, command, expected, others in cases(folder):
            port = free_port()
            server = Server(command(port), port)
            try:
                found = check_case(tap, name, server, expected, others)
                check_peers(tap, name, server, found)
            finally:
                server.stop()
    tap.end()


main()
