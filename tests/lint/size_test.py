"""size_test.py - functions fit on a screen, files stay readable."""
import shutil
import subprocess

from source import TOP, Tap, files, read

tap = Tap()
FUNCTION, FILE = 60, 500
# What is longer today: {path: (lines, why)}.  This list may only shrink.
LONG_FILES = {
}
LONG_FUNCTIONS = {}

C = files(".c", ".h", under=("src", "include", "tests", "bench"))
tap.ok(len(C) > 150, "there are sources")
for path in C:
    lines = read(path).count("\n")
    limit, why = LONG_FILES.get(path, (FILE, ""))
    tap.ok(lines <= limit, "%s has %d lines at most" % (path, limit), "%d lines: split it" % lines)
    if why:
        tap.ok(lines > FILE, path + " still needs its exception")
for path in LONG_FILES:
    tap.ok(path in C, path + " is there")
print("# warning: %d files are longer than %d lines" % (len(LONG_FILES), FILE))

ctags = shutil.which("ctags-universal") or shutil.which("ctags")
if ctags is None or "Universal" not in subprocess.run([ctags, "--version"], capture_output=True, text=True,
                                                      check=False).stdout:
    tap.skip("functions", "universal-ctags is not installed")
else:
    out = subprocess.run([ctags, "--quiet", "--options=NONE", "-o", "-", "--sort=no", "--languages=C",
                          "--langmap=C:.c.h", "--kinds-C=f", "--fields=+ne", *C], cwd=TOP, check=True,
                         capture_output=True, text=True).stdout
    longest, count, bad = 0, 0, []
    for row in out.splitlines():
        fields = row.split("\t")
        if row.startswith("!") or len(fields) < 4:
            continue
        place = dict(f.split(":", 1) for f in fields[4:] if ":" in f)
        if "end" not in place:
            continue
        count += 1
        lines = int(place["end"]) - int(place["line"]) + 1
        longest = max(longest, lines)
        if lines > LONG_FUNCTIONS.get((fields[1], fields[0]), (FUNCTION, ""))[0]:
            bad.append("%s:%s: %s has %d lines" % (fields[1], place["line"], fields[0], lines))
    tap.ok(count > 1000, "functions are found", count)
    tap.ok(not bad, "no function is longer than %d lines" % FUNCTION, "\n".join(bad))
    print("# the longest of %d functions has %d lines" % (count, longest))
tap.end()
