"""tlspeers.py - TLS servers of which the settings tell what they must offer."""
import os
import re
import shutil
import signal
import socket
import subprocess
import time

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


def probe(port, name="tls-exact", *depth, timeout=5000):
    """Facts as a set of (name, value), and the number of connections."""
    out = subprocess.run([TALK, name, HOST, "127.0.0.1", str(port), "-", str(timeout), *depth], capture_output=True,
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


KINDS = {"null": "NULL", "anonymous": "anon", "export": "EXPORT", "rc4": "RC4", "3des": "3DES", "cbc": "CBC"}


def lies(clean, expected):
    """Kinds that the probe calls absent, though a suite of them is expected."""
    found = []
    for line in clean:
        version, *kinds = line.split()
        for s in expected:
            name = s.split()[1]
            has = {k for k, part in KINDS.items() if part in name}
            if not re.match("TLS_(ECDHE|DHE|ECDH_anon|DH_anon|AES|CHACHA)", name):
                has.add("static-key")
            if s.split()[0] == version and has & set(kinds):
                found.append((line, s))
    return found


def check_posture(tap, name, port, expected):
    """What the few hellos say must hold for the whole list."""
    facts, connections = probe(port, "tls")
    values = {k: {v for n, v in facts if n == k} for k in ("tls.offered", "tls.suite", "tls.clean", "tls.undecided")}
    tap.ok(values["tls.offered"] == {s.split()[0] for s in expected}, name + ": posture: versions",
           sorted(values["tls.offered"]))
    tap.ok(values["tls.suite"] <= expected, name + ": posture: no suite but those",
           sorted(values["tls.suite"] - expected))
    tap.ok(not lies(values["tls.clean"], expected), name + ": posture: what it calls clean is clean",
           lies(values["tls.clean"], expected))
    tap.ok(not values["tls.undecided"], name + ": posture: nothing is undecided", values["tls.undecided"])
    tap.ok(connections <= 24, "%s: posture: %d connections" % (name, connections))


def running_nginx(folder, port, protocols, ciphers):
    """A web server with an RSA certificate of its own; the caller ends the process."""
    cert, key = keypair(folder, "nginx", "rsa:2048")
    conf = os.path.join(folder, "nginx.conf")
    with open(conf, "w", encoding="utf-8") as f:
        f.write(f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 256; }}
http {{ access_log off; client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
 uwsgi_temp_path {folder}; scgi_temp_path {folder};
 server {{ listen 127.0.0.1:{port} ssl; ssl_certificate {cert}; ssl_certificate_key {key};
  ssl_protocols {protocols}; ssl_ciphers {ciphers}; return 404; }} }}
""")
    path = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    child = subprocess.Popen([path, "-e", folder + "/error.log", "-c", conf], stdin=subprocess.DEVNULL)
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return child
        except OSError:
            time.sleep(0.05)
    child.terminate()
    raise SystemExit("Bail out! nginx does not listen")
