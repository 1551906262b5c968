"""docs.py - options, manual, example file and --help must not disagree."""
import os
import re
import shutil
import subprocess

from tap import TOP, Tap, run

tap = Tap()


def read(name):
    with open(os.path.join(TOP, name), encoding="utf-8") as f:
        return f.read()


# ---- committed files are what the program generates ----
PAGES = ["man/check_exchange.1", "man/exvet.1", "man/exvet-report.1", "man/exvet.ini.5"]
for page in PAGES:
    status, out, err = run("config", "manual", os.path.join(TOP, page + ".in"))
    tap.ok(status == 0 and out == read(page), page + " is up to date, else `make docs'", err)
status, out, err = run("config", "manual", os.path.join(TOP, "docs/rules.md.in"))
rules = read("docs/rules.md")
tap.ok(status == 0 and out == rules, "docs/rules.md is up to date, else `make docs'", err)
ids = [line.split()[0] for line in run("list", "rules")[1].splitlines() if line[:1].isalpha()]
tap.ok(len(ids) > 50 and not [i for i in ids if f"\n### {i}\n" not in rules],
       "docs/rules.md explains each rule", [i for i in ids if f"\n### {i}\n" not in rules])
status, example, err = run("config", "example")
tap.ok(status == 0 and example == read("conf/exvet.ini.example"),
       "conf/exvet.ini.example is up to date, else `make docs'", err)

# ---- every option is everywhere ----
shown = run("config", "show")[1]
options, section, sections = [], None, {}
for line in shown.splitlines():
    if line.startswith("["):
        section = line[1:-1]
    elif " =" in line and not line.startswith(";"):
        name = line.split(" =")[0]
        options.append(name)
        sections[name] = section
tap.ok(len(options) > 30 and len(options) == len(set(options)), "options", options)
help_all = {c: run(c, "--help")[1] for c in
            ["scan", "report", "builds", "diff", "merge", "policy", "mail", "list", "explain", "config"]}
help_all["check_exchange"] = run("--help", name="check_exchange")[1]
manual, ini_page = read("man/exvet.1") + read("man/check_exchange.1"), read("man/exvet.ini.5")
for name in options:
    missing = []
    if not any(re.search(r"--%s\b" % name, text) for text in help_all.values()):
        missing.append("--help")
    if not re.search(r"^\.It .*Fl -%s\b" % name, manual, re.M):
        missing.append("exvet(1)")
    if not re.search(r"^\.It Ic %s No =" % name, ini_page, re.M):
        missing.append("exvet.ini(5)")
    if not re.search(r"^;%s =" % name, example, re.M):
        missing.append("example")
    # the parsers: an empty value is the default, for a value or a flag alike
    if run("config", "show", "--%s=" % name)[0] != 0 and \
            run("config", "show", "--" + name)[0] != 0:
        missing.append("argv")
    tap.ok(not missing, "option %s is everywhere" % name, missing)
for command, text in help_all.items():
    strange = [n for n in re.findall(r"^ .{2,5}--([a-z0-9-]+)", text, re.M)
               if n not in options + ["help", "version"]]
    tap.ok(not strange, "%s --help has no other option" % command, strange)

# ---- the example is a valid INI, commented as it is and with its defaults ----
commented = re.sub(r"^;([a-z0-9-]+ =)", r"\1", example, flags=re.M)
without = "\n".join(line for line in commented.splitlines()
                    if not re.match(r"[a-z0-9-]+ = (FILE|LIST|HOST:ADDR|\[PROBE=\]NUMBER|NAME|"
                                    r"NAME,\.\.\.|BUILD,\.\.\.|NAME\|FILE|FOLDER|URL|TEXT|DATE|HOST|ADDR|\[METRIC=\]RANGE|DAYS\[,DAYS\]|"
                                    r"\[SECTION\]\[@FILE\]|GROUP,\.\.\.|NAME:VALUE|WORDS|DIR=SCHEMES|FORMAT\[:FILE\])$", line))
for name, text in [("example as it is", example), ("example with its defaults", without)]:
    path = os.path.abspath("docs-test.%d.ini" % os.getpid())
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    status, out, err = run("config", "show", env={"EXVET_CONFIG": path})
    os.unlink(path)
    strip = [re.sub(r"\s+; .*$", "", line) for line in out.splitlines()]
    expected = [re.sub(r"\s+; .*$", "", line) for line in shown.splitlines()]
    differ = [a for a, b in zip(strip, expected) if a != b]
    tap.ok(status == 0 and not differ and len(strip) == len(expected), name, err or differ)
tap.ok(len(re.findall(r"^[a-z0-9-]+ =", without, re.M)) > 15, "the example shows defaults")

# ---- mandoc ----
if shutil.which("mandoc"):
    for page in PAGES:
        p = subprocess.run(["mandoc", "-T", "lint", "-W", "warning",
                            os.path.join(TOP, page)], capture_output=True, check=False)
        tap.ok(p.returncode == 0 and not p.stdout, "mandoc -T lint " + page, p.stdout.decode())
else:
    tap.skip("mandoc -T lint", "no mandoc")
tap.end()
