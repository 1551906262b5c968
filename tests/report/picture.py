"""picture.py RESULTS.jsonl OUT.png - the picture of the README out of the demo's
results: `make picture'.  The peers that only misbehave are left out."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import node  # noqa: E402


def main():
    source, out = sys.argv[1:3]
    with open(source, encoding="utf-8") as f:
        lines = [line for line in f if "bad-" not in json.loads(line)["target"]]
    where, error = node.install()
    if not where:
        sys.exit(error or "picture.py: needs node and npm")
    with tempfile.TemporaryDirectory() as folder:
        page = os.path.join(folder, "report.html")
        subprocess.run([os.environ["EXVET"], "report", "-o", "html:" + page, "-"], input="".join(lines),
                       text=True, check=True)
        subprocess.run(["node", "picture.mjs", page, os.path.abspath(out)], cwd=where, env=node.ENV,
                       check=True)


main()
