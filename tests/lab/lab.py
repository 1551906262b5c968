#!/usr/bin/python3
"""A lab of peers on loopback: an emulated Exchange fleet and bad company.

  lab.py up --dir DIR [--port-offset N] [NAME...]   serve until SIGTERM
  lab.py list                                       names, addresses, what is expected
  lab.py check                                      read every profile, serve nothing

Each profile (fleet/NAME.profile) is a server with an address of its own in
127.0.0.0/8.  `up` writes into DIR, and `ready` last of all:

  ca.pem        the lab's certificate authority
  resolve.txt   HOST:ADDRESS, a line a host, as exvet's --resolve takes them
  targets.txt   what to scan
  expect.json   what each target is expected to be, from the profiles
  ports.txt     PROBE=NUMBER, a line a probe, as exvet's --port takes them
  access.log    every request that came in, tab-separated
  services.log  every connection and line of SMB and mail, tab-separated
  lab.pid       the process to stop

Ports below 1024 need root; --port-offset N moves every port up by N.
"""

import argparse
import asyncio
import ctypes
import json
import logging
import os
import resource
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import warnings

import hostile
import oldtls
import pki
import profiles
import services
import web

VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1,
            "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
BACKEND_PORT = 8081             # where a profile's own nginx finds the emulated server
BEHIND_PORT = 8443              # where the real TLS is, of a profile that answers old versions by hand
QUIET = (ConnectionError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.LimitOverrunError,
         TimeoutError, BrokenPipeError)


def is_gone(sock):
    if sock.fileno() == -1:
        return True
    poll = select.poll()
    poll.register(sock, select.POLLRDHUP)
    return bool(poll.poll(0))


class Log:
    """access.log: connection, profile, https or http, method, target, user agent;
    services.log: connection, profile, service, what the client said."""

    def __init__(self, folder):
        self.file, self.services = (open(os.path.join(folder, name), "w", encoding="utf-8", buffering=1)
                                    for name in ("access.log", "services.log"))
        self.connections = 0
        self.open = {}          # of services: number to profile, service, socket

    def connection(self):
        self.connections += 1
        return self.connections

    def request(self, conn, name, is_tls, request):
        fields = [str(conn), name, "https" if is_tls else "http", request.method, request.target,
                  request.get(b"authorization").split(" ")[0] or "-", request.get(b"user-agent")]
        self.file.write("\t".join(f.replace("\t", " ") for f in fields) + "\n")

    def opened(self, conn, name, protocol, sock):
        """The log tells the order at the client: what it has closed is closed, though its talk has not heard so yet."""
        for other, (_, _, its) in list(self.open.items()):
            if is_gone(its):
                self.closed(other)
        self.open[conn] = (name, protocol, sock)
        self.service(conn, name, protocol, "open")

    def closed(self, conn):
        if conn in self.open:
            name, protocol, _ = self.open.pop(conn)
            self.service(conn, name, protocol, "close")

    def service(self, conn, name, protocol, said):
        self.services.write("\t".join([str(conn), name, protocol, said.encode("unicode_escape").decode()]) + "\n")


def target_text(text, offset):
    """A target of a profile with its port moved by offset."""
    if not offset:
        return text
    scheme, sep, rest = text.rpartition("://")
    host, slash, path = rest.partition("/")
    name, colon, port = host.partition(":")
    port = int(port) if colon else 80 if scheme == "http" else 443
    return f"{scheme}{sep}{name}:{port + offset}{slash}{path}"


def main_target(profile):
    """What a user would type for this server."""
    port, protocol = profile.listeners()[0]
    if protocol == "http":
        return f"http://{profile.hostname}" + ("" if port == 80 else f":{port}")
    return profile.hostname if port == 443 else f"{profile.hostname}:{port}"


def expectations(fleet, offset=0):
    """[{profile, target, expect: [[key, value]...]}] of every profile with an address."""
    out = []
    for name, profile in fleet.items():
        if not profile.addresses:
            continue
        for text, pairs in (profile.expect or {"": []}).items():
            target = target_text(text or main_target(profile), offset)
            out.append({"profile": name, "target": target, "address": profile.addresses[0],
                        "expect": pairs})
    return out


def tls_context(profile, port, certificate, key):
    settings = profile.tls_for(port)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = VERSIONS[settings.get("min", "1.2")]
        context.maximum_version = VERSIONS[settings.get("max", "1.2")]
    if "ciphers" in settings:
        context.set_ciphers(settings["ciphers"])
    context.load_cert_chain(certificate, key)
    alpn = settings.get("alpn", "http/1.1")
    if alpn != "none":
        context.set_alpn_protocols(alpn.split())
    return context


class Lab:
    def __init__(self, folder, fleet, offset):
        self.folder, self.fleet, self.offset = folder, fleet, offset
        self.sites = {name: web.Site(profile) for name, profile in fleet.items()}
        for site in self.sites.values():
            site.pool = [self.sites[m] for m in site.profile.words("members")]
        self.skipped = []
        self.servers, self.sockets, self.children = [], [], []
        self.tasks = set()
        self.log = Log(folder)
        self.certificates = {}
        self.speaking = []

    # ---- one connection ----

    def _guard(self, coroutine_of):
        """A callback for asyncio's servers: swallow what peers do, keep what we did wrong."""
        async def connected(reader, writer):
            task = asyncio.current_task()
            self.tasks.add(task)
            try:
                await coroutine_of(reader, writer)
            except QUIET:
                pass
            except asyncio.CancelledError:
                pass
            except Exception:
                logging.exception("connection failed")
            finally:
                self.tasks.discard(task)
                writer.close()
        return connected

    async def _listen(self, address, port, handler, context=None):
        server = await asyncio.start_server(
            self._guard(handler), address, port + self.offset, ssl=context, backlog=1024,
            ssl_handshake_timeout=60 if context else None, limit=65536)
        self.servers.append(server)

    def _certificate(self, site, port):
        name = site.profile.name
        return self.certificates.get((name, port)) or self.certificates[name]

    # ---- listeners ----

    async def _https(self, site, address, port, behaviour):
        layer, function = hostile.BEHAVIOURS[behaviour] if behaviour else ("send", None)
        context = tls_context(site.profile, port, *self._certificate(site, port))
        if "old" in site.profile.tls_for(port):
            await self._old(site, address, port)
            port = BEHIND_PORT
        if layer == "listen":
            self._odd_socket(behaviour, address, port)
        elif layer == "tcp":
            await self._listen(address, port, lambda r, w: function(site, r, w, context))
        elif layer == "tls":
            await self._listen(address, port, lambda r, w: function(site, r, w, context), context)
        else:
            options = {"send": function} if function else {}
            await self._listen(address, port,
                               lambda r, w: web.serve(site, r, w, True, self.log, **options), context)

    async def _old(self, site, address, port):
        old = oldtls.Old(site.profile.tls_for(port), self._certificate(site, port)[0])
        await self._listen(address, port,
                           lambda r, w: oldtls.front(old, r, w, address, BEHIND_PORT + self.offset))

    async def _http(self, site, address, port, behaviour):
        await self._listen(address, port, lambda r, w: web.serve(site, r, w, False, self.log))

    async def _nginx(self, site, address, port, behaviour):
        """The emulated server behind; nginx itself is started once for all."""
        await self._listen(address, BACKEND_PORT,
                           lambda r, w: web.serve(site, r, w, True, self.log))

    async def _service(self, site, address, port, protocol):
        """SMB or mail; imaps and pop3s begin inside TLS, the others may come to it."""
        service = services.Service(site, port, protocol, self.log)
        context = tls_context(site.profile, port, *self._certificate(site, port))
        if protocol in ("imaps", "pop3s"):
            await self._listen(address, port, service.talk, context)
        else:
            await self._listen(address, port, lambda r, w: service.talk(r, w, context))

    def _odd_socket(self, behaviour, address, port):
        if behaviour == "refuse":
            return
        # A black hole: the queue of the listener is full for ever, so the
        # kernel drops every further SYN.
        hole = socket.socket()
        hole.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        hole.bind((address, port + self.offset))
        hole.listen(0)
        self.sockets.append(hole)
        for _ in range(4):
            plug = socket.socket()
            plug.setblocking(False)
            plug.connect_ex((address, port + self.offset))
            self.sockets.append(plug)

    async def _serve(self, site):
        protocols = {"https": self._https, "http": self._http, "nginx": self._nginx}
        behaviour = site.profile.get("behaviour")
        for position, (port, protocol) in enumerate(site.profile.listeners()):
            if protocol not in protocols and protocol not in services.PROTOCOLS:
                raise profiles.ProfileError(f"{site.profile.name}: no protocol {protocol!r}")
            for address in site.profile.addresses:
                if protocol in services.PROTOCOLS:
                    await self._service(site, address, port, protocol)
                else:
                    await protocols[protocol](site, address, port, behaviour if position == 0 else "")

    # ---- nginx ----

    def _nginx_conf(self, sites):
        servers = []
        for site in sites:
            certificate, key = self.certificates[site.profile.name]
            port = next(p for p, protocol in site.profile.listeners() if protocol == "nginx")
            for address in site.profile.addresses:
                servers.append(f"""
	server {{
		listen {address}:{port + self.offset} ssl http2;
		server_name {site.profile.hostname};
		ssl_certificate {certificate};
		ssl_certificate_key {key};
		ssl_protocols TLSv1.2 TLSv1.3;
		location / {{
			proxy_pass http://{address}:{BACKEND_PORT + self.offset};
			proxy_http_version 1.1;
			proxy_set_header Host $http_host;
			proxy_set_header Connection "";
		}}
	}}""")
        temp = "".join(f"\t{kind}_temp_path {self.folder}/nginx-temp;\n" for kind in (
            "client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        return (f"daemon off;\nmaster_process off;\npid {self.folder}/nginx.pid;\n"
                f"error_log {self.folder}/nginx.log warn;\n"
                "events {\n\tworker_connections 2048;\n}\n"
                f"http {{\n\taccess_log off;\n\tserver_tokens off;\n{temp}" + "".join(servers) + "\n}\n")

    async def _start_nginx(self, sites):
        conf = os.path.join(self.folder, "nginx.conf")
        with open(conf, "w", encoding="utf-8") as f:
            f.write(self._nginx_conf(sites))
        log = open(os.path.join(self.folder, "nginx.out"), "wb")
        child = subprocess.Popen(
            [nginx_path(), "-p", self.folder, "-c", conf, "-e", os.path.join(self.folder, "nginx.log")],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=die_with_parent)
        log.close()
        self.children.append(child)
        for site in sites:
            port = site.profile.listeners()[0][0] + self.offset
            await self._wait_for(child, site.profile.addresses[0], port)

    async def _wait_for(self, child, address, port):
        for _ in range(200):
            try:
                _, writer = await asyncio.open_connection(address, port)
                writer.close()
                return
            except OSError:
                if child.poll() is not None:
                    raise RuntimeError("nginx did not start; see nginx.log and nginx.out") from None
                await asyncio.sleep(0.02)
        raise RuntimeError("nginx does not answer; see nginx.log")

    # ---- all of it ----

    def _write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            f.write(text)

    async def start(self):
        authority = pki.Authority(self.folder)
        speaking = [s for s in self.sites.values() if s.profile.addresses]
        fronted = [s for s in speaking if any(p == "nginx" for _, p in s.profile.listeners())]
        if fronted and not nginx_path():
            for site in fronted:
                self.skipped.append(site.profile.name)
                speaking.remove(site)
            fronted = []
        self.certificates = await asyncio.to_thread(authority.leaves, speaking)
        self.speaking = speaking
        for site in speaking:
            await self._serve(site)
        if fronted:
            await self._start_nginx(fronted)
        fleet = {s.profile.name: s.profile for s in speaking}
        expected = expectations(fleet, self.offset)
        self._write("resolve.txt", "".join(f"{p.hostname}:{a}\n" for p in fleet.values()
                                           for a in p.addresses))
        self._write("ports.txt", "".join(f"{name}={number + self.offset}\n" for name, number in
                                         services.PROBES.items() if self.offset))
        self._write("targets.txt", "".join(e["target"] + "\n" for e in expected))
        self._write("expect.json", json.dumps(expected, indent=1) + "\n")
        self._write("skipped.txt", "".join(f"{n}: nginx is not installed\n" for n in self.skipped))

    async def stop(self):
        for server in self.servers:
            server.close()
        for child in self.children:
            child.terminate()
        for task in list(self.tasks):
            task.cancel()
        for sock in self.sockets:
            sock.close()
        for child in self.children:
            try:
                await asyncio.to_thread(child.wait, 5)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        await asyncio.sleep(0)


def nginx_path():
    return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")


def die_with_parent():
    """PR_SET_PDEATHSIG: a child never outlives the lab, even when that is killed."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def is_reset(context):
    """The peer went away; asyncio 3.11 trips over a reset in the midst of a TLS handshake."""
    error = context.get("exception")
    return isinstance(error, QUIET + (OSError,)) or (
        isinstance(error, AttributeError) and
        any(name in str(error) for name in ("connection_lost", "'_detach'", "'close'")))


async def run(args, fleet):
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    loop.set_exception_handler(lambda l, context: None if is_reset(context) else
                               l.default_exception_handler(context))
    lab = Lab(args.dir, fleet, args.port_offset)
    pid, ready = (os.path.join(args.dir, n) for n in ("lab.pid", "ready"))
    with open(pid, "w", encoding="ascii") as f:
        f.write(f"{os.getpid()}\n")
    try:
        await lab.start()
        for name in lab.skipped:
            print(f"lab: {name} left out: nginx is not installed", flush=True)
        with open(ready, "w", encoding="ascii") as f:
            f.write("ready\n")
        print(f"lab: {len(lab.speaking)} servers are up in {args.dir}", flush=True)
        await stopped.wait()
    finally:
        await lab.stop()
        for path in (ready, pid):
            if os.path.exists(path):
                os.unlink(path)


def show_list(fleet):
    for name, profile in fleet.items():
        expect = dict(next(iter(profile.expect.values()), []))
        what = " ".join(expect.get(k, "") for k in ("identity", "product", "cu", "update", "error"))
        print(f"{name:32} {profile.get('address'):16} {' '.join(what.split())}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="serve until SIGTERM")
    up.add_argument("--dir", required=True, help="directory for what the lab writes")
    up.add_argument("--port-offset", type=int, default=0, metavar="N")
    up.add_argument("names", nargs="*", metavar="NAME")
    commands.add_parser("list", help="names, addresses, what is expected")
    commands.add_parser("check", help="read every profile, serve nothing")
    args = parser.parse_args()
    try:
        fleet = profiles.load_fleet(getattr(args, "names", ()))
        if args.command == "list":
            show_list(fleet)
        elif args.command == "check":
            for profile in fleet.values():
                site = web.Site(profile)
                for port, protocol in profile.listeners():
                    if protocol in services.PROTOCOLS:
                        services.Service(site, port, protocol, None)
            print(f"{len(fleet)} profiles are well-formed")
        else:
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
            args.dir = os.path.abspath(args.dir)
            os.makedirs(args.dir, exist_ok=True)
            logging.basicConfig(filename=os.path.join(args.dir, "lab.log"), level=logging.WARNING)
            asyncio.run(run(args, fleet))
    except (profiles.ProfileError, RuntimeError, OSError) as error:
        sys.exit(f"lab: {error}")


if __name__ == "__main__":
    main()
