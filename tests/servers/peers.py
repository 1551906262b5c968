"""peers.py - what the tests against real servers share: a port, a process, a scan."""
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.environ.get("top_srcdir", "."), "tests", "cli"))

from tap import EXVET, Tap  # noqa: E402,F401

HOST = "127.0.0.2"              # another address than ours: servers trust their own too much


def free_port(host=HOST):
    with socket.socket() as s:
        s.bind((host, 0))
        return s.getsockname()[1]


def need(*programs):
    """All of them, and root; else the whole test is skipped."""
    path = os.environ.get("PATH", "") + ":/usr/sbin:/sbin:/usr/local/sbin"
    missing = [p for p in programs if shutil.which(p, path=path) is None]
    if os.geteuid() != 0:
        missing.append("root")
    if missing:
        print("1..0 # SKIP needs " + ", ".join(missing))
        sys.exit(0)
    return [shutil.which(p, path=path) for p in programs]


class Server:
    """A process in a session of its own that accepts on a port; stopped by its id."""

    def __init__(self, command, port, log, host=HOST):
        self.log = log
        with open(log, "ab") as out:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=out, start_new_session=True)
        for _ in range(200):
            try:
                socket.create_connection((host, port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.stop()
        with open(log, encoding="utf-8", errors="replace") as f:
            print("".join("# " + line for line in f.readlines()[-20:]))
        print("Bail out! %s does not listen" % command[0])
        sys.exit(1)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.stop()

    def stop(self):
        for how in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self.process.pid, how)
            except ProcessLookupError:
                break
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                continue
        self.process.wait(5)


class Scan:
    """One result of exvet: facts as sets of values, by name and by place."""

    def __init__(self, ports, *options, host=HOST, target=None):
        env = {k: v for k, v in os.environ.items() if not k.startswith("EXVET_") or k == "EXVET_TABLE"}
        env["XDG_CONFIG_HOME"] = "/nonexistent"
        command = [EXVET, "scan", target or host + ":1", "--probes", ",".join(ports), "-o", "jsonl",
                   "--connect-timeout", "3s", "--request-timeout", "5s"]
        for name, port in ports.items():
            command += ["--port", "%s=%d" % (name, port)]
        p = subprocess.run(command + list(options), capture_output=True, env=env, timeout=120)
        if not p.stdout or p.returncode not in (0, 1) or b"Sanitizer" in p.stderr:
            print("Bail out! status %d: %s" % (p.returncode, p.stderr.decode()[-2000:].replace("\n", "\n# ")))
            sys.exit(1)
        settle()
        self.result = json.loads(p.stdout.splitlines()[0])
        self.connections = self.result["connections"]
        self.errors = [(e["probe"], e["stage"], e["reason"]) for e in self.result["errors"] if e["probe"]]
        self.verdicts = {f["rule"]: f["verdict"] for f in self.result["findings"]}

    def facts(self, name, port=None):
        return {o["value"] for o in self.result["observations"] if o["fact"] == name and
                (port is None or o["at"].endswith(":%d" % port))}

    def one(self, name, port=None):
        values = self.facts(name, port)
        return next(iter(values)) if len(values) == 1 else sorted(values, key=str) or None


class Peer:
    """Says what it is told to; counts connections, and how many were open at once.

    Our threads run late on a busy machine: what counts as open is what the
    kernel says, and settle() waits until all of it was heard.
    """

    live = []

    def __init__(self, talk, host=HOST):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((host, 0))
        self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        self.talk, self.heard, self.most, self.count = talk, b"", 0, 0
        self.open, self.talks = set(), 0
        self.lock = threading.Lock()
        self.live.append(self)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                # Not taken before it is counted: nobody may see neither.
                if not select.select([self.listener], [], [], 0.5)[0]:
                    continue
                with self.lock:
                    c = self.listener.accept()[0]
                    self._join(c.fileno())
            except (OSError, ValueError):
                return
            threading.Thread(target=self._serve, args=(c, c.fileno()), daemon=True).start()

    def _join(self, fd):
        self.open = {o for o in self.open if not is_gone(o)} | {fd}
        self.most = max(self.most, len(self.open))
        self.count += 1
        self.talks += 1

    def _serve(self, c, fd):
        try:
            self.talk(self, c)
        except OSError:
            pass
        with self.lock:
            self.open.discard(fd)
            c.close()
            self.talks -= 1

    def hear(self, c):
        data = c.recv(4096)
        self.heard += data
        return data

    def is_settled(self):
        with self.lock:
            return not self.talks and not select.select([self.listener], [], [], 0)[0]

    def close(self):
        self.live.remove(self)
        self.listener.close()


def is_gone(fd):
    """The other side has closed this connection, or we have."""
    poll = select.poll()
    poll.register(fd, select.POLLRDHUP)
    return bool(poll.poll(0))


def wait_for(what, seconds=20):
    """What is true in the end, or what it was last: servers write when they get to it."""
    end = time.monotonic() + seconds
    while not (got := what()) and time.monotonic() < end:
        time.sleep(0.02)
    return got


def settle():
    """The scan is over: every peer has heard what was said to it."""
    wait_for(lambda: all(p.is_settled() for p in Peer.live))
