"""tlstools.py - what nmap, sslscan and testssl.sh find of a server's suites."""
import json
import os
import re
import subprocess


def nmap_suites(port):
    out = subprocess.run(["nmap", "-Pn", "-n", "-p", str(port), "--script", "ssl-enum-ciphers", "127.0.0.1"],
                         capture_output=True, text=True).stdout
    found, version = set(), None
    for line in out.splitlines():
        m = re.match(r"\|\s+(SSLv3|TLSv1\.[0-3]):", line)
        version = m.group(1) if m else version
        m = re.match(r"\|_?\s+(TLS_\w+|SSL_\w+)", line)
        if m and version:
            # nmap calls the suites of 1.3 TLS_AKE_WITH_.
            found.add("%s %s" % (version, m.group(1).replace("TLS_AKE_WITH_", "TLS_")))
    return found


def sslscan_suites(port):
    names = subprocess.run(["openssl", "ciphers", "-stdname", "-v", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"],
                           capture_output=True, text=True, check=True).stdout
    iana = {line.split()[2]: line.split()[0] for line in names.splitlines()}
    out = subprocess.run(["sslscan", "--no-colour", "--xml=-", "127.0.0.1:%d" % port],
                         capture_output=True, text=True).stdout
    return {"%s %s" % (v, iana.get(c, c)) for v, c in re.findall(r'<cipher [^>]*sslversion="([^"]+)"[^>]* cipher="([^"]+)"', out)}


class TestSsl:
    """A run of testssl.sh that goes on by itself."""

    def __init__(self, port, folder):
        self.out = os.path.join(folder, "testssl-%d.json" % port)
        self.process = subprocess.Popen(
            ["testssl", "--quiet", "--warnings", "off", "--color", "0", "--nodns", "none", "-E", "--mapping",
             "no-openssl", "--jsonfile", self.out, "127.0.0.1:%d" % port], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def suites(self):
        """What it found, when it has ended."""
        try:
            self.process.wait(600)
        finally:
            self.process.kill()
            self.process.wait()
        versions = {"SSLv2": "SSLv2", "SSLv3": "SSLv3", "TLS 1": "TLSv1.0", "TLS 1.1": "TLSv1.1",
                    "TLS 1.2": "TLSv1.2", "TLS 1.3": "TLSv1.3"}
        with open(self.out, encoding="utf-8") as f:
            lines = [e["finding"] for e in json.load(f) if e["id"].startswith("cipher-")]
        found = set()
        for line in lines:
            m = re.match(r"(SSLv\d|TLS 1(?:\.\d)?)\s+x\w+\s+(\S+)", line)
            found.add("%s %s" % (versions[m.group(1)], m.group(2)))
        return found
