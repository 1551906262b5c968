"""zoo.py - certificates of every kind, made with openssl(1) in a folder."""
import os
import subprocess
import time

FACTS = os.path.join(os.environ.get("top_builddir", "."), "tests", "tools", "cert_facts")
NOW = int(time.time())
DAY = 86400
HOST = "mail.example.test"
SAN = "subjectAltName=DNS:" + HOST


def openssl(*args, **kw):
    return subprocess.run(["openssl", *args], check=True, capture_output=True, **kw)


def day(offset):
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(NOW + offset * DAY))


class Zoo:
    """Keys and certificates by name in one folder."""

    def __init__(self, folder):
        self.folder = folder
        self.serial = 1
        os.makedirs(self.path("db"))
        self.keys = {}

    def path(self, name):
        return os.path.join(self.folder, name)

    def key(self, kind):
        """One key of each kind is enough, but for authorities."""
        if kind not in self.keys:
            spec = kind.partition("/")[0]
            out = self.path("key-" + kind.replace("/", "-").replace(":", "-"))
            algorithm, _, option = spec.partition(":")
            command = ["genpkey", "-algorithm", algorithm, "-out", out]
            if option:
                command += ["-pkeyopt", option]
            openssl(*command)
            self.keys[kind] = out
        return self.keys[kind]

    def make(self, name, subject="/CN=" + HOST, key="RSA:rsa_keygen_bits:2048", ext=(SAN,), issuer=None,
             start=-10, end=80, digest="sha256", ca=False, mask="utf8only"):
        """Write name.pem and name.der, signed by the issuer or itself."""
        ext = list(ext) + ["basicConstraints=%sCA:%s" % ("critical," if ca else "", "TRUE" if ca else "FALSE")]
        if ca:
            ext.append("keyUsage=critical,keyCertSign,cRLSign")
        conf = self.path(name + ".cnf")
        with open(conf, "w") as f:
            f.write("[req]\ndistinguished_name=dn\nprompt=no\nstring_mask=" + mask + "\nutf8=yes\n[dn]\n[ext]\n" +
                    "\n".join(ext) + "\n[ca]\ndefault_ca=this\n[this]\ndatabase=" + self.path("index-" + name) +
                    "\nserial=" + self.path("serial") + "\nnew_certs_dir=" + self.path("db") +
                    "\ndefault_md=" + (digest or "default") + "\npolicy=any\nunique_subject=no\nx509_extensions=ext\n"
                    "[any]\ncommonName=optional\norganizationName=optional\n")
        open(self.path("index-" + name), "w").close()
        with open(self.path("serial"), "w") as f:
            f.write("%02x\n" % (self.serial + 0x1000))
        self.serial += 1
        keyfile = self.key(key)
        csr = self.path(name + ".csr")
        request = ["req", "-new", "-utf8", "-key", keyfile, "-out", csr, "-subj", subject, "-config", conf]
        openssl(*request)
        sign = ["ca", "-batch", "-notext", "-config", conf, "-in", csr, "-out", self.path(name + ".pem"),
                "-startdate", day(start), "-enddate", day(end), "-extensions", "ext", "-utf8", "-preserveDN"]
        if issuer is None:
            sign += ["-selfsign", "-keyfile", keyfile]
        else:
            sign += ["-cert", self.path(issuer[0] + ".pem"), "-keyfile", self.key(issuer[1])]
        openssl(*sign)
        openssl("x509", "-in", self.path(name + ".pem"), "-outform", "DER", "-out", self.path(name + ".der"))

    def facts(self, chain, host=HOST, ca="root.pem", staple=None, now=NOW):
        stapled = ["-s", self.path(staple + ".ocsp")] if staple else []
        run = subprocess.run([FACTS, *stapled, self.path(ca), host, str(now)] + [self.path(c + ".der") for c in chain],
                             capture_output=True, check=True, text=True, errors="replace")
        return run.stdout.splitlines()

    def verify(self, chain, host=HOST, ca="root.pem"):
        """What openssl(1) says: (chain is trusted now, name matches)."""
        untrusted = self.path("untrusted.pem")
        with open(untrusted, "w") as f:
            for c in chain[1:]:
                f.write(open(self.path(c + ".pem")).read())
        base = ["openssl", "verify", "-purpose", "sslserver", "-CAfile", self.path(ca), "-no-CApath", "-no-CAstore"]
        if len(chain) > 1:
            base += ["-untrusted", untrusted]
        leaf = [self.path(chain[0] + ".pem")]
        name = ["-verify_ip", host] if host.replace(".", "").isdigit() else ["-verify_hostname", host]
        trusted = subprocess.run(base + leaf, capture_output=True).returncode == 0
        named = subprocess.run(base + name + leaf, capture_output=True, text=True)
        return trusted, "hostname mismatch" not in named.stderr and "IP address mismatch" not in named.stderr
