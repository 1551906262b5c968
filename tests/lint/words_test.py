"""words_test.py - calls that nobody makes, and words that do not belong to the project."""
import re

from source import Tap, code_only, files, read

tap = Tap()
# Each has a safe twin in base/text.h, config_value.c or the standard's _r and n forms.
BANNED = re.compile(r"(?<![\w.>])(strtok|strtok_r|atoi|atol|atoll|atof|sscanf|vsscanf|strcpy|stpcpy|strcat|strncat|strncpy"
                    r"|sprintf|vsprintf|gets|localtime|localtime_r|ctime|asctime|alloca|tmpnam|mktemp|rand)\s*\(")
C = files(".c", ".h", ".def", under=("src", "include", "tests", "bench"))
tap.ok(len(C) > 150, "there are sources")
for path in C:
    bad = ["%s:%d: %s()" % (path, n, m.group(1)) for n, line in enumerate(code_only(read(path)).splitlines(), 1)
           for m in BANNED.finditer(line)]
    tap.ok(not bad, "calls of " + path, "\n".join(bad))

# ---- every source says first what it is for ----
for path in C:
    name = path.rpartition("/")[2]
    tap.ok(re.match(r"/\*\s(\* )?.*\b" + re.escape(name) + r"\b", read(path)), path + " says what it is for",
           read(path)[:80])

# ---- paths of one machine, and talk about who wrote what ----
HERE = [r"(?<![\w.-])/" + r"work\b", "/" + r"home/\w+", "/" + "tmp/b-", r"\bsub-?" + "agents?\\b", r"\bAI " + "agents?\\b",
        r"\bcoding " + "agents?\\b", r"\blanguage " + "models?\\b", r"\b(this|another|an? earlier|the next) " + "session\\b",
        r"\bsessions? of the " + "project\\b", r"\bthe " + "brief\\b"]
TRACE = re.compile("|".join(HERE), re.I)
ALL = [f for f in files() if not re.search(r"\.(log|trs|o|a|png|der)$|^build|/corpus|^INSTALL$", f)]
tap.ok(len(ALL) > 300, "there are files")
for path in ALL:
    bad = ["%s:%d: %s" % (path, n, m.group(0)) for n, line in enumerate(read(path).splitlines(), 1)
           for m in TRACE.finditer(line)]
    if bad:
        tap.ok(False, "nothing of one machine in " + path, "\n".join(bad))
tap.ok(TRACE.search("see /" + "work/x") is not None, "the words of one machine are known")
tap.ok(TRACE.search("smb.session, User-Agent, network/" + "work") is None, "and only these")

# ---- findings support evidence for a control; nothing that we print calls anybody compliant ----
DENIED = re.compile(r"(do not make anybody|never make anybody|makes? nobody|do not show|Neither shows) complian(t|ce)")
CLAIM = re.compile(r"\bcomplian(t|ce)\b|\bcompl(y|ies) with\b", re.I)


def claims(text):
    flat = re.sub(r"\"\s*\n\s*\"|\n[ \t]*\*?[ \t]*|\s+", " ", text)
    return [flat[max(m.start() - 60, 0):m.end() + 20] for m in CLAIM.finditer(DENIED.sub("", re.sub(r" +", " ", flat)))]


SAID = [f for f in ALL if re.match(r"(src|include|man|docs|conf)/|README\.md$|DESIGN\.md$|data/.*\.(ini|rng)$|data/controls\.xml$", f)
        and not f.endswith((".png", ".in"))]
tap.ok(len(SAID) > 150 and "data/controls.xml" in SAID and "src/report/controls_text.c" in SAID, "there is text that speaks")
bad = ["%s: %s" % (path, c) for path in SAID for c in claims(read(path).replace("ComplianceAsCode", ""))]
tap.ok(not bad, "nobody is called compliant", "\n".join(bad))
tap.ok(claims("the server is compliant with NIS2") and claims("complies with PCI") and claims("in\n * compliance") and
       not claims("they do not make\"\n\t\"anybody compliant."), "such a claim would be found")
tap.end()
