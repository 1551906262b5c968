"""NTLM Type 2 messages (MS-NLMP 2.2.1.2): recorded ones, or made from names."""

import base64
import os
import struct
import time

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "ntlm")
SIGNATURE = b"NTLMSSP\0"

# Unicode, request target, NTLM, always sign, target type domain, extended
# session security, target info, version, 128, key exchange, 56.
FLAGS = 0xe2898205


def is_type1(token):
    """A base64 token that is a Type 1 message."""
    try:
        raw = base64.b64decode(token, validate=True)
    except ValueError:
        return False
    return raw[:12] == SIGNATURE + struct.pack("<I", 1)


def recorded(name):
    with open(os.path.join(DATA, name + ".b64"), encoding="ascii") as f:
        return f.read().strip()


def make(v, skew=0):
    """Type 2 in base64 out of the profile's variables."""
    domain = v.get("domain", "corp.exvet.test")
    netbios_domain = v.get("netbios_domain", domain.split(".")[0].upper())
    fqdn = v["fqdn"]
    filetime = int((time.time() + skew + 11644473600) * 10_000_000)
    pairs = b""
    for kind, text in ((2, netbios_domain), (1, v["netbios"]), (4, domain), (3, fqdn),
                       (5, v.get("forest", domain))):
        raw = text.encode("utf-16-le")
        pairs += struct.pack("<HH", kind, len(raw)) + raw
    pairs += struct.pack("<HHQ", 7, 8, filetime) + struct.pack("<HH", 0, 0)
    target = netbios_domain.encode("utf-16-le")
    major, minor, build = (int(x) for x in v.get("os", "10.0.17763").split("."))
    head = SIGNATURE + struct.pack("<I", 2)
    head += struct.pack("<HHI", len(target), len(target), 56)
    head += struct.pack("<I", FLAGS) + os.urandom(8) + bytes(8)
    head += struct.pack("<HHI", len(pairs), len(pairs), 56 + len(target))
    head += struct.pack("<BBH3xB", major, minor, build, 15)
    return base64.b64encode(head + target + pairs).decode()


def type2(v):
    """By the profile's `ntlm` key: "made", "made +600" (clock ahead), or a record's name."""
    how, _, skew = v.get("ntlm", "made").partition(" ")
    return make(v, int(skew or 0)) if how == "made" else recorded(how)
