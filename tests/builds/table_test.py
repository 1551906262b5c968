#!/usr/bin/env python3
"""The table and its schema: two validators accept them, and a broken copy of
each kind is refused with file:line and what was expected, with no answer."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

EXVET = os.environ["EXVET"]
DATA = os.path.join(os.environ["top_srcdir"], "data")

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<exchange as-of="2026-02-10" kev-as-of="2026-02-01">
	<product branch="SE" name="Exchange Server Subscription Edition" policy="modern"
		released="2025-07-01" extended-end="2035-12-31">
		<cu name="RTM"/>
	</product>
	<product branch="2019" name="Exchange Server 2019" policy="fixed"
		released="2018-10-22" mainstream-end="2024-01-09" extended-end="2025-10-14">
		<esu period="1" from="2025-10-15" to="2026-04-30"/>
		<esu period="2" from="2026-05-01" to="2026-10-31"/>
		<cu name="CU15" esu="yes"/>
		<cu name="CU14" support-end="2025-10-14"/>
	</product>
	<release name="Feb26SU" date="2026-02-10">
		<build number="15.2.2562.37" branch="SE" cu="RTM" kind="SU" kb="KB5074992" sources="MSRC"
			fixes="CVE-2026-21527"/>
		<build number="15.2.1748.43" branch="2019" cu="CU15" kind="SU" sources="MSRC"
			fixes="CVE-2026-21527 CVE-2026-21528"/>
		<cve id="CVE-2026-21527" title="Spoofing" impact="Spoofing" cvss="6.5"
			cvss-version="3.1" cvss-source="MSRC" disclosed="2026-02-10" sources="MSRC"/>
		<cve id="CVE-2026-21528" title="Code" impact="RCE" disclosed="2026-02-10"
			kev="2026-02-01" ransomware="known" sources="MSRC"/>
	</release>
	<release date="2025-07-01">
		<build number="15.2.2562.17" branch="SE" cu="RTM" kind="RTM" sources="MSLearn"/>
	</release>
	<release date="2025-02-10">
		<build number="15.2.1748.10" branch="2019" cu="CU15" kind="CU" sources="MSLearn"/>
		<fix cve="CVE-2026-21527" build="15.2.1748.10" cu="CU14"/>
	</release>
	<release date="2024-02-13">
		<build number="15.2.1544.4" branch="2019" cu="CU14" kind="CU" sources="MSLearn"/>
	</release>
</exchange>
"""

# what is broken, old text, new text, line (None: any), what the message must say
BAD = [
    ("unknown attribute", 'cu="RTM" kind="SU" kb', 'cu="RTM" kid="SU" kind="SU" kb', 15, "kid"),
    ("unknown element", "<cu name=\"RTM\"/>", "<uc name=\"RTM\"/>", 5, "<uc>"),
    ("element in a wrong place", "<cu name=\"RTM\"/>", "<build/>", 5, "<build>"),
    ("element too deep", 'sources="MSLearn"/>\n\t</release>\n\t<release date="2025-02-10">',
     'sources="MSLearn"><cve/></build>\n\t</release>\n\t<release date="2025-02-10">', 25, "<cve>"),
    ("missing attribute", ' date="2026-02-10">\n\t\t<build', '>\n\t\t<build', 14, "date"),
    ("day that does not exist", 'date="2026-02-10">\n', 'date="2026-02-30">\n', 14, "2026-02-30"),
    ("day written otherwise", 'date="2026-02-10">\n', 'date="10.02.2026">\n', 14, "a day"),
    ("day before 1996", 'released="2018-10-22"', 'released="1918-10-22"', 7, "1996"),
    ("day after 2100", 'extended-end="2035-12-31"', 'extended-end="2135-12-31"', 3, "2100"),
    ("as-of before the newest release", 'as-of="2026-02-10"', 'as-of="2026-02-09"', 14, "as-of"),
    ("padded build", "15.2.2562.37", "15.02.2562.37", 15, "15.2.1748.39"),
    ("build that is none", "15.2.2562.37", "15.2.2562.x", 15, "a build number"),
    ("build of two parts", "15.2.2562.37", "15.2", 15, "a build number"),
    ("unknown kind", 'kind="SU" kb', 'kind="su" kb', 15, "RTM, SP, CU"),
    ("unknown branch", 'branch="SE" cu="RTM" kind="RTM"', 'branch="2021" cu="RTM" kind="RTM"',
     25, "2021"),
    ("unknown cu", 'cu="CU15" kind="SU"', 'cu="CU16" kind="SU"', 17, "CU16"),
    ("cu of another branch", 'branch="SE" cu="RTM" kind="RTM"', 'branch="2019" cu="CU15" kind="CU"',
     25, "SE"),
    ("cu of another group", 'number="15.2.1748.43" branch="2019" cu="CU15"',
     'number="15.2.1748.43" branch="2019" cu="CU14"', 17, "CU14"),
    ("KB that is none", "KB5074992", "5074992", 15, "KB"),
    ("bad yes", 'esu="yes"', 'esu="true"', 11, "yes"),
    ("score too high", 'cvss="6.5"', 'cvss="10.1"', 19, "score"),
    ("score without version", '\n\t\t\tcvss-version="3.1"', '', 19, "cvss-version"),
    ("CVE id that is none", 'id="CVE-2026-21527"', 'id="CVE-26-21527"', 19, "CVE-2021-26855"),
    ("unknown impact", 'impact="RCE"', 'impact="Bad"', 21, "RCE"),
    ("empty text", 'title="Code"', 'title=" "', 21, "title"),
    ("fix of an unknown CVE", 'CVE-2026-21527 CVE-2026-21528"', 'CVE-2026-21527 CVE-2026-21529"',
     17, "CVE-2026-21529"),
    ("fixes out of order", 'CVE-2026-21527 CVE-2026-21528"', 'CVE-2026-21528 CVE-2026-21527"',
     17, "rising"),
    ("fixes twice", 'CVE-2026-21527 CVE-2026-21528"',
     'CVE-2026-21527 CVE-2026-21527 CVE-2026-21528"', 17, "once"),
    ("fixes that are no ids", 'fixes="CVE-2026-21527 CVE-2026-21528"',
     'fixes="CVE-2026-21527,CVE-2026-21528"', 17, "CVE-2026-21527,"),
    ("fix names an unknown build", 'build="15.2.1748.10" cu="CU14"',
     'build="15.2.1748.11" cu="CU14"', 29, "15.2.1748.11"),
    ("fix in its own cu", 'build="15.2.1748.10" cu="CU14"', 'build="15.2.1748.10" cu="CU15"', 29,
     "another"),
    ("fix in an older cu", '<fix cve="CVE-2026-21527" build="15.2.1748.10" cu="CU14"/>',
     '<fix cve="CVE-2026-21527" build="15.2.1544.4" cu="CU15"/>', 29, "newer"),
    ("CVE that nothing fixes", " CVE-2026-21528", "", 21, "CVE-2026-21528"),
    ("CVE twice", 'id="CVE-2026-21528" title="Code"', 'id="CVE-2026-21527" title="Code"', None,
     "CVE-2026-21527"),
    ("disclosed before the year of its id", 'impact="RCE" disclosed="2026-02-10"',
     'impact="RCE" disclosed="2025-02-10"', 21, "disclosed"),
    ("disclosed after as-of", 'impact="RCE" disclosed="2026-02-10"',
     'impact="RCE" disclosed="2026-02-11"', 21, "disclosed"),
    ("kev before it was disclosed", 'kev="2026-02-01"', 'kev="2025-12-31"', 21, "kev"),
    ("kev after kev-as-of", 'kev="2026-02-01"', 'kev="2026-02-02"', 21, "kev"),
    ("ransomware without kev", 'kev="2026-02-01" ', '', 21, "ransomware"),
    ("build twice", 'number="15.2.1748.43" branch="2019" cu="CU15"',
     'number="15.2.2562.37" branch="SE" cu="RTM"', 17, "highest"),
    ("build twice in two releases", "15.2.1748.43", "15.2.1748.10", None, "once"),
    ("also that another build has", 'number="15.2.1748.43"', 'number="15.2.1748.43" also="15.2.1748.10"',
     17, "also"),
    ("also of another cu", 'number="15.2.1748.43"', 'number="15.2.1748.43" also="15.2.1544.9"',
     17, "also"),
    ("builds out of order", "15.2.1748.10\" branch=\"2019\" cu=\"CU15\" kind=\"CU\" sources=\"MSLearn\"/>",
     "15.2.1748.10\" branch=\"2019\" cu=\"CU15\" kind=\"CU\" sources=\"MSLearn\"/>\n"
     "<build number=\"15.2.1748.11\" branch=\"2019\" cu=\"CU15\" kind=\"CU\" sources=\"x\"/>",
     29, "highest"),
    ("releases out of order", 'date="2025-07-01">\n\t\t<build', 'date="2023-07-01">\n\t\t<build', 27,
     "newest first"),
    ("same release twice", 'date="2025-02-10"', 'date="2025-07-01"', 27, "line 24"),
    ("days fall within a cu", '<release date="2024-02-13">',
     '<release name="Feb24SU" date="2024-02-13"><build number="15.2.1748.11" branch="2019" '
     'cu="CU15" kind="SU" sources="x"/></release>\n<release date="2024-02-13">', None, "do not fall"),
    ("a CU in a named release", 'date="2025-07-01">\n\t\t<build', 'name="Jul25SU" date="2025-07-01">\n'
     '\t\t<build', None, "RTM"),
    ("an SU in a nameless release", '<release name="Feb26SU" ', "<release ", None, "name"),
    ("partial that is no SU", 'kind="RTM"', 'kind="RTM" partial="yes"', 25, "partial"),
    ("cu without builds", '<cu name="RTM"/>', '<cu name="CU1"/><cu name="RTM"/>', 5, "CU1"),
    ("cu twice", '<cu name="CU15" esu="yes"/>', '<cu name="CU15"/>\n<cu name="CU15"/>', 12,
     "line 11"),
    ("cus out of order", '<cu name="CU15" esu="yes"/>\n\t\t<cu name="CU14" support-end="2025-10-14"/>',
     '<cu name="CU14"/>\n\t\t<cu name="CU15" esu="yes"/>', 12, "newest first"),
    ("support-end before the cu", 'support-end="2025-10-14"', 'support-end="2024-02-12"', 12,
     "support-end"),
    ("support-end after the product's", 'support-end="2025-10-14"', 'support-end="2025-10-15"', 12,
     "support-end"),
    ("esu without period", '<cu name="RTM"/>', '<cu name="RTM" esu="yes"/>', 5, "esu"),
    ("esu with a gap", 'from="2026-05-01"', 'from="2026-05-02"', 7, "day after"),
    ("esu three times", '<esu period="2" from="2026-05-01" to="2026-10-31"/>',
     '<esu period="2" from="2026-05-01" to="2026-10-31"/>' * 2, 10, "two"),
    ("esu period 3", 'period="2"', 'period="3"', 10, "1 or 2"),
    ("mainstream after extended", 'mainstream-end="2024-01-09"', 'mainstream-end="2026-01-09"', 7,
     "mainstream-end"),
    ("product twice", 'branch="SE" name', 'branch="2019" name', None, "2019"),
    ("not well-formed", "</product>\n\t<release", "</produkt>\n\t<release", 13, "product"),
    ("cut off", "\t</release>\n</exchange>\n", "", None, ""),
    ("DOCTYPE", "<exchange", "<!DOCTYPE exchange>\n<exchange", 3, "DOCTYPE"),
    ("entity", "<exchange", "<!DOCTYPE exchange [<!ENTITY x 'y'>]>\n<exchange", 2, "entity"),
    ("no product", None, '<exchange as-of="2026-02-10" kev-as-of="2026-02-01"/>', 1, "<product>"),
    ("another document", None, "<nmaprun/>", 1, "nmaprun"),
    ("empty", None, "", 1, ""),
    # what only the schema knows
    ("a CU's name", 'name="RTM"/>', 'name="Rtm"/>', None, "RTM"),
    ("an update's name", 'name="Feb26SU"', 'name="February update"', 14, ""),
]


def run(path, *builds):
    env = dict(os.environ)
    env.pop("EXVET_TABLE", None)
    return subprocess.run([EXVET, "builds", "--table", path, *builds], env=env, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def refused(path, line, says):
    """Why the broken table was not refused as it should be; None when it was."""
    p = run(path, "15.2.2562.37")
    err = p.stderr
    if p.returncode != 2 or p.stdout:
        return "exit %d, stdout %r" % (p.returncode, p.stdout[:80])
    m = re.match(r"exvet: %s:(\d+): ." % re.escape(path), err)
    if not m or err.count("\n") != 1:
        return "message %r" % err
    if line is not None and int(m.group(1)) != line:
        return "line %s, expected %d: %r" % (m.group(1), line, err)
    if says.lower() not in err.lower():
        return "expected it to say %s: %r" % (says, err)
    return None


def validators():
    rng, table = os.path.join(DATA, "exchange.rng"), os.path.join(DATA, "exchange.xml")
    for cmd in (["xmllint", "--noout", "--relaxng", rng, table], ["jing", rng, table]):
        if shutil.which(cmd[0]) is None:
            yield cmd[0], None
            continue
        p = subprocess.run(cmd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        yield cmd[0], p.returncode == 0


n = 0
failed = False


def report(ok, name, *why):
    global n, failed
    n += 1
    failed = failed or not ok
    print("%s %d - %s" % ("ok" if ok else "not ok", n, name))
    for w in why if not ok else ():
        print("# %s" % w)


print("1..%d" % (len(BAD) + 7))
done = 0
for name, ok in validators():
    if ok is None:
        n += 1
        print("ok %d - %s # SKIP not installed" % (n, name))
    else:
        report(ok, "%s accepts the table" % name)
    done += ok is not None
report(done > 0, "a validator was there")
p = run(os.path.join(DATA, "exchange.xml"), "15.2.2562.37")
report(p.returncode == 0 and "Feb26SU" in p.stdout, "the table is good", p.stderr)
p = run("/nonexistent/table.xml", "15.2.2562.37")
report(p.returncode == 2 and "/nonexistent/table.xml" in p.stderr and not p.stdout,
       "a table that is not there", p.stderr)

with tempfile.TemporaryDirectory() as tmp:
    path = os.path.join(tmp, "table.xml")
    shutil.copy(os.path.join(DATA, "exchange.rng"), tmp)

    def write(text):
        with open(path, "w") as f:
            f.write(text)
    write(GOOD)
    p = run(path, "15.2.2562.37")
    report(p.returncode == 0 and "Feb26SU" in p.stdout, "the small table is good", p.stderr)
    env = dict(os.environ, EXVET_TABLE=os.path.join(tmp, "gone.xml"))
    p = subprocess.run([EXVET, "builds", "15.2"], env=env, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, text=True)
    report(p.returncode == 2 and "gone.xml" in p.stderr, "no table at all", p.stderr)
    for name, old, new, line, says in BAD:
        assert old is None or old in GOOD, name
        write(new if old is None else GOOD.replace(old, new, 1))
        why = refused(path, line, says)
        report(why is None, name, why)
sys.exit(1 if failed else 0)
