"""symbols_test.py - names by file, no state that changes, nothing impure in probes and rules."""
import os
import re
import subprocess

from source import BUILD, TOP, Tap

tap = Tap()
OBJECTS = []
for where, _, names in os.walk(os.path.join(BUILD, "src")):
    for n in names:
        source = os.path.relpath(os.path.join(where, n[:-2] + ".c"), BUILD)
        if n.endswith(".o") and os.path.exists(os.path.join(TOP, source)):
            OBJECTS.append((source, os.path.join(where, n)))
tap.ok(len(OBJECTS) > 80, "there are objects below " + BUILD)


def nm(*args):
    return subprocess.run(["nm", *args], check=True, capture_output=True, text=True).stdout


# Families that do not bear the name of their file: {file: prefix}.
FAMILIES = {
    "src/rule.c": r"finding_",              # include/rule.h: what a check calls
    "src/probe.c": r"http_reply_",          # include/probe.h: the reply's own lookups
    "src/check_perfdata.c": r"check_line_",  # check_line.h: the line's second half
    "src/check_terms.c": r"check_",         # check_terms.h: words of the plugin
}
# State that changes and is not on the heap of its owner.  This list may only shrink.
CHANGING = {
    ("src/base/text.c", "text_oom_status"),  # set once by main(), before any thread
}
SANITIZER = re.compile(r"^(__|_GLOBAL|\.|asan|ubsan)|\.")
MADE_BY_SANITIZER = re.compile(r"^(__|\.L|anon\.|_GLOBAL)|asan|ubsan")
DESCRIPTORS = {"src/probes": "probe_", "src/rules": "rule_", "src/report": "report(er)?_"}


def prefixes(source):
    """The file's own name, and shorter ones that a header beside it declares."""
    folder, stem = os.path.split(source[:-2])
    own = [stem]
    while "_" in stem:
        stem = stem.rpartition("_")[0]
        if any(os.path.exists(os.path.join(TOP, d, stem + e)) for d in (folder, "include") for e in (".h", "_inner.h",
                                                                                                     "_table.h")):
            own.append(stem)
    return own


# The address sanitizer moves constant tables into writable sections.
PADDED = any("__asan_init" in nm("-u", path) for _, path in OBJECTS[:1])
changing_seen = set()
for source, path in sorted(OBJECTS):
    bad, exported = [], 0
    for line in nm("-g", "--defined-only", path).splitlines():
        kind, name = line.split()[-2:]
        if SANITIZER.search(name):
            continue
        exported += 1
        good = any(name == p or name.startswith(p + "_") for p in prefixes(source))
        good |= bool(re.match(FAMILIES.get(source, r"(?!)"), name))
        good |= kind in "DRV" and bool(re.match(DESCRIPTORS.get(os.path.dirname(source), r"(?!)"), name))
        good |= source == "src/main.c" and name == "main"
        if not good:
            bad.append("%s exports %s" % (source, name))
    tap.ok(exported > 0 and not bad, "names of " + source, "\n".join(bad) or "exports nothing")

    if PADDED:
        continue
    table = subprocess.run(["objdump", "-t", path], check=True, capture_output=True, text=True).stdout
    state = {m.group(1) for m in re.finditer(r" O (?:\.data|\.bss|\*COM\*)\s+[0-9a-f]+ (\S+)$", table, re.M)
             if not MADE_BY_SANITIZER.search(m.group(1))}
    changing_seen |= {(source, s) for s in state}
    new = sorted(s for s in state if (source, s) not in CHANGING)
    tap.ok(not new, "no state that changes in " + source, new)
if PADDED:
    tap.skip("state that changes", "built with the address sanitizer")
for entry in [] if PADDED else sorted(CHANGING):
    tap.ok(entry in changing_seen, "%s %s is still in need of its exception" % entry)
print("# warning: %d variables that change" % len(CHANGING))

# ---- pure layers: no clock, no socket, no file, no printer ----
IMPURE = re.compile(r"^(time|clock|clock_gettime|gettimeofday|localtime_r|gmtime|sleep|nanosleep|usleep"
                    r"|socket|connect|send|sendto|recv|recvfrom|read|write|open|open64|close|poll|select|getaddrinfo"
                    r"|fopen|fopen64|printf|fprintf|puts|putchar|fputs|fputc|fwrite|perror|stdout|stderr|getenv"
                    r"|rand|random|getrandom|pthread_.*|uv_.*|curl_.*|ares_.*|SSL_.*|xml[A-Z].*|json_object_.*)$")
pure = 0
for source, path in sorted(OBJECTS):
    if not re.match(r"src/(wire|probes|rules)/", source):
        continue
    pure += 1
    bad = [n for n in nm("-u", path).split() if IMPURE.match(re.sub(r"^__|_chk$|@.*$", "", n))]
    tap.ok(not bad, "purity of " + source, bad)
tap.ok(pure > 30, "there are pure layers")
tap.end()
