"""The lab's certificates, made by the openssl command at start, never kept.

One key is shared by all leaves (EC P-256: fast handshakes; RSA where a profile
asks), each host has its own certificate.  A profile's `cert` key says which:

  lab          signed by the lab's CA, names the host (default)
  expired      the same, but it ended a month ago
  not-yet      the same, but it begins next month
  wrong-name   signed by the lab's CA for another name
  self-signed  as Exchange makes it at setup: CN is the NetBIOS name
  sha1         signed by the lab's CA with SHA-1

`[tls PORT]` may name another one for that port.
"""

import datetime
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

KINDS = ("lab", "expired", "not-yet", "wrong-name", "self-signed", "sha1")

CONFIG = """\
[ca]
default_ca = lab
[lab]
database = {stem}.db
rand_serial = yes
unique_subject = no
default_md = sha256
policy = anything
x509_extensions = leaf
email_in_dn = no
[anything]
commonName = supplied
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
subjectAltName = {san}
"""


def _run(*argv):
    done = subprocess.run(["openssl", *argv], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError("openssl " + " ".join(argv) + ": " + done.stderr.strip())


def _stamp(days):
    day = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)
    return day.strftime("%Y%m%d%H%M%SZ")


class Authority:
    """The lab's CA in one directory.  All methods block; leaf() may run in threads."""

    def __init__(self, folder):
        self.folder = folder
        self.ca = os.path.join(folder, "ca.pem")
        os.makedirs(os.path.join(folder, "pki"), exist_ok=True)
        with ThreadPoolExecutor() as pool:
            waiting = [pool.submit(self._key, "ec"), pool.submit(self._key, "rsa"),
                       pool.submit(self._root)]
            for w in waiting:
                w.result()

    def _path(self, name):
        return os.path.join(self.folder, "pki", name)

    def _root(self):
        _run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
             "-keyout", self._path("ca.key"), "-out", self.ca, "-days", "3650",
             "-subj", "/CN=exvet lab CA")

    def _key(self, kind):
        key = self.key(kind)
        how = ["-newkey", "rsa:2048"] if kind == "rsa" else [
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
        _run("req", "-new", *how, "-nodes", "-keyout", key, "-out", key + ".csr",
             "-subj", "/CN=placeholder")

    def key(self, kind):
        return self._path(kind + ".key")

    def leaf(self, site, port=None):
        """(certificate file, key file) for one site, or for one port of it."""
        v, profile = site.vars, site.profile
        kind, key = profile.get("cert", "lab"), profile.get("key", "ec")
        if port is not None:
            kind = profile.tls[port]["cert"]
        if kind not in KINDS:
            raise RuntimeError(f"{profile.name}: no kind of certificate {kind!r}")
        begin, end = {"expired": (-400, -30), "not-yet": (30, 400),
                      "self-signed": (-100, 1725)}.get(kind, (-10, 355))
        names = [v["hostname"], "autodiscover." + v["hostname"]]
        if kind == "wrong-name":
            names = ["mail.elsewhere.exvet.test"]
        if kind == "self-signed":
            names = [v["netbios"], v["fqdn"]]
        names = profile.words("cert_names") or names
        stem = self._path(profile.name + ("" if port is None else f".{port}"))
        with open(stem + ".cnf", "w", encoding="ascii") as f:
            f.write(CONFIG.format(stem=stem, san=",".join("DNS:" + n for n in names)))
        open(stem + ".db", "w", encoding="ascii").close()
        if kind == "self-signed":
            signer = ["-selfsign", "-keyfile", self.key(key)]
        else:
            signer = ["-cert", self.ca, "-keyfile", self._path("ca.key")]
        if kind == "sha1":
            signer += ["-md", "sha1"]
        _run("ca", "-config", stem + ".cnf", "-batch", "-notext", *signer, "-in", self.key(key) + ".csr",
             "-subj", "/CN=" + names[0], "-startdate", _stamp(begin), "-enddate", _stamp(end),
             "-outdir", os.path.dirname(stem), "-out", stem + ".pem")
        return stem + ".pem", self.key(key)

    def leaves(self, sites):
        """{profile name: (certificate, key)}, several at a time; {(name, port): ...} where one differs."""
        wanted = {site.profile.name: (site, None) for site in sites}
        wanted |= {(site.profile.name, port): (site, port) for site in sites
                   for port, settings in site.profile.tls.items() if port != 0 and "cert" in settings}
        with ThreadPoolExecutor(max_workers=4) as pool:
            made = list(pool.map(lambda w: self.leaf(*w), wanted.values()))
        return dict(zip(wanted, made))
