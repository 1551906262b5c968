"""SMB and the mail protocols of a profile: negotiate, greet, STARTTLS, NTLM challenge.

Replies are recorded ones: the wording of Exchange's mail services, and
negotiate replies of Windows (data/smb), with the names, GUID and clock of the
profile put in.  Nobody can log on, and no mail is taken.
"""

import asyncio
import base64
import email.utils
import hashlib
import os
import struct
import time

import ntlm
import profiles

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "smb")
# What a profile may say of a service; its base says the rest.
KEYS = {"smtp": {"greeting", "ehlo", "ehlo_tls", "on_ehlo", "starttls", "on_ehlo_tls"},
        "imap": {"greeting", "capability", "capability_tls", "starttls"},
        "pop3": {"greeting", "capa", "capa_tls", "starttls"},
        "smb": {"signing", "smb1"}}
PROTOCOLS = {"smtp": "smtp", "imap": "imap", "imaps": "imap", "pop3": "pop3", "pop3s": "pop3", "smb": "smb"}
# Probes of exvet at ports of their own, for a lab whose ports are moved up.
PROBES = {"plain": 80, "backend": 444, "backend-plain": 81, "tls-backend": 444, "smb": 445,
          "smtp": 25, "submission": 587, "imap": 143, "imaps": 993, "pop3": 110, "pop3s": 995,
          "tls-smtp": 25, "tls-submission": 587, "tls-imap": 143, "tls-imaps": 993, "tls-pop3": 110, "tls-pop3s": 995}
LINE, LINES = 1024, 50          # the length of a client's line, and how many are heard


def words(text):
    return [w.strip() for w in text.split(",") if w.strip()]


class Service:
    """One service of a profile at one port; `talk` serves one connection of it."""

    def __init__(self, site, port, protocol, log):
        self.site, self.port, self.protocol, self.log = site, port, protocol, log
        self.kind = PROTOCOLS[protocol]
        own = site.profile.service(self.kind, port)
        unknown = set(own) - KEYS[self.kind]
        if unknown:
            raise profiles.ProfileError(f"{site.profile.name}: [{self.kind}] has no key {', '.join(sorted(unknown))}")
        self.say = {k: site.fill(profiles.unescape(v.encode()), f"{site.profile.name}: [{self.kind}]")
                    for k, v in own.items()}
        for key in KEYS[self.kind] & {"greeting", "ehlo", "capability", "capa", "signing"} - set(own):
            raise profiles.ProfileError(f"{site.profile.name}: [{self.kind}] says no {key}")
        if self.kind == "smb":
            self.negotiated = smb2_negotiated(own["signing"], site.vars["fqdn"])
            smb1 = own.get("smb1", "no")
            self.smb1 = recorded("smb1-" + smb1) if smb1 != "no" else b""

    def list(self, key, secure):
        """A comma-separated list, that of the inside of TLS where there is one."""
        text = self.say.get(key + "_tls", self.say[key]) if secure else self.say[key]
        return [w.encode() for w in words(text.decode())]

    async def talk(self, reader, writer, context=None):
        number = self.log.connection()
        self.log.opened(number, self.site.profile.name, self.protocol, writer.get_extra_info("socket"))
        try:
            async with asyncio.timeout(120):
                if self.kind == "smb":
                    await self._smb(reader, writer)
                else:
                    await Mail(self, number, reader, writer, context).run()
        finally:
            self.log.closed(number)

    # ---- SMB ----

    async def _smb(self, reader, writer):
        while True:
            head = await reader.readexactly(4)
            body = await reader.readexactly(min(int.from_bytes(head[1:], "big"), 65536))
            reply = self._smb_reply(body)
            if not reply:
                return              # as a server without SMB 1 says no
            writer.write(reply)
            await writer.drain()

    def _smb_reply(self, body):
        if body[:4] == b"\xffSMB":
            return smb1_reply(self.smb1, body)
        command = body[12:14]
        if body[:4] != b"\xfeSMB" or command not in (b"\0\0", b"\1\0"):
            return b""
        if command == b"\0\0":
            now = struct.pack("<QQ", filetime(time.time()), filetime(time.time() - 10 * 86400))
            return self.negotiated[:108] + now + self.negotiated[124:]
        token = spnego_response(base64.b64decode(ntlm.type2(self.site.vars)))
        # MS-SMB2 2.2.1.2, 2.2.6: STATUS_MORE_PROCESSING_REQUIRED, a session of its own.
        reply = (b"\xfeSMB" + struct.pack("<HHIHHII", 64, 1, 0xc0000016, 1, 1, 1, 0) + body[24:32] +
                 struct.pack("<IIQ", 0xfeff, 0, 1 << 46 | 1) + bytes(16) +
                 struct.pack("<HHHH", 9, 0, 72, len(token)) + token)
        return struct.pack(">I", len(reply)) + reply


def recorded(name):
    with open(os.path.join(DATA, name + ".hex"), encoding="ascii") as f:
        return bytes.fromhex(f.read())


def filetime(seconds):
    return int((seconds + 11644473600) * 10_000_000)


def smb2_negotiated(signing, name):
    """A recorded negotiate reply (MS-SMB2 2.2.4) with a GUID that is this server's alone."""
    reply = recorded("smb2-" + ("required" if signing == "required" else "enabled"))
    if signing == "disabled":
        reply = reply[:70] + b"\0\0" + reply[72:]
    return reply[:76] + hashlib.md5(name.encode()).digest() + reply[92:]


def smb1_reply(reply, asked):
    """The recorded reply, with the client's own number of the dialect (MS-SMB 2.2.4.5.2)."""
    dialects = asked[35:].split(b"\x02")[1:]
    if not reply or b"NT LM 0.12\0" not in dialects:
        return b""
    return reply[:37] + struct.pack("<H", dialects.index(b"NT LM 0.12\0")) + reply[39:]


def der(tag, data):
    size = len(data)
    head = bytes([size]) if size < 128 else b"\x81" + bytes([size]) if size < 256 else b"\x82" + struct.pack(">H", size)
    return bytes([tag]) + head + data


def spnego_response(token):
    """negTokenResp of RFC 4178: accept-incomplete, NTLM, the challenge."""
    oid = bytes.fromhex("060a2b06010401823702020a")
    return der(0xa1, der(0x30, der(0xa0, b"\x0a\x01\x01") + der(0xa1, oid) + der(0xa2, der(0x04, token))))


class Mail:
    """One connection of a mail client; three dialects of the same talk."""

    def __init__(self, service, number, reader, writer, context):
        self.service, self.number = service, number
        self.reader, self.writer, self.context = reader, writer, context
        self.secure = context is None           # TLS came first, or never comes
        self.tag = b""
        self.answer = {"smtp": self._smtp, "imap": self._imap, "pop3": self._pop3}[service.kind]

    async def send(self, *lines):
        date = email.utils.formatdate(time.time() + int(self.service.site.vars.get("clock", 0))).replace("-0000", "+0000")
        self.writer.write(b"".join(line + b"\r\n" for line in lines).replace(b"${mail_date}", date.encode()))
        await self.writer.drain()

    async def hear(self):
        line = (await self.reader.readuntil(b"\n"))[:LINE].rstrip(b"\r\n")
        self.service.log.service(self.number, self.service.site.profile.name, self.service.protocol,
                                 line.decode("latin-1"))
        return line

    async def run(self):
        greeting = self.service.say["greeting"]
        await self.send(greeting)
        for _ in range(LINES):
            if not await self.answer(await self.hear()):
                return
            if greeting.startswith(b"421"):
                return

    async def starttls(self, good, bad):
        """Go on inside TLS, or say what the profile says instead; False ends the talk."""
        how = self.service.say.get("starttls", b"works")
        if how == b"drop":
            return False
        if how != b"works" or self.context is None:
            await self.send(self._tagged(how) if how != b"works" else bad)
            return True
        await self.send(good)
        await self.writer.start_tls(self.context)
        self.secure = True
        return True

    async def challenge(self, go_on, no):
        """NTLM up to its challenge; whatever comes then is refused."""
        await self.send(go_on)
        line = await self.hear()
        if ntlm.is_type1(line.decode("latin-1")):
            await self.send(go_on.split(b" ")[0] + b" " + ntlm.type2(self.service.site.vars).encode())
            await self.hear()
        await self.send(no)
        return True

    def _tagged(self, text):
        return self.tag + b" " + text if self.service.kind == "imap" else text

    # ---- SMTP (MS-SMTPNTLM 4) ----

    async def _smtp(self, line):
        verb, _, rest = line.upper().partition(b" ")
        features = self.service.list("ehlo", self.secure)
        if verb in (b"EHLO", b"HELO"):
            instead = self.service.say.get("on_ehlo_tls" if self.secure else "on_ehlo")
            if instead:
                await self.send(instead)
                return not instead.startswith(b"421")
            lines = [self.service.site.vars["fqdn"].encode() + b" Hello [127.0.0.1]"] + features
            await self.send(*[b"250-" + f for f in lines[:-1]], b"250 " + lines[-1])
            return True
        if verb == b"QUIT":
            await self.send(b"221 2.0.0 Service closing transmission channel")
            return False
        if verb == b"STARTTLS" and any(f.upper() == verb for f in features):
            return await self.starttls(b"220 2.0.0 SMTP server ready", b"503 5.5.2 Only one STARTTLS command can be issued per session")
        if verb == b"AUTH" and rest.startswith(b"NTLM") and any(
                b"NTLM" in f.upper().split() for f in features if f.upper().startswith(b"AUTH")):
            return await self.challenge(b"334 ntlm supported", b"501 5.7.0 Authentication aborted")
        await self.send(b"500 5.3.3 Unrecognized command")
        return True

    # ---- IMAP (MS-OXIMAP4 4) ----

    async def _imap(self, line):
        self.tag, _, rest = line.partition(b" ")
        verb, _, more = rest.upper().partition(b" ")
        can = self.service.list("capability", self.secure)
        if verb == b"CAPABILITY":
            await self.send(b"* CAPABILITY " + b" ".join(can), self.tag + b" OK CAPABILITY completed.")
        elif verb == b"LOGOUT":
            await self.send(b"* BYE Microsoft Exchange Server IMAP4 server signing off.",
                            self.tag + b" OK LOGOUT completed.")
            return False
        elif verb == b"STARTTLS" and b"STARTTLS" in can:
            return await self.starttls(self.tag + b" OK Begin TLS negotiation now.", self.tag + b" BAD Command Error. 10")
        elif verb == b"AUTHENTICATE" and more == b"NTLM" and b"AUTH=NTLM" in can:
            return await self.challenge(b"+ ", self.tag + b" BAD Command Argument Error. 11")
        else:
            await self.send(self.tag + b" BAD Command Error. 10")
        return True

    # ---- POP3 (MS-OXPOP3 4) ----

    async def _pop3(self, line):
        verb, _, rest = line.upper().partition(b" ")
        can = self.service.list("capa", self.secure)
        if verb == b"CAPA":
            await self.send(b"+OK", *can, b".")
        elif verb == b"QUIT":
            await self.send(b"+OK Microsoft Exchange Server POP3 server signing off.")
            return False
        elif verb == b"STLS" and b"STLS" in can:
            return await self.starttls(b"+OK Begin TLS negotiation.", b"-ERR Command is not valid in this state.")
        elif verb == b"AUTH" and rest == b"NTLM" and any(f.startswith(b"SASL") and b"NTLM" in f for f in can):
            return await self.challenge(b"+ ", b"-ERR Protocol error. 14")
        else:
            await self.send(b"-ERR Protocol error. 14")
        return True
