#!/usr/bin/python3
"""Debian's Icinga 2 runs the installed plugin against lab servers in every state, and takes passive results.

The definitions are those of conf/icinga2, loaded as they are shipped.
"""

import os
import re
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import icinga
from icinga import Installed, harness

# host: lab server, section of options, state, pattern of the output
STATES = {
    "fine": ("ex-se-latest", "exchange", 0, r"^EXCHANGE OK - .*up to date"),
    "grace": ("ex-se-aug26", "grace", 1, r"^EXCHANGE WARNING - .*1 update behind \(4 days\)"),
    "broken": ("broken-owa", "exchange", 1, r"^EXCHANGE WARNING - .*Outlook on the web is broken"),
    "behind": ("ex2019-cu15-oct25", "exchange", 2, r"^EXCHANGE CRITICAL - .*8 updates behind"),
    "strange": ("plain-nginx", "exchange", 3, r"^EXCHANGE UNKNOWN - .*is not Exchange"),
    "silent": ("bad-mute", "short", 3, r"^EXCHANGE UNKNOWN - .*timed out"),
    "refused": ("bad-refuse", "exchange", 2, r"^EXCHANGE CRITICAL - .*refused"),
    "old": ("ex-se-latest", "stale", 3,
            r"^EXCHANGE UNKNOWN - .*: exvet's table of builds is out of date \(update exvet\). .* up to date by"),
    "lacking": ("ex-se-aug26", "stale", 2, r"^EXCHANGE CRITICAL - .*: Exchange .* 3 updates behind \(266 days\)"),
    "newer": ("ex-se-newer", "exchange", 3, r"^EXCHANGE UNKNOWN - .*newer than the table"),
    "ended": ("ex2013", "exchange", 2, r"^EXCHANGE CRITICAL - .*out of support"),
    "members": ("pool", "pool", 2, r"^EXCHANGE CRITICAL - .*[23] members seen"),
    "gone": ("iis-503", "exchange", 2, r"^EXCHANGE CRITICAL - .*pool of IIS is stopped"),
    "hostile": ("bad-escape-bytes", "loud", 2, r"^EXCHANGE CRITICAL - .*8 updates behind"),
}
HOSTS = 500


def options_file(lab, folder):
    common = "\n".join(o[2:] + "=" + v for o, v in zip(*[iter(lab.options())] * 2)) + "\n"
    groups = "checks=patch,support,health\n"
    path = os.path.join(folder, "options.ini")
    with open(path, "w", encoding="utf-8") as f:
        for section, more in [("exchange", "as-of=2026-10-20\n"), ("grace", "as-of=2026-09-12\n"),
                              ("stale", "as-of=2027-06-01\n"),
                              ("pool", "as-of=2026-10-20\nsamples=6\n"),
                              ("short", "as-of=2026-10-20\nt=1\n"),
                              ("loud", "as-of=2026-10-20\nvvv\n".replace("vvv", "v\nv\nv"))]:
            f.write(f"[{section}]\n{common}{groups}{more}")
    return path


def objects(lab, options):
    """Hosts of the states, with the variables that services.conf reads; and 500 for passive results."""
    out = []
    expected = {e["profile"]: e["target"] for e in lab.expected()}
    for host, (profile, section, _, _) in STATES.items():
        name, port = expected[profile].rsplit(":", 1) if ":" in expected[profile] else \
            (expected[profile], "443")
        out.append(f'object Host "{host}" {{ check_command = "dummy"; address = "{name}"; '
                   f'vars.exchange = {{ name = "{name}"; port = {port} }}; '
                   f'vars.exchange_extra_opts = "{section}@{options}" }}')
    out.append(f'for (i in range({HOSTS})) {{ object Host "many" + i {{ check_command = "dummy"; '
               'vars.exchange_scan = true } }')
    return "\n".join(out) + "\n"


def check_active(tap, server):
    names = [host + "!exchange" for host in STATES]
    found = server.run_checks(names)
    data = set()
    for host, (_, _, state, pattern) in STATES.items():
        result = found.get(host + "!exchange")
        if not tap.ok(result is not None, f"{host}: was checked"):
            continue
        tap.ok(result["state"] == state and result["exit_status"] == state,
               f"{host}: state {state}", f"{result['state']} {result['output']}")
        tap.ok(re.search(pattern, result["output"]) is not None, f"{host}: output", result["output"])
        perf = result["performance_data"]
        tap.ok(len(perf) > 0 and all(re.match(r"[a-z-]+=-?[0-9.]+(s|ms)?(;[^; ]*)*$", p) for p in perf),
               f"{host}: performance data", perf)
        tap.ok("|" not in result["output"] and not re.search(r"[<>$`]", result["output"]),
               f"{host}: nothing dangerous in the output", result["output"])
        data.update(perf)
    parsed = icinga.parse_perfdata(sorted(data))
    labels = [p.split("=")[0] for p in sorted(data)]
    tap.ok(isinstance(parsed, list) and [p[0] for p in parsed] == labels and
           all(isinstance(p[1], (int, float)) for p in parsed) and len(labels) > 20,
           "Icinga's parser takes each performance datum", parsed)
    command = found.get("grace!exchange", {}).get("command", [])
    tap.ok("--extra-opts=" in " ".join(command) and "missing-updates=0" in command,
           "the command is made of conf/icinga2", command)


def write_private(path, text, mode):
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    os.chmod(path, mode)


def submit(lab, server, folder, targets, *more, env=None, ca=True):
    listing = os.path.join(folder, "targets")
    with open(listing, "w", encoding="utf-8") as f:
        f.writelines(t + "\n" for t in targets)
    return harness.Run(
        ["scan", "-i", listing, "--profile", "quick", "--as-of", "2026-10-20", "--checks",
         "patch,support", "--ca-file", lab.path("ca.pem"), "--progress", "never",
         "-o", f"icinga:https://localhost:{server.port}", "--icinga-service", "exchange-scan",
         *(["--icinga-ca", server.ca] if ca else []), *more], timeout=240, env=env)


def check_passive(tap, lab, server, folder):
    port = lab.port(443)
    address = [a.split(":")[1] for a in lab.read("resolve.txt").split()
               if a.startswith("ex-se-aug26")][0]
    names = [f"host{i}.exvet.test" for i in range(HOSTS)]
    resolve = [o for n in names for o in ("--resolve", f"{n}:{address}")]
    targets = [f"{n}:{port} many{i}" for i, n in enumerate(names)]
    secret = os.path.join(folder, "secret")
    write_private(secret, "exvet:change me\n", 0o600)
    run = submit(lab, server, folder, targets, *resolve, "--icinga-credentials", secret)
    tap.ok(run.status == 0 and run.err == "", f"{HOSTS} results are given in one run", run)
    found = {k: v for k, v in server.api.services().items() if k.endswith("!exchange-scan")}
    good = [k for k, v in found.items() if v["state"] == 2 and v["active"] is False and
            "3 updates behind" in v["output"] and v["check_source"] == "exvet" and
            any(p.startswith("missing-updates=3") for p in v["performance_data"])]
    tap.ok(len(good) == HOSTS, "each host has its passive result",
           [(k, v["state"], v["active"], v["output"][:100], v["performance_data"], v["check_source"])
            for k, v in found.items() if k not in good] + [len(good), len(found)])
    print("# %d results in %.1f s" % (HOSTS, run.seconds))
    attrs = server.api.ask("/objects/services?attrs=state_type&attrs=next_check&filter="
                           "service.name==%22exchange-scan%22")["results"]
    tap.ok(len(attrs) == HOSTS and all(a["attrs"]["state_type"] == 1 for a in attrs),
           "one result a day is no soft state", attrs[:2])
    tap.ok(all(a["attrs"]["next_check"] > time.time() + 86400 for a in attrs),
           "and nothing overwrites it within the day", attrs[:2])
    told = server.api.ask("/objects/notifications?attrs=__name")["results"]
    told = {n["name"] for n in told}
    tap.ok({"many0!exchange-scan!exchange-mail", "many0!exchange-scan!exchange-mail-by-day",
            "behind!exchange!exchange-mail"} <= told, "somebody is told of both kinds of service",
           sorted(told)[:8])

    one, few = [targets[0]], resolve[:2]
    run = submit(lab, server, folder, one, *few, env={"EXVET_ICINGA_USER": "exvet",
                                                      "EXVET_ICINGA_PASSWORD": "change me"})
    tap.ok(run.status == 0, "credentials from the environment", run)
    write_private(secret, "exvet:wrong\n", 0o600)
    run = submit(lab, server, folder, one, *few, "--icinga-credentials", secret)
    tap.ok(run.status == 4 and "401" in run.err and "wrong" not in run.err, "a wrong password", run)
    for mode in (0o644, 0o640, 0o604):
        write_private(secret, "exvet:change me\n", mode)
        run = submit(lab, server, folder, one, *few, "--icinga-credentials", secret)
        tap.ok(run.status == 2 and f"mode {mode:04o}" in run.err, f"credentials of mode {mode:o}", run)
    write_private(secret, "exvet:change me\n", 0o600)
    run = submit(lab, server, folder, one, *few, "--icinga-credentials", secret, ca=False)
    tap.ok(run.status == 4 and "certificate" in run.err, "the API's certificate is verified", run)
    run = submit(lab, server, folder, [f"{names[0]}:{port} nobody"], *few, "--icinga-credentials", secret)
    tap.ok(run.status == 4 and "404" in run.err and "nobody!exchange-scan" in run.err,
           "a host that Icinga does not know is named", run)
    written = os.path.join(folder, "written")
    run = harness.Run(["scan", *few, *one[0].split()[:1], "--profile", "quick", "--progress", "never",
                       "--ca-file", lab.path("ca.pem"), "-o", f"icinga:https://localhost:{icinga.free_port()}",
                       "--icinga-credentials", secret, "-o", "jsonl:" + written])
    lines = run.err.splitlines()
    tap.ok(run.status == 4 and len(lines) == 1 and "1 of 1 results did not arrive" in lines[0],
           "an API that is down", run)
    with open(written, encoding="utf-8") as f:
        tap.equal(len(f.readlines()), 1, "and the other output is written")
    run = harness.Run(["scan", "-o", "icinga:http://localhost:1", "127.0.0.1"], env={
        "EXVET_ICINGA_USER": "a", "EXVET_ICINGA_PASSWORD": "b"})
    tap.ok(run.status == 2 and "https" in run.err, "no password over plain HTTP", run)
    run = harness.Run(["scan", "-o", "icinga:https://a:b@localhost:1", "127.0.0.1"])
    tap.ok(run.status == 2 and "the user not in it" in run.err, "no password in the arguments", run)


def main():
    if not icinga.available():
        harness.skip_all("needs root and Debian's icinga2-bin, icinga2-common")
    tap = harness.Tap()
    with harness.Lab(*sorted({s[0] for s in STATES.values()})) as lab, Installed() as plugin, \
            tempfile.TemporaryDirectory() as folder:
        text = objects(lab, options_file(lab, folder))
        with icinga.Icinga(plugin, text) as server:
            check_active(tap, server)
            check_passive(tap, lab, server, folder)
    tap.done()


if __name__ == "__main__":
    main()
