#!/usr/bin/python3
"""Debian's Icinga Director restores the basket; Icinga 2 runs what the Director renders from it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import icinga
import postgres
from icinga import Installed, harness

BASKET = os.path.join(harness.SRCDIR, "conf", "icinga-director", "exchange-basket.json")
MODULES = "/usr/share/icingaweb2/modules"
RESOURCE = """[director]
type = "db"
db = "pgsql"
host = "{host}"
port = "5432"
dbname = "director"
username = "postgres"
password = "any"
charset = "utf8"
"""


class Director:
    """icingacli with a configuration of its own."""

    def __init__(self, folder, database):
        self.env = {**os.environ, "ICINGAWEB_CONFIGDIR": folder}
        os.makedirs(os.path.join(folder, "enabledModules"))
        os.makedirs(os.path.join(folder, "modules", "director"))
        for name in ("director", "incubator", "reactbundle"):
            os.symlink(os.path.join(MODULES, name), os.path.join(folder, "enabledModules", name))
        for name, text in (
                ("config.ini", f'[global]\nconfig_backend = "none"\nmodule_path = "{MODULES}"\n'
                 '[logging]\nlog = "none"\n'),
                ("resources.ini", RESOURCE.format(host=database)),
                ("modules/director/config.ini", '[db]\nresource = "director"\n')):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)

    def run(self, *args, file=os.devnull):
        with open(file, "rb") as f:
            done = subprocess.run(["icingacli", "director", *args], stdin=f, env=self.env,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return done.returncode, done.stdout.decode()


def restore(tap, director, database):
    for turn in ("restores the basket", "restores it once more"):
        status, said = director.run("basket", "restore", file=BASKET)
        tap.ok(status == 0, f"the Director {turn}", said)
    with open(BASKET, encoding="utf-8") as f:
        basket = json.load(f)
    tap.equal(database.sql("director", "select count(*) from icinga_command_field"),
              str(len(basket["Command"]["exchange"]["fields"])), "every field of the command is linked")
    tap.equal(database.sql("director", "select count(*) from director_datafield"),
              str(len(basket["Datafield"])), "and none stands twice")
    out = ""
    for what, name in (("command", "exchange"), ("service", "exchange")):
        status, said = director.run(what, "show", name, "--no-defaults")
        tap.ok(status == 0 and '"exchange"' in said, f"the Director renders the {what}", said)
        out += re.sub(r"^/\*\*.*\*\*/$", "", said, flags=re.M) + "\n"
    return out


def run_rendered(tap, rendered):
    """One service of that template, on a real Icinga."""
    with harness.Lab("ex-se-aug26") as lab, Installed() as plugin, \
            tempfile.TemporaryDirectory() as folder:
        options = os.path.join(folder, "options.ini")
        with open(options, "w", encoding="utf-8") as f:
            f.write(f"[lab]\nca-file={lab.path('ca.pem')}\nas-of=2026-10-20\nchecks=patch,support\n")
        address = dict(line.split(":", 1) for line in lab.read("resolve.txt").split())
        host = ("object Host \"mail\" { check_command = \"dummy\"; address = \"%s\" }\n"
                "object Service \"exchange\" { import \"exchange\"; host_name = \"mail\"\n"
                "vars.exchange_port = %d; vars.exchange_extra_opts = \"lab@%s\"\n"
                "vars.exchange_name = \"ex-se-aug26.exvet.test\" }\n" % (
                    address["ex-se-aug26.exvet.test"], lab.port(443), options))
        with icinga.Icinga(plugin, rendered + host, shipped=False) as server:
            result = server.run_checks(["mail!exchange"]).get("mail!exchange")
    if tap.ok(result is not None, "Icinga ran the command"):
        tap.ok(result["state"] == 2 and "3 updates behind (42 days)" in result["output"],
               "state and output", result["output"])
        tap.ok("missing-updates=0" in result["command"] and "-p" in result["command"],
               "the limits of the template are given", result["command"])


def main():
    if not icinga.available() or not shutil.which("icingacli") or not postgres.available() or \
            not os.path.isdir(os.path.join(MODULES, "director")):
        harness.skip_all("needs root and Debian's icinga2-bin, icingaweb2-module-director, icingacli, "
                         "php-pgsql, postgresql")
    tap = harness.Tap()
    with postgres.Postgres() as database, tempfile.TemporaryDirectory() as folder:
        database.sql("postgres", "create database director")
        database.sql("director", "create extension pgcrypto")
        director = Director(os.path.join(folder, "web"), database.folder)
        status, said = director.run("migration", "run")
        if tap.ok(status == 0, "the Director makes its tables", said):
            run_rendered(tap, restore(tap, director, database))
    tap.done()


if __name__ == "__main__":
    main()
