"""Read server profiles: one text file says what one server of the lab answers.

The format is described in README.md beside this file.  Everything wrong in a
profile is a ProfileError with file:line; nothing is guessed.
"""

import fnmatch
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
FLEET = os.path.join(HERE, "fleet")
BASES = os.path.join(HERE, "base")

# Variables that only a request can fill.
DYNAMIC = {"host", "path", "request_id", "date", "mail_date", "stamp", "n"}

SECTION = re.compile(r"^\[(server|expect(?: \S+)?|(?:tls|smtp|imap|pop3|smb)(?: \d+)?|[A-Z,*]+ (?:http:)?[/*]\S*)\]\s*$")
VARIABLE = re.compile(rb"\$\{([a-z0-9_]+)\}")
ESCAPE = re.compile(rb"\\(x[0-9a-fA-F]{2}|[nrte0\\\[@])")
PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"e": b"\x1b", b"0": b"\0",
         b"\\": b"\\", b"[": b"[", b"@": b"@"}
DIRECTIVES = {"ntlm", "bearer", "gzip", "chunked", "raw", "close", "reset", "body",
              "if", "unless", "repeat"}
SERVICES = ("smtp", "imap", "pop3", "smb")
MANY = {"add"}                 # keys of [server] that may stand several times


class ProfileError(Exception):
    pass


def unescape(data):
    def one(match):
        text = match.group(1)
        return bytes([int(text[1:], 16)]) if text[:1] == b"x" else PLAIN[text]
    return ESCAPE.sub(one, data)


class Block:
    """What one path answers: directives, status line, header lines, body."""

    def __init__(self, where, methods, pattern):
        self.where = where
        self.plain_only = pattern.startswith("http:")
        self.pattern = (pattern[5:] if self.plain_only else pattern).lower()
        self.methods = set(methods.split(","))
        self.directives = {}
        self.status = b""
        self.headers = []       # (condition or None, line)
        self.body = b""
        self.from_base = False

    def matches(self, method, path, is_tls):
        if self.plain_only and is_tls:
            return False
        if "*" not in self.methods and method not in self.methods:
            # IIS answers HEAD wherever it answers GET.
            if not (method == "HEAD" and "GET" in self.methods):
                return False
        return fnmatch.fnmatchcase(path.lower(), self.pattern)


class Profile:
    def __init__(self, name):
        self.name = name
        self.server = {}
        self.tls = {}           # port or 0 -> {key: value}
        self.services = {}      # (kind, port or 0) -> {key: value}
        self.blocks = []
        self.expect = {}        # target text, "" for the host name -> [(key, value)]

    def get(self, key, fallback=""):
        return self.server.get(key, fallback)

    def words(self, key):
        return self.get(key).replace(",", " ").split()

    @property
    def hostname(self):
        return self.get("hostname") or self.name + ".exvet.test"

    @property
    def addresses(self):
        return [] if self.get("address") == "none" else self.words("address")

    def listeners(self):
        """[(port, protocol)] from "443 https, 80 http"."""
        out = []
        for item in self.get("listen", "443 https").split(","):
            port, protocol = item.split()
            out.append((int(port), protocol))
        return out

    def tls_for(self, port):
        return {**self.tls.get(0, {}), **self.tls.get(port, {})}

    def service(self, kind, port):
        """What [smtp] and [smtp PORT] say, the latter first."""
        return {**self.services.get((kind, 0), {}), **self.services.get((kind, port), {})}


def _lines(path):
    with open(path, encoding="utf-8", newline="\n") as f:
        for number, line in enumerate(f, 1):
            yield number, line.rstrip("\n")


def _key_value(where, line):
    key, equals, value = line.partition("=")
    if not equals:
        raise ProfileError(f"{where}: expected KEY = VALUE, got {line!r}")
    return key.strip(), value.strip()


def _block_line(block, where, line, state):
    """One line of a path block; state is head, headers or body.  The new state."""
    if state == "head" and line.startswith("@"):
        word, _, rest = line[1:].partition(" ")
        if word not in DIRECTIVES:
            raise ProfileError(f"{where}: unknown directive @{word}")
        block.directives[word] = rest.strip()
        return "head"
    if state == "head":
        if line.startswith("#"):
            return "head"
        block.status = unescape(line.encode())
        return "headers"
    if state == "headers":
        if line == "":
            return "body"
        condition = None
        if line.startswith("?"):
            condition, _, line = line[1:].partition(" ")
        block.headers.append((condition, unescape(line.encode())))
        return "headers"
    block.body += line.encode() + b"\n"
    return "body"


def _end_block(block):
    if block is None:
        return
    # The newline before the next section belongs to the file, not to the body;
    # blank lines that only separate sections go with it.
    block.body = unescape(block.body.rstrip(b"\n"))
    if not block.status and not {"reset"} & set(block.directives):
        raise ProfileError(f"{block.where}: block without a status line")


def parse(path, name):
    profile = Profile(name)
    kind, block, state, target = None, None, None, None
    for number, line in _lines(path):
        where = f"{path}:{number}"
        section = SECTION.match(line)
        if section:
            _end_block(block)
            block = None
            kind, _, rest = section.group(1).partition(" ")
            if kind == "expect":
                target = profile.expect.setdefault(rest, [])
            elif kind == "tls":
                target = profile.tls.setdefault(int(rest or 0), {})
            elif kind in SERVICES:
                target = profile.services.setdefault((kind, int(rest or 0)), {})
            elif kind != "server":
                block, state = Block(where, kind, rest), "head"
                profile.blocks.append(block)
            continue
        if block is not None:
            if state == "head" and line == "":
                continue
            state = _block_line(block, where, line, state)
        elif line.strip() == "" or line.startswith("#"):
            continue
        elif kind is None:
            raise ProfileError(f"{where}: text before the first section")
        else:
            key, value = _key_value(where, line)
            if kind == "expect":
                target.append((key, value))
            elif kind == "tls" or kind in SERVICES:
                target[key] = value
            elif key in MANY:
                profile.server[key] = profile.server.get(key, []) + [value]
            elif key in profile.server:
                raise ProfileError(f"{where}: {key} stands twice")
            else:
                profile.server[key] = value
    _end_block(block)
    return profile


def load(name, path=None):
    """A profile with everything that its bases add behind it."""
    path = path or os.path.join(FLEET, name + ".profile")
    profile = parse(path, name)
    base, depth = profile.get("base"), 0
    while base:
        file = os.path.join(BASES, base + ".profile")
        if not os.path.exists(file):
            raise ProfileError(f"{path}: no base {base!r}")
        below = parse(file, base)
        for key, value in below.server.items():
            profile.server.setdefault(key, value)
        for port, settings in below.tls.items():
            profile.tls[port] = {**settings, **profile.tls.get(port, {})}
        for which, settings in below.services.items():
            profile.services[which] = {**settings, **profile.services.get(which, {})}
        for block in below.blocks:
            block.from_base = True
        profile.blocks += below.blocks
        base, depth = below.get("base"), depth + 1
        if depth > 8:
            raise ProfileError(f"{path}: bases go round in a circle")
    return profile


def names():
    return sorted(f[:-len(".profile")] for f in os.listdir(FLEET) if f.endswith(".profile"))


def load_fleet(only=()):
    """All profiles, or those named and the pool members that they need."""
    everything = {name: load(name) for name in names()}
    unknown = set(only) - set(everything)
    if unknown:
        raise ProfileError("no profile " + ", ".join(sorted(unknown)))
    wanted = list(only or everything)
    for name in list(wanted):
        for member in everything[name].words("members"):
            if member not in everything:
                raise ProfileError(f"{name}: no member {member!r}")
            if member not in wanted:
                wanted.append(member)
    seen = {}
    for name in wanted:
        for address in everything[name].addresses:
            if address in seen:
                raise ProfileError(f"{name} and {seen[address]} share {address}")
            seen[address] = name
    return {name: everything[name] for name in wanted}
