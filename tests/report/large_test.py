"""large_test.py - 10,000 servers: every format within bounds of time and memory."""
import os
import resource
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import large  # noqa: E402

SECONDS, MEBIBYTES = 60, 300
FORMATS = ["text", "jsonl", "csv", "csv-findings", "html", "markdown", "junit", "sarif", "xccdf",
           "shadowserver", "intelmq"]
# What a report of 10,000 targets holds at least, and the size that nobody can use.
LEAST = {"html": 2 << 20, "markdown": 10 << 10, "text": 100 << 10, "shadowserver": 500 << 10}
MOST = {"html": 60 << 20, "markdown": 1 << 20, "text": 4 << 20}


def measure(args):
    """(status, seconds of CPU, MiB at most) of one process."""
    pid = os.fork()
    if pid == 0:
        os.execvpe(args[0], args, dict(os.environ, XDG_CONFIG_HOME="/nonexistent"))
    _, status, usage = os.wait4(pid, 0)
    return (os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime,
            usage.ru_maxrss / 1024)


def main():
    listed = subprocess.run([os.environ["EXVET"], "list", "formats", "-o", "jsonl"],
                            capture_output=True, text=True, check=False).stdout
    failed = 0
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "in.jsonl")
        large.write(source)
        for n, fmt in enumerate(FORMATS, 1):
            out = os.path.join(folder, "out")
            status, seconds, mebibytes = measure(
                [os.environ["EXVET"], "report", "--as-of=2026-11-24", "-o", f"{fmt}:{out}", source])
            size = os.path.getsize(out) if os.path.exists(out) else 0
            good = (status == 0 and seconds < SECONDS and mebibytes < MEBIBYTES and
                    LEAST.get(fmt, 1 << 20) < size < MOST.get(fmt, 1 << 31) and fmt in listed)
            failed += not good
            print(f"{'ok' if good else 'not ok'} {n} - {fmt}: {large.COUNT} servers, "
                  f"{seconds:.1f} s of CPU, {mebibytes:.0f} MiB, {size} bytes")
            if os.path.exists(out):
                os.unlink(out)
    print(f"1..{len(FORMATS)}")
    sys.exit(failed > 0)


main()
