#!/usr/bin/python3
"""Debian's Nagios Core runs the installed plugin against lab servers in every state; status.dat is read back.

The command and the service are those of conf/nagios, with the path of the
plugin replaced.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from icinga import Installed, harness
from icinga_test import STATES, options_file

MAIN = """log_file={b}/var/nagios.log
cfg_file={b}/objects.cfg
cfg_file={b}/check_exchange.cfg
object_cache_file={b}/var/objects.cache
status_file={b}/var/status.dat
status_update_interval=1
check_external_commands=0
lock_file={b}/var/nagios.pid
temp_file={b}/var/nagios.tmp
temp_path={b}/var
check_result_path={b}/var/spool
query_socket={b}/var/nagios.qh
use_syslog=0
enable_notifications=0
interval_length=1
service_inter_check_delay_method=n
max_service_check_spread=1
nagios_user=nagios
nagios_group=nagios
illegal_macro_output_chars=`~$&|'"<>
"""
OBJECTS = """define timeperiod {
	timeperiod_name 24x7
	alias 24x7
%s
}
define contact {
	contact_name exchange-admins
	service_notification_commands none
	host_notification_commands none
	host_notification_period 24x7
	service_notification_period 24x7
}
define command {
	command_name none
	command_line /bin/true
}
""" % "\n".join(f"\t{d} 00:00-24:00" for d in (
    "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"))
HOST = """define host {{
	host_name {name}
	address {address}
	check_command none
	max_check_attempts 1
	check_period 24x7
	contacts exchange-admins
}}
define service {{
	use exchange-service
	host_name {name}
	contacts exchange-admins
	check_command check_exchange!-p {port} --extra-opts={section}@{options}
}}
"""


def write(path, text):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def configure(base, lab, plugin):
    options = options_file(lab, base)
    expected = {e["profile"]: e["target"] for e in lab.expected()}
    text = OBJECTS
    for name, (profile, section, _, _) in STATES.items():
        address, _, port = expected[profile].partition(":")
        text += HOST.format(name=name, address=address, port=port or "443", section=section,
                            options=options)
    write(os.path.join(base, "objects.cfg"), text)
    write(os.path.join(base, "nagios.cfg"), MAIN.format(b=base))
    with open(os.path.join(harness.SRCDIR, "conf", "nagios", "check_exchange.cfg"),
              encoding="utf-8") as f:
        shipped = f.read()
    write(os.path.join(base, "check_exchange.cfg"),
          shipped.replace("/usr/lib/nagios/plugins/check_exchange", plugin))


def read_status(path):
    """{host: {key: value}} of the services that were checked."""
    try:
        with open(path, encoding="utf-8", errors="backslashreplace") as f:
            blocks = re.findall(r"^servicestatus \{\n(.*?)\n\t\}", f.read(), re.M | re.S)
    except OSError:
        return {}
    out = {}
    for block in blocks:
        values = dict(line.strip().partition("=")[::2] for line in block.split("\n"))
        if values.get("has_been_checked") == "1":
            out[values["host_name"]] = values
    return out


def judge(tap, name, found, state, pattern):
    tap.ok(found["current_state"] == str(state), f"{name}: state {state}", found)
    tap.ok(re.search(pattern, found["plugin_output"]) is not None, f"{name}: output",
           found["plugin_output"])
    perf = found["performance_data"].split(" ")
    tap.ok(all(re.match(r"[a-z-]+=-?[0-9.]+(s|ms)?(;[^; ]*)*$", p) for p in perf) and
           "=" in perf[0], f"{name}: performance data", found["performance_data"])
    tap.ok("|" not in found["long_plugin_output"] and (state == 0 or "[" in found["long_plugin_output"]),
           f"{name}: long output is whole", found["long_plugin_output"][:400])


def main():
    if os.geteuid() != 0 or not shutil.which("nagios4"):
        harness.skip_all("needs root and Debian's nagios4-core")
    tap = harness.Tap()
    # Nagios becomes the user nagios: everything it needs stands where that user may read.
    base = tempfile.mkdtemp(prefix="exvet-nagios-")
    process = None
    try:
        with harness.Lab(*sorted({s[0] for s in STATES.values()})) as lab, Installed() as plugin:
            os.makedirs(os.path.join(base, "var", "spool"))
            os.chmod(lab.dir, 0o755)
            configure(base, lab, plugin.path)
            user = pwd.getpwnam("nagios")
            for folder, names, files in os.walk(base):
                for path in [folder] + [os.path.join(folder, n) for n in names + files]:
                    os.chown(path, user.pw_uid, user.pw_gid)
            os.chmod(base, 0o755)
            config = os.path.join(base, "nagios.cfg")
            check = subprocess.run(["nagios4", "-v", config], capture_output=True, check=False)
            tap.ok(check.returncode == 0, "Nagios takes conf/nagios", check.stdout.decode()[-1500:])
            with open(os.path.join(base, "said"), "wb") as said:
                process = subprocess.Popen(["nagios4", config], stdout=said, stderr=said,
                                           env=plugin.env)
            found, until = {}, time.monotonic() + 60
            while len(found) < len(STATES) and time.monotonic() < until:
                time.sleep(0.3)
                found = read_status(os.path.join(base, "var", "status.dat"))
            for name, (_, _, state, pattern) in STATES.items():
                if tap.ok(name in found, f"{name}: was checked"):
                    judge(tap, name, found[name], state, pattern)
    finally:
        if process is not None:
            harness.stop(process)
        shutil.rmtree(base, ignore_errors=True)
    tap.done()


if __name__ == "__main__":
    main()
