"""formats_test.py - one hostile run through every reporter, and each format
through a real parser; judging again gives the same bytes; exit statuses."""
import csv
import datetime
import fcntl
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios

import jsonschema

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import hostile  # noqa: E402

ROOT = os.environ["top_srcdir"]
EXVET = os.environ["EXVET"]
AS_OF = "2026-11-24"
ENV = {k: v for k, v in os.environ.items()
       if k == "EXVET_TABLE" or not k.startswith("EXVET_") and k not in ("NO_COLOR", "TERM")}
ENV |= {"HOME": "/nonexistent", "LC_ALL": "C.UTF-8"}

results = []


def check(good, text, more=""):
    results.append(bool(good))
    print("ok" if good else "not ok", len(results), "-", text)
    if not good and more:
        print("".join(f"# {line}\n" for line in str(more)[:4000].splitlines()), end="")


def report(*args, stdin="", files=(), as_of=AS_OF, raw=False):
    run = subprocess.run([EXVET, "report", f"--as-of={as_of}", *args, *files], env=ENV,
                         input=stdin.encode("utf-8", "surrogatepass"), capture_output=True,
                         timeout=120, check=False)
    if raw:
        return run
    return run.returncode, run.stdout.decode("utf-8"), run.stderr.decode("utf-8")


def strict(schema):
    """The schema with unknown keys forbidden: what we write is all described."""
    if isinstance(schema, dict):
        new = {k: strict(v) for k, v in schema.items()}
        if new.get("type") == "object" and "properties" in new:
            new.setdefault("additionalProperties", False)
        return new
    return [strict(v) for v in schema] if isinstance(schema, list) else schema


def load_schema():
    with open(os.path.join(ROOT, "data", "result.schema.json"), encoding="utf-8") as f:
        return json.load(f)


def clean(text):
    """The printable form of a string, written anew from its definition."""
    out = []
    for c in text:
        o = ord(c)
        if o < 0x20 or 0x7f <= o < 0xa0 or 0x200b <= o <= 0x200f or 0x2028 <= o <= 0x202e or \
           0x2060 <= o <= 0x206f or o == 0xfeff:
            out += [f"\\x{b:02x}" for b in c.encode()]
        else:
            out.append(c)
    return "".join(out)


def jsonl(text):
    schema = load_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(strict(schema))
    rows = [json.loads(line) for line in text.splitlines()]
    given = hostile.run()
    check(len(rows) == len(given) and len(rows) > 20, "jsonl: a line a result", len(rows))
    faults = [f"{r['target']}: {list(e.absolute_path)}: {e.message[:200]}"
              for r in rows for e in validator.iter_errors(r)]
    check(not faults, "jsonl: every line is valid, and every key is described", "\n".join(faults))
    bad = dict(rows[0], observations=[dict(rows[0]["observations"][0], fact="no.such.fact")])
    check(list(validator.iter_errors(bad)), "jsonl: the schema refuses an unknown fact")
    keys = list(schema["properties"])
    check(all(list(r) == keys for r in rows), "jsonl: keys in their order")
    by_name = {r["target"]: r for r in rows}
    for s in hostile.NASTY:
        if s.strip() and clean(s.replace("\x00", "")) not in by_name:
            check(False, "jsonl: a hostile target survives", repr(s))
    seen = [o for r in rows for o in r["observations"] if o["fact"] == "http.title"]
    check(len(seen) == len(hostile.NASTY), "jsonl: every hostile observation is there")
    want = {clean(s).encode()[:2048].decode("utf-8", "ignore") for s in hostile.NASTY}
    check({o["value"] for o in seen} == want, "jsonl: hostile observations survive, printable")
    unsafe = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
    flat = [v for r in rows for v in strings(r)]
    check(not any(unsafe.search(v) for v in flat), "jsonl: no string holds a control character")
    check(all(0 <= i < len(r["observations"]) for r in rows for f in r["findings"]
              for i in f["detail"]["observations"]), "jsonl: proofs point at observations")
    unknown(by_name)
    return rows


def strings(v):
    if isinstance(v, str):
        return [v]
    if isinstance(v, dict):
        return [s for k, x in v.items() for s in strings(k) + strings(x)]
    return [s for x in v for s in strings(x)] if isinstance(v, list) else []


def unknown(by_name):
    """What is not known is null, and nothing else is."""
    def got(name):
        return [by_name[name][k] for k in ("product", "branch", "build", "build_parts", "cu",
                                           "update", "kind")]
    p = "Exchange Server 2019"
    cases = [
        ("mail.example.com", [p, "2019", "15.2.1748.39", 4, "CU15", "Oct25SU", "SU"]),
        ("three.example.com", [p, "2019", "15.2.1748", 3, "CU15", None, None]),
        ("dead.example.com", [None] * 7),
        ("between.example.com", [p, "2019", "15.2.1748.40", 4, "CU15", None, None]),
    ]
    for name, want in cases:
        check(got(name) == want, f"jsonl: what is known of {name}", got(name))
    check(by_name["dead.example.com"]["address"] is None, "jsonl: no address is null")
    check(by_name["cut.example.com"]["finished"] is False and
          by_name["cut.example.com"]["capped"] is True, "jsonl: a cut scan says so")


def again(text):
    """Judging stored results again: the same bytes."""
    status, twice, err = report("-o", "jsonl", "-", stdin=text)
    check(status == 0 and twice == text, "report of a report is the same, byte for byte", err)
    early = report("-o", "jsonl", "-", stdin=text, as_of="2025-12-01")[1]
    check(early != text, "another day is judged differently")
    late = report("-o", "jsonl", "-", stdin=early)[1]
    check(late == text, "and back: what is stored does not depend on the judgement")


FORMULA = ("=", "+", "-", "@", "\t", "\r")
NUMBERS = {"identity_score", "port"}


def parse_csv(name, text, rows):
    raw = text.encode()
    check(raw.endswith(b"\r\n") and raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n"),
          f"{name}: lines end in CRLF, and only lines")
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    check(len({len(r) for r in table}) == 1 and len(table) == rows + 1,
          f"{name}: {rows} rows of equal length", f"{len(table)} rows")
    cells = [(k, v) for r in table[1:] for k, v in zip(table[0], r)]
    bad = [v for k, v in cells if k not in NUMBERS and v.lstrip(" \"'").startswith(FORMULA)
           and not v.startswith("'")]
    check(not bad, f"{name}: no cell is a formula", bad[:5])
    return [dict(zip(table[0], r)) for r in table[1:]]


def tables(rows):
    status, text, err = report("-o", "csv", "-", stdin=hostile.lines())
    check(status == 0 and err == "", "csv: written", err)
    table = {r["target"]: r for r in parse_csv("csv", text, len(rows))}
    dead, three = table["dead.example.com"], table["three.example.com"]
    check(all(dead[k] == "" for k in ("build", "missing", "cves_open", "kev_open", "days_behind",
                                      "worst_severity" if not dead["worst_severity"] else "cu")),
          "csv: what is not known is empty, never zero", dead)
    check("refused" in dead["error"] and three["update"] == "" and three["missing"] == "",
          "csv: errors are told, and three parts name no update", three)
    ended = [r for r in table.values() if r["support"] in ("unsupported", "esu-ended")]
    check(table["[2001:db8::1]:8443"]["cves_open"] == "" and
          not [r for r in ended if "0" in (r["cves_open"], r["kev_open"])],
          "csv: no zero for what has ended: nobody looks any more", ended)
    mail = table["mail.example.com"]
    check(int(mail["missing"]) == len(mail["missing_names"].split()) > 0 and
          int(mail["days_behind"]) > 0, "csv: missing updates by number and by name", mail)
    text = report("-o", "csv-findings", "-", stdin=hostile.lines())[1]
    count = sum(len(r["findings"]) for r in rows)
    flat = parse_csv("csv-findings", text, count)
    check([(f["rule"], f["verdict"]) for f in flat] ==
          [(f["rule"], f["verdict"]) for r in rows for f in r["findings"]],
          "csv-findings: the findings of jsonl, in their order")


CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
SGR = re.compile("\x1b\\[[0-9;]*m")


def days_of_certificates():
    """The card counts the days as the rules do: whole ones, from the time of the scan."""
    one = hostile.result("mail.example.com", hostile.exchange("15.2.2562.56"))
    one["started"] = f"{AS_OF}T12:00:00.000Z"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "one.jsonl")
        day = datetime.date.fromisoformat(AS_OF)
        for days, clock in ((10, "11:59:59"), (10, "12:00:00"), (1, "13:00:00"), (0, "11:00:00"), (0, "13:00:00"),
                            (-1, "13:00:00"), (-3, "11:00:00")):
            end = f"{day + datetime.timedelta(days=days)}T{clock}Z"
            seen = [{"fact": "cert.sha256", "value": "ab" * 32}, {"fact": "cert.subject", "value": "CN=x"},
                    {"fact": "cert.issuer", "value": "CN=y"},
                    {"fact": "cert.not-before", "value": "2026-01-01T00:00:00Z"},
                    {"fact": "cert.not-after", "value": end}]
            mine = [o | {"at": "mail.example.com:443", "probe": "certificate", "evidence": ""} for o in seen]
            with open(path, "w", encoding="utf-8") as f:
                f.write(json.dumps(one | {"observations": one["observations"] + mine}) + "\n")
            words = " ".join(report(path)[1].split())
            found = {f["rule"]: f for f in json.loads(report("-o", "jsonl", path)[1])["findings"]}
            left = found["cert-expires-soon"]["detail"].get("days_left")
            ended = found["cert-dates"]["verdict"] == "fail"
            said = re.search(r"; (ends|ended) \S+ \((\d+) days?\)", words)
            check(said and said[1] == ("ended" if ended else "ends") and (ended or int(said[2]) == left),
                  f"text: the certificate that ends on {end}", (words, found["cert-expires-soon"]))


def not_known_is_no_zero():
    for build, sure in (("15.2.2562.999", False), ("15.2.2562", False), ("15.2.2562.56", True)):
        one = json.dumps(hostile.result("mail.example.com", hostile.exchange(build))) + "\n"
        ticket, page = (report("-o", f, "-", stdin=one)[1] for f in ("markdown", "html"))
        check(("1 may have a flaw that attackers are known to use" in ticket) != sure and
              ("<b>0</b><span>or more, of 1<" in page) != sure,
              f"known-exploited flaws of {build} are {'none' if sure else 'not known'}", ticket[:300])
        bars = [int(n) for n in re.findall(r'viewBox="0 0 1000 10"[^>]*><rect class="[^"]*" width="(\d+)"', page)]
        check(bars and max(bars) <= 1000, f"html: no bar is longer than its room, {build}", bars)


def nothing_seen_is_no_praise():
    """No target at all, and only targets that nobody could judge."""
    silent = json.dumps(hostile.result("192.0.2.1", []) | {"errors": [
        {"probe": "owa", "at": "192.0.2.1:443", "stage": "connect", "reason": "refused", "detail": ""}]})
    for name, text, status, words in (("no target", "", 2, "There is no target in this run."),
                                      ("an unknown one", silent + "\n", 0, "What could not be judged may")):
        for fmt in ("html", "markdown"):
            got, out, err = report("-o", fmt, "-", stdin=text)
            check(got == status and words in out and "Nothing that can be seen" not in out and
                  "1970-01-01" not in out, f"{fmt}: {name} is no praise", (got, err, out[-600:]))


def for_people():
    one = json.dumps(hostile.run()[0]) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "one.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            f.write(one)
        status, card, err = report(path)
        check(status == 0 and err == "" and "Next step" in card and "TARGET" not in card,
              "text: a card for one", card + err)
        check(all(len(line) <= 80 for line in card.splitlines()), "text: 80 columns", card)
        for word in ("mail.example.com", "CRITICAL", "CU15 Oct25SU", "15.2.1748.39", "X-OWA-Version",
                     "Support", "Behind", "CVE-", "How sure", "9 requests"):
            if word not in card:
                check(False, f"text: the card says {word}", card)
    for options in ([], ["-v"], ["-vv"]):
        for color in ("never", "always"):
            text = report(f"--color={color}", *options, "-", stdin=hostile.lines())[1]
            bare = SGR.sub("", text) if color == "always" else text
            check(len(text) > 1000 and not CONTROL.search(bare),
                  f"text: {' '.join(options) or 'table'} is safe to print, colour {color}",
                  repr(CONTROL.findall(bare)[:5]))
    text = report("-", stdin=hostile.lines())[1]
    order = [line.split()[0] for line in text.splitlines()[1:] if line and " " in line]
    check(order and order[0] == "critical", "text: the worst comes first", text[:2000])
    check("Not shown" not in text and all(n in text for n in ("dead.example.com", "refused")),
          "text: silent targets are listed", text)
    green = report("--color=always", "-", stdin=json.dumps(hostile.result(
        "three.example.com", hostile.exchange("15.2.1748"))) + "\n")[1]
    check("\x1b[32m" not in green, "text: nothing is green where the evidence allows both", repr(green))


def on_terminal(width, path, **env):
    """What a terminal of that width gets."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    with subprocess.Popen([EXVET, "report", f"--as-of={AS_OF}", path], stdout=slave,
                          env=ENV | {"TERM": "xterm"} | env) as run:
        os.close(slave)
        out = b""
        try:
            while piece := os.read(master, 65536):
                out += piece
        except OSError:
            pass                        # the end of a terminal
    os.close(master)
    return run.returncode, out.decode().replace("\r\n", "\n")


def terminals():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "some.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            f.write("".join(json.dumps(r) + "\n" for r in hostile.run()[:12]))
        for width in (60, 80, 130):
            status, text = on_terminal(width, path)
            lines = [SGR.sub("", line) for line in text.splitlines()]
            check(status == 0 and len(lines) > 15 and SGR.search(text) and
                  max(map(len, lines)) <= width, f"text: fits a terminal of {width} columns", text)
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            check(not SGR.search(on_terminal(80, path, **env)[1]), f"text: no colour with {env}")


def statuses():
    good = json.dumps(hostile.run()[0]) + "\n"
    dead = json.dumps(hostile.run()[7]) + "\n"
    quiet = ["-o", "jsonl:/dev/null"]
    cases = [
        ("done", [], good, 0), ("never", ["--fail-on=never"], good, 0),
        ("found", ["--fail-on=high"], good, 1), ("found", ["--fail-on=critical"], good, 1),
        ("silent is not found", ["--fail-on=critical"], dead, 0),
        ("incomplete", ["--strict"], dead, 3), ("complete", ["--strict"], good, 0),
        ("found before incomplete", ["--strict", "--fail-on=high"], good + dead, 1),
        ("a bad line", [], good + "rubbish\n", 0),
        ("a bad line, strict", ["--strict"], good + "rubbish\n", 3),
        ("nothing", [], "", 2), ("only rubbish", [], "rubbish\n", 2),
        ("bad format", ["-o", "nonsense"], good, 2), ("bad level", ["--fail-on=bad"], good, 2),
        ("bad table", ["--table=/no/such/table.xml"], good, 2),
        ("no folder", ["-o", "csv:/no/such/folder/x"], good, 4),
    ]
    for name, args, stdin, want in cases:
        status, _, err = report(*quiet, *args, "-", stdin=stdin)
        check(status == want and (want not in (2, 4) or err.startswith("exvet: ")),
              f"exit {want}: {name}", f"{status}: {err}")
    for fmt in ("jsonl", "csv", "csv-findings", "text", "html", "markdown", "junit", "sarif",
                "xccdf", "shadowserver", "intelmq"):
        status, _, err = report("-o", f"{fmt}:/dev/full", "-", stdin=good)
        check(status == 4 and err == "exvet: /dev/full: No space left on device\n",
              f"exit 4: {fmt} on a full disk", err)
    for args in (["/no/such/file"], []):
        status, _, err = report(*args)
        check(status == 2 and err.startswith("exvet: "), f"exit 2: report {args}", err)


def why_unknown():
    """That we gave up came of the other errors: one of those is the reason that people read."""
    dead = hostile.run()[7]
    gave_up = {"probe": None, "at": "x", "stage": "http", "reason": "gave-up", "detail": "in a row"}
    limit = {"probe": "owa", "at": "x", "stage": "read", "reason": "limit", "detail": "too long"}
    for errors, want in (([gave_up, limit], "1 limit"), ([limit, gave_up], "1 limit"), ([gave_up], "1 gave-up")):
        two = "".join(json.dumps(dead | {"target": name, "errors": errors}) + "\n" for name in ("a.test", "a.test"))
        text = report("-o", "text", "-", stdin=two.replace("a.test", "b.test", 1))[1]
        check(want.replace("1", "2") in text, f"why not known: {want}", text)


def pipes():
    good = json.dumps(hostile.run()[0]) + "\n"
    for fmt in ("jsonl", "text"):
        reader, writer = os.pipe()
        os.close(reader)
        run = subprocess.run([EXVET, "report", "-o", fmt, "-"], env=ENV, input=good.encode(),
                             stdout=writer, stderr=subprocess.PIPE, timeout=60, check=False)
        os.close(writer)
        check(run.returncode == 4 and b"standard output: Broken pipe" in run.stderr,
              f"exit 4: {fmt} into a broken pipe", run.stderr)


def files():
    with tempfile.TemporaryDirectory() as folder:
        path, out = os.path.join(folder, "in.jsonl"), os.path.join(folder, "out.csv")
        with open(path, "w", encoding="utf-8") as f:
            f.write(hostile.lines())
        status, text, err = report("-o", f"csv:{out}", "-o", f"jsonl:{folder}/again.jsonl", path)
        check(status == 0 and text == "" and err == "", "files: nothing is printed beside them", err)
        with open(out, encoding="utf-8", newline="") as f:
            check(f.read() == report("-o", "csv", path)[1], "files: as on standard output")
        check(sorted(os.listdir(folder)) == ["again.jsonl", "in.jsonl", "out.csv"],
              "files: no other is left", os.listdir(folder))
        status, _, err = report("-o", f"jsonl:{path}", path)
        with open(path, encoding="utf-8") as f:
            check(status == 2 and f.read() == hostile.lines(),
                  "files: the input is never overwritten", err)


def main():
    status, text, err = report("-o", "jsonl", "-", stdin=hostile.lines())
    check(status == 0 and err == "", "jsonl: written", f"{status} {err}")
    rows = jsonl(text)
    again(text)
    tables(rows)
    for_people()
    days_of_certificates()
    not_known_is_no_zero()
    nothing_seen_is_no_praise()
    terminals()
    statuses()
    why_unknown()
    pipes()
    files()
    print(f"1..{len(results)}")
    sys.exit(not all(results))


main()
