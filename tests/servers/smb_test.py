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


def smbd(binary, folder, **settings):
    """A server with these settings (blanks written as _)."""
    os.makedirs(folder)
    for name in ("private", "lock", "state", "cache", "pid", "ncalrpc", "bind"):
        os.makedirs(os.path.join(folder, name), mode=0o755)
    port = free_port()
    conf = os.path.join(folder, "smb.conf")
    with open(conf, "w", encoding="ascii") as f:
        f.write(CONF.format(d=folder, port=port, host=HOST, more="\n".join(
            "%s = %s" % (k.replace("_", " "), v) for k, v in settings.items())))
    return port, Server([binary, "--foreground", "--no-process-group", "--configfile=" + conf,
                         "--debug-stdout"], port, os.path.join(folder, "out"))


def nmap(port):
    """(dialects, words on signing) by nmap's scripts; None without nmap."""
    if shutil.which("nmap") is None:
        return None
    out = subprocess.run(["nmap", "-Pn", "-n", "-p", str(port), "--script", "smb2-security-mode,smb-protocols",
                          "--script-args", "smbport=%d" % port, HOST], capture_output=True, text=True).stdout
    return set(re.findall(r"^\|_?\s+(\d{3})$", out, re.M)), " ".join(
        re.findall(r"Message signing (.*)", out))


def signing(tap, binary, folder):
    """smb.conf(5): 'disabled' is 'auto' for SMB 2, which cannot do without."""
    for word, two, one in (("mandatory", "required", "required"), ("auto", "enabled", "enabled"),
                           ("disabled", "enabled", "disabled")):
        port, server = smbd(binary, os.path.join(folder, "signing-" + word), server_signing=word,
                            server_min_protocol="NT1")
        with server:
            s = Scan({"smb": port})
            tap.ok(s.one("smb.signing") == two, "signing = %s: SMB 2 %s" % (word, two), s.facts("smb.signing"))
            tap.ok(s.one("smb1.offered") is True, "signing = %s: SMB 1 offered" % word)
            tap.ok(s.one("smb1.signing") == one, "signing = %s: SMB 1 %s" % (word, one), s.facts("smb1.signing"))
            tap.ok(s.connections == 2, "signing = %s: two connections" % word, s.connections)
            tap.ok(s.verdicts["smb-signing-not-required"] == ("pass" if word == "mandatory" else "fail"),
                   "signing = %s: verdict on required" % word, s.verdicts)
            tap.ok(s.verdicts["smb-signing-disabled"] == ("fail" if word == "disabled" else "pass"),
                   "signing = %s: verdict on disabled" % word, s.verdicts)
            tap.ok(s.verdicts["smb1-offered"] == "fail", "signing = %s: verdict on SMB 1" % word)
            seen = nmap(port)
            if seen is None:
                tap.skip("nmap beside it", "no nmap")
            else:
                tap.ok(seen[1].startswith("enabled and required" if two == "required" else
                                          "enabled but not required"), "nmap sees the same signing", seen)


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
            seen = nmap(port)
            if seen is None:
                tap.skip("nmap beside it", "no nmap")
            else:
                some = {NMAP[DIALECTS[v]] for v in order[order.index(low):order.index(high) + 1]}
                tap.ok(seen[0] == some, name + ": nmap sees what was set", seen)


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


def closed(tap):
    port = free_port()
    s = Scan({"smb": port})
    tap.ok(s.one("net.port") == "closed" and not s.errors, "a closed port is an observation", s.errors)
    tap.ok(s.verdicts["smb-reachable"] == "pass", "a closed port is a good posture", s.verdicts)
    tap.ok(s.verdicts["smb-signing-not-required"] == "not-observable", "and says nothing of signing")


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
        mute(tap)
        signing(tap, binary, folder)
        protocols(tap, binary, folder)
        old(tap, binary, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tap.end()


main()
