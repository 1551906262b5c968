"""layers_test.py - an include only points down, and a library has one owner."""
from source import Tap, any_of, files, includes

tap = Tap()
C = files(".c", ".h", ".def", under=("src", "include"))
tap.ok(len(C) > 100, "there are sources")

# ---- who may know which library (DESIGN.md, "Layers") ----
OWNERS = [
    (r"uv\.h", [r"src/net/.*"]),
    (r"ares.*\.h", [r"src/net/resolve\.c"]),
    (r"curl/.*", [r"src/net/curl_lib\.[ch]"]),
    (r"dlfcn\.h", [r"src/base/late\.c"]),
    (r"(sys/socket|sys/un|sys/select|poll|netdb|net/if)\.h|(netinet|arpa)/.*", [r"src/net/.*"]),
    (r"openssl/.*", [r"src/cert.*\.c", r"src/sha256\.c", r"src/net/secure\.c"]),
    (r"expat\.h", [r"src/xml(_inner\.h|\.c|_tags\.c)"]),
    (r"iconv\.h", [r"src/xml_encoding\.c"]),
    (r"libxml/.*", [r"src/xml_validate\.c"]),
    (r"(ini|getopt)\.h", [r"src/config.*\.c"]),
    (r"json-c/.*", [r"src/store.*\.c", r"src/target.*\.c"]),
    (r"idn2\.h", [r"src/target.*\.c"]),
    # Threads: the run and what its workers share.
    (r"pthread\.h|stdatomic\.h", [r"src/(run|target|run_feed|judge|builds_load|progress|cert|cert_memory|check_guard)\.c", r"src/net/post\.c"]),
    (r"time\.h|sys/time\.h", [r"src/[a-z0-9_]*\.[ch]", r"src/base/clock\.c", r"src/net/.*", r"src/probes/smb\.c"]),
]
LIBC = (r"(assert|ctype|errno|fcntl|inttypes|limits|math|signal|stdarg|stdbool|stddef|stdint|stdio|stdlib|string|strings"
        r"|unistd|dirent|sys/(ioctl|random|resource|stat|types|wait))\.h")
seen = {p: 0 for p, _ in OWNERS}
for path in C:
    bad = []
    for line, name, system in includes(path):
        if not system:
            continue
        for pattern, owners in OWNERS:
            if any_of(name, [pattern]):
                seen[pattern] += 1
                if not any_of(path, owners):
                    bad.append("%s:%d: <%s> is for %s" % (path, line, name, " ".join(owners)))
                break
        else:
            if not any_of(name, [LIBC]):
                bad.append("%s:%d: <%s> has no owner in tests/lint/layers_test.py" % (path, line, name))
    tap.ok(not bad, "libraries of " + path, "\n".join(bad))
for pattern, count in seen.items():
    tap.ok(count > 0, "somebody includes " + pattern)

# ---- direction: what each layer may include of ours ----
SEAM = r"(obs|bytes|probe|rule|report|result|builds|policy)\.h|facts\.def|limits\.def"
BASE = r"base/.*"
MAY = [
    (r"include/.*", [SEAM]),
    (r"src/base/.*", [BASE, r"limits\.def"]),
    (r"src/wire/.*", [BASE, r"wire/.*", r"bytes\.h"]),
    (r"src/net/.*", [BASE, r"net/.*", r"(bytes|obs|probe)\.h", r"cert\.h"]),
    (r"src/probes/.*", [BASE, r"probes/.*", r"wire/.*", r"(bytes|obs|probe)\.h", r"(cert|cert_ocsp|xml)\.h"]),
    (r"src/rules/.*", [BASE, r"rules/.*", r"(obs|rule|result|builds|policy)\.h", r"(tls_baseline|tls_facts|unseen)\.h",
                       r"wire/tls_names\.h"]),
    # A reporter knows findings and facts, and what a whole run carries beside them.
    (r"src/report/.*", [BASE, r"[a-z0-9_]+\.(h|def)", r"report/.*"]),
    # The run alone knows both sides: the network and the probes.
    (r"src/run.*", [r".*"]),
    (r"src/(cmd|check)_.*", [r"(?!net/|probes/|wire/|rules/).*"]),
    (r"src/[a-z0-9_]+\.[ch]", [r"(?!net/|run|cmd|check_|rules/|report/).*"]),
]
# (Formats for monitoring say what the plugin would: check_line, check_judge, check_metric.)
NEVER_REPORT = r"(run|cmd|check(?!_(line|judge|metric)\.h|list\.h)|target|judge|output|probe|cert|xml|progress)[a-z0-9_]*\.h"
EXTRA = {
    # What is printed from tables: `exvet list`, the manual, --version.
    "src/cmd_list.c": [r"probes/table\.h"],
    "src/cmd_version.c": [r"net/.*"],
    "src/manual.c": [r"cmd\.h", r"check_metric\.h"],
    # The driver of the rules is one family with them.
    "src/rule.c": [r"rules/.*"],
    "src/main.c": [r"cmd\.h"],
    # A format that ends at another program's API: the sending is the network's.
    "src/passive.c": [r"net/post\.h"],
    # The exit statuses.
    "src/judge.c": [r"cmd\.h"],
    # A value of -w is checked by the grammar that reads it.
    "src/config_check.c": [r"check_range\.h", r"check_terms\.h"],
}
layers = {p: 0 for p, _ in MAY}
for path in C:
    bad = []
    for pattern, may in MAY:
        if any_of(path, [pattern]):
            layers[pattern] += 1
            for line, name, system in includes(path):
                if system or name == "config-build.h" or any_of(name, EXTRA.get(path, [])):
                    continue
                if not any_of(name, may) or (path.startswith("src/report/") and any_of(name, [NEVER_REPORT])):
                    bad.append('%s:%d: "%s" is above or beside its layer' % (path, line, name))
            break
    else:
        bad.append(path + " is in no layer")
    tap.ok(not bad, "direction of " + path, "\n".join(bad))
for pattern, count in layers.items():
    tap.ok(count > 0, "there are files in " + pattern)
tap.end()
