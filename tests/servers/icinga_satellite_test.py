#!/usr/bin/python3
"""One Icinga master and a satellite in network namespaces: the satellite runs the plugin.

The server that is checked stands beside the satellite, where the master cannot
reach it; the state is read from the master's API.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import icinga
from icinga import Installed, harness

MASTER, SATELLITE = "10.99.7.1", "10.99.7.2"
COMMON = """
object Endpoint "mon1" {{ host = "{master}" }}
object Endpoint "sat1" {{ host = "{satellite}" }}
object Zone "master" {{ endpoints = [ "mon1" ] }}
object Zone "dmz" {{ endpoints = [ "sat1" ]; parent = "master" }}
object Zone "global-templates" {{ global = true }}
object CheckerComponent "checker" {{ }}
const ZoneName = "{zone}"
object ApiListener "api" {{ bind_host = "{bind}"; accept_config = true; accept_commands = true }}
"""


def ip(*args):
    subprocess.run(["ip", *args], check=True, capture_output=True)


class Net:
    """Two namespaces, one cable."""

    def __enter__(self):
        self.m, self.s = f"exvm{os.getpid()}", f"exvs{os.getpid()}"
        self.process = []
        try:
            for name in (self.m, self.s):
                ip("netns", "add", name)
                ip("-n", name, "link", "set", "lo", "up")
            ip("link", "add", "v1", "netns", self.m, "type", "veth", "peer", "name", "v2", "netns", self.s)
            for name, dev, address in ((self.m, "v1", MASTER), (self.s, "v2", SATELLITE)):
                ip("-n", name, "addr", "add", address + "/24", "dev", dev)
                ip("-n", name, "link", "set", dev, "up")
        except (OSError, subprocess.CalledProcessError):
            self.__exit__()
            harness.skip_all("network namespaces cannot be made here")
        return self

    def start(self, name, *args, said, env=None):
        with open(said, "wb") as f:
            process = subprocess.Popen(["ip", "netns", "exec", name, *args], stdout=f, stderr=f,
                                       stdin=subprocess.DEVNULL, env=env)
        self.process.append(process)
        return process

    def __exit__(self, *unused):
        for process in self.process:
            process.send_signal(signal.SIGTERM)
        for process in self.process:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for name in (self.m, self.s):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def prepare(folder, plugins, host_conf):
    for node in ("mon1", "sat1"):
        icinga.make_folders(os.path.join(folder, node))
    ca = os.path.join(folder, "mon1")
    icinga.quiet("icinga2", "pki", "new-ca", *icinga.defines(ca, "mon1"))
    around = icinga.SURROUNDINGS.format(plugins=plugins)
    for node, zone, bind in (("mon1", "master", MASTER), ("sat1", "dmz", SATELLITE)):
        own = os.path.join(folder, node)
        icinga.make_certificate(own, ca, node)
        write(os.path.join(own, "etc", "icinga2.conf"), around + COMMON.format(
            master=MASTER, satellite=SATELLITE, zone=zone, bind=bind))
    zones = os.path.join(ca, "etc", "zones.d")
    for name in ("dmz", "global-templates"):
        os.makedirs(os.path.join(zones, name))
    with open(os.path.join(icinga.CONF, "exchange-command.conf"), encoding="utf-8") as f:
        write(os.path.join(zones, "global-templates", "exchange.conf"), f.read())
    write(os.path.join(zones, "dmz", "hosts.conf"), host_conf)


def start_lab(net, folder):
    """The lab in the satellite's namespace, by the python of the harness."""
    net.start(net.s, harness.PYTHON, harness.LAB, "up", "--dir", folder, "ex-se-aug26",
              said=folder + ".said")
    for _ in range(200):
        if os.path.exists(os.path.join(folder, "ready")):
            return
        time.sleep(0.1)
    with open(folder + ".said", encoding="utf-8") as f:
        raise RuntimeError("the lab did not start: " + f.read())


def ask_master(net, ca):
    """The last check result of the service, asked from the master's namespace."""
    script = ("import sys; sys.path.insert(0, %r); sys.argv[1:] = []; import icinga, json; "
              "print(json.dumps(icinga.Api(%r, 5665, %r, 'mon1').services()))" %
              (os.path.dirname(os.path.abspath(icinga.__file__)), MASTER, ca))
    done = subprocess.run(["ip", "netns", "exec", net.m, harness.PYTHON, "-B", "-c", script],
                          capture_output=True, check=False)
    import json
    try:
        return json.loads(done.stdout).get("mail-dmz!exchange")
    except ValueError:
        return None


def main():
    if not icinga.available():
        harness.skip_all("needs root and Debian's icinga2-bin, icinga2-common")
    tap = harness.Tap()
    with tempfile.TemporaryDirectory() as folder, Installed() as plugin, Net() as net:
        lab = os.path.join(folder, "lab")
        start_lab(net, lab)
        options = os.path.join(folder, "options.ini")
        write(options, f"[exchange]\nas-of=2026-10-20\nca-file={lab}/ca.pem\nchecks=patch,support\n"
                       f"resolve=ex-se-aug26.exvet.test:{address(lab)}\n")
        prepare(folder, os.path.dirname(plugin.path),
                'object Host "mail-dmz" { address = "ex-se-aug26.exvet.test"; check_command = "dummy" }\n'
                'object Service "exchange" { host_name = "mail-dmz"; check_command = "exchange"; '
                'check_interval = 2s; max_check_attempts = 1; '
                f'vars.exchange_extra_opts = "exchange@{options}" }}\n')
        for name, node in ((net.s, "sat1"), (net.m, "mon1")):
            own = os.path.join(folder, node)
            net.start(name, "icinga2", "daemon", *icinga.defines(own, node), "-c",
                      os.path.join(own, "etc", "icinga2.conf"), said=own + ".said", env=plugin.env)
        result, until = None, time.monotonic() + 90
        ca = os.path.join(folder, "mon1", "data", "certs", "ca.crt")
        while time.monotonic() < until and (result is None or result["check_source"] != "sat1"):
            time.sleep(0.5)
            result = ask_master(net, ca)
        if tap.ok(result is not None, "the master has a result"):
            tap.equal(result["check_source"], "sat1", "the satellite ran the plugin")
            tap.equal(result["state"], 2, "the state")
            tap.ok("3 updates behind" in result["output"], "the output", result["output"])
            tap.ok(any(p.startswith("missing-updates=3") for p in result["performance_data"]),
                   "the performance data", result["performance_data"])
    tap.done()


def address(lab):
    with open(os.path.join(lab, "resolve.txt"), encoding="utf-8") as f:
        return dict(line.split(":", 1) for line in f.read().split())["ex-se-aug26.exvet.test"]


if __name__ == "__main__":
    main()
