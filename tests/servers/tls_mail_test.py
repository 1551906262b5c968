#!/usr/bin/python3
"""TLS of mail ports against real Postfix and Dovecot: every suite that their
settings allow, one connection at a time; and servers that count connections.

Expected sets come from the settings, by what OpenSSL makes of them.
"""
import os
import re
import shutil
import subprocess
import tempfile

from mailpeers import NAME, dovecot, keypair, postfix
from peers import Peer, Scan, Tap, need

MASTER = "/usr/lib/postfix/sbin/master"
FLAGS = {"TLSv1.0": "-tls1", "TLSv1.1": "-tls1_1", "TLSv1.2": "-tls1_2"}
SUITES_13 = {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"}
LIST = "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-SHA:AES256-SHA256:AES128-SHA:DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"
ALL = ["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]


def suites(string, versions):
    """What OpenSSL makes of a cipher string with an RSA certificate."""
    found = set()
    for version in versions:
        if version == "TLSv1.3":
            found |= {"TLSv1.3 " + s for s in SUITES_13}
            continue
        out = subprocess.run(["openssl", "ciphers", "-s", FLAGS[version], "-stdname", "-v", string],
                             capture_output=True, text=True, check=True).stdout
        for line in out.splitlines():
            if re.search(r"Au=(RSA|None)", line):
                found.add("%s %s" % (version, line.split()[0]))
    return found


def check_port(tap, s, name, port, string, versions, order):
    """One port of a scan: suites, versions, order, certificate."""
    found, wanted = s.facts("tls.suite", port), suites(string, versions)
    tap.ok(found == wanted, "%s: suites" % name, "missing %s\nextra %s" % (sorted(wanted - found), sorted(found - wanted)))
    tap.ok(s.facts("tls.offered", port) == set(versions), name + ": versions", s.facts("tls.offered", port))
    tap.ok(s.facts("tls.refused", port) == {"SSLv2", "SSLv3", *ALL} - set(versions), name + ": refused versions",
           s.facts("tls.refused", port))
    tap.ok(s.facts("tls.suites-complete", port) == set(versions), name + ": to the end",
           s.facts("tls.suites-complete", port))
    tap.ok(not s.facts("tls.undecided", port), name + ": nothing is undecided", s.facts("tls.undecided", port))
    if "TLSv1.2" in versions:
        tap.ok("TLSv1.2 " + order in s.facts("tls.order", port), name + ": order of the " + order,
               s.facts("tls.order", port))
    if versions != ["TLSv1.3"]:
        tap.ok(s.one("cert.san", port) in (NAME, "DNS:" + NAME), name + ": certificate", s.facts("cert.san", port))
    tap.ok(s.one("tls.depth", port) == "exact", name + ": exact", s.facts("tls.depth", port))


def check_dovecot(tap, binary, folder):
    cases = [
        # Without ssl_dh Dovecot has no finite-field Diffie-Hellman.
        ("dovecot, all versions, its order", "TLSv1", "!kDHE:" + LIST, "yes", ALL),
        ("dovecot, 1.2 and 1.3, the client's order", "TLSv1.2", "ECDHE+AESGCM:AES256-SHA256", "no", ALL[2:]),
    ]
    for i, (name, least, string, order, versions) in enumerate(cases):
        ports, server = dovecot(binary, os.path.join(folder, "dovecot-%d" % i), more="ssl_min_protocol = %s\n"
                                "ssl_cipher_list = %s\nssl_prefer_server_ciphers = %s" % (least, string, order))
        probes = {"tls-imap": ports["imap"], "tls-imaps": ports["imaps"], "tls-pop3": ports["pop3"],
                  "tls-pop3s": ports["pop3s"]}
        with server:
            s = Scan(probes, "--tls", "exact")
            for probe, port in probes.items():
                check_port(tap, s, "%s, %s" % (name, probe), port, string, versions,
                           "server" if order == "yes" else "client")
            tap.ok(not s.errors, name + ": no failure", s.errors)


def check_postfix(tap, folder):
    cases = [
        ("postfix, all versions, its order", ">=TLSv1", LIST, "yes", ALL),
        ("postfix, 1.2 alone, the client's order", "TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256:AES128-SHA", "no", ["TLSv1.2"]),
        ("postfix, 1.3 alone", ">=TLSv1.3", "DEFAULT", "no", ["TLSv1.3"]),
    ]
    for i, (name, protocols, string, order, versions) in enumerate(cases):
        port, server = postfix(MASTER, os.path.join(folder, "postfix-%d" % i), smtpd_tls_security_level="may",
                               smtpd_tls_protocols=protocols, tls_medium_cipherlist=string, smtpd_tls_ciphers="medium",
                               tls_preempt_cipherlist=order, smtpd_tls_exclude_ciphers="")
        with server:
            s = Scan({"tls-smtp": port}, "--tls", "exact")
            check_port(tap, s, name, port, string, versions, "server" if order == "yes" else "client")
            tap.ok(not s.errors, name + ": no failure", s.errors)
            s = Scan({"tls-submission": port}, "--tls", "posture")
            tap.ok(s.one("tls.depth", port) == "posture" and s.connections <= 16, name + ": posture",
                   (s.facts("tls.depth", port), s.connections))
            tap.ok(s.facts("tls.offered", port) == set(versions), name + ": versions by posture",
                   s.facts("tls.offered", port))
            for kind in ("null", "export", "rc4"):
                tap.ok(versions == ["TLSv1.3"] or any(" " + kind in v for v in s.facts("tls.clean", port)),
                       "%s: no %s" % (name, kind), s.facts("tls.clean", port))


def check_limits(tap, folder):
    """More connections in a minute than Postfix allows: a pause, one more try, and no false "no"."""
    port, server = postfix(MASTER, os.path.join(folder, "postfix-rate"), smtpd_tls_security_level="may",
                           smtpd_client_connection_rate_limit="4", smtpd_client_event_limit_exceptions="",
                           smtpd_tls_protocols=">=TLSv1.2", anvil_rate_time_unit="60s")
    with server:
        s = Scan({"tls-smtp": port}, "--tls", "exact", "--request-timeout", "3s")
        undecided, offered, refused = (s.facts("tls." + n, port) for n in ("undecided", "offered", "refused"))
        tap.ok("tls busy" in [" ".join(e[1:]) for e in s.errors], "rate limit: 421 is the reason", s.errors)
        tap.ok("TLSv1.3" in offered and any(v.startswith("TLSv1.3 more-suites: busy") for v in undecided),
               "rate limit: what was begun is undecided", sorted(undecided))
        tap.ok({"SSLv2 busy", "SSLv3 busy", "TLSv1.0 busy", "TLSv1.1 busy", "TLSv1.2 busy"} <= undecided and
               not refused, "rate limit: what was not asked is undecided, and nothing refused",
               (sorted(undecided), sorted(refused)))
        tap.ok(4 <= s.connections <= 7, "rate limit: it does not knock on", s.connections)
        for rule in ("tls-1-0-offered", "tls-ssl-offered", "tls-broken-suites"):
            tap.ok(s.verdicts[rule] in ("undecidable", "not-observable"), "rate limit: %s does not pass" % rule,
                   s.verdicts[rule])


def full_up(times):
    """A server that says 421 so often, then has STARTTLS and refuses every hello."""
    def talk(peer, c):
        if peer.count <= times:
            c.sendall(b"421 4.3.2 mail.example.test too many connections\r\n")
            return
        c.sendall(b"220 mail.example.test ESMTP\r\n")
        peer.hear(c)
        c.sendall(b"250-mail.example.test\r\n250 STARTTLS\r\n")
        peer.hear(c)
        c.sendall(b"220 go\r\n")
        peer.hear(c)
        c.sendall(b"\x15\x03\x01\x00\x02\x02\x46")
    return talk


def check_busy(tap):
    peer = Peer(full_up(1))
    s = Scan({"tls-smtp": peer.port})
    tap.ok({"TLSv1.3", "TLSv1.0"} <= s.facts("tls.refused") and not s.errors, "421 once: a second try after a pause",
           (s.facts("tls.refused"), s.errors))
    tap.ok(s.result["duration_ms"] >= 1000, "421 once: it did wait", s.result["duration_ms"])
    tap.ok(peer.most == 1, "421 once: one connection at a time", peer.most)
    peer.close()
    peer = Peer(full_up(99))
    s = Scan({"tls-smtp": peer.port})
    tap.ok(peer.count == 2, "421 for good: two connections", peer.count)
    tap.ok(s.facts("tls.undecided") == {v + " busy" for v in ("SSLv2", "SSLv3", *ALL)} and not s.facts("tls.refused"),
           "421 for good: undecided", s.facts("tls.undecided"))
    tap.ok("421 4.3.2" in str(s.result["errors"]), "421 for good: the words of the server", s.result["errors"])
    peer.close()
    peer = Peer(full_up(1))
    s = Scan({"tls-smtp": peer.port, "tls-submission": peer.port})
    tap.ok(peer.most == 1, "two ports of one service: one connection at a time", peer.most)
    peer.close()


def main():
    binary = need("dovecot", "postfix", "openssl")[0]
    tap = Tap()
    folder = tempfile.mkdtemp(prefix="exvet-tls-mail-")
    os.chmod(folder, 0o755)
    try:
        keypair(folder)
        check_busy(tap)
        check_dovecot(tap, binary, folder)
        check_postfix(tap, folder)
        check_limits(tap, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tap.end()


main()
