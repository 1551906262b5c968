"""A real Icinga 2 in a folder of its own, for the length of a with statement.

Debian's packages icinga2-bin and icinga2-common; root, because Icinga changes
its user.  It is started with all its folders moved, and stopped by process id.
"""

import base64
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "plugin"))
from plugin import Installed, harness

CONF = os.path.join(harness.SRCDIR, "conf", "icinga2")
# The name in the certificate of the API: what `exvet scan -o icinga:https://localhost:...' asks for.
NODE = "localhost"
FOLDERS = ["etc/zones.d", "data/certs", "data/ca", "data/api/log", "data/api/repository",
           "data/api/zones", "log", "cache", "run", "spool"]
# What conf/icinga2/notifications.conf leans on, and Debian's conf.d would define.
SURROUNDINGS = """
object NotificationCommand "mail-service-notification" {{ command = [ "/bin/true" ] }}
object UserGroup "exchange-admins" {{ }}
object User "admin" {{ groups = [ "exchange-admins" ] }}
object TimePeriod "9to5" {{ ranges = {{ "monday" = "09:00-17:00" }} }}
const PluginDir = "{plugins}"
const PluginContribDir = PluginDir
const ManubulonPluginDir = PluginDir
include <itl>
include <plugins>
object ApiUser "test" {{ password = "test"; permissions = [ "*" ] }}
"""


def available():
    return os.geteuid() == 0 and shutil.which("icinga2") is not None


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def defines(folder, node):
    """-D options that move everything Icinga writes into the folder."""
    places = {"ConfigDir": "etc", "ZonesDir": "etc/zones.d", "DataDir": "data", "LogDir": "log",
              "CacheDir": "cache", "SpoolDir": "spool", "InitRunDir": "run", "PidPath": "run/pid",
              "VarsPath": "cache/vars", "ObjectsPath": "cache/objects", "StatePath": "data/state",
              "ModAttrPath": "data/modified.conf"}
    out = [f"-DConfiguration.{k}={os.path.join(folder, v)}" for k, v in places.items()]
    return out + ["-DConfiguration.RunAsUser=root", "-DConfiguration.RunAsGroup=root",
                  f"-DNodeName={node}", f"-DZonesDir={os.path.join(folder, 'etc/zones.d')}"]


def make_folders(folder):
    for name in FOLDERS:
        os.makedirs(os.path.join(folder, name), exist_ok=True)


def quiet(*args):
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise RuntimeError(" ".join(args[:4]) + ": " + done.stdout.decode()[-1500:])


def make_certificate(folder, ca, node):
    """Key, request and certificate of one node; ca: folder that has the authority."""
    certs = os.path.join(folder, "data", "certs", node)
    quiet("icinga2", "pki", "new-cert", *defines(folder, node), "--cn", node,
          "--key", certs + ".key", "--csr", certs + ".csr")
    quiet("icinga2", "pki", "sign-csr", *defines(ca, node), "--csr", certs + ".csr",
          "--cert", certs + ".crt")
    shutil.copy(os.path.join(ca, "data", "ca", "ca.crt"), os.path.join(folder, "data", "certs"))


class Api:
    """Requests to the API as user test."""

    def __init__(self, address, port, ca, node):
        self.url = f"https://{address}:{port}/v1"
        self.context = ssl.create_default_context(cafile=ca)
        self.context.check_hostname = False     # the certificate names the node
        self.token = base64.b64encode(b"test:test").decode()
        self.node = node

    def ask(self, path, body=None):
        request = urllib.request.Request(self.url + path, method="POST" if body else "GET",
                                         data=json.dumps(body).encode() if body else None)
        request.add_header("Authorization", "Basic " + self.token)
        request.add_header("Accept", "application/json")
        try:
            with urllib.request.urlopen(request, context=self.context, timeout=20) as reply:
                return json.load(reply)
        except (urllib.error.URLError, OSError) as error:
            return {"results": [], "error": str(error)}

    def services(self):
        """{host!service: last check result} of those that were checked."""
        answer = self.ask("/objects/services?attrs=last_check_result&attrs=__name")
        return {r["attrs"]["__name"]: r["attrs"]["last_check_result"] for r in answer["results"]
                if r["attrs"]["last_check_result"]}


class Icinga:
    """One node that is its own master; plugin: the installed one; shipped: with conf/icinga2."""

    def __init__(self, plugin, text, shipped=True):
        self.plugins, self.env, self.text = os.path.dirname(plugin.path), plugin.env, text
        self.shipped = sorted(os.listdir(CONF)) if shipped else []

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="exvet-icinga-")
        self.port = free_port()
        make_folders(self.folder)
        self.process = None
        try:
            self._start()
        except Exception:
            self.__exit__()
            raise
        return self

    def _start(self):
        quiet("icinga2", "pki", "new-ca", *defines(self.folder, NODE))
        make_certificate(self.folder, self.folder, NODE)
        config = os.path.join(self.folder, "etc", "icinga2.conf")
        with open(config, "w", encoding="utf-8") as f:
            f.write('const ZoneName = NodeName\nobject Endpoint NodeName { }\n'
                    'object Zone ZoneName { endpoints = [ NodeName ] }\n'
                    'object CheckerComponent "checker" { }\n'
                    f'object ApiListener "api" {{ bind_host = "127.0.0.1"; bind_port = {self.port} }}\n')
            f.write(SURROUNDINGS.format(plugins=self.plugins) + self.text)
            for name in self.shipped:
                f.write(f'include "{os.path.join(CONF, name)}"\n')
        quiet("icinga2", "daemon", "-C", *defines(self.folder, NODE), "-c", config)
        with open(os.path.join(self.folder, "said"), "wb") as said:
            self.process = subprocess.Popen(
                ["icinga2", "daemon", *defines(self.folder, NODE), "-c", config],
                stdout=said, stderr=said, env=self.env)
        self.ca = os.path.join(self.folder, "data", "certs", "ca.crt")
        self.api = Api("127.0.0.1", self.port, self.ca, NODE)
        for _ in range(200):
            if self.api.ask("/status")["results"]:
                return
            time.sleep(0.1)
        with open(os.path.join(self.folder, "said"), encoding="utf-8") as f:
            raise RuntimeError("Icinga did not start: " + f.read()[-1500:])

    def __exit__(self, *unused):
        if self.process is not None:
            harness.stop(self.process, 30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def run_checks(self, names, seconds=60):
        """Results of these services, run now."""
        self.api.ask("/actions/reschedule-check",
                     {"type": "Service", "filter": "service.check_command == \"exchange\"",
                      "force": True})
        until = time.monotonic() + seconds
        found = {}
        while time.monotonic() < until and not all(n in found for n in names):
            time.sleep(0.2)
            found = self.api.services()
        return found


def parse_perfdata(texts):
    """What Icinga's own parser makes of each text: [(label, value, unit)], or its complaint."""
    script = "var out = []; for (t in [" + ",".join(json.dumps(t) for t in texts) + \
        "]) { var p = parse_performance_data(t); out.add([p.label, p.value, p.unit]) }; Json.encode(out)"
    done = subprocess.run(["icinga2", "console", "--eval", script], capture_output=True, check=False)
    try:
        return json.loads(json.loads(done.stdout.decode()))
    except ValueError:
        return done.stdout.decode() + done.stderr.decode()
