"""SSL 3.0 and TLS 1.0 with RC4, DES and EXPORT suites, up to ServerHelloDone.

This is an emulation: no library on a current system speaks them any more.  A
hello of such a version is answered by hand with ServerHello, Certificate (the
profile's own) and, for EXPORT, a ServerKeyExchange with a temporary RSA key of
512 bits whose signature is noise.  No key exchange is ever finished, so that a
client which wants to go on gets no further.  Hellos of TLS 1.2 and later, and
of SSL 2.0, are handed on, byte by byte, to the lab's real TLS behind.

`[tls]` of a profile: `old` names the versions, `old_suites` the suites in the
server's order (both by the names below).
"""

import asyncio
import os
import ssl
import struct

VERSIONS = {"SSLv3": 0x0300, "TLSv1.0": 0x0301}
SUITES = {
    "TLS_RSA_EXPORT_WITH_RC4_40_MD5": 0x0003, "TLS_RSA_WITH_RC4_128_MD5": 0x0004,
    "TLS_RSA_WITH_RC4_128_SHA": 0x0005, "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5": 0x0006,
    "TLS_RSA_WITH_DES_CBC_SHA": 0x0009, "TLS_RSA_WITH_3DES_EDE_CBC_SHA": 0x000a,
    "TLS_RSA_WITH_AES_128_CBC_SHA": 0x002f, "TLS_RSA_WITH_AES_256_CBC_SHA": 0x0035,
}
HANDSHAKE, ALERT = 22, 21
HANDSHAKE_FAILURE = b"\x02\x28"     # fatal, 40


def _vector(width, data):
    return len(data).to_bytes(width, "big") + data


def _message(kind, body):
    return bytes([kind]) + _vector(3, body)


def _offer(record):
    """(version, suites) of a ClientHello; (0, []) when it is none of an old version."""
    if len(record) < 44 or record[0] != HANDSHAKE or record[5] != 1:
        return 0, []
    version = int.from_bytes(record[9:11], "big")
    at = 43 + 1 + record[43]
    size = int.from_bytes(record[at:at + 2], "big")
    return version, list(struct.unpack(f">{size // 2}H", record[at + 2:at + 2 + size]))


class Old:
    """What one server says to old hellos."""

    def __init__(self, settings, certificate):
        self.versions = {VERSIONS[v] for v in settings["old"].split()}
        self.suites = [SUITES[s] for s in settings["old_suites"].split()]
        with open(certificate, encoding="ascii") as f:
            self.der = ssl.PEM_cert_to_DER_cert(f.read())

    def answer(self, record):
        """The bytes for a hello of an old version; None: it is not ours."""
        try:
            version, offered = _offer(record)
        except (struct.error, IndexError):
            return None
        # A server takes the highest that it has up to the hello's (RFC 5246 E.1).
        version = max((v for v in self.versions if v <= version < 0x0303), default=0)
        if version == 0:
            return None
        head = struct.pack(">H", version)
        suite = next((s for s in self.suites if s in offered), None)
        if suite is None:
            return bytes([ALERT]) + head + _vector(2, HANDSHAKE_FAILURE)
        said = _message(2, head + os.urandom(32) + _vector(1, os.urandom(32)) + struct.pack(">HB", suite, 0))
        said += _message(11, _vector(3, _vector(3, self.der)))
        if suite in (0x0003, 0x0006):
            key = _vector(2, b"\xc1" + os.urandom(63)) + _vector(2, b"\x01\x00\x01")
            said += _message(12, key + _vector(2, os.urandom(256)))
        return bytes([HANDSHAKE]) + head + _vector(2, said + _message(14, b""))


async def _pipe(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


async def front(old, reader, writer, address, port):
    """One connection: by hand, or by the real server at that port."""
    first = await reader.read(5)
    if len(first) == 5 and first[0] == HANDSHAKE:
        first += await reader.readexactly(int.from_bytes(first[3:5], "big"))
    said = old.answer(first)
    if said is not None:
        writer.write(said)
        await writer.drain()
        await reader.read()             # whatever follows leads nowhere
        return
    inner, outer = await asyncio.open_connection(address, port)
    outer.write(first)
    await asyncio.gather(_pipe(reader, outer), _pipe(inner, writer))
