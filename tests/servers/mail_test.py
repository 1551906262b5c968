#!/usr/bin/python3
"""The mail probes against real Postfix and Dovecot; bad company is in e2e/mail_test.py.

What is expected comes from the settings; smtplib, imaplib and poplib read the
same server beside us.
"""
import imaplib
import os
import poplib
import re
import shutil
import smtplib
import socket
import ssl
import tempfile

from mailpeers import NAME, dovecot, keypair, postfix
from peers import HOST, Scan, Tap, need, wait_for

# ---- Dovecot ----

def read_imap(port, tls):
    kind = imaplib.IMAP4_SSL if tls else imaplib.IMAP4
    extra = {"ssl_context": no_check()} if tls else {}
    with kind(HOST, port, **extra) as c:
        return {w.upper() for w in c.capabilities}


def read_pop(port, tls):
    c = poplib.POP3_SSL(HOST, port, context=no_check()) if tls else poplib.POP3(HOST, port)
    try:
        return {" ".join([k] + v) for k, v in c.capa().items()}
    finally:
        c.quit()


def no_check():
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def check_dovecot(tap, binary, folder):
    for tls, plain, mechanisms in (("yes", "yes", "plain login"), ("yes", "no", "plain"),
                                   ("required", "yes", "plain cram-md5"), ("no", "no", "plain")):
        name = "ssl = %s, disable_plaintext_auth = %s, %s" % (tls, plain, mechanisms)
        ports, server = dovecot(binary, os.path.join(folder, "dovecot-%s-%s" % (tls, plain)), tls, plain, mechanisms)
        with server:
            check_one_dovecot(tap, name, ports, tls, plain == "no" and tls != "required", mechanisms)


def check_one_dovecot(tap, name, ports, tls, clear, mechanisms):
    asked = dict(ports) if tls != "no" else {k: ports[k] for k in ("imap", "pop3")}
    s = Scan(asked)
    tap.ok(s.connections == len(asked) and not s.errors, name + ": one connection each", (s.connections, s.errors))
    for service, verdict in (("imap", "imap-plaintext-login"), ("pop3", "pop-plaintext-login")):
        port = ports[service]
        tap.ok(s.one("mail.product", port) == "dovecot", "%s: %s is Dovecot" % (name, service))
        tap.ok(s.one("mail.login", port) == ("allowed" if clear else "disabled"),
               "%s: %s log-on in the clear" % (name, service), s.facts("mail.login", port))
        tap.ok(s.one("mail.starttls", port) == ("missing" if tls == "no" else "works"),
               "%s: %s STARTTLS" % (name, service), s.facts("mail.starttls", port))
        tap.ok(s.verdicts[verdict] == ("fail" if clear else "pass"), "%s: %s verdict" % (name, service),
               s.verdicts[verdict])
        inside = {m.upper() for m in mechanisms.split()}
        if tls != "no":
            tap.ok(s.facts("mail.auth.tls", port) == inside, "%s: %s mechanisms inside TLS" % (name, service),
                   s.facts("mail.auth.tls", port))
            tap.ok(s.facts("mail.auth.tls", ports[service + "s"]) == inside,
                   "%s: %ss mechanisms" % (name, service), s.facts("mail.auth.tls", ports[service + "s"]))
            tap.ok(not s.facts("mail.login", ports[service + "s"]) and
                   not s.facts("mail.feature", ports[service + "s"]),
                   "%s: %ss says nothing of the clear" % (name, service))
            tap.ok(s.one("cert.san", port) in (NAME, "DNS:" + NAME), "%s: %s certificate" % (name, service),
                   s.facts("cert.san", port))
    tap.ok({w.upper() for w in s.facts("mail.feature", ports["imap"])} == read_imap(ports["imap"], False),
           name + ": imaplib reads the same", (s.facts("mail.feature", ports["imap"]), read_imap(ports["imap"], False)))
    tap.ok(s.facts("mail.feature", ports["pop3"]) == read_pop(ports["pop3"], False),
           name + ": poplib reads the same", (s.facts("mail.feature", ports["pop3"]), read_pop(ports["pop3"], False)))
    if tls != "no":
        tap.ok({w.upper() for w in s.facts("mail.feature.tls", ports["imaps"])} == read_imap(ports["imaps"], True),
               name + ": imaplib reads the same inside TLS")
        tap.ok(s.facts("mail.feature.tls", ports["pop3s"]) == read_pop(ports["pop3s"], True),
               name + ": poplib reads the same inside TLS")


HELPER = """#!/usr/bin/python3
import sys
for line in sys.stdin:
    sys.stdout.write("TT %s\\n" if line.startswith("YR ") else "NA no\\n")
    sys.stdout.flush()
"""


def log_of(server):
    with open(server.log, encoding="utf-8", errors="replace") as f:
        return f.read()


def check_ntlm(tap, binary, folder):
    """Dovecot's NTLM comes from winbind's helper; ours hands out a recorded challenge."""
    record = os.path.join(os.environ.get("top_srcdir", "."), "tests", "lab", "data", "ntlm", "type2_34_10.0.17763.b64")
    helper = os.path.join(folder, "ntlm-helper")
    with open(record, encoding="ascii") as f, open(helper, "w", encoding="ascii") as out:
        out.write(HELPER % f.read().strip())
    os.chmod(helper, 0o755)
    ports, server = dovecot(binary, os.path.join(folder, "dovecot-ntlm"), mechanisms="plain ntlm",
                            more="auth_use_winbind = yes\nauth_winbind_helper_path = " + helper)
    with server:
        s = Scan(ports)
        # Its log writer dies with it, and what it had not written yet.
        wait_for(lambda: log_of(server).count("method=NTLM") == 4)
    tap.ok(s.connections == 4 and not s.errors, "NTLM: one connection each", (s.connections, s.errors))
    for service, port in ports.items():
        tap.ok(s.one("ntlm.computer.dns", port) == "ws01.cylera.lab" and s.one("ntlm.os", port) == "10.0.17763" and
               s.one("ntlm.domain.netbios", port) == "CYLERA", "NTLM by " + service,
               [o for o in s.result["observations"] if o["fact"].startswith("ntlm.")])
    log = log_of(server)
    tap.ok(log.count("method=NTLM") == 4 and "Aborted login" in log and "user=<>" in log,
           "NTLM: the server saw no user, and a log-on that was given up", log[-2000:])


# ---- Postfix ----

def read_smtp(port, tls):
    with smtplib.SMTP(HOST, port, local_hostname="exvet.invalid") as c:
        if tls:
            c.starttls(context=no_check())
        c.ehlo()
        return {line.upper() for line in c.ehlo_resp.decode().splitlines()[1:]}


def good_byes(server):
    """What was asked in each connection that has ended, by Postfix's own log."""
    return re.findall(r"disconnect from \S+ (ehlo=.*)\n", log_of(server))


def check_postfix(tap, master, folder):
    cases = [
        # name, settings, STARTTLS, some mechanisms in the clear, inside, leaks, verdicts
        ("plain", {"smtpd_tls_security_level": "none"}, "missing", set(), None, set(),
         {"smtp-starttls-missing": "fail", "smtp-auth-before-tls": "pass", "smtp-banner-leak": "pass",
          "smtp-ntlm-offered": "pass", "smtp-starttls-broken": "not-applicable"}),
        ("tls", {"smtpd_tls_security_level": "may", "smtpd_sasl_auth_enable": "yes", "smtpd_tls_auth_only": "yes"},
         "works", set(), {"PLAIN", "LOGIN", "NTLM"}, set(),
         {"smtp-starttls-missing": "pass", "smtp-auth-before-tls": "pass", "smtp-ntlm-offered": "warn",
          "smtp-starttls-broken": "pass", "smtp-unavailable": "pass"}),
        ("clear-auth", {"smtpd_tls_security_level": "may", "smtpd_sasl_auth_enable": "yes",
                        "smtpd_tls_auth_only": "no", "smtpd_banner": "$myhostname ESMTP $mail_name $mail_version"},
         "works", {"PLAIN", "LOGIN", "NTLM"}, {"PLAIN", "LOGIN", "NTLM"}, {"version"},
         {"smtp-auth-before-tls": "fail", "smtp-banner-leak": "fail"}),
        ("hidden", {"smtpd_tls_security_level": "may", "smtpd_discard_ehlo_keywords": "starttls, pipelining"},
         "missing", set(), None, set(), {"smtp-starttls-missing": "fail"}),
    ]
    for name, settings, starttls, clear, inside, leak, verdicts in cases:
        port, server = postfix(master, os.path.join(folder, "postfix-" + name), **settings)
        with server:
            s = Scan({"smtp": port})
            tap.ok(s.connections == 1 and not s.errors, name + ": one connection", (s.connections, s.errors))
            tap.ok(s.one("mail.product") == "postfix" and s.one("mail.name") == NAME, name + ": who it is",
                   s.result["observations"])
            tap.ok(s.one("mail.starttls") == starttls, name + ": STARTTLS " + starttls, s.facts("mail.starttls"))
            tap.ok(s.facts("mail.auth") >= clear and bool(clear) == bool(s.facts("mail.auth")), name + ": mechanisms in the clear", s.facts("mail.auth"))
            if inside is not None:
                tap.ok(s.facts("mail.auth.tls") >= inside, name + ": mechanisms inside", s.facts("mail.auth.tls"))
                tap.ok({f.upper() for f in s.facts("mail.feature.tls")} == read_smtp(port, True),
                       name + ": smtplib reads the same inside TLS")
                tap.ok(s.one("cert.san") in (NAME, "DNS:" + NAME), name + ": certificate")
                tap.ok(s.one("tls.version") == "TLSv1.3", name + ": version of TLS")
                tap.ok(bool(s.facts("ntlm.domain.netbios") | s.facts("ntlm.domain.dns") |
                            s.facts("ntlm.computer.netbios")), name + ": NTLM challenge")
            tap.ok({v.split()[0] for v in s.facts("mail.leak")} == leak, name + ": leaks", s.facts("mail.leak"))
            tap.ok({f.upper() for f in s.facts("mail.feature")} == read_smtp(port, False),
                   name + ": smtplib reads the same", (s.facts("mail.feature"), read_smtp(port, False)))
            for rule, verdict in verdicts.items():
                tap.ok(s.verdicts[rule] == verdict, "%s: %s %s" % (name, rule, verdict), s.verdicts[rule])
            ours = wait_for(lambda: good_byes(server))[:1]
            tap.ok(re.fullmatch(r"ehlo=[12] (starttls=1 )?(auth=0/1 )?quit=1 commands=\S+", "".join(ours)),
                   name + ": the server saw a good-bye, and no mail", ours)


def check_odd_postfix(tap, master, folder):
    """Settings that make it say no at each step."""
    def scan(name, service="smtp", held=0, **settings):
        port, server = postfix(master, os.path.join(folder, "postfix-" + name), **settings)
        with server:
            busy = [socket.create_connection((HOST, port)) for _ in range(held)]
            s = Scan({service: port})
            for c in busy:
                c.close()
        tap.ok(s.connections == 1 and not s.errors, name + ": one connection", (s.connections, s.errors))
        return s

    s = scan("too-many", held=3, smtpd_client_connection_count_limit="2", smtpd_client_event_limit_exceptions="")
    tap.ok(str(s.one("mail.refused")).startswith("421 4.7.0 ") and s.verdicts["smtp-unavailable"] == "warn" and
           s.verdicts["smtp-starttls-missing"] == "not-observable", "too many connections: 421", s.facts("mail.refused"))
    s = scan("no-helo", smtpd_delay_reject="no", smtpd_helo_restrictions="reject")
    tap.ok(str(s.one("mail.refused")).startswith("554 5.7.1 ") and s.one("mail.banner") and not s.facts("mail.starttls"),
           "EHLO refused", (s.facts("mail.refused"), s.facts("mail.starttls")))
    s = scan("no-certificate", smtpd_tls_security_level="may", smtpd_tls_cert_file="/nonexistent",
             smtpd_tls_key_file="/nonexistent")
    tap.ok(s.one("mail.starttls") == "refused" and s.verdicts["smtp-starttls-broken"] == "fail", "STARTTLS answered with 454",
           s.facts("mail.starttls"))
    s = scan("wrapper", "smtps", smtpd_tls_wrappermode="yes", smtpd_tls_security_level="encrypt", smtpd_sasl_auth_enable="yes")
    tap.ok({"PLAIN", "NTLM"} <= s.facts("mail.auth.tls") and not s.facts("mail.auth") and s.one("tls.version") == "TLSv1.3",
           "submission inside TLS from the start", (s.facts("mail.auth.tls"), s.facts("mail.auth")))


def main():
    binary = need("dovecot", "postfix", "openssl")[0]
    master = "/usr/lib/postfix/sbin/master"
    tap = Tap()
    folder = tempfile.mkdtemp(prefix="exvet-mail-")
    os.chmod(folder, 0o755)
    try:
        keypair(folder)
        check_dovecot(tap, binary, folder)
        check_ntlm(tap, binary, folder)
        check_postfix(tap, master, folder)
        check_odd_postfix(tap, master, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tap.end()


main()
