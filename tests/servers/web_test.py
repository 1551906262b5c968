#!/usr/bin/python3
"""Web authentication against a real Apache: certificates of the client by TLS,
challenges as servers write them and as nobody should."""
import http.server
import os
import shutil
import subprocess
import tempfile
import threading
import time

from peers import HOST, Scan, Server, Tap, free_port, need

MODULES = "mpm_event authz_core ssl headers alias mime socache_shmcb rewrite http2".split()
CONF = """ServerRoot {d}
PidFile {d}/pid
ServerName mail.example.test
Listen {host}:{port}
ErrorLog {d}/error.log
User nobody
Group nogroup
DocumentRoot {d}/www
{modules}
SSLSessionCache none
TypesConfig /dev/null
Protocols {protocols}
<VirtualHost *:{port}>
SSLEngine on
SSLProtocol -all +{tls}
SSLCertificateFile {d}/cert.pem
SSLCertificateKeyFile {d}/key.pem
SSLCACertificateFile {d}/cert.pem
Header always set X-FEServer EX01
Header always set X-OWA-Version 15.2.2562.56
RedirectMatch 404 ^/$
{more}
</VirtualHost>
"""
WANT = "<Location /Microsoft-Server-ActiveSync>\nSSLVerifyClient require\nSSLVerifyDepth 2\n</Location>\n"
PROBES = ("owa", "ecp", "ews", "activesync", "mapi", "oab", "rpc", "autodiscover")
EAS = "/Microsoft-Server-ActiveSync"


def modules_of(binary):
    for folder in (os.path.join(os.path.dirname(binary), "..", "lib", "apache2", "modules"),
                   "/usr/lib/apache2/modules"):
        if os.path.isdir(folder):
            return os.path.realpath(folder)
    return None


def apache(binary, folder, tls="TLSv1.2", protocols="http/1.1", more="", extra=()):
    """A server with that much more in its virtual host."""
    os.makedirs(os.path.join(folder, "www"))
    os.chmod(folder, 0o755)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem", "-days", "30", "-subj",
                    "/CN=mail.example.test", "-addext", "subjectAltName=DNS:mail.example.test"],
                   check=True, capture_output=True)
    port = free_port()
    conf = os.path.join(folder, "apache.conf")
    with open(conf, "w", encoding="ascii") as f:
        f.write(CONF.format(d=folder, host=HOST, port=port, tls=tls, protocols=protocols, more=more,
                            modules="\n".join("LoadModule %s_module %s/mod_%s.so" % (m, modules_of(binary), m)
                                              for m in (*MODULES, *extra))))
    return port, Server([binary, "-f", conf, "-DFOREGROUND"], port, os.path.join(folder, "out"))


def look(port, *options):
    s = Scan({}, "--probes", ",".join(PROBES), "--name", "mail.example.test", *options,
             target="%s:%d" % (HOST, port))
    at = {}
    for o in s.result["observations"]:
        if o["fact"] in ("http.auth", "http.auth.realm", "http.status"):
            path = "/" + o["at"].split("/", 3)[3]
            at.setdefault((o["fact"], path), []).append(o["value"])
    return s, at


def certificates(tap, binary, folder):
    for tls in ("TLSv1.2", "TLSv1.3"):
        for protocols in ("http/1.1", "h2 http/1.1"):
            name = "%s, %s" % (tls, protocols.split()[0])
            port, server = apache(binary, os.path.join(folder, name.replace("/", "").replace(", ", "-")), tls,
                                  protocols, WANT)
            with server:
                s, at = look(port)
                asked = sorted(path for (fact, path), v in at.items() if fact == "http.auth" and "certificate" in v)
                tap.ok(asked == [EAS], name + ": one directory asks for a certificate", (asked, s.errors))
                tap.ok(all(("http.status", p) in at for p in ("/owa/", "/ecp/", "/EWS/Exchange.asmx", "/OAB/")),
                       name + ": the others answer", sorted(at))
                tap.ok(not s.errors, name + ": no error", s.errors)
    port, server = apache(binary, os.path.join(folder, "all"), more="SSLVerifyClient optional\n")
    with server:
        s, at = look(port)
        tap.ok(not [1 for v in at.values() if "certificate" in v],
               "asked in the first handshake: no directory of its own", at)


class Slow(http.server.BaseHTTPRequestHandler):
    """ActiveSync answers last: the others end while its certificate is asked for."""
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        time.sleep(2 if self.path.startswith(EAS) else 0 if self.path.startswith("/owa") else 0.6)
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Negotiate")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_OPTIONS = do_GET

    def log_message(self, *_):
        pass


def certificate_beside_streams(tap, binary, folder):
    """HTTP/2 in flight beside the directory that went back to HTTP/1.1 for its certificate."""
    behind = http.server.ThreadingHTTPServer((HOST, 0), Slow)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    for tls in ("TLSv1.2", "TLSv1.3"):
        for protocols in ("http/1.1", "h2 http/1.1"):
            name = "optional, %s, %s" % (tls, protocols.split()[0])
            more = WANT.replace("require", "optional") + "ProxyPass / http://%s:%d/\n" % (HOST, behind.server_port)
            port, server = apache(binary, os.path.join(folder, "streams-" + tls + protocols[:2]), tls, protocols, more,
                                  ("proxy", "proxy_http"))
            with server:
                s, at = look(port)
                asked = sorted(path for (fact, path), v in at.items() if fact == "http.auth" and "certificate" in v)
                tap.ok(asked == [EAS], name + ": one directory asks for a certificate", (asked, s.errors))
                tap.ok(at.get(("http.status", EAS)) == [401] and "Negotiate" in at.get(("http.auth", EAS), []),
                       name + ": what it says to clients without one", (at, s.errors))
    behind.shutdown()


def certificate_at_back_end(tap, binary, folder):
    for tls in ("TLSv1.2", "TLSv1.3"):
        port, server = apache(binary, os.path.join(folder, "back-" + tls), tls, "http/1.1", WANT)
        with server:
            s = Scan({}, "--probes", "backend", "--name", "mail.example.test", "--port", "backend=%d" % port,
                     target="%s:%d" % (HOST, free_port()))
            asked = [o["at"].split("/", 3)[3] for o in s.result["observations"]
                     if (o["fact"], o["value"]) == ("web.auth", "certificate")]
            status = [o for o in s.result["observations"] if o["fact"] == "web.status"]
            tap.ok(asked == [EAS[1:]], tls + ": one directory of the back end asks for a certificate", (asked, s.errors))
            tap.ok(len(status) >= 5, tls + ": others of it answer", status)


CHALLENGES = (
    # what the directory sends, the schemes in it, its realm
    ("/EWS", "/EWS/Exchange.asmx", ["Basic realm=Exchange Server, NTLM"], {"Basic", "NTLM"}, None),
    ("/mapi", "/mapi/emsmdb/", ["negotiate", "ntlm", "basic REALM=\"a, \\\"b\\\"\""], {"Negotiate", "NTLM", "Basic"},
     "a, \"b\""),
    ("/OAB", "/OAB/", ["Negotiate, NTLM,, ,Basic realm=\"x\" , Bearer"], {"Negotiate", "NTLM", "Basic", "Bearer"}, "x"),
    ("/rpc", "/rpc/rpcproxy.dll", [", ".join("X%d a=b" % i for i in range(20)) + ", Basic realm=\"far\""],
     {"Basic"} | {"X%d" % i for i in range(20)}, "far"),
    ("/ecp", "/ecp/", ["Digest realm=\"d\", nonce=\"n,Basic\", qop=\"auth\""], {"Digest"}, None),
    ("/autodiscover", "/autodiscover/autodiscover.xml", ["\"junk\", Negotiate", "Basic realm=\"open, NTLM"],
     {"Negotiate", "Basic"}, None),
)


NTLM = """<Location %s>
AuthType GSSAPI
AuthName "x"
GssapiAllowedMech ntlmssp
GssapiConnectionBound On
Require valid-user
</Location>
"""


def real_ntlm(tap, binary, folder):
    """A real NTLM: mod_auth_gssapi with gss-ntlmssp."""
    if not os.path.exists(os.path.join(modules_of(binary), "mod_auth_gssapi.so")) or \
            not os.path.exists("/etc/gss/mech.d/mech.ntlmssp.conf"):
        tap.skip("real NTLM", "no mod_auth_gssapi, or no gss-ntlmssp")
        return
    users = os.path.join(folder, "users")
    with open(users, "w", encoding="ascii") as f:
        f.write("DOM:user:word\n")
    os.chmod(users, 0o644)
    os.environ["NTLM_USER_FILE"] = users
    port, server = apache(binary, os.path.join(folder, "ntlm"), more="".join(NTLM % p for p in ("/EWS", "/mapi")),
                          extra=("authn_core", "authz_user", "auth_gssapi"))
    with server:
        s = Scan({}, "--probes", "owa,ews,mapi,ntlm", "--name", "mail.example.test", target="%s:%d" % (HOST, port))
        at = {(o["fact"], o["value"]) for o in s.result["observations"] if o["at"].endswith("/EWS/Exchange.asmx")}
        tap.ok({("http.auth", "NTLM"), ("http.auth", "Negotiate")} <= at, "real NTLM: offered", at)
        tap.ok(s.one("ntlm.computer.netbios") is not None and s.one("ntlm.domain.netbios") is not None and
               s.one("ntlm.os") is not None, "real NTLM: names and build", s.facts("ntlm.computer.netbios"))
        tap.ok(abs(s.one("ntlm.skew")) <= 2 and not s.facts("ntlm.odd"), "real NTLM: clock, nothing odd",
               (s.facts("ntlm.skew"), s.facts("ntlm.odd")))
        tap.ok(s.connections == 2 and not s.errors, "real NTLM: one connection more", (s.connections, s.errors))


def quoted(text):
    return "\"%s\"" % text.replace("\\", "\\\\").replace("\"", "\\\"")


def challenges(tap, binary, folder):
    more = ""
    for where, _, values, _, _ in CHALLENGES:
        more += "<Location %s>\n%sRedirect 401\nErrorDocument 401 no\n</Location>\n" % (
            where, "".join("Header always add WWW-Authenticate %s\n" % quoted(v) for v in values))
    port, server = apache(binary, os.path.join(folder, "challenges"), more=more)
    with server:
        s, at = look(port)
        for where, path, values, schemes, realm in CHALLENGES:
            got = set(at.get(("http.auth", path), []))
            tap.ok(at.get(("http.status", path)) == [401] and got == schemes, where + ": " + values[0][:50], (got, at))
            tap.ok(realm is None or realm in at.get(("http.auth.realm", path), []), where + ": realm",
                   at.get(("http.auth.realm", path)))
        tap.ok(not s.errors, "challenges: no error", s.errors)


def main():
    binary, _ = need("apache2", "openssl")
    tap = Tap()
    tap.ok(modules_of(binary) is not None, "modules of Apache")
    folder = tempfile.mkdtemp(prefix="exvet-web-")
    os.chmod(folder, 0o755)
    try:
        certificates(tap, binary, folder)
        certificate_beside_streams(tap, binary, folder)
        certificate_at_back_end(tap, binary, folder)
        challenges(tap, binary, folder)
        real_ntlm(tap, binary, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tap.end()


main()
