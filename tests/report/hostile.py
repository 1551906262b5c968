"""hostile.py - one fixed run, full of strings that break careless output."""
import json

NASTY = [
    'quote " and \' and `', "pipe | semicolon ; comma ,", "line\nfeed\r\nand tab\t",
    "\x1b[31mred\x1b]0;title\x07", "<script>alert(1)</script><img src=x onerror=y>",
    "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "=HYPERLINK(\"http://x\",\"y\")",
    "bidi \u202e exe.txt \u2066 \u200b", "nul \x00 byte", "$HOSTNAME$ ${IFS} %s %n %d",
    "gr\u00fc\u00dfe \u4f60\u597d \U0001f4ec e\u0301", "]]> --> &amp; &#0;", "\u2028 \u2029 \ufeff",
    "\x85\x9b c1 \x7f", "x" * 2048, "\u00fc" * 1024, "\uff1d1", "", " ", "\\x00 \\ \\u0000",
]


def seen(fact, value, at="https://h/owa/", probe="owa", evidence=None):
    """A NUL is refused in every string but a value."""
    return {"fact": fact, "value": value, "at": at.replace("\x00", ""), "probe": probe,
            "evidence": (str(value) if evidence is None else evidence).replace("\x00", "")}


def result(target, observations=(), errors=(), **more):
    r = {"schema": "exvet/1", "target": target, "tag": None, "address": "192.0.2.7", "port": 443,
         "vantage": None, "started": "2026-11-20T10:00:00.250Z", "duration_ms": 321,
         "connections": 2, "requests": 9, "observations": list(observations),
         "errors": list(errors), "profile": "standard", "probes": "owa,ecp", "finished": True,
         "capped": False}
    r.update(more)
    return r


def exchange(build, *more):
    """What an Exchange server shows, so that it counts for one."""
    marks = ["guid", "owa-page", "copyright", "cookie", "feserver", "health", "owa-header",
             "soap-headers"]
    return [seen("exchange.build", build, evidence="X-OWA-Version: " + build),
            seen("exchange.build", build, at="https://h/ecp/", probe="ecp"),
            seen("http.status", 200),
            seen("exchange.name.frontend", "MAIL1")] + \
           [seen("exchange.mark", m) for m in marks] + list(more)


def fail(reason, stage="connect", detail="", probe=None):
    return {"probe": probe, "at": "192.0.2.9:443", "stage": stage, "reason": reason,
            "detail": detail}


def run():
    """The results, in order."""
    nasty = [seen("http.title", s, at=f"https://h/{i}") for i, s in enumerate(NASTY)] + \
            [seen("http.server", s, at="https://h/" + s) for s in NASTY] + \
            [seen("cert.subject", "CN=" + s, evidence=s) for s in NASTY]
    out = [
        result("mail.example.com", exchange("15.2.1748.39")),
        result("newest.example.com", exchange("15.2.2562.49"), tag="berlin"),
        result("three.example.com", exchange("15.2.1748")),
        result("old.example.com", exchange("8.3.279.6")),
        result("newer.example.com", exchange("15.2.9999.1")),
        result("between.example.com", exchange("15.2.1748.40")),
        result("h\u00f6lle.example", exchange("15.1.2507.61", *nasty)),
        result("dead.example.com", errors=[fail("refused", detail="Connection refused")],
               address=None, connections=0, requests=0),
        result("slow.example.com", errors=[fail("timeout", probe="owa", stage="http")]),
        result("cut.example.com", exchange("15.2.1748.39"), finished=False, capped=True),
        result("[2001:db8::1]:8443", exchange("15.0.1497.48"), address="2001:db8::1", port=8443),
        result("other.example.com", [seen("http.status", 200),
                                     seen("exchange.mark.other", "Z-Push")]),
    ]
    for s in NASTY:
        s = s.replace("\x00", "")      # only observed values may hold it
        out.append(result(s.strip() and s or "empty", exchange("15.2.1748.39"), tag=s,
                          vantage=s, profile=s, probes=s,
                          errors=[fail("refused", detail=s, probe=s)]))
    for i, r in enumerate(out):         # each a server of its own
        for o in r["observations"]:
            if o["fact"] == "exchange.name.frontend":
                o["value"] += f"-{i}"
    return out


def lines():
    return "".join(json.dumps(r) + "\n" for r in run())
