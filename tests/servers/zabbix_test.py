#!/usr/bin/python3
"""Debian's Zabbix imports the template; its server runs the external check and fills every item.

Its zabbix_sender takes what `exvet scan -o zabbix' writes.

Frontend, server and database are of this test alone.  Of the first data only
what a login needs is loaded, not the templates that Zabbix ships.
"""

import gzip
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import postgres
from icinga import Installed, free_port, harness

CONF = os.path.join(harness.SRCDIR, "conf", "zabbix")
FRONTEND, SQL = "/usr/share/zabbix", "/usr/share/zabbix-server-pgsql"
TABLES = ("role|role_rule|users|usrgrp|users_groups|hstgrp|config|config_autoreg_tls|globalmacro|regexps|"
          "expressions|graph_theme")
DATABASE = """<?php
$DB = ['TYPE' => 'POSTGRESQL', 'SERVER' => '%s', 'PORT' => '5432', 'DATABASE' => 'zabbix',
	'USER' => 'postgres', 'PASSWORD' => 'any', 'SCHEMA' => '', 'ENCRYPTION' => false, 'KEY_FILE' => '',
	'CERT_FILE' => '', 'CA_FILE' => '', 'VERIFY_HOST' => false, 'CIPHER_LIST' => '', 'VAULT_URL' => '',
	'VAULT_DB_PATH' => '', 'VAULT_TOKEN' => '', 'DOUBLE_IEEE754' => true];
$ZBX_SERVER_NAME = '';
$IMAGE_FORMAT_DEFAULT = IMAGE_FORMAT_PNG;
"""
SERVER = """ListenIP=127.0.0.1
ListenPort={port}
LogType=console
PidFile={folder}/run/pid
SocketDir={folder}/run
DBHost={database}
DBPort=5432
DBName=zabbix
DBUser=postgres
ExternalScripts={folder}/scripts
AllowRoot=1
StartPollers=1
StartPollersUnreachable=1
StartPreprocessors=1
StartTrappers=1
StartPingers=0
StartDiscoverers=0
StartHTTPPollers=0
CacheUpdateFrequency=1
Timeout=30
"""
EXPECTED = {"exvet.build": "15.2.2562.46", "exvet.behind": "42", "exvet.identity": "exchange",
            "exvet.kev": "pass", "exvet.missing": "3", "exvet.support": "supported",
            "exvet.update": "Aug26SU", "exvet.product": "Exchange Server Subscription Edition"}


# profile of the lab: the problems that its host has
PROBLEMS = {
    "ex-se-aug26": {"Exchange: security updates are missing",
                    "Exchange: a security update is missing for more than 30 days",
                    "Exchange: there are critical or high findings"},
    "ex-se-latest": {"Exchange: exvet's table of builds is out of date"},
    # its certificate begins after the day that is judged as of
    "ex-se-newer": {"Exchange: which updates are missing is not known",
                    "Exchange: there are critical or high findings"},
    "bad-refuse": {"Exchange: no Exchange server could be recognized",
                   "Exchange: which updates are missing is not known"},
    "plain-nginx": {"Exchange: no Exchange server could be recognized"},
}


def available():
    return postgres.available() and shutil.which("zabbix_server") and shutil.which("zabbix_sender") and shutil.which("php") and \
        os.path.isdir(FRONTEND) and os.path.isdir(SQL)


def low_port():
    """Zabbix takes none above 32767."""
    for port in range(20000 + os.getpid() % 10000, 32767):
        with socket.socket() as s:
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise RuntimeError("no free port")


def fill(database, folder):
    database.sql("postgres", "create database zabbix")
    path = os.path.join(folder, "zabbix.sql")
    with open(path, "w", encoding="utf-8") as out:
        with gzip.open(os.path.join(SQL, "schema.sql.gz"), "rt", encoding="utf-8") as f:
            out.write(f.read())
        with gzip.open(os.path.join(SQL, "data.sql.gz"), "rt", encoding="utf-8") as f:
            out.writelines(line for line in f if re.match(rf"INSERT INTO ({TABLES}) ", line))
    database.sql("zabbix", file=path)


class Process:
    """Something that runs until the end of a with statement."""

    def __init__(self, *args, said, cwd=None):
        self.args, self.said, self.cwd = args, said, cwd

    def __enter__(self):
        with open(self.said, "ab") as said:
            self.process = subprocess.Popen(self.args, cwd=self.cwd, stdin=subprocess.DEVNULL,
                                            stdout=said, stderr=said)
        return self

    def __exit__(self, *unused):
        harness.stop(self.process, 30)


class Api:
    def __init__(self, port):
        self.url, self.auth = f"http://127.0.0.1:{port}/api_jsonrpc.php", None
        for _ in range(100):
            try:
                self.auth = self.call("user.login", {"user": "Admin", "password": "zabbix"})
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError("the frontend does not answer")

    def call(self, method, params):
        body = {"jsonrpc": "2.0", "method": method, "params": params, "id": 1}
        if self.auth:
            body["auth"] = self.auth
        request = urllib.request.Request(self.url, json.dumps(body).encode(),
                                         {"Content-Type": "application/json-rpc"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            answer = json.load(reply)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]


def bring_frontend(folder, database):
    """A copy of it, which differs in the place of its configuration."""
    web = os.path.join(folder, "web")
    shutil.copytree(FRONTEND, web, symlinks=False, ignore_dangling_symlinks=True,
                    ignore=shutil.ignore_patterns("assets", "fonts", "locale", "audio"))
    conf = os.path.join(web, "conf", "zabbix.conf.php")
    with open(conf, "w", encoding="utf-8") as f:
        f.write(DATABASE % database)
    path = os.path.join(web, "include", "classes", "core", "CConfigFile.php")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(re.sub(r"(CONFIG_FILE_PATH = )'[^']*'", lambda m: f"{m[1]}'{conf}'", text))
    return web


def import_template(tap, api):
    with open(os.path.join(CONF, "exvet-template.json"), encoding="utf-8") as f:
        source = f.read()
    both, new = {"createMissing": True, "updateExisting": True}, {"createMissing": True}
    rules = {"groups": new, "templates": both, "items": both, "triggers": both}
    for turn in ("is imported", "is imported once more"):
        tap.equal(api.call("configuration.import", {"format": "json", "rules": rules, "source": source}),
                  True, f"the template {turn}")
    found = api.call("template.get", {"selectItems": ["key_"], "selectTriggers": ["description"]})
    shipped = json.loads(source)["zabbix_export"]["templates"][0]
    tap.equal(sorted(i["key_"] for i in found[0]["items"]), sorted(i["key"] for i in shipped["items"]),
              "it has its items")
    tap.ok(len(found[0]["triggers"]) >= 5, "it has its triggers", found)
    return found[0]["templateid"]


def install_script(folder, lab, plugin):
    """The external check as shipped, but for the place of exvet and for the lab."""
    exvet = os.path.realpath(plugin.path)
    with open(os.path.join(CONF, "exvet_json"), encoding="utf-8") as f:
        text = f.read()
    more = f"--ca-file {lab.path('ca.pem')} --port {lab.port(443)} --as-of $day"
    day = "day=2026-10-20; test \"$2\" != ex-se-latest.exvet.test || day=2027-06-01\n"
    path = os.path.join(folder, "scripts", "exvet_json")
    os.makedirs(os.path.dirname(path))
    with open(path, "w", encoding="utf-8") as f:
        f.write(text.replace("exec /usr/bin/exvet scan", f"{day}exec {exvet} scan {more}"))
    os.chmod(path, 0o755)


def watch(api, template, host, address, name, expected):
    """Values and problems of a host with the template, once its check has run."""
    groups = api.call("hostgroup.get", {"filter": {"name": ["Exchange"]}})
    group = groups[0]["groupid"] if groups else \
        api.call("hostgroup.create", {"name": "Exchange"})["groupids"][0]
    host = api.call("host.create", {
        "host": host, "groups": [{"groupid": group}], "templates": [{"templateid": template}],
        "macros": [{"macro": "{$EXVET.NAME}", "value": name}],
        "interfaces": [{"type": 1, "main": 1, "useip": 1, "ip": address, "dns": "", "port": "10050"}],
    })["hostids"][0]
    master = api.call("item.get", {"hostids": host, "filter": {"type": 10}})[0]["itemid"]
    asked, values, until = 0, {}, time.monotonic() + 90
    while time.monotonic() < until:
        if time.monotonic() > asked + 3:
            api.call("task.create", [{"type": 6, "request": {"itemid": master}}])
            asked = time.monotonic()
        values = {i["key_"]: i for i in api.call("item.get", {"hostids": host})}
        problems = {p["name"] for p in api.call("problem.get", {"hostids": host})}
        if values["exvet.findings"]["lastvalue"] and expected <= problems:
            break
        time.sleep(0.5)
    return values, problems


def send(tap, api, lab, port):
    """-o zabbix into trapper items of the same host, by the real sender."""
    host = api.call("host.get", {"filter": {"host": "mail1"}})[0]["hostid"]
    for key, kind in (("exvet.state", 3), ("exvet.text", 4), ("exvet.missing-updates", 3)):
        api.call("item.create", {"hostid": host, "name": key, "key_": key, "type": 2, "value_type": kind})
    target = next(e["target"] for e in lab.expected() if e["profile"] == "ex-se-aug26")
    run = harness.Run(["scan", *lab.options(), "--as-of", "2026-10-20", "--checks", "patch", "--progress",
                       "never", "-o", "zabbix", "-"], stdin=f"{target} mail1\n")
    said, until = "", time.monotonic() + 60
    while "processed: 3;" not in said and time.monotonic() < until:
        time.sleep(0.5)         # the server learns of the items first
        done = subprocess.run(["zabbix_sender", "-z", "127.0.0.1", "-p", str(port), "-i", "-"],
                              input=run.out.encode(), capture_output=True, check=False)
        said = done.stdout.decode() + done.stderr.decode()
    tap.ok("processed: 3;" in said, "zabbix_sender delivers what has an item", f"{said}\n{run}")
    values = {}
    while (not values.get("exvet.text") or values["exvet.missing-updates"] != "3") and \
            time.monotonic() < until:
        time.sleep(0.5)
        values = {i["key_"]: i["lastvalue"] for i in api.call("item.get", {"hostids": host})}
    tap.ok(values["exvet.state"] == "2" and values["exvet.missing-updates"] == "3" and
           values["exvet.text"].startswith("EXCHANGE CRITICAL - mail1: Exchange SE RTM Aug26SU"),
           "and the server has the values", values)


def main():
    if not available():
        harness.skip_all("needs root and Debian's zabbix-server-pgsql, zabbix-agent, zabbix-frontend-php, "
                         "postgresql")
    tap = harness.Tap()
    with postgres.Postgres() as database, harness.Lab(*PROBLEMS) as lab, Installed() as plugin, \
            tempfile.TemporaryDirectory() as folder:
        fill(database, folder)
        web = bring_frontend(folder, database.folder)
        install_script(folder, lab, plugin)
        os.mkdir(os.path.join(folder, "run"))
        trapper = low_port()
        config, log = os.path.join(folder, "server.conf"), os.path.join(folder, "server.log")
        with open(config, "w", encoding="utf-8") as f:
            f.write(SERVER.format(folder=folder, port=trapper, database=database.folder))
        address = dict(line.split(":", 1) for line in lab.read("resolve.txt").split())
        port = free_port()
        with Process("php", "-S", f"127.0.0.1:{port}", "-t", web, cwd=web,
                     said=os.path.join(folder, "php.log")):
            api = Api(port)
            template = import_template(tap, api)
            with Process("zabbix_server", "-f", "-c", config, said=log):
                seen = {}
                for profile, expected in PROBLEMS.items():
                    name = profile + ".exvet.test"
                    seen[profile] = watch(api, template, "mail1" if not seen else profile, address[name],
                                          name, expected)
                send(tap, api, lab, trapper)
        with open(log, encoding="utf-8", errors="replace") as f:
            said = f.read()[-1500:]
        values = seen["ex-se-aug26"][0]
        got = {k: v["lastvalue"] for k, v in values.items()}
        tap.ok({k: got.get(k) for k in EXPECTED} == EXPECTED, "the items have their values",
               "\n".join(["expected " + str(EXPECTED), "got " + str(got), said]))
        tap.ok(int(got["exvet.cert"]) > 300 and int(got["exvet.time"]) > 0, "and numbers", got)
        for profile, (values, problems) in seen.items():
            tap.ok(all(v["state"] == "0" and v["error"] == "" for v in values.values()),
                   f"{profile}: no item is unsupported", [(k, v["error"]) for k, v in values.items()] + [said])
            tap.equal(problems, PROBLEMS[profile], f"{profile}: the triggers that fit fire, and no other")
    tap.done()


if __name__ == "__main__":
    main()
