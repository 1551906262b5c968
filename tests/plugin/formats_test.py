#!/usr/bin/python3
"""Formats and definitions for monitoring systems, by readers of our own.

The real programs have their tests in tests/servers; here is what they cannot
tell: Checkmk and zabbix_sender lines, the Director's basket, the template of
Zabbix, the dashboard of Grafana.
"""

import json
import os
import re
import shlex
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugin import Plugin, STATES, harness

CONF = os.path.join(harness.SRCDIR, "conf")
STATES_OF = {"ex-se-latest": 0, "ex-se-aug26": 2, "plain-nginx": 3, "bad-refuse": 2, "bad-escape-bytes": 2,
             "ex2013": 2, "half-installed": 2, "ex-se-newer": 3, "iis-503": 2}
SERVERS = list(STATES_OF)
DAY = ["--as-of", "2026-10-20", "--checks", "patch,support"]
HELP_OPTION = re.compile(r"^ {2}(?:-(\w), |    )--([A-Za-z0-9-]+)", re.M)
# What a service does not need: the answer of --sni is always yes.
INTERACTIVE = {"help", "version", "as-of", "sni"}


def load(*path):
    with open(os.path.join(CONF, *path), encoding="utf-8") as f:
        return json.load(f)


def scan(lab, kind, *options, tag=""):
    with tempfile.TemporaryDirectory() as folder:
        out, listing = os.path.join(folder, "out"), os.path.join(folder, "targets")
        with open(listing, "w", encoding="utf-8") as f:
            f.writelines(e["target"] + tag + "\n" for e in lab.expected())
        run = harness.Run(["scan", "-i", listing, *lab.options(), *DAY, *options, "--progress",
                           "never", "-o", f"{kind}:{out}"])
        with open(out, encoding="utf-8") as f:
            return run, f.read()


def check_checkmk(tap, lab):
    run, text = scan(lab, "checkmk")
    blocks = re.findall(r"<<<<([^<>]+)>>>>\n<<<local:sep\(0\)>>>\n([0-3]) \"Exchange\" (\S+) (.*)\n"
                        r"<<<<>>>>\n", text)
    tap.ok(run.status == 0 and len(blocks) == len(SERVERS), "checkmk: one block a target", text)
    rest = re.sub(r"<<<<[^<>]+>>>>\n<<<local:sep\(0\)>>>\n.*\n<<<<>>>>\n", "", text)
    tap.equal(rest, "", "checkmk: and nothing else")
    good = all(re.fullmatch(r"-|[a-z-]+=-?[0-9.]+(\|[a-z-]+=-?[0-9.]+)*", b[2]) and
               b[3].startswith(f"EXCHANGE {STATES[int(b[1])]} - ") for b in blocks)
    tap.ok(good, "checkmk: state, metrics, text", blocks)
    states = {b[0].split(".")[0]: int(b[1]) for b in blocks}
    tap.equal(states, STATES_OF, "checkmk: the states")


def check_zabbix(tap, lab):
    run, text = scan(lab, "zabbix", tag=" a\"b\\c")
    rows = [shlex.split(line) for line in text.splitlines()]
    tap.ok(run.status == 0 and rows and all(len(r) == 3 and re.fullmatch(r"exvet\.[a-z-]+", r[1])
                                            for r in rows), "zabbix: host, key, value", text[:800])
    tap.equal({r[0] for r in rows}, {"a\"b\\c"}, "zabbix: the tag is the host")
    states = sorted(r[2] for r in rows if r[1] == "exvet.state")
    tap.equal(states, sorted(map(str, STATES_OF.values())), "zabbix: the states")
    tap.ok(any(r[1:] == ["exvet.missing-updates", "3"] for r in rows), "zabbix: the metrics")


# metric of Prometheus, the plugin's label; and for whom a sample stands there, with its value
KNOWN = {
    ("exvet_updates_missing", "missing-updates"): {"ex-se-latest": 0, "ex-se-aug26": 3, "bad-escape-bytes": 8},
    ("exvet_cves_open", "cves-open"): {"ex-se-latest": 0, "ex-se-aug26": 12, "bad-escape-bytes": 34},
    ("exvet_cves_known_exploited_open", "kev-open"): {"ex-se-latest": 0, "ex-se-aug26": 0,
                                                      "bad-escape-bytes": 1},
}
# What may hide behind a zero of the dead 2013, of two witnesses, of a build newer than the table.
UNSURE = ("ex2013", "half-installed", "ex-se-newer")


def check_prometheus(tap, lab):
    """What is not known has no sample, and every format says the same."""
    run, text = scan(lab, "prometheus", "-o", "zabbix:/dev/stdout")
    samples = {}
    for name, target, more, value in re.findall(r'^(exvet_\w+)\{target="([a-z0-9-]+)[^"]*",address="[^"]*"'
                                                r'(?:,([^}]*))?\} (\S+)$', text, re.M):
        samples.setdefault(name, {}).setdefault(target, {})[more] = float(value)
    told = {(row[0].split(".")[0], row[1]): row[2] for row in map(shlex.split, run.out.splitlines())}
    plain = {name: {t: v[""] for t, v in of.items() if "" in v} for name, of in samples.items()}
    tap.equal(plain["exvet_state"], STATES_OF, "prometheus: the states")
    for (name, label), known in KNOWN.items():
        tap.equal(plain[name], known, f"prometheus: {name} where it is known")
        zabbix = {t: float(v) for (t, key), v in told.items() if key == "exvet." + label}
        tap.equal(zabbix, known, f"zabbix: {label} where it is known")
    findings = {t for t, of in samples["exvet_findings"].items() if 0 in of.values()}
    tap.ok("ex-se-latest" in findings and not {"iis-503", "bad-refuse"} & findings,
           "prometheus: no finding is no good sign of what was not recognized", findings)
    hidden = samples["exvet_cves_undecided"]
    tap.ok(hidden["ex2013"]['by="setting"'] > 0 and not {"ex-se-newer", "half-installed"} & set(hidden),
           "prometheus: what a setting may leave open is counted", hidden)
    tap.ok(all(samples["exvet_checks_undecided"][t]['verdict="not-observable"'] > 0 for t in UNSURE),
           "prometheus: so is what could not be seen")


def check_report(tap, lab):
    """What a scan wrote, judged again, gives the same lines."""
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "out.jsonl")
        run, _ = scan(lab, "jsonl", "-o", "jsonl:" + out, "-o", "checkmk:" + out + ".cmk")
        again = harness.Run(["report", *DAY, "-o", "checkmk", out])
        with open(out + ".cmk", encoding="utf-8") as f:
            first = f.read()
        tap.ok(run.status == 0 and again.status == 0 and again.out == first,
               "report gives what the scan gave", again)


def check_limits(tap, lab):
    run, text = scan(lab, "checkmk", "-w", "missing-updates=5", "--unknown-as", "critical",
                     "--unreachable-state", "unknown")
    states = {b[0].split(".")[0]: int(b[1]) for b in
              re.findall(r"<<<<([^<>]+)>>>>\n.*\n([0-3]) ", text)}
    tap.equal(states.get("ex-se-aug26"), 0, "limits hold for formats too")
    tap.equal(states.get("plain-nginx"), 2, "--unknown-as holds for formats too")
    tap.equal(states.get("bad-refuse"), 3, "--unreachable-state holds for formats too")


def help_text():
    with Plugin() as plugin:
        return plugin.run("--help").run.out


def options_of_help():
    return set(re.findall(r"(?:^|\s)(--?[A-Za-z0-9-]+)", help_text())) | {"--no-ssl"}


def check_definitions(tap):
    known = options_of_help()
    basket = load("icinga-director", "exchange-basket.json")
    command = basket["Command"]["exchange"]
    with open(os.path.join(CONF, "icinga2", "exchange-command.conf"), encoding="utf-8") as f:
        shipped = set(re.findall(r'^\t\t"(-[^"]+)" = \{', f.read(), re.M))
    tap.ok(len(shipped) > 20 and shipped <= known, "icinga2: the options exist", shipped - known)
    without = [name for letter, name in HELP_OPTION.findall(help_text())
               if not {"-" + letter, "--" + name} & shipped and name not in INTERACTIVE]
    tap.equal(without, [], "icinga2: an argument for each option of --help")
    tap.equal(set(command["arguments"]), shipped, "director: the same options as icinga2")
    ids = {int(i) for i in basket["Datafield"]}
    tap.equal({f["datafield_id"] for f in command["fields"]}, ids, "director: each field is there")
    used = set(re.findall(r"\$(exchange_\w+)\$", json.dumps(command["arguments"])))
    tap.equal({f["varname"] for f in basket["Datafield"].values()}, used,
              "director: a field for each variable")

    export = load("zabbix", "exvet-template.json")["zabbix_export"]
    items = export["templates"][0]["items"]
    masters = [i for i in items if i["type"] == "EXTERNAL"]
    tap.ok(len(masters) == 1 and all(i["master_item"]["key"] == masters[0]["key"] for i in items
                                     if i["type"] == "DEPENDENT"), "zabbix: one master item")
    uuids = re.findall(r'"uuid": "([0-9a-f]+)"', json.dumps(export))
    tap.ok(len(set(uuids)) == len(uuids) and all(re.fullmatch(
        r"[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}", u) for u in uuids), "zabbix: UUIDs are of version 4",
        uuids)
    keys = {i["key"] for i in items}
    asked = set(re.findall(r"/(exvet\.[a-z]+)[,)]", json.dumps(items)))
    tap.ok(asked and asked <= keys, "zabbix: triggers look at items that exist", asked - keys)

    with open(os.path.join(CONF, "checkmk", "mrpe.cfg"), encoding="utf-8") as f:
        lines = [line for line in f if line.strip() and line[0] != "#"]
    tap.ok(lines and all(re.match(r"\S+ \(interval=\d+\) /\S+/check_exchange -H \S+", line)
                         for line in lines), "checkmk: the MRPE line", lines)


# Of the schema of a dashboard that Grafana publishes (kinds/dashboard, @grafana/schema): the keys of
# each part, and the values of an enumeration.  Unknown keys are dropped in silence on import.
DASHBOARD = {"title", "uid", "schemaVersion", "version", "editable", "tags", "time", "refresh", "templating",
             "annotations", "panels", "description", "timezone", "graphTooltip", "links"}
PANEL = {"id", "title", "type", "datasource", "gridPos", "targets", "fieldConfig", "options", "transformations",
         "description", "transparent", "interval"}
DEFAULTS = {"unit", "thresholds", "mappings", "decimals", "min", "max", "color", "custom", "noValue"}
TYPES = {"stat", "table", "timeseries", "gauge", "text", "row"}
UNITS = {"short", "s", "ms", "dateTimeAsIso", "dateTimeFromNow", "percent", "none"}


def check_panel(panel):
    """What is wrong with it."""
    grid, defaults = panel["gridPos"], panel["fieldConfig"]["defaults"]
    wrong = sorted(set(panel) - PANEL) + sorted(set(defaults) - DEFAULTS) + \
        sorted({panel["type"]} - TYPES) + sorted({defaults.get("unit", "none")} - UNITS)
    if not (grid["x"] >= 0 and grid["w"] > 0 and grid["h"] > 0 and grid["x"] + grid["w"] <= 24):
        wrong.append(f"grid {grid}")
    if panel["datasource"] != {"type": "prometheus", "uid": "${datasource}"}:
        wrong.append(f"data source {panel['datasource']}")
    refs = [t["refId"] for t in panel["targets"]]
    if not refs or len(set(refs)) != len(refs) or not all(t["expr"] for t in panel["targets"]):
        wrong.append(f"targets {panel['targets']}")
    steps = defaults.get("thresholds", {"mode": "absolute", "steps": [{"value": None}]})
    values = [s["value"] for s in steps["steps"]]
    if steps["mode"] not in ("absolute", "percentage") or values[0] is not None or \
            values[1:] != sorted(values[1:]):
        wrong.append(f"thresholds {steps}")
    return wrong


def check_dashboard(tap):
    board = load("grafana", "exvet-dashboard.json")
    panels = board["panels"]
    tap.ok(set(board) <= DASHBOARD and isinstance(board["schemaVersion"], int) and 0 < len(board["uid"]) <= 40,
           "grafana: keys of a dashboard", set(board) - DASHBOARD)
    tap.equal(len({p["id"] for p in panels}), len(panels), "grafana: each panel has its number")
    wrong = {p["title"]: check_panel(p) for p in panels}
    tap.ok(len(panels) > 8 and not any(wrong.values()), "grafana: panels of the published schema", wrong)
    cells = [(x, y) for p in panels for x in range(p["gridPos"]["x"], p["gridPos"]["x"] + p["gridPos"]["w"])
             for y in range(p["gridPos"]["y"], p["gridPos"]["y"] + p["gridPos"]["h"])]
    tap.equal(len(cells), len(set(cells)), "grafana: no panel covers another")
    variables = {v["name"] for v in board["templating"]["list"]}
    tap.equal(variables, {"datasource"}, "grafana: the variable of the data source")


def json_path(document, path):
    """The few forms of JSONPath that the template uses."""
    if path.endswith(".length()"):
        return sum(f["verdict"] == "fail" and f["severity"] in ("critical", "high") and "waived" not in f
                   for f in document["findings"])
    found = re.fullmatch(r"\$\.findings\[\?\(@\.rule=='([a-z-]+)'\)\]\.([a-z_.]+)\.first\(\)", path)
    if not found:
        return document.get(path[2:])
    value = next((f for f in document["findings"] if f["rule"] == found[1]), None)
    for key in found[2].split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def check_template(tap, lab):
    """The master item's JSON holds what the dependent items read."""
    target = [e["target"] for e in lab.expected() if e["profile"] == "ex-se-aug26"]
    _, results = harness.scan(lab, target, *DAY)
    items = load("zabbix", "exvet-template.json")["zabbix_export"]["templates"][0]["items"]
    for item in items:
        if item["type"] == "DEPENDENT":
            path = item["preprocessing"][0]["parameters"][0]
            tap.ok(json_path(results[0], path) is not None, f"zabbix: {item['key']} is found", path)


def main():
    if not harness.have_scan():
        harness.skip_all("this exvet cannot scan")
    tap = harness.Tap()
    check_definitions(tap)
    check_dashboard(tap)
    with harness.Lab(*SERVERS) as lab:
        check_checkmk(tap, lab)
        check_zabbix(tap, lab)
        check_prometheus(tap, lab)
        check_report(tap, lab)
        check_limits(tap, lab)
        check_template(tap, lab)
    tap.done()


if __name__ == "__main__":
    main()
