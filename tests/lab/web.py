"""HTTP/1.1 with every byte of the head under the profile's control."""

import asyncio
import email.utils
import gzip
import itertools
import socket
import struct
import time
import uuid

import exchange
import ntlm
from profiles import VARIABLE, DYNAMIC, ProfileError

HTTPAPI_404 = (b"HTTP/1.1 404 Not Found\r\nContent-Type: text/html; charset=us-ascii\r\n"
               b"Server: Microsoft-HTTPAPI/2.0\r\nDate: %s\r\nConnection: close\r\n"
               b"Content-Length: %d\r\n\r\n%s")
HTTPAPI_BODY = (b"<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01//EN\"\"http://www.w3.org/TR/html4/"
                b"strict.dtd\">\r\n<HTML><HEAD><TITLE>%s</TITLE>\r\n<META HTTP-EQUIV=\"Content-Type\" "
                b"Content=\"text/html; charset=us-ascii\"></HEAD>\r\n<BODY><h2>%s</h2>\r\n<hr>"
                b"<p>HTTP Error %d. %s</p>\r\n</BODY></HTML>\r\n")
NOT_FOUND = HTTPAPI_BODY % (b"Not Found", b"Not Found", 404, b"The requested resource is not found.")
BAD_REQUEST = HTTPAPI_BODY % (b"Bad Request", b"Bad Request - Invalid Header", 400,
                              b"The request has an invalid header name.")
NOT_AUTHORIZED = HTTPAPI_BODY % (b"Not Authorized", b"Not Authorized", 401,
                                 b"The requested resource requires user authentication.")

# The empty-Bearer challenge (MS-OAUTH2EX; Exchange's own client id).
BEARER = ('Bearer client_id="00000002-0000-0ff1-ce00-000000000000", trusted_issuers='
          '"00000001-0000-0000-c000-000000000000@11111111-2222-3333-4444-555555555555", '
          'token_types="app_asserted_user_v1 service_asserted_app_v1"%s, error="invalid_token"')
BEARER_URI = ', authorization_uri="https://login.windows.net/common/oauth2/authorize"'


def http_date(skew=0):
    return email.utils.formatdate(time.time() + skew, usegmt=True).encode()


class Request:
    def __init__(self, head):
        lines = head.split(b"\r\n")
        words = lines[0].split(b" ")
        if len(words) != 3 or not words[2].startswith(b"HTTP/1."):
            raise ValueError("not HTTP/1.x")
        self.method = words[0].decode("latin-1")
        self.target = words[1].decode("latin-1")
        self.old = words[2] == b"HTTP/1.0"
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(b":")
            self.headers[name.strip().lower()] = value.strip()
        target = self.target
        if target.startswith(("http://", "https://")):
            target = "/" + target.split("/", 3)[3] if target.count("/") > 2 else "/"
        self.path = target.partition("?")[0]

    def get(self, name):
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def keep(self):
        connection = self.get(b"connection").lower()
        return "keep-alive" in connection if self.old else "close" not in connection


class Site:
    """A profile made ready to answer: bodies generated, variables filled in."""

    def __init__(self, profile):
        self.profile = profile
        v = {"filler": "x" * 200000, "hostname": profile.hostname, "name": profile.name,
             "address": (profile.addresses or ["127.0.0.1"])[0]}
        v.update(exchange.variables({**profile.server, **v}))
        v.setdefault("netbios", profile.name.upper()[:15])
        v.setdefault("fqdn", v["netbios"].lower() + ".corp.exvet.test")
        self.vars = v
        self.strip = {h.lower().encode() for h in profile.words("strip")}
        self.add = [self.fill(line.encode(), profile.name) for line in profile.get("add", [])]
        self.bodies = {}
        self.blocks = [b for b in profile.blocks if self._wanted(b)]
        for block in self.blocks:
            self._prepare(block)
        self.pool = []
        self.turn = itertools.count()

    def _wanted(self, block):
        need, never = block.directives.get("if"), block.directives.get("unless")
        return (not need or self.vars.get(need)) and (not never or not self.vars.get(never))

    def fill(self, data, where):
        """Static variables now; those of a request stay."""
        def one(match):
            name = match.group(1).decode()
            if name in DYNAMIC:
                return match.group(0)
            if name not in self.vars:
                raise ProfileError(f"{where}: no variable ${{{name}}}")
            return str(self.vars[name]).encode()
        return VARIABLE.sub(one, data)

    def _prepare(self, block):
        block.pattern = self.fill(block.pattern.encode(), block.where).decode()
        block.status = self.fill(block.status, block.where)
        headers = []
        for condition, line in block.headers:
            if condition and not self.vars.get(condition):
                continue
            if block.from_base and line.partition(b":")[0].lower() in self.strip:
                continue
            headers.append(self.fill(line, block.where))
        if block.from_base:
            headers += self.add
        block.headers = headers
        name = block.directives.get("body")
        if name:
            if name not in exchange.BODIES:
                raise ProfileError(f"{block.where}: no body {name!r}")
            block.body = exchange.BODIES[name](self.vars)
        else:
            block.body = self.fill(block.body, block.where)
        repeat = block.directives.get("repeat")
        if repeat:              # "@repeat N": the last header line, N times
            last = block.headers.pop()
            block.headers += [last.replace(b"${n}", b"%d" % i) for i in range(int(repeat))]

    def member(self):
        """The site that answers the next connection: itself, or a pool member."""
        return self.pool[next(self.turn) % len(self.pool)] if self.pool else self

    def find(self, request, is_tls):
        for block in self.blocks:
            if block.matches(request.method, request.path, is_tls):
                return block
        return None


def _dynamic(data, request, site):
    if b"${" not in data:
        return data
    host = request.get(b"host") or site.vars.get("internal", site.vars["address"])
    values = {b"host": host.encode("latin-1"), b"path": request.path.encode("latin-1"),
              b"request_id": str(uuid.uuid4()).encode(), b"date": http_date(),
              b"stamp": time.strftime("%Y-%m-%dT%H:%M:%S.000", time.gmtime()).encode()}
    return VARIABLE.sub(lambda m: values.get(m.group(1), m.group(0)), data)


def _challenge(request, block, site):
    """What the Authorization header changes: (headers, body) to send instead, or None."""
    authorization = request.get(b"authorization")
    scheme, _, token = authorization.partition(" ")
    scheme = scheme.lower()
    if "ntlm" in block.directives and scheme in ("ntlm", "negotiate") and ntlm.is_type1(token.strip()):
        answer = f"WWW-Authenticate: {'NTLM' if scheme == 'ntlm' else 'Negotiate'} {ntlm.type2(site.vars)}"
        return ([b"Content-Type: text/html; charset=us-ascii", b"Server: Microsoft-HTTPAPI/2.0",
                 answer.encode()], NOT_AUTHORIZED)
    if "bearer" in block.directives and scheme == "bearer":
        modern = site.vars.get("oauth", "trust")
        if modern == "none":
            return None
        lines = [h for h in block.headers if not h.lower().startswith(b"x-feserver")]
        lines.append(b"WWW-Authenticate: " + (BEARER % (BEARER_URI if modern == "hma" else "")).encode())
        if modern != "hma":
            lines.append(b"x-ms-diagnostics: 4000000;reason=\"Flighting is not enabled for domain '%s'.\""
                         b";error_category=\"oauth_not_available\"" % site.vars["hostname"].encode())
        lines += [h for h in block.headers if h.lower().startswith(b"x-feserver")]
        return lines, block.body
    return None


def _has(headers, name):
    return any(h.partition(b":")[0].strip().lower() == name for h in headers)


def encode(request, block, site):
    """(head, body, keep): the bytes to send."""
    headers, body = list(block.headers), block.body
    changed = _challenge(request, block, site)
    if changed:
        headers, body = changed
    raw = "raw" in block.directives
    body = _dynamic(body, request, site)
    if "gzip" in block.directives and "gzip" in request.get(b"accept-encoding"):
        key = (id(block), body if len(body) < 64 else hash(body))
        if key not in site.bodies:
            site.bodies[key] = gzip.compress(body, 6, mtime=0)
        body = site.bodies[key]
        headers += [b"Content-Encoding: gzip", b"Vary: Accept-Encoding"]
    headers = [_dynamic(h, request, site) for h in headers]
    keep = request.keep and "close" not in block.directives
    chunked = "chunked" in block.directives and not request.old
    if not raw:
        if not _has(headers, b"date"):
            headers.append(b"Date: " + http_date(int(site.vars.get("clock", 0))))
        if not keep and not _has(headers, b"connection"):
            headers.append(b"Connection: close")
        elif request.old and keep:
            headers.append(b"Connection: keep-alive")
        if chunked:
            headers.append(b"Transfer-Encoding: chunked")
        elif not _has(headers, b"content-length"):
            headers.append(b"Content-Length: %d" % len(body))
    head = b"\r\n".join([_dynamic(block.status, request, site)] + headers) + b"\r\n\r\n"
    if request.method == "HEAD" and not raw:
        body = b""
    elif chunked:
        pieces = [body[i:i + 4096] for i in range(0, len(body), 4096)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"
    return head, body, keep


def reset(writer):
    """Close with RST instead of FIN."""
    sock = writer.get_extra_info("socket")
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _send(writer, head, body):
    writer.write(head + body if len(body) < 65536 else head)
    if len(body) >= 65536:
        writer.write(body)
    await writer.drain()


async def read_request(reader, writer):
    """The next request, its body read and thrown away; None at the end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    request = Request(head[:-4].lstrip(b"\r\n"))
    length = request.get(b"content-length")
    if length:
        if request.get(b"expect").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        left = min(int(length), 1 << 20)
        while left > 0:
            piece = await reader.read(min(left, 65536))
            if not piece:
                return None
            left -= len(piece)
    return request


async def serve(site, reader, writer, is_tls, log, send=_send):
    """One connection, to its end."""
    one_each = site.vars.get("close") == "yes"  # the balancer ends each connection
    site = site.member()
    conn = log.connection()
    keep = True
    while keep:
        try:
            async with asyncio.timeout(120):
                request = await read_request(reader, writer)
        except (ValueError, asyncio.LimitOverrunError):
            writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/html; charset=us-ascii\r\n"
                         b"Server: Microsoft-HTTPAPI/2.0\r\nDate: %s\r\nConnection: close\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (http_date(), len(BAD_REQUEST), BAD_REQUEST))
            await writer.drain()
            break
        except TimeoutError:
            break
        if request is None:
            break
        log.request(conn, site.profile.name, is_tls, request)
        if site.vars.get("only_host") and request.get(b"host").partition(":")[0] != site.vars["hostname"]:
            writer.write(HTTPAPI_404 % (http_date(), len(NOT_FOUND), NOT_FOUND))
            await writer.drain()
            break
        block = site.find(request, is_tls)
        if block is None:
            writer.write(HTTPAPI_404 % (http_date(), len(NOT_FOUND), NOT_FOUND))
            await writer.drain()
            break
        if "reset" in block.directives:
            reset(writer)
            return
        if one_each:
            request.headers[b"connection"] = b"close"
        head, body, keep = encode(request, block, site)
        await send(writer, head, body)
    writer.close()
