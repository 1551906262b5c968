"""Peers that misbehave below or inside HTTP.

A profile names one by `behaviour = NAME`; it rules the profile's first port.
What a path block can say (odd status lines, broken heads, wrong lengths) is
said there and needs no code.  Three layers:

  listen   the listening socket itself misbehaves
  tcp      a coroutine gets the raw streams
  tls      a coroutine gets the streams after the TLS handshake
  send     HTTP is spoken as usual, but the answer leaves in another way
"""

import asyncio
import ssl
import zlib

import web

SECOND = 1.0                 # pause of the tricklers


async def _hold(reader):
    """Read and ignore until the peer goes."""
    while await reader.read(65536):
        pass


# ---- tcp: before TLS ----

async def mute(site, reader, writer, context):
    await _hold(reader)


async def reset_at_once(site, reader, writer, context):
    web.reset(writer)


async def close_at_once(site, reader, writer, context):
    writer.close()


async def ssh_banner(site, reader, writer, context):
    writer.write(b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n")
    await _hold(reader)


async def smtp_banner(site, reader, writer, context):
    writer.write(b"220 %s Microsoft ESMTP MAIL Service ready at %s\r\n" % (
        site.vars["fqdn"].encode(), web.http_date()))
    while await reader.read(4096):
        writer.write(b"500 5.3.3 Unrecognized command\r\n")


async def plain_http(site, reader, writer, context):
    """Plain HTTP where TLS is expected: nginx's words."""
    await reader.read(4096)
    body = b"<html><head><title>400 Bad Request</title></head><body>400 Bad Request</body></html>\r\n"
    writer.write(b"HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nContent-Type: text/html\r\n"
                 b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))
    await writer.drain()
    writer.close()


async def garbage(site, reader, writer, context):
    await reader.read(4096)
    writer.write(bytes(range(256)) * 64)
    await writer.drain()
    writer.close()


class HandTLS:
    """The server's half of TLS over memory, so that records can be held back."""

    def __init__(self, context, reader, writer):
        self.inward, self.outward = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.inward, self.outward, server_side=True)
        self.reader, self.writer = reader, writer

    async def flush(self, pause):
        data = self.outward.read()
        if not pause:
            self.writer.write(data)
            await self.writer.drain()
            return
        for i in range(len(data)):
            await _push(self.writer, data[i:i + 1])
            await asyncio.sleep(pause)

    async def _step(self, function, *args, pause=0):
        while True:
            try:
                result = function(*args)
                await self.flush(pause)
                return result
            except ssl.SSLWantReadError:
                await self.flush(pause)
                data = await self.reader.read(65536)
                if not data:
                    raise ConnectionError("peer went") from None
                self.inward.write(data)

    async def handshake(self, pause=0):
        await self._step(self.tls.do_handshake, pause=pause)

    async def read(self):
        return await self._step(self.tls.read, 65536)

    async def write(self, data, pause=0):
        await self._step(self.tls.write, data, pause=pause)


async def reset_in_tls(site, reader, writer, context):
    """RST in the middle of the server's first flight."""
    hand = HandTLS(context, reader, writer)
    hand.inward.write(await reader.read(65536))
    try:
        hand.tls.do_handshake()
    except ssl.SSLError:
        pass
    data = hand.outward.read()
    writer.write(data[:len(data) // 2])
    await writer.drain()
    await asyncio.sleep(0.05)
    web.reset(writer)


async def slow_handshake(site, reader, writer, context):
    await HandTLS(context, reader, writer).handshake(pause=SECOND)
    await _hold(reader)


async def trickle_records(site, reader, writer, context):
    """Handshake at full speed, then the bytes of each record one a second."""
    hand = HandTLS(context, reader, writer)
    await hand.handshake()
    await hand.read()
    await hand.write(b"HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/10.0\r\nContent-Length: 5\r\n\r\nhello",
                     pause=SECOND)
    await _hold(reader)


async def close_after_handshake(site, reader, writer, context):
    hand = HandTLS(context, reader, writer)
    await hand.handshake()
    writer.close()


# ---- tls: inside ----

async def _push(writer, data):
    """Write and drain; raises once the peer has gone (drain alone may not), and
    always lets the loop run, or one flood would starve the whole lab."""
    if writer.transport.is_closing():
        raise ConnectionError("peer went")
    writer.write(data)
    await writer.drain()
    await asyncio.sleep(0)


async def _flood(writer, first, pieces):
    writer.write(first)
    for piece in pieces:
        await _push(writer, piece)


def _for_ever(piece):
    while True:
        yield piece


async def mute_after_tls(site, reader, writer, context):
    await _hold(reader)


async def endless_body(site, reader, writer, context):
    await reader.readuntil(b"\r\n\r\n")
    await _flood(writer, b"HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/10.0\r\nContent-Type: text/html\r\n\r\n",
                 _for_ever(b"<p>Outlook</p>\r\n" * 4096))


async def endless_chunks(site, reader, writer, context):
    await reader.readuntil(b"\r\n\r\n")
    await _flood(writer, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                 _for_ever(b"1\r\nA\r\n" * 8192))


async def endless_headers(site, reader, writer, context):
    await reader.readuntil(b"\r\n\r\n")
    await _flood(writer, b"HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/10.0\r\n",
                 _for_ever(b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n" * 1024))


async def endless_line(site, reader, writer, context):
    await reader.readuntil(b"\r\n\r\n")
    await _flood(writer, b"HTTP/1.1 200 OK\r\nX-OWA-Version: 15.2.1748.39", _for_ever(b"9" * 65536))


async def interim_flood(site, reader, writer, context):
    """100 Continue without end."""
    await reader.readuntil(b"\r\n\r\n")
    await _flood(writer, b"", _for_ever(b"HTTP/1.1 100 Continue\r\n\r\n" * 1024))


async def early_hints(site, reader, writer, context):
    await reader.readuntil(b"\r\n\r\n")
    await _flood(writer, b"", _for_ever(b"HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n" * 512))


async def gzip_bomb(site, reader, writer, context):
    """Ten gigabytes of zeroes out of about ten megabytes: repeated flushed blocks."""
    await reader.readuntil(b"\r\n\r\n")
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeeze.compress(bytes(1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    await _flood(writer, b"HTTP/1.1 200 OK\r\nServer: Microsoft-IIS/10.0\r\nContent-Type: text/html\r\n"
                 b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03", (block for _ in range(10240)))
    writer.write(b"\x03\0")
    await writer.drain()
    writer.close()


async def http09(site, reader, writer, context):
    """A body with no head at all, whatever was asked."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"<html><title>Outlook</title>/owa/auth/15.2.1748/themes/</html>\r\n")
    await writer.drain()
    writer.close()


# ---- send: the profile's own answers, sent in another way ----

async def trickle_head(writer, head, body):
    for i in range(len(head)):
        await _push(writer, head[i:i + 1])
        await asyncio.sleep(SECOND)
    writer.write(body)
    await writer.drain()


async def trickle_body(writer, head, body):
    writer.write(head)
    for i in range(len(body)):
        await asyncio.sleep(SECOND)
        await _push(writer, body[i:i + 1])


async def split_fast(writer, head, body):
    """Slow in a legal way: the head in threes, five milliseconds apart; must be read right."""
    for i in range(0, len(head), 3):
        await _push(writer, head[i:i + 3])
        if i % 60 == 0:
            await asyncio.sleep(0.005)
    writer.write(body)
    await writer.drain()


async def reset_in_body(writer, head, body):
    writer.write(head + body[:len(body) // 2])
    await writer.drain()
    await asyncio.sleep(0.05)
    web.reset(writer)


async def close_in_body(writer, head, body):
    writer.write(head + body[:len(body) // 2])
    await writer.drain()
    writer.close()


BEHAVIOURS = {
    "black-hole": ("listen", None),
    "refuse": ("listen", None),
    "mute": ("tcp", mute),
    "reset": ("tcp", reset_at_once),
    "close": ("tcp", close_at_once),
    "ssh-banner": ("tcp", ssh_banner),
    "smtp-banner": ("tcp", smtp_banner),
    "plain-http": ("tcp", plain_http),
    "garbage": ("tcp", garbage),
    "reset-in-tls": ("tcp", reset_in_tls),
    "slow-handshake": ("tcp", slow_handshake),
    "trickle-records": ("tcp", trickle_records),
    "close-after-handshake": ("tcp", close_after_handshake),
    "mute-after-tls": ("tls", mute_after_tls),
    "endless-body": ("tls", endless_body),
    "endless-chunks": ("tls", endless_chunks),
    "endless-headers": ("tls", endless_headers),
    "endless-line": ("tls", endless_line),
    "interim-flood": ("tls", interim_flood),
    "early-hints-flood": ("tls", early_hints),
    "gzip-bomb": ("tls", gzip_bomb),
    "http09": ("tls", http09),
    "trickle-head": ("send", trickle_head),
    "trickle-body": ("send", trickle_body),
    "split-fast": ("send", split_fast),
    "reset-in-body": ("send", reset_in_body),
    "close-in-body": ("send", close_in_body),
}
