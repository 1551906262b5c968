#!/usr/bin/python3
"""Trusted roots from SSL_CERT_FILE, SSL_CERT_DIR and --ca-file.

Only the certificates of a large bundle are decoded that a chain asks for, so
each case is held against `openssl verify` with the same file and directory.
"""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from tap import Tap  # noqa: E402
from zoo import FACTS, HOST, NOW, Zoo, openssl  # noqa: E402

EC = "EC:ec_paramgen_curve:P-256"
FILLERS = 12		# a bundle of fewer than nine is read whole at once
SAME = "/O=Zoo/CN=Twin Root"


def build(zoo):
    for i in range(FILLERS):
        zoo.make("filler%d" % i, "/CN=Filler %d" % i, key=EC + "/filler", ext=(), ca=True)
    for name, subject, mask in (("one", "/CN=Root One", "utf8only"), ("two", "/CN=Root Two", "utf8only"),
                                ("twin-a", SAME, "utf8only"), ("twin-b", SAME, "utf8only"),
                                ("plain", "/O=Zoo/CN=Letters of Zoo", "utf8only"),
                                ("stranger", "/CN=Stranger", "utf8only")):
        zoo.make(name, subject, key=EC + "/" + name, ext=(), ca=True, mask=mask)
        zoo.make("of-" + name, issuer=(name, EC + "/" + name), key=EC)
    # The same authority, its name written otherwise: OpenSSL takes them for one.
    zoo.keys[EC + "/plain-2"] = zoo.keys[EC + "/plain"]
    zoo.make("shouted", "/O=ZOO/CN=LETTERS   of zoo", key=EC + "/plain-2", ext=(), ca=True, mask="pkix")
    zoo.make("printable", "/O=Zoo/CN=Letters of Zoo", key=EC + "/plain-2", ext=(), ca=True, mask="MASK:0x2")
    zoo.make("bmp", "/O=Zoo/CN=Letters of Zoo", key=EC + "/plain-2", ext=(), ca=True, mask="MASK:0x800")
    zoo.make("universal", "/O=Zoo/CN=letters of zoo", key=EC + "/plain-2", ext=(), ca=True, mask="MASK:0x100")
    zoo.make("other-order", "/CN=Letters of Zoo/O=Zoo", key=EC + "/plain-2", ext=(), ca=True)
    zoo.make("self", key=EC + "/self")
    zoo.make("old-twin", SAME, key=EC + "/twin-a", ext=(), ca=True, start=-900, end=-5)
    index = zoo.path("crl-index")
    open(index, "w").close()
    with open(zoo.path("crl.cnf"), "w") as f:
        f.write("[ca]\ndefault_ca=this\n[this]\ndatabase=%s\ndefault_md=sha256\ndefault_crl_days=30\n" % index)
    openssl("ca", "-gencrl", "-config", zoo.path("crl.cnf"), "-cert", zoo.path("one.pem"), "-keyfile",
            zoo.key(EC + "/one"), "-out", zoo.path("crl.pem"))
    for name, option in (("trusting", ["-addtrust", "serverAuth"]), ("rejecting", ["-addreject", "serverAuth"])):
        openssl("x509", "-in", zoo.path("one.pem"), "-trustout", *option, "-out", zoo.path(name + ".pem"))


def text(zoo, name):
    if name == "bad base64":
        return text(zoo, "filler0").replace("MII", "M!I", 1)
    if name == "cut short":
        return text(zoo, "filler0").replace("-----END CERTIFICATE-----\n", "")
    if name == "no certificate":
        return "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    if name == "nothing":
        return "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"
    if name == "remark":
        return "# A remark, with a -----BEGIN CERTIFICATE----- in it\n\n"
    if name == "stray end":
        return "-----END CERTIFICATE-----\n"
    with open(zoo.path(name + ".pem"), encoding="ascii") as f:
        return f.read()


def bundle(zoo, names, change=lambda s: s):
    """Half of the fillers, the named ones, the other half."""
    fill = [text(zoo, "filler%d" % i) for i in range(FILLERS)]
    path = zoo.path("bundle.pem")
    with open(path, "w", encoding="ascii", newline="") as f:
        f.write(change("".join(fill[:6] + [text(zoo, n) for n in names] + fill[6:])))
    return path


def hashed(zoo, names, at="hashed"):
    path = zoo.path(at)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    for n in names:
        shutil.copy(zoo.path(n + ".pem"), path)
    openssl("rehash", path)
    return path


def environment(file, folder):
    env = {k: v for k, v in os.environ.items() if not k.startswith("SSL_CERT_")}
    env.update({"SSL_CERT_FILE": file} if file else {})
    env.update({"SSL_CERT_DIR": folder} if folder else {})
    return env


def facts(zoo, leaf, env, ca="-", *options):
    run = subprocess.run([FACTS, *options, ca, HOST, str(NOW), zoo.path(leaf + ".der")], env=env, capture_output=True,
                         text=True, check=False)
    return run.returncode, run.stdout.splitlines()


def peer(zoo, leaf, env):
    return subprocess.run(["openssl", "verify", "-purpose", "sslserver", "-no-CAstore", zoo.path(leaf + ".pem")],
                          env=env, capture_output=True, check=False).returncode == 0


# what, in the file (None: no such variable), in the directory, the leaves that are trusted, those that are not
CASES = [
    ("one root in the file", ["one"], [], ["of-one"], ["of-two", "of-stranger", "self"]),
    ("one root in the directory", None, ["one"], ["of-one"], ["of-two"]),
    ("one half in each", ["one"], ["two"], ["of-one", "of-two"], ["of-stranger"]),
    ("the same in both", ["one"], ["one"], ["of-one"], ["of-two"]),
    ("two of one name", ["twin-a", "twin-b"], [], ["of-twin-a", "of-twin-b"], []),
    ("two of one name, the other first", ["twin-b", "twin-a"], [], ["of-twin-a", "of-twin-b"], []),
    ("two of one name, far from each other", ["twin-a"] + ["two", "one"] + ["twin-b"], [], ["of-twin-a", "of-twin-b"], []),
    ("two of one name in the directory", None, ["twin-a", "twin-b"], ["of-twin-a", "of-twin-b"], []),
    ("an expired one and its successor", ["old-twin", "twin-a"], [], ["of-twin-a"], ["of-twin-b"]),
    ("an expired one after its successor", ["twin-a", "old-twin"], [], ["of-twin-a"], ["of-twin-b"]),
    ("an expired one in the directory, its successor in the file", ["twin-a"], ["old-twin"], ["of-twin-a"], []),
    ("the server's own", ["self"], [], ["self"], ["of-one"]),
    ("the server's own in the directory", None, ["self"], ["self"], []),
    ("the same name in capitals, with more spaces", ["shouted"], [], ["of-plain"], []),
    ("the same name as PrintableString", ["printable"], [], ["of-plain"], []),
    ("the same name as BMPString", ["bmp"], [], ["of-plain"], []),
    ("the same name as UniversalString", ["universal"], [], ["of-plain"], []),
    ("its parts in another order", ["other-order"], [], [], ["of-plain"]),
    ("a CRL beside it", ["one", "crl"], [], ["of-one"], ["of-two"]),
    ("trusted for servers", ["trusting"], [], ["of-one"], ["of-two"]),
    ("rejected for servers", ["rejecting"], [], [], ["of-one"]),
    ("remarks", ["remark", "one", "stray end"], [], ["of-one"], []),
    ("a broken entry in the middle", ["one", "bad base64", "two"], [], [], ["of-one", "of-two"]),
    ("a broken entry, and the directory", ["one", "bad base64"], ["two"], ["of-two"], ["of-one"]),
    ("an entry without end", ["one", "cut short", "two"], [], [], []),
    ("an entry that is no certificate", ["one", "no certificate"], ["two"], ["of-two"], ["of-one"]),
    ("an empty entry", ["one", "nothing"], ["two"], ["of-two"], []),
]


def check(zoo, tap, what, env, good, bad):
    faults = []
    for leaf in sorted(set(good + bad + ["of-one", "of-two", "of-stranger"])):
        said = "cert.verify=ok" in facts(zoo, leaf, env)[1]
        if said != peer(zoo, leaf, env):
            faults.append("%s: %s, unlike openssl verify" % (leaf, "ok" if said else "not ok"))
        if (leaf in good and not said) or (leaf in bad and said):
            faults.append("%s: %s" % (leaf, "ok" if said else "not ok"))
    tap.ok(not faults, what, "\n".join(faults))


def check_forms(zoo, tap):
    """The file's form, and where it is."""
    empty = hashed(zoo, [], "empty")
    for what, change in (("carriage returns", lambda s: s.replace("\n", "\r\n")),
                         ("no line feed at the end", lambda s: s.rstrip("\n")),
                         ("spaces behind lines", lambda s: s.replace("-----\n", "-----  \n")),
                         ("long lines", lambda s: s.replace("\n", "").replace("-----BEGIN CERTIFICATE-----",
                          "\n-----BEGIN CERTIFICATE-----\n").replace("-----END", "\n-----END")),
                         ("a byte order mark", lambda s: "\ufeff".encode().decode("latin-1") + s)):
        path = bundle(zoo, ["one"])
        with open(path, encoding="ascii") as f:
            changed = change(f.read())
        with open(path, "wb") as f:
            f.write(changed.encode("latin-1"))
        check(zoo, tap, what, environment(path, empty), [], ["of-two"])
    two, missing = hashed(zoo, ["two"]), zoo.path("missing")
    check(zoo, tap, "no such file", environment(missing, two), ["of-two"], ["of-one"])
    check(zoo, tap, "a directory as file", environment(empty, two), ["of-two"], ["of-one"])
    check(zoo, tap, "neither", environment(missing, missing), [], ["of-one", "of-two"])
    one = hashed(zoo, ["one"], "second")
    check(zoo, tap, "two directories", environment(missing, two + ":" + one), ["of-one", "of-two"], ["of-stranger"])
    check(zoo, tap, "no such directory", environment(bundle(zoo, ["one"]), missing), ["of-one"], ["of-two"])


def check_option(zoo, tap):
    env = environment(None, hashed(zoo, ["two"]))
    path = bundle(zoo, ["one"])
    for leaf, good in (("of-one", True), ("of-two", False), ("of-stranger", False)):
        tap.ok(("cert.verify=ok" in facts(zoo, leaf, env, path)[1]) == good, "--ca-file alone counts: " + leaf)
    for what, names in (("broken", ["bad base64"]), ("no certificate in it", ["no certificate"])):
        tap.ok(facts(zoo, "of-one", env, bundle(zoo, names))[0] == 2, "--ca-file, a large one, %s: refused" % what)
    small = zoo.path("small.pem")
    for name in ("bad base64", "no certificate", "remark"):
        with open(small, "w", encoding="ascii") as f:
            f.write(text(zoo, name))
        tap.ok(facts(zoo, "of-one", env, small)[0] == 2, "--ca-file, %s alone: refused" % name)
    shutil.copy(zoo.path("one.pem"), small)
    tap.ok("cert.verify=ok" in facts(zoo, "of-one", env, small)[1], "--ca-file, one certificate")


def check_threads(zoo, tap):
    env = environment(bundle(zoo, ["twin-a", "one", "twin-b"]), hashed(zoo, ["two"]))
    for leaf in ("of-one", "of-two", "of-twin-a", "of-twin-b"):
        said = [facts(zoo, leaf, env, "-", "-t")[1].count("cert.verify=ok") for _ in range(5)]
        tap.ok(said == [8] * 5, "eight threads at once: " + leaf, said)


def main():
    tap = Tap()
    with tempfile.TemporaryDirectory() as folder:
        zoo = Zoo(folder)
        build(zoo)
        for what, file, folder, good, bad in CASES:
            env = environment(None if file is None else bundle(zoo, file), hashed(zoo, folder))
            check(zoo, tap, what, env, good, bad)
        check_forms(zoo, tap)
        check_option(zoo, tap)
        check_threads(zoo, tap)
    tap.end()


main()
