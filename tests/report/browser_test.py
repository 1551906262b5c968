"""browser_test.py - the HTML report in a real Chromium: fleet, hostile, 10,000."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hostile  # noqa: E402
import large  # noqa: E402
import node  # noqa: E402

TOP = os.environ["top_srcdir"]


def report(source, out):
    subprocess.run([os.environ["EXVET"], "report", "--as-of=2026-11-24", "-o", "html:" + out,
                    source], env=dict(os.environ, XDG_CONFIG_HOME="/nonexistent"), check=True)


def main():
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    where, error = node.install()
    if error:
        print("not ok 1 - npm ci\n#", error.replace("\n", "\n# "), "\n1..1")
        sys.exit(1)
    if not where or not chromium:
        print("not ok 1 -" if node.must() else "ok 1 # SKIP",
              "browser tests: no", "chromium" if where else "node and npm", "\n1..1")
        sys.exit(node.must())
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "in.jsonl")
        report(os.path.join(TOP, "tests", "report", "fleet.jsonl"), folder + "/fleet.html")
        with open(path, "w", encoding="utf-8") as f:
            f.write(hostile.lines())
        report(path, folder + "/hostile.html")
        large.write(path)
        report(path, folder + "/large.html")
        os.unlink(path)
        run = subprocess.run(["node", "browser.mjs", folder], cwd=where,
                             env=dict(node.ENV, CHROMIUM=chromium), timeout=1200, check=False)
        sys.exit(run.returncode)


main()
