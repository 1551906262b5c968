"""validate_test.py - each format through the validator that its users have."""
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hostile  # noqa: E402
import node  # noqa: E402
sys.path.insert(0, os.path.join(os.environ["top_srcdir"], "tests", "cli"))
from tap import Tap  # noqa: E402

TOP = os.environ["top_srcdir"]
XCCDF = "/usr/share/openscap/schemas/xccdf/1.2/xccdf_1.2.xsd"
tap = Tap()
ok = tap.ok


def skip(name, why):
    """Nobody may take a validator that is not there for one that found nothing."""
    if node.must():
        ok(False, name, why)
        return
    tap.skip(name, why)


def run(*args):
    r = subprocess.run(args, capture_output=True, timeout=300, check=False)
    return r.returncode, (r.stdout + r.stderr).decode("utf-8", "replace")


def broken(path, old, new):
    """A copy with one fault: a validator that finds nothing there is no validator."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert old in text, old
    copy = path + ".broken"
    with open(copy, "w", encoding="utf-8") as f:
        f.write(text.replace(old, new, 1))
    return copy


def xccdf(name, path):
    if not shutil.which("xmllint") or not os.path.exists(XCCDF):
        return skip(f"xccdf of {name}", "no xmllint or no openscap-common")
    status, text = run("xmllint", "--noout", "--schema", XCCDF, path)
    ok(status == 0, f"xccdf of {name}: valid by the schema", text)
    bad = broken(path, "<result>pass</result>", "<result>fine</result>")
    ok(run("xmllint", "--noout", "--schema", XCCDF, bad)[0] != 0, f"xccdf of {name}: a fault is found")
    if not shutil.which("oscap"):
        return skip(f"xccdf of {name}: oscap", "no openscap-scanner")
    status, text = run("oscap", "xccdf", "validate", "--schematron", path)
    # The one thing it says: it would like another form of CPE name, which it then refuses.
    said = [line for line in text.splitlines()
            if line.strip() and "<?xml" not in line and "CPE URI binding" not in line]
    ok(status == 0 and not said, f"xccdf of {name}: oscap has nothing to say", text)
    return oscap_report(name, path)


def oscap_report(name, path):
    """The report that an auditor makes of one target of it, as a page of oscap's."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    ids = re.findall(r'<TestResult id="([^"]+)"', text)
    for one in (ids[0], ids[-1]):
        part = text.split(f'<TestResult id="{one}"')[1].split("</TestResult>")[0]
        out = path + ".html"
        status, said = run("oscap", "xccdf", "generate", "report", "--result-id", one, "--output", out, path)
        with open(out, encoding="utf-8") as f:
            page = f.read()
        failed_rules = set(re.findall(r'idref="([^"]+)"[^>]*><result>fail<', part))
        shown = [r for r in failed_rules if r.removeprefix("xccdf_org.exvet_rule_") in page]
        ok(status == 0 and not said.strip() and len(page) > 20000 and len(shown) == len(failed_rules),
           f"xccdf of {name}: oscap makes its report of {one}", said or (len(page), failed_rules))


def sarif(where, name, path):
    tool = os.path.join(where, "node_modules", "@microsoft", "sarif-multitool-linux",
                        "Sarif.Multitool")
    if not os.path.exists(tool):
        if platform.machine() == "x86_64":
            ok(False, f"sarif of {name}", "npm brought no multitool")
        else:
            print(f"# sarif of {name}: there is no multitool for {platform.machine()}")
        return None
    args = (tool, "validate", "--level", "Error;Warning")
    status, out, err = node.run(where, *args, path)
    found = re.findall(r"\b(?:SARIF|JSON)\d{4}\b.*", out + err)
    # What it cannot read at all it leaves out with a sentence, and is content.
    ok(status == 0 and "Analysis completed" in out and not found and "skipped" not in out, f"sarif of {name}: multitool",
       out + err)
    bad = broken(path, '"ruleIndex":', '"ruleIndexes":')
    out = node.run(where, *args, bad)
    ok(out[0] != 0 or re.search(r"\bJSON\d{4}\b|skipped", out[1] + out[2]), f"sarif of {name}: a fault is found",
       out)
    return None


def junit(where, name, path):
    status, out, err = node.run(where, "node", "junit.mjs", path)
    if not ok(status == 0, f"junit of {name}: parsed", err):
        return
    got = json.loads(out)
    with open(path, encoding="utf-8") as f:
        text = f.read()
    ok(got["suites"] == text.count("<testsuite ") and got["cases"] == text.count("<testcase ") and
       got["failures"] == text.count("<failure") == got["said"] > 0 and
       got["skipped"] == text.count("<skipped") > 0 and got["errors"] == text.count("<error") > 0,
       f"junit of {name}: every suite and case is read", got)


def html(where, files):
    status, out, err = node.run(where, "node", "html.mjs", *files)
    lines = out.splitlines()
    ok(status == 0 and lines and lines[-1] == f"looked at {len(files)}" and len(lines) == 1,
       "html: html-validate has nothing to say", out + err)
    bad = broken(files[0], "<h1>", "<h1><div>")
    ok(len(node.run(where, "node", "html.mjs", bad)[1].splitlines()) > 1, "html: a fault is found")


def main():
    where, error = node.install()
    if error:
        ok(False, "npm ci", error)
    with tempfile.TemporaryDirectory() as folder:
        inputs = {"fleet": os.path.join(TOP, "tests", "report", "fleet.jsonl"),
                  "hostile": os.path.join(folder, "hostile.jsonl")}
        with open(inputs["hostile"], "w", encoding="utf-8") as f:
            f.write(hostile.lines())
        for name, path in inputs.items():
            out = os.path.join(folder, name)
            args = [a for k in ("xccdf", "sarif", "junit", "html") for a in ("-o", f"{k}:{out}.{k}")]
            status, text = run(os.environ["EXVET"], "report", "--as-of=2026-11-24", *args, path)
            ok(status == 0, f"{name}: written", text)
            xccdf(name, out + ".xccdf")
            if where:
                sarif(where, name, out + ".sarif")
                junit(where, name, out + ".junit")
            else:
                skip(f"sarif and junit of {name}", "no node or npm")
        if where:
            html(where, [os.path.join(folder, f"{name}.html") for name in inputs])
        else:
            skip("html", "no node or npm")
    tap.end()


main()
