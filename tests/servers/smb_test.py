#!/usr/bin/python3
"""The SMB probe against real Samba in every setting of signing and protocol.

What is expected comes from the settings, as smb.conf(5) defines them; nmap's
scripts, where nmap is, say what they see of the same server.
"""
import os
import re
import shutil
import socket
import subprocess
import tempfile

from peers import HOST, Scan, Server, Tap, free_port, need

DIALECTS = {"SMB2_02": "2.0.2", "SMB2_10": "2.1", "SMB3_00": "3.0", "SMB3_02": "3.0.2", "SMB3_11": "3.1.1"}
NMAP = {"2.0.2": "202", "2.1": "210", "3.0": "300", "3.0.2": "302", "3.1.1": "311"}

CONF = """[global]
workgroup = EXVETGRP
netbios name = EXSAMBA
server role = standalone server
private dir = {d}/private
lock directory = {d}/lock
state directory = {d}/state
cache directory = {d}/cache
pid directory = {d}/pid
ncalrpc dir = {d}/ncalrpc
binddns dir = {d}/bind
usershare path =
smb ports = {port}
interfaces = {host}/8
bind interfaces only = no
log file = {d}/log.%m
disable netbios = yes
load printers = no
{more}
"""


def smbd(binary, folder, port=0, **settings):
    """A server with these settings (blanks written as _)."""
    os.makedirs(folder)
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc", "bind"):
        os.makedirs(os.path.join(folder, name), mode=0o755)
    port = port or free_port()
    conf = os.path.join(folder, "smb.conf")
    with open(conf, "w", encoding="ascii") as f:
        f.write(CONF.format(d=folder, port=port, host=HOST, more="\n".join(
            "%s = %s" % (k.replace("_", " "), v) for k, v in settings.items())))
    return port, Server([binary, "--foreground", "--no-process-group", "--configfile=" + conf,
                         "--debug-stdout"], port, os.path.join(folder, "out"))


def smb1_signing(text):
    """nmap's words on the signing of SMB 1, in ours."""
    m = re.search(r"message_signing: (\w+)", text)
    return {"disabled": "disabled", "supported": "enabled", "required": "required"}.get(m[1]) if m else None


def nmap(port):
    """(dialects, words on signing, signing of SMB 1) by nmap's scripts; None without nmap."""
    if shutil.which("nmap") is None:
        return None
    out = subprocess.run(["nmap", "-Pn", "-n", "-p", str(port), "--script",
                          "smb-security-mode,smb2-security-mode,smb-protocols",
                          "--script-args", "smbport=%d" % port, HOST], capture_output=True, text=True).stdout
    return set(re.findall(r"^\|_?\s+(\d{3}|NT LM 0\.12)\b", out, re.M)), " ".join(
        re.findall(r"Message signing (.*)", out)), smb1_signing(out)


def agree(tap, s, port, name):
    """What nmap meets by a connection a dialect is what two connections tell, or leave open."""
    seen = nmap(port)
    if seen is None:
        tap.skip(name + ": nmap beside it", "no nmap")
        return
    spoken = {k for k, v in NMAP.items() if v in seen[0]}
    newest = s.facts("smb.dialect")
    tap.ok(newest <= spoken and spoken <= newest | s.facts("smb.dialect.undecided"),
           name + ": nmap's dialects are the newest and some of the undecided", (seen, s.facts("smb.dialect.undecided")))
    tap.ok(len(newest) <= 1 and newest | s.facts("smb.dialect.refused") | s.facts("smb.dialect.undecided") ==
           (set(NMAP) if newest else set()), name + ": every dialect is told, refused or undecided",
           (newest, s.facts("smb.dialect.refused")))
    tap.ok(("NT LM 0.12" in seen[0]) == (s.facts("smb1.dialect") == {"NT LM 0.12"}),
           name + ": nmap agrees on SMB 1", seen)
    tap.ok(seen[2] is None or s.facts("smb1.signing") == {seen[2]}, name + ": and on its signing", seen)
    two = s.one("smb.signing")
    tap.ok(two is None or seen[1].startswith({"required": "enabled and required", "enabled": "enabled but not required",
                                              "disabled": "disabled"}[two]), name + ": and on that of SMB 2", seen)


def signing(tap, binary, folder):
    """smb.conf(5): 'disabled' is 'auto' for SMB 2, which cannot do without."""
    for word, two, one in (("mandatory", "required", "required"), ("required", "required", "required"),
                           ("auto", "enabled", "enabled"), ("if_required", "enabled", "enabled"),
                           ("default", "enabled", "disabled"), ("disabled", "enabled", "disabled")):
        port, server = smbd(binary, os.path.join(folder, "signing-" + word), server_signing=word,
                            server_min_protocol="NT1")
        with server:
            s = Scan({"smb": port})
            tap.ok(s.one("smb.signing") == two, "signing = %s: SMB 2 %s" % (word, two), s.facts("smb.signing"))
            tap.ok(s.one("smb1.offered") is True, "signing = %s: SMB 1 offered" % word)
            tap.ok(s.one("smb1.signing") == one, "signing = %s: SMB 1 %s" % (word, one), s.facts("smb1.signing"))
            tap.ok(s.connections == 2, "signing = %s: two connections" % word, s.connections)
            tap.ok(s.verdicts["smb-signing-not-required"] == ("pass" if two == "required" else "fail"),
                   "signing = %s: verdict on required" % word, s.verdicts)
            tap.ok(s.verdicts["smb-signing-disabled"] == ("fail" if one == "disabled" else "pass"),
                   "signing = %s: verdict on disabled" % word, s.verdicts)
            tap.ok(s.verdicts["smb1-offered"] == "fail", "signing = %s: verdict on SMB 1" % word)
            agree(tap, s, port, "signing = " + word)


def protocols(tap, binary, folder):
    order = list(DIALECTS)
    for low, high in [(v, v) for v in order] + [("SMB2_02", "SMB3_00"), ("SMB2_10", "SMB3_11")]:
        port, server = smbd(binary, os.path.join(folder, "%s-%s" % (low, high)), server_signing="mandatory",
                            server_min_protocol=low, server_max_protocol=high)
        with server:
            s = Scan({"smb": port})
            name = "%s to %s" % (low, high)
            tap.ok(s.one("smb.dialect") == DIALECTS[high], name + ": " + DIALECTS[high], s.facts("smb.dialect"))
            tap.ok(s.one("smb1.offered") is False, name + ": no SMB 1", s.facts("smb1.offered"))
            tap.ok(not s.facts("smb1.signing"), name + ": nothing on the signing of SMB 1")
            tap.ok(s.verdicts["smb-signing-not-required"] == "pass" and s.verdicts["smb1-offered"] == "pass",
                   name + ": verdicts", s.verdicts)
            tap.ok(bool(s.facts("smb.cipher")) == (high == "SMB3_11"), name + ": cipher only in 3.1.1",
                   s.facts("smb.cipher"))
            tap.ok(s.connections == 2 and not s.errors, name + ": two connections, no error", s.errors)
            tap.ok(s.one("smb.session") == "ntlm-challenge", name + ": session setup", s.facts("smb.session"))
            tap.ok(s.one("ntlm.computer.netbios") == "EXSAMBA", name + ": name")
            tap.ok(abs(s.one("smb.skew")) <= 2 and abs(s.one("ntlm.skew")) <= 2, name + ": clock")
            # The last --port of a name counts.
            o = Scan({"smb-oldest": 1}, "--port", "smb-oldest=%d" % port)
            tap.ok(o.one("smb.dialect.oldest") == DIALECTS[low] and o.connections == 1 and not o.errors,
                   name + ": the oldest, by the probe of its own", (o.errors, o.result["observations"]))
            some = {DIALECTS[v] for v in order[order.index(low):order.index(high) + 1]}
            tap.ok(some - {DIALECTS[high]} <= s.facts("smb.dialect.undecided"), name + ": the older ones are left open",
                   s.facts("smb.dialect.undecided"))
            tap.ok(s.verdicts["smb-old-dialects"] == ("warn" if high.startswith("SMB2") else "undecidable"),
                   name + ": verdict on old dialects", s.verdicts)
            agree(tap, s, port, name)


def below(tap, binary, folder):
    """SMB 1 beside every newest dialect, in every setting of signing."""
    for high in DIALECTS:
        for word, one in (("mandatory", "required"), ("auto", "enabled"), ("disabled", "disabled")):
            port, server = smbd(binary, os.path.join(folder, "below-%s-%s" % (high, word)), server_signing=word,
                                server_min_protocol="NT1", server_max_protocol=high)
            with server:
                s = Scan({"smb": port})
                name = "NT1 to %s, %s" % (high, word)
                tap.ok((s.one("smb.dialect"), s.one("smb1.dialect"), s.one("smb1.signing")) ==
                       (DIALECTS[high], "NT LM 0.12", one), name, s.result["observations"])
                tap.ok(s.connections == 2 and not s.errors, name + ": two connections", (s.connections, s.errors))
                tap.ok(s.verdicts["smb1-offered"] == "fail" and s.verdicts["smb-signing-not-required"] ==
                       ("pass" if word == "mandatory" else "fail"), name + ": verdicts", s.verdicts)


def algorithms(tap, binary, folder):
    """Contexts of 3.1.1: what the settings allow is what the server chooses."""
    for name, settings, cipher, signing_by, verdict in (
            ("encryption off", {"server_smb_encrypt": "off"}, None, "AES-GMAC", "warn"),
            ("encryption required", {"server_smb_encrypt": "required"}, "AES-128-GCM", "AES-GMAC", "pass"),
            ("256 bits", {"server_smb3_encryption_algorithms": "AES-256-GCM"}, "AES-256-GCM", "AES-GMAC", "pass"),
            ("CCM", {"server_smb3_encryption_algorithms": "AES-128-CCM"}, "AES-128-CCM", "AES-GMAC", "pass"),
            ("HMAC", {"server_smb3_signing_algorithms": "HMAC-SHA256"}, "AES-128-GCM", "HMAC-SHA256", "pass"),
            ("CMAC", {"server_smb3_signing_algorithms": "AES-128-CMAC"}, "AES-128-GCM", "AES-CMAC", "pass")):
        port, server = smbd(binary, os.path.join(folder, "alg-" + name.replace(" ", "-")), **settings)
        with server:
            s = Scan({"smb": port})
            tap.ok((s.one("smb.cipher"), s.one("smb.signing.algorithm")) == (cipher, signing_by), name,
                   (s.facts("smb.cipher"), s.facts("smb.signing.algorithm")))
            tap.ok(s.verdicts["smb-encryption-missing"] == verdict, name + ": verdict", s.verdicts)
            tap.ok(s.one("smb.preauth") == "SHA-512" and len(str(s.one("smb.guid"))) == 36, name + ": hash and GUID")


def old(tap, binary, folder):
    """SMB 1 alone: it hangs up on SMB 2."""
    port, server = smbd(binary, os.path.join(folder, "nt1"), server_signing="auto",
                        server_min_protocol="NT1", server_max_protocol="NT1")
    with server:
        s = Scan({"smb": port})
        tap.ok(s.one("smb1.offered") is True and s.one("smb1.signing") == "enabled", "SMB 1 alone",
               s.result["observations"])
        tap.ok(not s.facts("smb.dialect") and not s.facts("smb.signing"), "SMB 1 alone: no SMB 2")
        tap.ok(s.connections == 2, "SMB 1 alone: two connections", s.connections)


def oldest(tap, binary, folder):
    """Dialects older than NT LM 0.12 are SMB 1 too."""
    port, server = smbd(binary, os.path.join(folder, "lanman"), server_min_protocol="CORE",
                        server_max_protocol="LANMAN2", lanman_auth="yes")
    with server:
        s = Scan({"smb": port})
        tap.ok(s.one("smb1.offered") is True and s.one("smb1.dialect") == "LANMAN dialect", "LANMAN alone is SMB 1",
               s.result["observations"])
        tap.ok(s.verdicts["smb1-offered"] == "fail" and s.verdicts["smb-signing-disabled"] == "fail",
               "LANMAN: verdicts", s.verdicts)


def denied(tap, binary, folder):
    """It refuses by a NetBIOS error whom it does not want, on a direct port too."""
    port, server = smbd(binary, os.path.join(folder, "denied"), hosts_deny="ALL")
    with server:
        s = Scan({"smb": port})
        tap.ok(s.one("smb.netbios") == "not-listening-for-calling-name" and not s.errors, "turned away",
               (s.errors, s.result["observations"]))
        tap.ok(s.verdicts["smb1-offered"] == "not-observable" and s.verdicts["smb-reachable"] == "warn",
               "turned away: open, and no more is known", s.verdicts)


def together(tap, binary, folder):
    """The oldest dialect beside the ordinary probe, at the port where SMB is."""
    port, server = smbd(binary, os.path.join(folder, "together"), server_signing="mandatory",
                        server_min_protocol="SMB3_00")
    with server:
        s = Scan({"smb": port}, "--probes", "smb,smb-oldest")
        tap.ok((s.one("smb.dialect"), s.one("smb.dialect.oldest")) == ("3.1.1", "3.0"), "newest and oldest together",
               s.result["observations"])
        tap.ok(s.connections == 3 and s.verdicts["smb-old-dialects"] == "pass", "a third connection, and a verdict",
               (s.connections, s.verdicts))


def netbios(tap, binary, folder):
    """Port 139, where a session request comes first."""
    with socket.socket() as probe:
        try:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, 139))
        except OSError as e:
            tap.skip("port 139", str(e))
            return
    for low, old_too in (("NT1", True), ("SMB2_02", False)):
        port, server = smbd(binary, os.path.join(folder, "netbios-" + low), 139, server_signing="mandatory",
                            server_min_protocol=low)
        with server:
            s = Scan({"smb": port})
            name = "139, from " + low
            tap.ok(s.one("smb.dialect") == "3.1.1" and s.one("smb.signing") == "required", name, s.result["observations"])
            tap.ok(s.one("smb1.offered") is old_too, name + ": SMB 1", s.facts("smb1.offered"))
            tap.ok(s.one("ntlm.computer.netbios") == "EXSAMBA" and s.connections == 2 and not s.errors,
                   name + ": name, two connections", (s.connections, s.errors))


def closed(tap):
    port = free_port()
    s = Scan({"smb": port})
    tap.ok(s.one("net.port") == "closed" and not s.errors, "a closed port is an observation", s.errors)
    tap.ok(s.verdicts["smb-reachable"] == "pass", "a closed port is a good posture", s.verdicts)
    tap.ok(s.verdicts["smb-signing-not-required"] == "not-observable", "and says nothing of signing")


def silent(tap):
    """A port that drops what comes: its queue is full."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for c in waiting:
            c.setblocking(False)
            c.connect_ex((HOST, port))
        alone = Scan({"smb": port}, "--connect-timeout", "500ms")
        beside = Scan({"smb": port, "imap": free_port()}, "--connect-timeout", "500ms")
        for c in waiting:
            c.close()
    tap.ok(alone.one("net.port") == "filtered" and not alone.errors, "a silent port is filtered", alone.errors)
    tap.ok(alone.verdicts["smb-reachable"] == "not-observable", "alone it says nothing", alone.verdicts)
    tap.ok(beside.verdicts["smb-reachable"] == "pass", "where the host answers elsewhere it is not reachable",
           beside.verdicts)
    tap.ok(beside.verdicts["smb-signing-not-required"] == "not-observable", "and signing is not known")


def mute(tap):
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen(8)
        s = Scan({"smb": listener.getsockname()[1]}, "--request-timeout", "300ms")
        tap.ok(s.one("net.port") == "open" and s.errors == [("smb", "read", "timeout")],
               "a mute port is open, and no more is known", (s.errors, s.result["observations"]))
        tap.ok(s.verdicts["smb1-offered"] == "not-observable" and s.connections == 1, "nothing is guessed")


def main():
    binary, = need("smbd")
    tap = Tap()
    folder = tempfile.mkdtemp(prefix="exvet-smb-")
    try:
        closed(tap)
        silent(tap)
        mute(tap)
        signing(tap, binary, folder)
        protocols(tap, binary, folder)
        below(tap, binary, folder)
        algorithms(tap, binary, folder)
        old(tap, binary, folder)
        oldest(tap, binary, folder)
        denied(tap, binary, folder)
        together(tap, binary, folder)
        netbios(tap, binary, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tap.end()


main()
