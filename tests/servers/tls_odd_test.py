#!/usr/bin/python3
"""The TLS probes against servers with odd habits: what is refused, what is
undecided, and what is found all the same.

Real servers where one can be had; else a few bytes of our own.
"""
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from peers import Scan  # noqa: E402
from tap import Tap  # noqa: E402
from tlspeers import HOST, Server, free_port, keypair, openssl_suites, probe, s_server, suites  # noqa: E402

PATH = os.environ.get("PATH", "") + ":/usr/sbin"
ONE = "ECDHE-RSA-AES128-GCM-SHA256"
ONE_SUITE = {"TLSv1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"}
EVERY = {"SSLv2", "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"}


def values(facts, name):
    return {v for k, v in facts if k == name}


def big_chain(folder, pair):
    """The certificate, and behind it ten others with 2 KiB of names each."""
    chain = os.path.join(folder, "chain.pem")
    names = ",".join("DNS:a-rather-long-name-%03d.example.test" % i for i in range(55))
    with open(chain, "wb") as out:
        for i in range(10):
            cert = os.path.join(folder, "long-%d.pem" % i)
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", cert + ".key",
                            "-out", cert, "-subj", "/CN=long %d" % i, "-days", "30", "-addext",
                            "subjectAltName=" + names], check=True, capture_output=True)
            with open(cert, "rb") as f:
                out.write(f.read())
    return chain


def haproxy(folder, port, *pairs):
    """HAProxy with a certificate of each kind of key, for the same name."""
    conf, crt = os.path.join(folder, "haproxy.cfg"), ""
    for i, (cert, key) in enumerate(pairs):
        both = os.path.join(folder, "both-%d.pem" % i)
        with open(both, "w") as out:
            out.write(open(cert).read() + open(key).read())
        crt += " crt " + both
    with open(conf, "w") as out:
        out.write("defaults\n mode http\n timeout connect 5s\n timeout client 5s\n timeout server 5s\nfrontend f\n"
                  " bind 127.0.0.1:%d ssl%s ssl-max-ver TLSv1.2 ciphers ECDHE+AES128+AESGCM:AES128-SHA\n" % (port, crt))
    return [shutil.which("haproxy", path=PATH), "-db", "-f", conf]


def real_servers(folder):
    """name, command, expected suites, lines that must be there."""
    rsa = keypair(folder, "rsa", "rsa:2048")
    ed = keypair(folder, "ed", "ed25519")
    pss = keypair(folder, "pss", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048")
    ec = keypair(folder, "ec", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")
    if shutil.which("haproxy", path=PATH):
        yield ("HAProxy, RSA behind ECDSA", lambda p: haproxy(folder, p, rsa, ec),
               ONE_SUITE | {"TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLSv1.2 TLS_RSA_WITH_AES_128_CBC_SHA"},
               ["cert.key=RSA 2048", "cert.key=EC prime256v1"])
    psk = "PSK:@SECLEVEL=0"
    # PSK names are those of the list alone: no certificate has a say.
    out = subprocess.run(["openssl", "ciphers", "-s", "-tls1_2", "-psk", "-stdname", "-v", psk], capture_output=True,
                         text=True, check=True).stdout
    psk_suites = {"TLSv1.2 " + line.split()[0] for line in out.splitlines() if "Au=PSK" in line}
    yield ("PSK alone", lambda p: s_server(p, [], "-nocert", "-psk", "1a2b3c", "-tls1_2", "-cipher", psk),
           psk_suites, [])
    yield ("a certificate of the client is demanded",
           lambda p: s_server(p, [rsa], "-Verify", "1", "-tls1_2", "-cipher", ONE), ONE_SUITE,
           ["tls.client-certificate=1"])
    name = ["-tls1_2", "-cipher", ONE, "-servername", "other.example", "-cert2", rsa[0], "-key2", rsa[1]]
    yield ("another name: a warning", lambda p: s_server(p, [rsa], *name), ONE_SUITE,
           ["tls.warning=unrecognized_name"])
    yield ("another name: a fatal alert", lambda p: s_server(p, [rsa], "-servername_fatal", *name), ONE_SUITE,
           ["tls.warning=unrecognized_name"])
    yield ("a chain of more than 16 KiB",
           lambda p: s_server(p, [rsa], "-cert_chain", big_chain(folder, rsa), "-tls1_2", "-cipher", ONE), ONE_SUITE,
           ["cert.key=RSA 2048"])
    yield ("records of 512 bytes", lambda p: s_server(p, [rsa], "-split_send_frag", "512", "-max_send_frag", "512",
                                                    "-tls1_2", "-cipher", ONE), ONE_SUITE, ["cert.key=RSA 2048"])
    yield ("Ed25519", lambda p: s_server(p, [ed], "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"),
           {"TLSv1.2 TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"} | openssl_suites("", ["TLSv1.3"], set()),
           ["tls.signature-scheme=ed25519", "cert.key=ED25519", "tls.refused=TLSv1.1"])
    yield ("RSA-PSS", lambda p: s_server(p, [pss], "-tls1_2", "-cipher", ONE), ONE_SUITE,
           ["tls.signature-scheme=rsa_pss_pss_sha256", "tls.signature-scheme=rsa_pss_pss_sha512",
            "tls.signature-schemes-complete=TLSv1.2"])
    yield ("two schemes", lambda p: s_server(p, [rsa], "-tls1_2", "-cipher", ONE, "-sigalgs", "RSA+SHA256:RSA-PSS+SHA384"),
           ONE_SUITE, ["tls.signature-scheme=rsa_pkcs1_sha256", "tls.signature-scheme=rsa_pss_rsae_sha384",
                       "tls.signature-schemes-complete=TLSv1.2"])
    yield ("finite fields", lambda p: s_server(p, [rsa], "-tls1_3", "-groups", "ffdhe3072:ffdhe8192:P-521"),
           openssl_suites("", ["TLSv1.3"], set()),
           ["tls.group=TLSv1.3 ffdhe3072", "tls.group=TLSv1.3 ffdhe8192", "tls.group=TLSv1.3 secp521r1",
            "tls.groups-complete=TLSv1.3"])
    for bits, group in ((2048, "ffdhe2048"), (3072, "ffdhe3072")):
        params = os.path.join(folder, group)
        subprocess.run(["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", "group:" + group, "-out",
                        params], check=True, capture_output=True)
        yield ("DHE over " + group, lambda p, params=params: s_server(
            p, [rsa], "-tls1_2", "-dhparam", params, "-cipher", "DHE-RSA-AES128-GCM-SHA256"),
               {"TLSv1.2 TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"},
               ["tls.dh.bits=%d" % bits, "tls.group=TLSv1.2 " + group])


class Habit:
    """A server of a few lines: what it does with a connection, one after the other."""

    def __init__(self, act):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.act = act
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                c = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.one, args=(c,), daemon=True).start()

    def one(self, c):
        try:
            with c:
                self.act(c)
        except OSError:
            pass

    def close(self):
        self.listener.close()


def hello(c):
    """A whole record of the peer, or what there is of SSLv2."""
    data = c.recv(5)
    while len(data) < 5:
        more = c.recv(5 - len(data))
        if not more:
            return data
        data += more
    if data[0] != 22:
        return data + c.recv(4096)
    want = 5 + int.from_bytes(data[3:5], "big")
    while len(data) < want:
        more = c.recv(want - len(data))
        if not more:
            break
        data += more
    return data


def reset(c):
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


class Behind:
    """Hands what it likes on to a real server, and does something else with the rest."""

    def __init__(self, port, likes, else_):
        self.port, self.likes, self.else_ = port, likes, else_
        self.count, self.lock = 0, threading.Lock()

    def __call__(self, c):
        data = hello(c)
        with self.lock:
            self.count += 1
            count = self.count
        if not self.likes(data, count):
            self.else_(c)
            return
        with socket.create_connection(("127.0.0.1", self.port), 5) as real:
            real.sendall(data)
            while True:
                for one in select.select([real, c], [], [], 30)[0]:
                    answer = one.recv(65536)
                    if not answer:
                        return
                    (c if one is real else real).sendall(answer)


def silent(c):
    hello(c)
    c.recv(1)


def check_real(tap, folder):
    for name, command, expected, lines in real_servers(folder):
        port = free_port()
        server = Server(command(port), port)
        try:
            facts, _ = probe(port, "tls-exact", "full")
            tap.ok(suites(facts) == expected, name + ": suites", "missing %s\nextra %s" %
                   (sorted(expected - suites(facts)), sorted(suites(facts) - expected)))
            for line in lines:
                tap.ok(tuple(line.split("=", 1)) in facts, "%s: %s" % (name, line), sorted(facts))
            tap.ok(not values(facts, "tls.undecided"), name + ": nothing is undecided", values(facts, "tls.undecided"))
            posture, _ = probe(port, "tls")
            versions = {s.split()[0] for s in expected}
            tap.ok(values(posture, "tls.offered") == versions and not values(posture, "tls.undecided"),
                   name + ": posture", sorted(posture))
        finally:
            server.stop()


def check_long_hellos(tap, folder):
    """Hellos of more than 260 bytes are closed, reset, or not answered: the ordinary one counts."""
    rsa = keypair(folder, "rsa2", "rsa:2048")
    string = ONE + ":AES256-SHA:CAMELLIA128-SHA:NULL-SHA256:@SECLEVEL=0"
    expected = openssl_suites(string, ["TLSv1.1", "TLSv1.2"], {"RSA"})
    port = free_port()
    server = Server(s_server(port, [rsa], "-cipher", string, "-no_tls1", "-no_tls1_3"), port)
    try:
        for name, else_ in (("closed", lambda c: None), ("reset", reset),
                            ("answered by an alert", lambda c: c.sendall(b"\x15\x03\x01\x00\x02\x02\x32"))):
            habit = Habit(Behind(port, lambda data, _: len(data) <= 260, else_))
            for depth in ((), ("full",)):
                facts, count = probe(habit.port, "tls-exact", *depth)
                tap.ok(suites(facts) == expected and not values(facts, "tls.undecided"),
                       "long hellos %s: all suites, in %d connections" % (name, count), sorted(facts))
            facts, _ = probe(habit.port, "tls")
            tap.ok(values(facts, "tls.offered") == {"TLSv1.1", "TLSv1.2"} and
                   "TLSv1.2 TLS_RSA_WITH_NULL_SHA256" in suites(facts), "long hellos %s: posture" % name, sorted(facts))
            habit.close()
    finally:
        server.stop()


def check_short_13(tap, folder):
    """The first hello is closed, and the certificate is of a kind that few ask for."""
    ed = keypair(folder, "ed448", "ed448")
    port = free_port()
    server = Server(s_server(port, [ed], "-tls1_3"), port)
    try:
        for name in ("tls", "tls-exact"):
            habit = Habit(Behind(port, lambda data, count: count > 1, lambda c: None))
            facts, _ = probe(habit.port, name)
            tap.ok(values(facts, "tls.offered") == {"TLSv1.3"} and not values(facts, "tls.undecided"),
                   "1.3 with Ed448, the first hello closed: %s" % name, sorted(facts))
            habit.close()
    finally:
        server.stop()


def check_busy(tap, folder):
    """A server that was busy with another connection when SSLv2 was asked: it is asked once more."""
    rsa = keypair(folder, "rsa4", "rsa:2048")
    port = free_port()
    server = Server(s_server(port, [rsa], "-tls1_2", "-cipher", ONE), port)
    seen = []

    def likes(data, _):
        if data[0] == 22:
            return True
        seen.append(data)
        return len(seen) > 1

    try:
        habit = Habit(Behind(port, likes, silent))
        facts, _ = probe(habit.port, timeout=1500)
        tap.ok("SSLv2" in values(facts, "tls.refused") and not values(facts, "tls.undecided") and len(seen) == 2,
               "SSLv2: silent once, then refused", sorted(facts))
        habit.close()
    finally:
        server.stop()


def check_no_answer(tap, folder):
    """Nothing of these is a "no"."""
    for name, act in (("it takes every hello and is silent", silent),
                      ("half an alert", lambda c: (hello(c), c.sendall(b"\x15\x03\x03\x00"), c.recv(1))),
                      ("half a ServerHello, then a close",
                       lambda c: (hello(c), c.sendall(b"\x16\x03\x03\x00\x50\x02\x00\x00\x4c\x03\x03"))),
                      ("bytes of no protocol", lambda c: (hello(c), c.sendall(bytes(range(1, 9)) * 9)))):
        habit = Habit(act)
        for probe_name in ("tls", "tls-exact"):
            facts, _ = probe(habit.port, probe_name, timeout=700)
            refused = values(facts, "tls.refused") - {"SSLv2"}
            tap.ok(not refused and not values(facts, "tls.offered") and values(facts, "tls.undecided"),
                   "%s: %s: undecided" % (name, probe_name), sorted(facts))
        habit.close()


def check_tired(tap, folder):
    """A server that resets when it has had enough of us: what was not asked is not refused."""
    rsa = keypair(folder, "rsa3", "rsa:2048")
    port = free_port()
    server = Server(s_server(port, [rsa], "-tls1_2", "-cipher", "AES128-SHA:AES256-SHA:AES128-GCM-SHA256:AES256-SHA256"), port)
    try:
        habit = Habit(Behind(port, lambda data, count: count <= 4, reset))
        facts, _ = probe(habit.port)
        tap.ok("TLSv1.2" in values(facts, "tls.offered"), "tired: it had answered", sorted(facts))
        tap.ok(not values(facts, "tls.suites-complete") and not values(facts, "tls.clean"),
               "tired: the list is not called complete", sorted(facts))
        tap.ok(any(v.startswith("TLSv1.2 more-suites") for v in values(facts, "tls.undecided")),
               "tired: and that is said", sorted(facts))
        tap.ok({v + " it closed, and answered no more" for v in ("TLSv1.1", "TLSv1.0", "SSLv3")} <=
               values(facts, "tls.undecided"), "tired: of other versions too", sorted(facts))
        habit.close()
    finally:
        server.stop()


def check_drops(tap, folder):
    """Something in front ends every third connection: its closes say nothing."""
    string = "DEFAULT:@SECLEVEL=0"
    port = free_port()
    server = Server(s_server(port, [keypair(folder, "rsa5", "rsa:2048")], "-cipher", string), port)
    try:
        whole = suites(probe(port)[0])
        for how, act in (("closes", lambda c: None), ("resets", reset)):
            habit = Habit(Behind(port, lambda data, count: count % 3 != 0, act))
            facts, _ = probe(habit.port)
            missing = {v.split()[0] for v in whole - suites(facts)}
            unsure = {v.split()[0] for v in values(facts, "tls.undecided")}
            tap.ok("1" in values(facts, "tls.drops-connections"), "it %s at times, and that is seen" % how, sorted(facts))
            tap.ok(len(whole) > 20 and suites(facts) <= whole, "it %s at times: nothing is invented" % how,
                   sorted(suites(facts) - whole))
            tap.ok(missing <= unsure, "it %s at times: what is missing is undecided" % how, (sorted(missing), sorted(unsure)))
            facts, _ = probe(habit.port, "tls")
            tap.ok({v.split()[0] for v in whole} - values(facts, "tls.offered") <=
                   {v.split()[0] for v in values(facts, "tls.undecided")},
                   "it %s at times, posture: no version is called refused" % how, sorted(facts))
            habit.close()
    finally:
        server.stop()


def check_late(tap, folder):
    """What the target's time cuts off is undecided."""
    port = free_port()
    server = Server(s_server(port, [keypair(folder, "rsa6", "rsa:2048")], "-tls1_2", "-cipher", "AES256-GCM-SHA384:AES128-SHA"), port)
    try:
        for depth in ("posture", "exact"):
            habit = Habit(Behind(port, lambda data, count: count <= 2, silent))
            s = Scan({"tls": habit.port}, "--tls", depth, "--target-timeout", "2s", host="127.0.0.1")
            unsure = {v.split()[0] for v in s.facts("tls.undecided", habit.port)}
            tap.ok({"SSLv2", "SSLv3", "TLSv1.0"} <= unsure and not s.facts("tls.suites-complete", habit.port),
                   depth + ": what the target's time cuts off is undecided", s.facts("tls.undecided"))
            habit.close()
    finally:
        server.stop()


def check_moved(tap, folder):
    """--probes tls and --port tls= mean the probe that --tls chooses."""
    port = free_port()
    server = Server(s_server(port, [keypair(folder, "rsa4", "rsa:2048")], "-tls1_2", "-cipher", "AES256-GCM-SHA384"), port)
    try:
        for depth in ("posture", "exact"):
            s = Scan({"tls": port}, "--tls", depth, host="127.0.0.1")
            tap.ok(s.facts("tls.depth", port) == {depth} and "TLSv1.2" in s.facts("tls.offered", port),
                   "--probes tls --tls %s at the port of --port tls=" % depth, s.facts("tls.depth"))
    finally:
        server.stop()


def ocsp_answer(folder, pair):
    """What the certificate says of itself: that it is good."""
    def openssl(*args):
        return subprocess.run(["openssl", *args], check=True, capture_output=True, text=True).stdout

    cert, key = pair
    index, request, answer = (os.path.join(folder, "ocsp-" + n) for n in ("index", "request", "answer"))
    with open(index, "w", encoding="ascii") as f:
        f.write("V\t491231235959Z\t\t%s\tunknown\t/CN=x\n" %
                openssl("x509", "-in", cert, "-noout", "-serial").strip().partition("=")[2])
    openssl("ocsp", "-issuer", cert, "-cert", cert, "-no_nonce", "-reqout", request)
    openssl("ocsp", "-index", index, "-CA", cert, "-rsigner", cert, "-rkey", key, "-reqin", request, "-respout", answer,
            "-ndays", "5")
    return answer


def check_stapled(tap, folder):
    """Both depths ask for a stapled answer, and see that there is none."""
    pair = keypair(folder, "stapled", "rsa:2048")
    for sent, options in ((True, ["-status_file", ocsp_answer(folder, pair)]), (False, [])):
        port = free_port()
        server = Server(s_server(port, [pair], *options), port)
        try:
            for name in ("tls", "tls-exact"):
                facts, _ = probe(port, name)
                tap.ok(values(facts, "tls.stapled") == {str(int(sent))} and bool(values(facts, "cert.ocsp")) == sent,
                       "%s: %s stapled answer" % (name, "a" if sent else "no"), sorted(facts))
        finally:
            server.stop()
        # TLS 1.3 encrypts it: a handshake that is carried through shows it.
        port = free_port()
        server = Server(s_server(port, [pair], "-tls1_3", "-www", *options), port)
        try:
            s = Scan({"owa": port}, target="127.0.0.1:%d" % port)
            tap.ok(s.facts("tls.stapled") == {sent} and bool(s.facts("cert.ocsp")) == sent,
                   "HTTPS over TLS 1.3: %s stapled answer" % ("a" if sent else "no"), s.result["observations"])
        finally:
            server.stop()


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        check_real(tap, folder)
        check_stapled(tap, folder)
        check_long_hellos(tap, folder)
        check_tired(tap, folder)
        check_drops(tap, folder)
        check_late(tap, folder)
        check_short_13(tap, folder)
        check_busy(tap, folder)
        check_no_answer(tap, folder)
        check_moved(tap, folder)
    tap.end()


main()
