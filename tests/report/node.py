"""node.py - the npm packages of tests/node, installed into the build directory
from the committed lock file; None when there is no node or npm."""
import os
import shutil
import subprocess

SOURCE = os.path.join(os.environ["top_srcdir"], "tests", "node")
FILES = ("package.json", "package-lock.json", "browser.mjs", "junit.mjs", "picture.mjs", "html.mjs",
         "htmlvalidate.json")
ENV = dict(os.environ, NO_UPDATE_NOTIFIER="1", DOTNET_SYSTEM_GLOBALIZATION_INVARIANT="1",
           DOTNET_CLI_TELEMETRY_OPTOUT="1")


def must():
    """Is a missing program a failure?  So it is in `quickstart test`, which installs all of them."""
    return os.environ.get("EXVET_TESTS_ALL", "") != ""


def _read(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except FileNotFoundError:
        return None


def install():
    """The directory, and what went wrong instead."""
    if not shutil.which("node") or not shutil.which("npm"):
        return None, None
    where = os.path.join(os.environ["top_builddir"], "tests-node")
    os.makedirs(where, exist_ok=True)
    lock = _read(os.path.join(SOURCE, "package-lock.json"))
    for name in FILES:
        shutil.copyfile(os.path.join(SOURCE, name), os.path.join(where, name))
    stamp = os.path.join(where, "installed")
    if _read(stamp) != lock:
        run = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                             cwd=where, env=ENV, capture_output=True, timeout=600, check=False)
        if run.returncode != 0:
            return None, (run.stdout + run.stderr).decode()[-2000:]
        tool = os.path.join(where, "node_modules", "@microsoft", "sarif-multitool-linux",
                            "Sarif.Multitool")
        if os.path.exists(tool):
            os.chmod(tool, 0o755)
        with open(stamp, "wb") as f:
            f.write(lock)
    return where, None


def run(where, *args, timeout=900):
    r = subprocess.run(args, cwd=where, env=ENV, capture_output=True, timeout=timeout, check=False)
    return r.returncode, r.stdout.decode("utf-8", "replace"), r.stderr.decode("utf-8", "replace")
