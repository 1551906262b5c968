#!/usr/bin/python3
"""The lab keeps its promises: each profile answers what it says.

Without this a scanner test could pass because the lab is silent.
"""

import base64
import gzip
import http.client
import imaplib
import os
import poplib
import re
import shutil
import smtplib
import socket
import ssl
import struct
import subprocess
import sys
import time
import traceback
import warnings
import xml.etree.ElementTree as ET

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "e2e")]
import exchange
import harness
import hostile
import profiles
import services
import web

TYPE1 = "NTLM TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAAGAbEdAAAADw=="


def client_context(**keys):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("ALL@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    for key, value in keys.items():
        setattr(context, key, value)
    return context


class Client:
    """One connection to one profile's server."""

    def __init__(self, lab, profile, port=443, tls=True, context=None):
        address, port = profile.addresses[0], lab.port(port)
        self.host = profile.hostname
        sock = socket.create_connection((address, port), timeout=10)
        if tls:
            sock = (context or client_context()).wrap_socket(sock, server_hostname=profile.hostname)
        self.http = http.client.HTTPConnection(address, port)
        self.http.sock = self.sock = sock

    def ask(self, method, path, **headers):
        headers = {k.replace("_", "-"): v for k, v in headers.items()}
        self.http.request(method, path, headers={"Host": self.host, **headers})
        reply = self.http.getresponse()
        reply.data = reply.read()
        return reply

    def close(self):
        self.http.close()


def once(lab, profile, method, path, port=443, tls=True, **headers):
    client = Client(lab, profile, port, tls)
    try:
        return client.ask(method, path, **headers)
    finally:
        client.close()


def raw(lab, profile, data, port=443, seconds=3, size=1 << 20):
    """Bytes that come back for these bytes, TLS around both; what came when it broke."""
    out = b""
    try:
        client = Client(lab, profile, port)
        client.sock.sendall(data)
        deadline = time.monotonic() + seconds
        while len(out) < size:
            client.sock.settimeout(max(deadline - time.monotonic(), 0.01))
            piece = client.sock.recv(65536)
            if not piece:
                break
            out += piece
    except OSError:
        pass
    return out


# ---- ordinary servers ----

def test_exchange(tap, lab, name, profile):
    v = web.Site(profiles.load(name)).vars
    modern = not v["build"].startswith(("8.", "14."))
    client = Client(lab, profile)
    reply = client.ask("GET", "/owa/")
    tap.ok(reply.status == 302 and "/owa/auth/logon.aspx" in reply.headers["Location"],
           f"{name}: /owa/ leads to the log-on page", reply.headers)
    if modern:
        tap.equal(reply.headers["X-FEServer"], v["netbios"], f"{name}: front end named")
    page = client.ask("GET", "/owa/auth/logon.aspx?reason=0")
    text = page.data.decode()
    tap.ok("{57A118C6-2DA9-419d-BE9A-F92B0F9A418B}" in text and "ASP.auth_logon_aspx" in text,
           f"{name}: the log-on page has its marks")
    found = re.search(r"/owa/(?:auth/)?([0-9.]+)/themes/", text).group(1)
    tap.equal(found, v["path_build"], f"{name}: folder of the log-on page")
    tap.equal(len(found.split(".")), 3 if modern else 4, f"{name}: parts in that folder")
    tap.ok(len(page.data) > 50000 or not modern, f"{name}: size of the page", len(page.data))
    stripped = "x-owa-version" in profile.get("strip").lower()
    auth = client.ask("GET", "/AutoDiscover/AutoDiscover.xml")
    shows = exchange.since_july_2021(v["build"]) and not stripped and "owa_version_on" not in profile.server
    if "owa_version_on" in profile.server:
        shows = "auth" in profile.get("owa_version_on").split()
    if not profile.name.startswith("joined"):
        tap.equal(auth.headers["X-OWA-Version"], v["shown_build"] if shows else None,
                  f"{name}: X-OWA-Version on a 401")
        tap.equal(sorted(h.split()[0] for h in auth.headers.get_all("WWW-Authenticate")),
                  ["Basic", "NTLM", "Negotiate"], f"{name}: schemes of autodiscover")
    second = client.ask("GET", "/autodiscover/autodiscover.xml", Authorization=TYPE1)
    token = base64.b64decode(second.headers["WWW-Authenticate"].split()[1])
    tap.equal(token[:12], b"NTLMSSP\0\2\0\0\0", f"{name}: Type 2 on the same connection")
    health = client.ask("GET", "/ecp/healthcheck.htm")
    if not modern:
        tap.equal(health.status, 404, f"{name}: no healthcheck.htm before 2013")
    elif name not in ("maintenance", "all-pools-stopped", "health-asks-log-on"):
        tap.equal(health.data.decode(), "200 OK<br/>" + v["fqdn"], f"{name}: healthcheck.htm")
    client.close()


def test_http(tap, lab, fleet):
    profile = fleet["ex2019-cu15-oct25"]
    client = Client(lab, profile)
    head = client.ask("HEAD", "/owa/auth/logon.aspx")
    full = client.ask("GET", "/owa/auth/logon.aspx")
    tap.ok(head.data == b"" and head.headers["Content-Length"] == str(len(full.data)),
           "HEAD has the length and no body", head.headers)
    packed = client.ask("GET", "/owa/auth/logon.aspx", Accept_Encoding="gzip, deflate")
    tap.ok(packed.headers["Content-Encoding"] == "gzip" and gzip.decompress(packed.data) == full.data,
           "gzip when the client takes it")
    service = client.ask("GET", "/owa/service")
    tap.ok(service.headers["Transfer-Encoding"] == "chunked" and service.data == b"{}",
           "/owa/service is chunked", service.headers)
    options = client.ask("OPTIONS", "/Microsoft-Server-ActiveSync")
    tap.ok(options.status == 401 and options.headers["MS-Server-ActiveSync"] == "15.2",
           "ActiveSync asks for a log-on and names itself", options.headers)
    bearer = client.ask("GET", "/EWS/Exchange.asmx", Authorization="Bearer")
    tap.ok("Flighting is not enabled" in bearer.headers["x-ms-diagnostics"], "OAuth trust only", bearer.headers)
    posted = client.ask("GET", "/nothing/here")
    tap.equal((posted.status, posted.headers["Server"]), (404, "Microsoft-IIS/10.0"), "IIS 404 elsewhere")
    client.close()
    manifest = once(lab, profile, "GET",
                    "/ecp/Current/exporttool/microsoft.exchange.ediscovery.exporttool.application")
    identities = [e for e in ET.fromstring(manifest.data).iter() if e.tag.endswith("assemblyIdentity")]
    tap.equal([e.get("version") for e in identities], ["15.2.1748.39"] * 3, "manifest of the export tool")
    hma = once(lab, fleet["ex2019-cu15-latest"], "GET", "/mapi/emsmdb/", Authorization="Bearer ")
    tap.ok("authorization_uri=" in "".join(hma.headers.get_all("WWW-Authenticate")), "modern authentication")
    plain = once(lab, profile, "GET", "/owa/", port=80, tls=False)
    tap.equal(plain.status, 403, "port 80 insists on TLS")
    old = raw(lab, fleet["internal-address"], b"GET /autodiscover/autodiscover.xml HTTP/1.0\r\n\r\n")
    tap.ok(b'realm="172.20.33.130"' in old and b"Connection: close" in old,
           "HTTP/1.0 without Host shows the internal address", old)
    posts = raw(lab, profile, b"POST /ews/exchange.asmx HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
                b"GET /owa/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    tap.equal(re.findall(rb"HTTP/1.1 (\d+)", posts), [b"401", b"302"], "a request body is not the next request")


def test_ntlm(tap, lab, fleet):
    reply = once(lab, fleet["ex-se-latest"], "GET", "/ews/exchange.asmx", Authorization=TYPE1)
    token = base64.b64decode(reply.headers["WWW-Authenticate"].split()[1])
    length, _, offset = struct.unpack_from("<HHI", token, 40)
    pairs, at = {}, offset
    while at < offset + length:
        kind, size = struct.unpack_from("<HH", token, at)
        pairs[kind] = token[at + 4:at + 4 + size]
        at += 4 + size
    tap.equal(pairs[3].decode("utf-16-le"), "exse3.corp.exvet.test", "Type 2 names the server")
    tap.equal(struct.unpack_from("<BBH", token, 48), (10, 0, 26100), "Type 2 names the Windows build")
    filetime = struct.unpack("<Q", pairs[7])[0]
    skew = filetime / 1e7 - 11644473600 - time.time()
    tap.ok(0 < skew < 4, "Type 2 clock is two seconds ahead", skew)
    tap.ok(0 in pairs and at == len(token), "Type 2 ends where its target info ends")


def test_odd(tap, lab, fleet):
    seen = [once(lab, fleet["pool"], "GET", "/owa/").headers["X-OWA-Version"] for _ in range(6)]
    tap.equal(sorted(set(seen)), ["15.2.1544.36", "15.2.1748.36", "15.2.1748.39"], "the pool takes turns")
    tap.equal(seen[:3], seen[3:], "in order")
    client = Client(lab, fleet["pool"])
    stays = {client.ask("GET", "/owa/").headers["X-OWA-Version"] for _ in range(4)}
    tap.equal(len(stays), 1, "one member for the length of a connection")
    client.close()
    profile = fleet["httpapi-404"]
    by_name = once(lab, profile, "GET", "/owa/")
    by_address = once(lab, profile, "GET", "/owa/", Host=profile.addresses[0])
    tap.equal((by_name.status, by_address.status, by_address.headers["Server"]),
              (302, 404, "Microsoft-HTTPAPI/2.0"), "http.sys knows only the name")
    broken = once(lab, fleet["broken-owa"], "GET", "/owa/")
    tap.equal(broken.headers["Location"], "/owa/auth/errorFE.aspx?httpCode=500", "broken OWA")
    mitigated = once(lab, fleet["eem-mitigated"], "GET", "/owa/")
    tap.equal(mitigated.headers["Content-Security-Policy"], "script-src-attr 'none'", "mitigation header")
    down = once(lab, fleet["one-protocol-down"], "GET", "/ews/healthcheck.htm").status
    up = once(lab, fleet["one-protocol-down"], "GET", "/owa/healthcheck.htm").status
    tap.equal((down, up), (404, 200), "one protocol down")
    stripped = raw(lab, fleet["ex2019-header-stripped"], b"GET /owa/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    tap.ok(b"X-OWA-Version" not in stripped and b"X-FEServer" in stripped, "stripped header")
    twice = raw(lab, fleet["joined-headers"], b"GET /owa/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    tap.ok(twice.startswith(b"HTTP/1.1 302 \r\n") and twice.count(b"x-owa-version: ") == 2,
           "empty reason, header twice", twice)


# ---- SMB and mail ----

def smb(lab, profile, *messages):
    """The replies to these messages on one connection; b"" for a hang-up."""
    out = []
    with socket.create_connection((profile.addresses[0], lab.port(445)), timeout=5) as sock:
        for message in messages:
            sock.sendall(struct.pack(">I", len(message)) + message)
            head = sock.recv(4, socket.MSG_WAITALL)
            out.append(sock.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL) if head else b"")
    return out


def test_smb(tap, lab, fleet):
    negotiate = b"\xfeSMB" + struct.pack("<HHIHHIIQ", 64, 0, 0, 0, 31, 0, 0, 0) + bytes(32) + bytes(36)
    session = negotiate[:12] + b"\1\0" + negotiate[14:24] + b"\1" + negotiate[25:]
    smb1 = b"\xffSMBr" + bytes(27) + b"\0\x0e\0\x02LANMAN\0\x02NT LM 0.12\0"
    guids = set()
    for name, bits in (("healthy", 3), ("smb-signing-enabled", 1), ("smb-signing-off", 0)):
        reply, setup = smb(lab, fleet[name], negotiate, session)
        tap.equal(struct.unpack_from("<HH", reply, 66), (bits, 0x311), f"{name}: signing bits of SMB 3.1.1")
        began = struct.unpack_from("<Q", reply, 104)[0] / 1e7 - 11644473600
        tap.ok(abs(began - time.time()) < 10, f"{name}: the time is now", began)
        tap.ok("exvet.test".encode("utf-16-le") in setup and b"NTLMSSP\0\2" in setup, f"{name}: NTLM challenge", setup)
        guids.add(reply[72:88])
    tap.equal(len(guids), 3, "each server has a GUID of its own")
    tap.equal(smb(lab, fleet["smb-signing-enabled"], smb1), [b""], "no SMB 1: it hangs up")
    reply = smb(lab, fleet["smb-signing-off"], smb1)[0]
    tap.equal((reply[:5], reply[33:35], reply[35]), (b"\xffSMBr", b"\1\0", 3), "SMB 1 without signing, by its index")


def insecure():
    context = client_context()
    context.set_ciphers("DEFAULT")
    return context


def test_mail(tap, lab, fleet):
    def at(name, port):
        return fleet[name].addresses[0], lab.port(port)

    with smtplib.SMTP(*at("relay-exposed", 25), timeout=5) as client:
        client.ehlo()
        tap.ok({"starttls", "x-anonymoustls", "auth"} <= set(client.esmtp_features), "EHLO of Exchange",
               client.esmtp_features)
        client.starttls(context=insecure())
        client.ehlo()
        tap.ok("starttls" not in client.esmtp_features and "LOGIN" in client.esmtp_features["auth"],
               "EHLO inside TLS", client.esmtp_features)
        tap.equal(client.docmd("AUTH", "NTLM")[0], 334, "AUTH NTLM")
        code, text = client.docmd(TYPE1[5:])
        tap.ok(code == 334 and b"NTLMSSP\0\2" in base64.b64decode(text), "its challenge", (code, text))
        tap.equal(client.docmd("*")[0], 501, "and no log-on")
        tap.equal(client.docmd("MAIL FROM:<>")[0], 500, "no mail is taken")
    for name, port, starttls in (("smtp-starttls-error", 25, 454), ("smtp-no-starttls", 25, 500)):
        with smtplib.SMTP(*at(name, port), timeout=5) as client:
            client.ehlo()
            tap.equal(client.docmd("STARTTLS")[0], starttls, f"{name}: STARTTLS")
    try:
        smtplib.SMTP(*at("maintenance", 25), timeout=5)
        tap.ok(False, "maintenance: 421")
    except smtplib.SMTPConnectError as error:
        tap.equal(error.smtp_code, 421, "maintenance: 421")
    for name, clear in (("imap-login-disabled", False), ("pop-clear-text", True)):
        with imaplib.IMAP4(*at(name, 143)) as client:
            tap.equal("LOGINDISABLED" not in client.capabilities, clear, f"{name}: IMAP's log-on in the clear")
            client.starttls(ssl_context=insecure())
            tap.ok("AUTH=NTLM" in client.capabilities, f"{name}: IMAP inside TLS", client.capabilities)
        with imaplib.IMAP4_SSL(*at(name, 993), ssl_context=insecure()) as client:
            tap.ok("AUTH=NTLM" in client.capabilities, f"{name}: IMAP at 993", client.capabilities)
        client = poplib.POP3(*at(name, 110), timeout=5)
        tap.equal("USER" in client.capa(), clear, f"{name}: POP's log-on in the clear")
        client.stls(context=insecure())
        tap.ok("NTLM" in client.capa()["SASL"], f"{name}: POP inside TLS")
        client.quit()
        client = poplib.POP3_SSL(*at(name, 995), timeout=5, context=insecure())
        tap.ok("NTLM" in client.capa()["SASL"], f"{name}: POP at 995")
        client.quit()


def test_nginx(tap, lab, fleet):
    if not shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin"):
        tap.skip("nginx in front", "nginx is not installed")
        return
    profile = fleet["behind-nginx-h2"]
    context = client_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    client = Client(lab, profile, context=context)
    tap.equal(client.sock.selected_alpn_protocol(), "h2", "nginx speaks HTTP/2")
    client.close()
    reply = once(lab, profile, "GET", "/owa/")
    tap.equal((reply.headers["Server"], reply.headers["X-OWA-Version"]), ("nginx", "15.2.1748.55"),
              "nginx passes Exchange's headers on")


def test_tls(tap, lab, fleet):
    for name, version in (("tls10-only", "TLSv1"), ("tls13", "TLSv1.3"), ("ex2019-cu15-oct25", "TLSv1.2")):
        client = Client(lab, fleet[name])
        tap.equal(client.sock.version(), version, f"{name}: TLS version")
        client.close()
    for name, words in (("ex2019-cu15-oct25", ""), ("cert-expired", "expired"),
                        ("cert-not-yet", "not yet valid"), ("cert-wrong-name", "mismatch"),
                        ("cert-self-signed-default", "self-signed")):
        context = ssl.create_default_context(cafile=lab.path("ca.pem"))
        try:
            Client(lab, fleet[name], context=context).close()
            said = ""
        except ssl.SSLCertVerificationError as error:
            said = str(error)
        tap.ok(bool(said) == bool(words) and words in said, f"{name}: certificate", said)
    test_old_tls(tap, lab, fleet["tls-ssl3"])


def old_answer(lab, profile, version, suites):
    """The first record that a hello of an old version brings: type, version, suite, messages."""
    hello = struct.pack(">H32sBH", version, bytes(32), 0, 2 * len(suites)) + struct.pack(
        f">{len(suites)}H", *suites) + b"\x01\x00"
    with socket.create_connection((profile.addresses[0], lab.port(443)), timeout=10) as sock:
        sock.sendall(b"\x16\x03\x00" + struct.pack(">H", len(hello) + 4) + b"\x01" +
                     len(hello).to_bytes(3, "big") + hello)
        said = sock.makefile("rb")
        kind, answered, size = struct.unpack(">BHH", said.read(5))
        body = said.read(size)
    kinds, at = [], 0
    while kind == 22 and at < len(body):
        kinds.append(body[at])
        at += 4 + int.from_bytes(body[at + 1:at + 4], "big")
    return kind, answered, int.from_bytes(body[71:73], "big"), kinds


def test_old_tls(tap, lab, profile):
    """By hand, and the real TLS beside it."""
    tap.equal(old_answer(lab, profile, 0x0300, [0x0035, 0x0005]), (22, 0x0300, 0x0005, [2, 11, 14]), "SSL 3.0, RC4")
    tap.equal(old_answer(lab, profile, 0x0300, [0x0003]), (22, 0x0300, 0x0003, [2, 11, 12, 14]), "SSL 3.0, EXPORT")
    tap.equal(old_answer(lab, profile, 0x0302, [0x000a]), (22, 0x0301, 0x000a, [2, 11, 14]), "1.1 comes down to 1.0")
    tap.equal(old_answer(lab, profile, 0x0301, [0x0035])[0], 21, "a suite that it has not: an alert")
    client = Client(lab, profile)
    tap.equal(client.sock.version(), "TLSv1.2", "tls-ssl3: the real TLS is there")
    client.close()


# ---- bad company ----

ASK = b"GET /owa/ HTTP/1.1\r\nHost: x\r\n\r\n"


def outcome(lab, profile, seconds=1.5):
    """How a plain attempt ends: (stage, what)."""
    port = profile.listeners()[0][0]
    try:
        sock = socket.create_connection((profile.addresses[0], lab.port(port)), timeout=seconds)
    except TimeoutError:
        return "connect", "timeout"
    except ConnectionRefusedError:
        return "connect", "refused"
    except ConnectionResetError:
        return "tls", "reset"
    try:
        tls = client_context().wrap_socket(sock, server_hostname=profile.hostname)
    except TimeoutError:
        return "tls", "timeout"
    except ConnectionResetError:
        return "tls", "reset"
    except (ssl.SSLError, OSError) as error:
        return "tls", str(error)
    try:
        tls.sendall(ASK)
        data = b""
        deadline = time.monotonic() + seconds
        while len(data) < 4 << 20:
            tls.settimeout(max(deadline - time.monotonic(), 0.01))
            piece = tls.recv(65536)
            if not piece:
                return "closed", data
            data += piece
    except TimeoutError:
        return "timeout", data
    except ConnectionResetError:
        return "reset", data
    except (ssl.SSLError, OSError) as error:
        return "broken", data or str(error).encode()
    return "endless", data


def test_hostile(tap, lab, fleet):
    def check(name, stage, test=lambda what: True):
        got = outcome(lab, fleet["bad-" + name])
        tap.ok(got[0] == stage and test(got[1]), f"bad-{name}", (got[0], got[1][:300]))

    check("black-hole", "connect", lambda w: w == "timeout")
    check("refuse", "connect", lambda w: w == "refused")
    check("mute", "tls", lambda w: w == "timeout")
    check("mute-after-tls", "timeout", lambda w: w == b"")
    check("reset", "tls")
    check("close", "tls")
    check("reset-in-tls", "tls", lambda w: w == "reset")
    check("slow-handshake", "tls", lambda w: w == "timeout")
    check("trickle-records", "timeout", lambda w: w == b"")
    check("close-after-handshake", "closed")
    for name in ("ssh-banner", "smtp-banner", "plain-http", "garbage"):
        check(name, "tls", lambda w: w not in ("timeout", "reset"))
    for name in ("endless-body", "endless-chunks", "endless-headers", "endless-line", "interim-flood",
                 "early-hints-flood", "gzip-bomb"):
        check(name, "endless")
    check("http09", "closed", lambda w: w.startswith(b"<html>"))
    check("tls-on-80", "closed",
          lambda w: w.startswith(b"HTTP/1.1 404"))
    check("trickle-head", "timeout", lambda w: 0 < len(w) < 4)
    check("trickle-body", "timeout", lambda w: b"\r\n\r\n" in w)
    check("split-fast", "timeout", lambda w: b"X-OWA-Version: 15.2.1748.39\r\n" in w)
    # Python tells an RST inside TLS as the end of the stream.
    for name in ("reset-in-body", "close-in-body"):
        check(name, "closed", lambda w: b"\r\n\r\n" in w and b"</html>" not in w)
    check("reset-later", "timeout", lambda w: w.startswith(b"HTTP/1.1 200"))


def test_bytes(tap, lab, fleet):
    def check(name, *wanted):
        got = outcome(lab, fleet["bad-" + name], 0.4)[1]
        tap.ok(all(w in got for w in wanted), f"bad-{name}", got[:600])

    check("redirect-inside", b"\r\nLocation: http://127.0.0.1:22/owa/\r\n")
    check("redirect-loop", b"\r\nLocation: /a/owa/\r\n")
    check("redirect-lookalike", b"@trap.exvet.test/owa/")
    check("chunk-size", b"\r\n\r\nzz\r\nhello\r\n0\r\n\r\n")
    check("chunk-and-length", b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
    check("length-negative", b"\r\nContent-Length: -1\r\n")
    check("length-two", b"Content-Length: 5\r\nContent-Length: 50\r\n")
    check("escape-bytes", b"\x1b[2J", b"=cmd|'/C calc'!A0", b"\xe2\x80\xae", b"<script>")
    check("nul-bytes", b"X-OWA-Version: 15.2\0.1748.39\r\n", b"<title>a\0b</title>\0\0\0")
    check("bare-cr", b"Server: nginx\rX-OWA", b"\r\n X-FEServer: FOLDED\r\n\tmore\r\n")
    check("status-000", b"HTTP/1.1 000 Odd\r\n")
    check("status-1-negative", b"HTTP/1.1 -1 Odd\r\n")
    check("no-colon", b"\r\nthis line has no colon\r\n")
    check("gzip-garbage", b"\r\n\r\n\x1f\x8b\x08\0")
    check("ntlm-garbage", b"WWW-Authenticate: NTLM !!!!")
    got = outcome(lab, fleet["bad-many-headers"], 1)[1]
    tap.ok(got.count(b"\r\n") > 10000 and b"X-N9999: 9999" in got, "bad-many-headers", got[:200])
    got = outcome(lab, fleet["bad-huge-cookie"], 1)[1]
    tap.ok(b"x" * 200000 in got, "bad-huge-cookie", len(got))


def test_profiles(tap, fleet):
    used = {p.get("behaviour") for p in fleet.values()} - {""}
    tap.equal(used, set(hostile.BEHAVIOURS), "every behaviour has a profile, every profile a known one")
    for name, profile in fleet.items():
        if profile.addresses and not (profile.expect and all(profile.expect.values())):
            tap.ok(False, f"{name} says what is expected")
    with open(os.path.join(HERE, "README.md"), encoding="utf-8") as f:
        text = f.read()
    tap.ok(all("@" + d in text for d in profiles.DIRECTIVES), "every directive is described")
    keys = set().union(*services.KEYS.values())
    tap.ok(all(f"`{k}`" in text for k in keys), "every key of a service is described",
           [k for k in keys if f"`{k}`" not in text])


def test_stop(tap, lab):
    """After SIGTERM nothing of the lab is left; called when it was stopped."""
    for address, port in (("127.20.1.8", 443), ("127.20.2.5", 443), ("127.66.0.1", 443)):
        try:
            socket.create_connection((address, lab.port(port)), timeout=1).close()
            tap.ok(False, f"{address} is gone")
        except ConnectionRefusedError:
            tap.ok(True, f"{address} is gone")
        except OSError as error:
            tap.ok(False, f"{address} is gone", error)
    tap.equal(lab.process.returncode, 0, "the lab ends well")


def main():
    tap = harness.Tap()
    checked = subprocess.run([harness.PYTHON, harness.LAB, "check"], capture_output=True, text=True, check=False)
    tap.ok(checked.returncode == 0, "every profile is well-formed", checked.stderr)
    fleet = profiles.load_fleet()
    test_profiles(tap, fleet)
    begin = time.monotonic()
    with harness.Lab() as lab:
        took = time.monotonic() - begin
        tap.ok(took < 60, "the lab starts fast", f"{took:.1f} s")
        count = 0
        for name, profile in fleet.items():
            if (profile.get("base").startswith("exchange-") and profile.addresses
                    and not profile.get("behaviour") and name not in ("broken-owa", "behind-nginx-h2")):
                test_exchange(tap, lab, name, profile)
                count += 1
        tap.ok(count >= 25, "enough Exchange servers", count)
        for test in (test_smb, test_mail, test_http, test_ntlm, test_odd, test_nginx, test_tls, test_hostile, test_bytes):
            try:
                test(tap, lab, fleet)
            except Exception as error:
                tap.ok(False, f"{test.__name__} runs to its end",
                       "".join(traceback.format_exception(error)))
        said = lab.read("lab.log")
        tap.ok(said == "", "the lab has no complaint of its own", said[:2000])
    test_stop(tap, lab)
    tap.done()


if __name__ == "__main__":
    main()
