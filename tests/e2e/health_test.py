#!/usr/bin/python3
"""What a report tells of health, and of what no scan sees: JSON Lines, -v, HTML."""

import html
import http.server
import os
import re
import tempfile
import threading

import harness


def check_unseen(tap, lab, target, folder):
    rows = harness.json_lines(harness.Run(["list", "unseen", "-o", "jsonl"]).out)
    tap.ok(len(rows) > 20, "the list of what no scan sees", len(rows))
    page = os.path.join(folder, "page.html")
    run = harness.Run(["scan", *lab.options(), "-v", "-o", "text", "-o", "html:" + page, target])
    text = " ".join(run.out.split())
    missing = [r["unseen"] for r in rows if f"{r['unseen']}: {r['command']}" not in text]
    tap.ok(not missing, "-v names each with the command", missing)
    missing = [r["unseen"] for r in rows if r["healthchecker"] != "-" and f"(HealthChecker: {r['healthchecker']})" not in text]
    tap.ok(not missing, "and with the check of HealthChecker", missing)
    with open(page, encoding="utf-8") as f:
        seen = html.unescape(re.sub(r"</?b>", "", f.read()))
    wrong = [r["unseen"] for r in rows if seen.count(f"<li>{r['unseen']}: {r['command']}") != 1]
    tap.ok(not wrong, "HTML names each once", wrong)
    for profile, want in (("standard", len(rows)), ("quick", 0)):
        result = harness.scan(lab, [target], "--profile", profile, "--tls", "none")[1][0]
        finding = next(f for f in result["findings"] if f["rule"] == "not-visible-from-network")
        said = finding["detail"].get("unseen", [])
        tap.equal((finding["verdict"], len(said), finding["detail"]["count"]), ("not-observable", want, len(rows)),
                  f"JSON Lines, {profile}")
        if want:
            wrong = [r["unseen"] for r in rows if sum(s.startswith(f"{r['unseen']}: {r['command']}") for s in said) != 1]
            tap.ok(not wrong, "each once, with the command", wrong)


def check_health(tap, lab, target):
    run = harness.Run(["scan", *lab.options(), "--profile", "full", "--tls", "none", "-v", target])
    text = " ".join(run.out.split())
    tap.ok(re.search(r"Health EWS: stopped, \d+ ms \(503, Server: Microsoft-HTTPAPI/2.0\)", text),
           "the state of a directory, its time, and why", run)
    for name in ("Microsoft-Server-ActiveSync", "OAB", "PowerShell", "autodiscover", "ecp", "mapi", "owa", "rpc"):
        tap.ok(re.search(rf" {name}: up, \d+ ms, expool\.corp\.exvet\.test", text), f"{name}: state, time, server")
    tap.ok(re.search(r"Times connect \d+ ms, TLS \d+ ms ", text), "the time of each step", run)
    tap.ok(re.search(r" resolve 0, connect \d+, TLS \d+, first byte \(ms\): /\S+ \d+ ", text),
           "what the first request took, step by step", run)
    tap.ok(re.search(r" resolve 0, connect 0, TLS 0 \(reused\), first byte \(ms\): / \d+, /EWS/Exchange.asmx \d+", text),
           "the directories that share its connection say so", run)
    tap.ok(re.search(r" owa: up, \d+ ms, [a-z0-9.]+; resolve 0, connect \d+, TLS \d+", text), "and so does each health page", run)
    quiet = harness.Run(["scan", *lab.options(), "--profile", "full", "--tls", "none", target])
    tap.ok("first byte (ms)" not in quiet.out, "without -v they are left out", quiet)
    result = harness.scan(lab, [target], "--profile", "full", "--tls", "none")[1][0]
    states = {o["at"]: o["value"] for o in harness.observations(result, "exchange.health")}
    times = {o["at"] for o in harness.observations(result, "http.ttfb")}
    tap.equal(len(states), 9, "nine directories")
    tap.ok(set(states) <= times, "JSON Lines have the time of each", set(states) - times)
    steps = {o["at"]: o["value"] for o in harness.observations(result, "http.steps")}
    tap.ok(set(states) <= set(steps), "and its four steps", set(states) - set(steps))
    form = re.compile(r"resolve \d+, connect \d+, TLS \d+( \(reused\))?, first byte \d+")
    tap.ok(all(form.fullmatch(v) for v in steps.values()), "in one form", steps)
    reused = [v for v in steps.values() if "(reused)" in v]
    tap.ok(reused and all(v.startswith("resolve 0, connect 0, TLS 0 (reused)") for v in reused),
           "what is shared took no time of its own", steps)
    tap.ok(any("(reused)" not in v for v in steps.values()), "one directory paid for the connection", steps)


class Pages(http.server.BaseHTTPRequestHandler):
    """healthcheck.htm of every directory; those in mute hang up without an answer."""
    protocol_version = "HTTP/1.1"
    mute = ()

    def do_GET(self):
        if self.path.split("/")[1] in self.mute:
            self.close_connection = True
            return
        body = b"200 OK<br/>EX01.CORP.EXVET.TEST" if self.path.endswith("/healthcheck.htm") else b""
        self.send_response(200)
        self.send_header("X-FEServer", "EX01")
        self.send_header("X-OWA-Version", "15.2.2562.56")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def check_mute(tap):
    """One directory without an answer does not keep the others from being asked; two in a row end it."""
    for mute, up, failed in ((("mapi",), 8, 1), (("EWS", "mapi"), 2, 2)):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Some", (Pages,), {"mute": mute}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        run = harness.Run(["scan", "-o", "jsonl", "--probes", "owa,health,health-all",
                           f"http://127.0.0.1:{server.server_port}/"])
        server.shutdown()
        result = harness.json_lines(run.out)[0]
        states = [o["value"] for o in harness.observations(result, "exchange.health")]
        errors = [e["at"] for e in result["errors"] if "healthcheck.htm" in e["at"]]
        tap.equal((states, len(errors)), (["up"] * up, failed), f"no answer of {' and '.join(mute)}")
        verdict = next(f["verdict"] for f in result["findings"] if f["rule"] == "protocol-out")
        tap.equal(verdict, "undecidable", "whether a protocol is out is then open")


def main():
    if not harness.have_scan():
        harness.skip_all("exvet cannot scan")
    tap = harness.Tap()
    with harness.Lab("ews-pool-stopped") as lab, tempfile.TemporaryDirectory() as folder:
        target = lab.expected()[0]["target"]
        check_unseen(tap, lab, target, folder)
        check_health(tap, lab, target)
    check_mute(tap)
    tap.done()


main()
