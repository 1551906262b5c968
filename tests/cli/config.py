"""config.py - messages, exit statuses, help, and `config show` as an INI."""
import json
import os
import re
import subprocess
import tempfile

from tap import EXVET, Tap, run

tap = Tap()
folder = tempfile.TemporaryDirectory()
INI = os.path.join(folder.name, "exvet.ini")
COMMANDS = ["scan", "report", "builds", "diff", "merge", "policy", "mail", "list", "explain", "config"]


def with_ini(text, *args, env=None):
    with open(INI, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode())
    return run(*(args or ("config", "show")), env={"EXVET_CONFIG": INI, **(env or {})})


def values(shown):
    """Lines of `config show` without the origin."""
    return [re.sub(r"\s+; .*$", "", line) for line in shown.splitlines()
            if not line.startswith("; ")]


# ---- mistakes: one line, where, what was expected, status 2 ----
BAD_INI = [
    ("[probe]\n\nrate = x\n", ":3: rate: bad value \"x\", expected a number from 0 to"),
    ("# c\r\n[prob]\r\nrate = 1\r\n", ":3: unknown section [prob], expected [targets]"),
    ("[probe]\nratte = 1\n", ":2: unknown key \"ratte\" in [probe], expected rate"),
    ("[judge]\nrate = 1\n", ":2: rate in [judge], expected it in [probe]"),
    ("[probe]\nrate 1\n", ":2: neither a [section] nor key = value, expected"),
    ("[probe\nrate = 1\n", ":1: neither a [section] nor key = value, expected"),
    ("rate = 1\n", ":1: key before the first [section], expected"),
    ("[probe]\ncontact = %s\n" % ("x" * 400), ":2: line of 410 bytes, expected at most 198"),
    ("[probe]\nprofile = all\n", ":2: profile: bad value \"all\", expected one of quick,"),
    ("[judge]\nas-of = 2026-13-01\n", ":2: as-of: bad value \"2026-13-01\", expected a day"),
    (b"[probe]\ncontact = a\0b\n", ":2: NUL byte, expected text"),
    (b"[probe]\ncontact = \x1b[31m\n", ":2: contact: bad value \"\\x1b[31m\", expected"),
    ("[policy]\ncert-fail-days = 90\n", "cert-fail-days 90 (%s:2), expected at most" % INI),
]
for text, expected in BAD_INI:
    status, out, err = with_ini(text, "scan", "--rate", "5", "127.0.0.1:1")
    good = status == 2 and out == "" and err.count("\n") == 1 and err.startswith("exvet: ") and \
        (expected if INI in expected else INI + expected) in err
    tap.ok(good, "INI: " + expected.split(",")[0].replace("#", "no."), (status, out, err))

BAD_ARGS = [
    (["scan", "--rate"], "--rate: expected NUMBER after it"),
    (["scan", "--rate", "x", "h"], "--rate: bad value \"x\", expected a number"),
    (["scan", "-jx", "h"], "--parallel: bad value \"x\", expected a number"),
    (["scan", "--tabel", "x"], "--tabel: unknown option, expected --table?"),
    (["scan", "--bogus\x1b[0m"], "--bogus\\x1b[0m: unknown option, expected"),
    (["report", "--rate=5", "f"], "--rate: not an option of report"),
    (["scna"], "unknown command \"scna\", expected scan?"),
    (["xyzzy"], "unknown command \"xyzzy\", expected one of"),
    (["list"], "list: expected one of probes, facts"),
    (["list", "planets"], "list: expected one of probes, facts"),
    (["list", "-o", "jsonl:x", "facts"], "expected text or jsonl"),
    (["explain"], "explain: expected the id of a rule"),
    (["explain", "no-such-rule-at-all"], "no rule \"no-such-rule-at-all\", expected one of"),
    (["config", "shwo"], "expected `exvet config show'"),
    (["scan", "-o", "docx", "h"], "--output: bad value \"docx\", expected FORMAT"),
]
for args, expected in BAD_ARGS:
    status, out, err = run(*args)
    tap.ok(status == 2 and out == "" and err.count("\n") == 1 and err.startswith("exvet: ") and
           expected in err, "arguments: " + " ".join(args).replace("\x1b", "ESC"),
           (status, out, err))

status, out, err = run()
tap.ok(status == 2 and out == "" and "Usage:" in err, "no command", (status, out, err))
status, out, err = run("config", "show", env={"EXVET_FAIL_ON": "bad"})
tap.ok(status == 2 and "EXVET_FAIL_ON: bad value" in err, "environment: bad value", err)
status, out, err = run("config", "show", env={"EXVET_NO_SUCH": "1"})
tap.ok(status == 0 and err == "", "environment: unknown is ignored", err)
status, out, err = run("config", "show", env={"EXVET_CONFIG": "/nonexistent/x.ini"})
tap.ok(status == 2 and "/nonexistent/x.ini: No such file" in err, "EXVET_CONFIG missing", err)
status, out, err = with_ini("[probe]\nrate = x\n", "scan", "--help")
tap.ok(status == 0 and err == "", "--help in spite of a bad INI", err)

# ---- config show ----
TRICKY = ("[targets]\nexclude = 10.0.0.0/8, a.example\nexclude = ::1\n"
          "input = \"a\\\\,b, \\x3bc\"\n[probe]\ncontact = \"a \\x3b b\"\n"
          "user-agent = \"\\\"q\\\" \\\\ \"\nconnect-timeout = 1500ms\nrequest-timeout=90\n"
          "[judge]\nas-of = 2026-01-31\n[output]\noutput = text, jsonl:/tmp/x y\nverbose = 2\n")
status, first, err = with_ini(TRICKY, "config", "show", "--strict", "--resolve", "h:::1",
                              env={"EXVET_RATE": "7"})
tap.ok(status == 0 and err == "", "config show works", err)
for expected in ["exclude = ::1", "input = a\\,b", "input = \"\\x3bc\"",
                 "contact = \"a \\x3b b\"", "connect-timeout = 1500ms", "request-timeout = 90s",
                 "as-of = 2026-01-31", "output = jsonl:/tmp/x y", "verbose = 2", "strict = yes",
                 "resolve = h:::1", "rate = 7"]:
    tap.ok(expected in values(first), "config show: " + expected.replace("#", ""), first)
for expected in [r"rate = 7 +; environment EXVET_RATE", r"strict = yes +; argument",
                 r"verbose = 2 +; .*exvet\.ini:\d+", r"profile = standard +; default"]:
    tap.ok(re.search("^" + expected + "$", first, re.M), "origin: " + expected, first)
status, second, err = with_ini(first)
tap.ok(status == 0 and values(first) == values(second), "config show reads back the same",
       err + "\n".join(set(values(first)) ^ set(values(second))))
tap.ok("; default" not in second, "all of it came from the file", second)

# ---- help ----
for command in COMMANDS:
    status, out, err = run(command, "--help")
    wide = [line for line in out.splitlines() if len(line) > 79]
    tap.ok(status == 0 and err == "" and out.startswith("Usage: exvet " + command) and not wide,
           command + " --help, 80 columns", wide)
status, out, err = run("--help")
wide = [line for line in out.splitlines() if len(line) > 79]
tap.ok(status == 0 and not wide and all("\n  %s " % c in out for c in COMMANDS), "--help", out)
tap.ok(run("help") == (0, out, ""), "exvet help says the same")
tap.ok(run("help", "scan") == run("scan", "--help"), "exvet help COMMAND")
tap.ok(run("help", "scna")[0] == 2, "exvet help of nothing")
status, out, err = run("--version")
tap.ok(status == 0 and re.match(r"exvet \d", out) and re.search(r"as of \d{4}-", out) and
       all(lib in out for lib in ["libcurl", "OpenSSL", "expat", "libxml2", "json-c", "libuv", "c-ares",
                                  "inih", "libidn2"]), "--version", out + err)
tap.ok(run("scan", "-V")[1] == out, "scan -V says the same")

# ---- list ----
for what in ["probes", "facts", "rules", "formats", "limits", "unseen", "frameworks"]:
    status, out, err = run("list", what)
    status2, lines, err2 = run("list", "-o", "jsonl", what)
    rows = [json.loads(line) for line in lines.splitlines()]
    tap.ok(status == 0 and status2 == 0 and len(rows) > 0 and
           len(rows) == len(out.splitlines()) and
           all(str(v) in line for line, row in zip(out.splitlines(), rows)
               for v in row.values()), "list " + what, out + err + err2)

# ---- explain ----
rules = [json.loads(line)["rule"] for line in run("list", "-o", "jsonl", "rules")[1].splitlines()]
tap.ok(len(rules) > 0, "there are rules")
for rule in rules:
    status, out, err = run("explain", rule)
    wide = [line for line in out.splitlines()[1:] if len(line) > 79 and "http" not in line]
    tap.ok(status == 0 and out.startswith(rule + ": ") and "Why it matters" in out and
           "What to do" in out and not wide, "explain " + rule, wide or out)
    tap.ok("  not-observable  " in out, "explain %s: what is said when it was not seen" % rule, out)
if rules:
    near = rules[0][:-1] if len(rules[0]) > 4 else rules[0] + "x"
    status, out, err = run("explain", near)
    tap.ok(status == 2 and rules[0] in err, "explain suggests", err)

# ---- colour: argument, NO_COLOR, CLICOLOR_FORCE, terminal ----
RESULT = b'{"schema":"exvet/1","target":"mail.example.com","observations":[],"errors":[]}\n'
for args, env, colored in [
        ([], {}, False), ([], {"CLICOLOR_FORCE": "1"}, True), ([], {"CLICOLOR_FORCE": "0"}, False),
        ([], {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False), ([], {"NO_COLOR": ""}, False),
        (["--color=always"], {"NO_COLOR": "1"}, True), (["--color=never"],
                                                        {"CLICOLOR_FORCE": "1"}, False),
        ([], {"EXVET_COLOR": "always"}, True)]:
    status, out, err = run("report", "--as-of", "2026-10-14", *args, "-", env=env, stdin=RESULT)
    tap.ok(status == 0 and "mail.example.com" in out and ("\x1b[" in out) == colored,
           "colour with %s %s" % (args, env), out + err)

# ---- output that cannot be written ----
with open("/dev/full", "w", encoding="ascii") as full:
    p = subprocess.run([EXVET, "list", "facts"], stdout=full,
                       stderr=subprocess.PIPE, check=False)
tap.ok(p.returncode == 4 and b"standard output" in p.stderr, "full disk: status 4", p)
tap.end()
