#!/usr/bin/python3
"""A zoo of certificates, each with the facts it must give.

The zoo is made with openssl(1) in a temporary folder.  Chain and name
verdicts are held against `openssl verify` on the same files.
"""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from tap import Tap  # noqa: E402
from zoo import DAY, HOST, NOW, SAN, Zoo, day, openssl  # noqa: E402

INTER = ("inter", "EC:ec_paramgen_curve:P-256/inter")
ROOT = ("root", "EC:ec_paramgen_curve:P-256/root")
EC = "EC:ec_paramgen_curve:P-256"
RSA1 = "RSA:rsa_keygen_bits:1024"


def build(zoo):
    """Every animal once: name -> arguments of make()."""
    zoo.make("root", "/CN=Zoo Root", key=ROOT[1], ext=(), end=4000, ca=True)
    zoo.make("other", "/CN=Other Root", key="EC:ec_paramgen_curve:P-256/other", ext=(), end=4000, ca=True)
    zoo.make("inter", "/CN=Zoo CA", key=INTER[1], ext=(), issuer=ROOT, end=2000, ca=True)
    zoo.make("cross", "/CN=Zoo CA", key=INTER[1], ext=(), issuer=("other", "EC:ec_paramgen_curve:P-256/other"),
             end=2000, ca=True)
    zoo.make("sha1-ca", "/CN=Old CA", key="EC:ec_paramgen_curve:P-256/sha1", ext=(), issuer=ROOT, end=2000, ca=True,
             digest="sha1")
    zoo.make("good", issuer=INTER)
    zoo.make("expired", issuer=INTER, start=-100, end=-1)
    zoo.make("not-yet", issuer=INTER, start=1, end=90)
    zoo.make("wrong-name", ext=("subjectAltName=DNS:other.example.test",), issuer=INTER)
    zoo.make("wildcard", ext=("subjectAltName=DNS:*.example.test",), issuer=INTER)
    zoo.make("ip", ext=("subjectAltName=IP:192.0.2.7,IP:2001:db8::7",), issuer=INTER)
    zoo.make("idn", ext=("subjectAltName=DNS:xn--bcher-kva.example.test",), issuer=INTER)
    zoo.make("sha1", issuer=INTER, digest="sha1")
    zoo.make("rsa1024", key=RSA1, issuer=INTER)
    zoo.make("rsa4096", key="RSA:rsa_keygen_bits:4096", issuer=INTER)
    zoo.make("ec", key=EC, issuer=INTER)
    zoo.make("ed25519", key="ED25519", issuer=INTER)
    zoo.make("self-signed")
    zoo.make("exchange", "/CN=EX01", ext=("subjectAltName=DNS:EX01,DNS:EX01.corp.example.test",), start=0, end=1826)
    zoo.make("ca-leaf", issuer=INTER, ca=True)
    zoo.make("staple", ext=(SAN, "tlsfeature=status_request"), issuer=INTER)
    zoo.make("public", ext=(SAN, "certificatePolicies=2.23.140.1.2.1"), issuer=INTER)
    zoo.make("client-only", ext=(SAN, "extendedKeyUsage=clientAuth"), issuer=INTER)
    zoo.make("under-sha1", issuer=("sha1-ca", "EC:ec_paramgen_curve:P-256/sha1"))
    zoo.make("common-name", ext=(), issuer=INTER)
    zoo.make("hostile", "/CN=a\x1b[31m\u202eb", ext=(SAN,), issuer=INTER)
    for name, san in (("part-wildcard", "mai*.example.test"), ("two-wildcards", "*.*.test"), ("bare-wildcard", "*"),
                      ("inner-wildcard", "mail.*.test"), ("upper", "MAIL.Example.TEST"), ("address-as-name", "192.0.2.7"),
                      ("wide-wildcard", "*.test"), ("idn-wildcard", "*.xn--bcher-kva.test")):
        zoo.make(name, ext=("subjectAltName=DNS:" + san,), issuer=INTER)
    zoo.make("address-as-cn", "/CN=192.0.2.7", ext=(), issuer=INTER)
    zoo.make("mail-only", ext=("subjectAltName=email:someone@example.test",), issuer=INTER)
    zoo.make("old-ca", "/CN=Zoo CA of old", key=EC + "/old", ext=(), issuer=ROOT, start=-900, end=-10, ca=True)
    zoo.make("under-old-ca", issuer=("old-ca", EC + "/old"))
    zoo.make("new-ca", "/CN=Zoo CA to come", key=EC + "/new", ext=(), issuer=ROOT, start=3, end=900, ca=True)
    zoo.make("under-new-ca", issuer=("new-ca", EC + "/new"))
    zoo.make("no-ca", "/CN=Zoo none", key=EC + "/none", ext=(), issuer=ROOT)
    zoo.make("under-no-ca", issuer=("no-ca", EC + "/none"))
    zoo.make("named", "/CN=Zoo CA of names", key=EC + "/named", ext=("nameConstraints=critical,permitted;DNS:other.test",),
             issuer=ROOT, ca=True)
    zoo.make("out-of-bounds", issuer=("named", EC + "/named"))
    zoo.make("p384", key="EC:ec_paramgen_curve:P-384", issuer=INTER)
    zoo.make("ed448", key="ED448", issuer=INTER)
    zoo.make("sha512", issuer=INTER, digest="sha512")
    # An authority that has ended, and the same one, signed by the root that is trusted.
    zoo.make("old-root", "/CN=Zoo Root of old", key=EC + "/old-root", ext=(), start=-900, end=-5, ca=True)
    zoo.make("old-root-cross", "/CN=Zoo Root of old", key=EC + "/old-root", ext=(), issuer=ROOT, end=900, ca=True)
    zoo.make("below-old-root", "/CN=Zoo CA below", key=EC + "/below", ext=(), issuer=("old-root", EC + "/old-root"), ca=True)
    zoo.make("under-both", issuer=("below-old-root", EC + "/below"))
    zoo.make("many-names", ext=("subjectAltName=" + ",".join("DNS:h%d.example.test" % i for i in range(999)) + ",DNS:" + HOST,),
             issuer=INTER)
    zoo.make("root-issued", issuer=ROOT)
    above = ROOT
    for i in range(1, 21):
        zoo.make("deep-%d" % i, "/CN=Zoo CA %d" % i, key=EC + "/deep", ext=(), issuer=above, ca=True)
        above = ("deep-%d" % i, EC + "/deep")
    zoo.make("deep", issuer=above)
    rsa = zoo.key("RSA:rsa_keygen_bits:2048")
    zoo.make("rsa-root", "/CN=RSA Root", key="RSA:rsa_keygen_bits:2048/root", ext=(), ca=True)
    with open(zoo.path("pss.ext"), "w") as f:
        f.write(SAN + "\n")
    openssl("req", "-new", "-key", rsa, "-subj", "/CN=" + HOST, "-out", zoo.path("pss.csr"))
    openssl("x509", "-req", "-in", zoo.path("pss.csr"), "-CA", zoo.path("rsa-root.pem"), "-CAkey",
            zoo.key("RSA:rsa_keygen_bits:2048/root"), "-set_serial", "7", "-days", "30", "-extfile", zoo.path("pss.ext"),
            "-sha1", "-sigopt", "rsa_padding_mode:pss", "-out", zoo.path("pss.pem"))
    openssl("x509", "-in", zoo.path("pss.pem"), "-outform", "DER", "-out", zoo.path("pss.der"))
    zoo.make("unknown-critical", ext=(SAN, "1.2.3.4=critical,ASN1:NULL"), issuer=INTER)
    der = bytearray(open(zoo.path("good.der"), "rb").read())
    # A NUL inside the alternative name, without a new length.
    at = der.rfind(HOST.encode())
    der[at + 4] = 0
    open(zoo.path("nul.der"), "wb").write(der)
    open(zoo.path("garbage.der"), "wb").write(b"0\x82\x01\x00 this is no certificate")
    open(zoo.path("empty.der"), "wb").write(b"")
    open(zoo.path("trailing.der"), "wb").write(open(zoo.path("good.der"), "rb").read() + b"more")


def answer(zoo, name, leaf, issuer, status, signer=None, asked=None, options=()):
    """An OCSP answer of openssl(1) for five days: about the leaf, or about another one."""
    serial = openssl("x509", "-in", zoo.path(leaf + ".pem"), "-noout", "-serial").stdout.decode().strip().partition("=")[2]
    index = zoo.path("ocsp-" + name)
    with open(index, "w", encoding="ascii") as f:
        f.write("%s\t%s\t%s\t%s\tunknown\t/CN=x\n" % (status, day(80)[2:], day(-1)[2:] if status == "R" else "", serial))
    ca, key = zoo.path(issuer[0] + ".pem"), zoo.key(issuer[1])
    openssl("ocsp", "-issuer", ca, "-cert", zoo.path((asked or leaf) + ".pem"), "-no_nonce", "-reqout", index + ".req")
    openssl("ocsp", "-index", index, "-CA", ca, "-rsigner", zoo.path(signer[0] + ".pem") if signer else ca, "-rkey",
            zoo.key(signer[1]) if signer else key, "-reqin", index + ".req", "-respout", zoo.path(name + ".ocsp"),
            "-ndays", "5", *options)


def check_staples(tap, zoo):
    other = ("other", "EC:ec_paramgen_curve:P-256/other")
    answer(zoo, "says-good", "good", INTER, "V")
    answer(zoo, "says-revoked", "good", INTER, "R")
    answer(zoo, "says-unknown", "sha512", INTER, "V", asked="good")
    answer(zoo, "of-another", "sha512", INTER, "V")
    answer(zoo, "by-another", "good", INTER, "V", signer=other)
    open(zoo.path("garbage.ocsp"), "wb").write(b"0\x03\x0a\x01\x00 and more")
    open(zoo.path("try-later.ocsp"), "wb").write(b"0\x03\x0a\x01\x03")
    open(zoo.path("broken.ocsp"), "wb").write(bytearray(open(zoo.path("says-good.ocsp"), "rb").read())[:-40])
    for name, later, want in (("says-good", 0, "good"), ("says-good", 6, "expired"), ("says-good", -1, "not-yet-valid"),
                              ("says-revoked", 0, "revoked"), ("says-revoked", 6, "revoked"), ("says-unknown", 0, "unknown"),
                              ("of-another", 0, "other-certificate"), ("by-another", 0, "not-trusted"),
                              ("garbage", 0, "unreadable"), ("try-later", 0, "no-answer"), ("broken", 0, "unreadable")):
        lines = zoo.facts(["good", "inter"], staple=name, now=NOW + later * DAY)
        said = [line for line in lines if line.startswith("cert.ocsp=")]
        tap.ok(said == ["cert.ocsp=" + want], "stapled: %s, %d days later: %s" % (name, later, want), said)
    # The root need not be sent, and may have signed the answer.
    answer(zoo, "by-root", "root-issued", ROOT, "V", options=["-resp_no_certs"])
    lines = zoo.facts(["root-issued"], staple="by-root")
    tap.ok("cert.ocsp=good" in lines, "stapled: by the root, which was not sent", lines)
    tap.ok(not [line for line in zoo.facts(["good", "inter"]) if line.startswith("cert.ocsp=")], "nothing stapled")


# name of the case, chain, host, lines that must be there, starts of lines that must not
CASES = [
    ("good", ["good", "inter"], HOST, ["cert.verify=ok", "cert.trust=ok", "cert.name-match=1", "cert.key=RSA 2048",
     "cert.signature=ecdsa-with-SHA256", "cert.chain.order=1", "cert.chain=1: CN=Zoo CA",
     "cert.chain.built=2: CN=Zoo Root", "cert.self-signed=0", "cert.ca=0", "cert.lifetime=91",
     "cert.san=" + HOST], ["cert.weak", "cert.bad"]),
    ("root sent too", ["good", "inter", "root"], HOST, ["cert.verify=ok", "cert.chain.order=1"], ["cert.weak"]),
    ("expired", ["expired", "inter"], HOST, ["cert.verify=expired", "cert.trust=ok"], []),
    ("not yet valid", ["not-yet", "inter"], HOST, ["cert.verify=not-yet-valid", "cert.trust=ok"], []),
    ("wrong name", ["wrong-name", "inter"], HOST, ["cert.name-match=0", "cert.verify=ok"], []),
    ("wildcard", ["wildcard", "inter"], HOST, ["cert.name-match=1"], []),
    ("wildcard, one level deeper", ["wildcard", "inter"], "a." + HOST, ["cert.name-match=0"], []),
    ("wildcard, its own parent", ["wildcard", "inter"], "example.test", ["cert.name-match=0"], []),
    ("address", ["ip", "inter"], "192.0.2.7", ["cert.name-match=1", "cert.san=192.0.2.7"], []),
    ("another address", ["ip", "inter"], "192.0.2.8", ["cert.name-match=0"], []),
    ("IPv6 in brackets", ["ip", "inter"], "[2001:db8::7]", ["cert.name-match=1"], []),
    ("IDN", ["idn", "inter"], "xn--bcher-kva.example.test", ["cert.name-match=1"], []),
    ("SHA-1", ["sha1", "inter"], HOST, ["cert.weak=0: signature ecdsa-with-SHA1"], []),
    ("RSA 1024", ["rsa1024", "inter"], HOST, ["cert.weak=0: key RSA 1024", "cert.key=RSA 1024"], []),
    ("RSA 4096", ["rsa4096", "inter"], HOST, ["cert.key=RSA 4096"], ["cert.weak"]),
    ("EC", ["ec", "inter"], HOST, ["cert.key=EC prime256v1"], ["cert.weak"]),
    ("Ed25519", ["ed25519", "inter"], HOST, ["cert.key=ED25519"], ["cert.weak"]),
    ("missing intermediate", ["good"], HOST, ["cert.verify=unknown-issuer", "cert.trust=unknown-issuer"], []),
    ("wrong order", ["good", "root", "inter"], HOST, ["cert.verify=ok", "cert.chain.order=0"], []),
    ("another root", ["good", "cross"], HOST, ["cert.trust=unknown-issuer"], []),
    ("cross-signed, both sent", ["good", "inter", "cross"], HOST, ["cert.trust=ok"], []),
    # openssl(1) follows the first that fits and does not come back: so do we.
    ("cross-signed, the other first", ["good", "cross", "inter"], HOST, ["cert.trust=unknown-issuer"], []),
    ("untrusted root sent", ["good", "cross", "other"], HOST, ["cert.trust=untrusted-root"], []),
    ("self-signed", ["self-signed"], HOST, ["cert.trust=self-signed", "cert.self-signed=1",
     "cert.exchange-default=0"], []),
    ("Exchange's own", ["exchange"], "EX01.corp.example.test", ["cert.exchange-default=1", "cert.trust=self-signed",
     "cert.name-match=1"], []),
    ("an authority as server", ["ca-leaf", "inter"], HOST, ["cert.ca=1"], []),
    ("must-staple", ["staple", "inter"], HOST, ["cert.must-staple=1"], []),
    ("public policy", ["public", "inter"], HOST, ["cert.public=1"], []),
    ("client purpose", ["client-only", "inter"], HOST, ["cert.trust=wrong-purpose"], []),
    ("intermediate signed with SHA-1", ["under-sha1", "sha1-ca"], HOST,
     ["cert.weak=1: signature ecdsa-with-SHA1"], ["cert.weak=0"]),
    ("the same, behind another one", ["under-sha1", "root", "sha1-ca"], HOST,
     ["cert.weak=2: signature ecdsa-with-SHA1"], ["cert.weak=1"]),
    ("no alternative names", ["common-name", "inter"], HOST, ["cert.name-match=1"], ["cert.san"]),
    ("hostile subject", ["hostile", "inter"], HOST, ["cert.name-match=1"], ["cert.subject=CN=a\x1b"]),
    ("NUL in a name", ["nul", "inter"], HOST, ["cert.name-match=0", "cert.san=mail\\x00example.test"], []),
    ("NUL in a name, its first part", ["nul", "inter"], "mail", ["cert.name-match=0"], []),
    ("wildcard for a part of a label", ["part-wildcard", "inter"], HOST, ["cert.san=mai*.example.test"], []),
    ("two wildcards", ["two-wildcards", "inter"], HOST, ["cert.name-match=0"], []),
    ("a wildcard alone", ["bare-wildcard", "inter"], HOST, ["cert.name-match=0"], []),
    ("a wildcard further in", ["inner-wildcard", "inter"], HOST, ["cert.name-match=0"], []),
    ("a wildcard too high", ["wide-wildcard", "inter"], HOST, ["cert.name-match=0"], []),
    ("a wildcard right below the top", ["wide-wildcard", "inter"], "example.test", ["cert.san=*.test"], []),
    ("a wildcard in an IDN", ["idn-wildcard", "inter"], "mail.xn--bcher-kva.test", ["cert.name-match=1"], []),
    ("capitals", ["upper", "inter"], HOST, ["cert.name-match=1"], []),
    ("capitals asked for", ["good", "inter"], HOST.upper(), ["cert.name-match=1"], []),
    ("an address among the names", ["address-as-name", "inter"], "192.0.2.7", ["cert.name-match=0"], []),
    ("an address as common name", ["address-as-cn", "inter"], "192.0.2.7", ["cert.name-match=0"], []),
    ("a mail address alone", ["mail-only", "inter"], HOST, ["cert.name-match=1"], []),
    ("an expired intermediate", ["under-old-ca", "old-ca"], HOST, ["cert.chain.order=1", "cert.trust=ok",
     "cert.verify=authority-expired"], []),
    ("an intermediate that has not begun", ["under-new-ca", "new-ca"], HOST, ["cert.trust=ok",
     "cert.verify=authority-not-yet-valid"], []),
    ("an issuer that is no authority", ["under-no-ca", "no-ca"], HOST, [], ["cert.verify=ok", "cert.trust=ok"]),
    ("a name that the authority may not certify", ["out-of-bounds", "named"], HOST, [],
     ["cert.verify=ok", "cert.trust=ok"]),
    ("an unknown critical extension", ["unknown-critical", "inter"], HOST, [], ["cert.verify=ok"]),
    ("P-384", ["p384", "inter"], HOST, ["cert.key=EC secp384r1", "cert.verify=ok"], ["cert.weak"]),
    ("Ed448", ["ed448", "inter"], HOST, ["cert.key=ED448", "cert.verify=ok"], ["cert.weak"]),
    ("SHA-512", ["sha512", "inter"], HOST, ["cert.signature=ecdsa-with-SHA512", "cert.verify=ok"], ["cert.weak"]),
    ("the same twice", ["good", "good", "inter"], HOST, ["cert.verify=ok"], []),
    ("garbage", ["garbage"], HOST, ["cert.bad=0: not a certificate"], ["cert.subject", "cert.trust"]),
    ("empty", ["empty"], HOST, ["cert.bad=0: not a certificate"], ["cert.subject"]),
    ("garbage behind the server's", ["good", "garbage", "inter"], HOST,
     ["cert.bad=1: not a certificate", "cert.trust=ok"], []),
    ("garbage first", ["garbage", "good", "inter"], HOST, ["cert.bad=0: not a certificate"], ["cert.subject"]),
    ("bytes behind its end", ["trailing", "inter"], HOST, ["cert.bad=0: bytes after its end", "cert.trust=ok"], []),
    # openssl(1) leads past what has ended, by the cross-signed one; no second look may say otherwise.
    ("an authority that has ended, sent before its cross-signed twin",
     ["under-both", "below-old-root", "old-root", "old-root-cross"], HOST, ["cert.verify=ok", "cert.trust=ok",
     "cert.chain.built=3: CN=Zoo Root"], []),
    ("20 authorities", ["deep"] + ["deep-%d" % i for i in range(20, 0, -1)], HOST,
     ["cert.trust=ok", "cert.chain.built=21: CN=Zoo Root"], ["cert.bad"]),
    ("more names than are kept", ["many-names", "inter"], HOST, ["cert.name-match=1", "cert.san=h199.example.test",
     "cert.bad=0: 1000 alternative names, of which 200 are kept"], ["cert.san=h200."]),
    ("RSA-PSS with SHA-1", ["pss", "rsa-root"], HOST, ["cert.weak=0: signature rsassaPss with SHA1"], []),
    ("its issuer beyond what is kept", ["good"] + ["other"] * 40 + ["inter"], HOST, ["cert.trust=not-read-whole",
     "cert.verify=not-read-whole"], []),
    ("a huge chain", ["good", "inter"] + ["other"] * 40, HOST, ["cert.trust=ok",
     "cert.bad=the chain is longer or larger than the limit"], []),
]
# Of these openssl(1) has no file to judge, or is asked in another form.
NO_PEER = {"NUL in a name", "NUL in a name, its first part", "garbage", "empty", "garbage behind the server's",
           "garbage first", "bytes behind its end", "IPv6 in brackets", "its issuer beyond what is kept"}


def check(zoo, case):
    name, chain, host, has, lacks = case
    lines = zoo.facts(chain, host)
    faults = ["no %r" % h for h in has if h not in lines]
    faults += ["%r" % l for l in lines for x in lacks if l.startswith(x)]
    if name not in NO_PEER:
        trusted, named = zoo.verify(chain, host)
        if trusted != ("cert.verify=ok" in lines):
            faults.append("openssl verify: %s" % ("ok" if trusted else "not ok"))
        if named != ("cert.name-match=1" in lines):
            faults.append("openssl verify: name %s" % ("ok" if named else "not ok"))
    return faults


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        zoo = Zoo(folder)
        build(zoo)
        for case in CASES:
            faults = check(zoo, case)
            tap.ok(not faults, case[0], "\n".join(faults))
        check_staples(tap, zoo)
        # An intermediate that was not sent, and comes from the store.
        with open(zoo.path("both.pem"), "w") as f:
            f.write("".join(open(zoo.path(c + ".pem")).read() for c in ("root", "sha1-ca")))
        lines = zoo.facts(["under-sha1"], ca="both.pem")
        tap.ok({"cert.trust=ok", "cert.weak=1: signature ecdsa-with-SHA1"} <= set(lines), "SHA-1 in the store alone", lines)
    tap.end()


main()
