#!/usr/bin/python3
"""The same server judged by `exvet scan' and by check_exchange: the same verdicts.

Over the whole lab: every server is scanned once, and checked once.  The check
with -vvv prints each verdict of the groups asked for; they must be those of
the scan, and the state must follow from them by the rules of the manual.
"""

import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from plugin import Plugin, harness
from concurrent.futures import ThreadPoolExecutor

GROUPS = {"patch", "support", "cert", "health", "identity"}
TIMES = ["--connect-timeout", "2s", "--request-timeout", "3s"]
DAY = ["--as-of", "2026-11-24"]
# What differs from run to run by its own nature: pools answer in turn, clocks and tricklers.
UNSTEADY = re.compile(r"^(pool|pool-closing|cookies-hsts|bad-.*|trap|exchange-online)$")


def rules():
    run = harness.Run(["list", "-o", "jsonl", "rules"])
    return {r["rule"]: r for r in harness.json_lines(run.out)}


def said(answer):
    """rule -> what the long output calls it: a state or a verdict."""
    out = {}
    for line in answer.long:
        found = re.match(r"\[([a-zA-Z-]+)\] ([a-z0-9-]+): ", line)
        if found:
            out[found[2]] = found[1]
    return out


def state_of(finding):
    """What one finding of a scan makes of the state; None: it depends on more."""
    high = finding["severity"] in ("high", "critical")
    low = finding["severity"] in ("low", "info")
    if finding["verdict"] not in ("fail", "warn") or finding.get("waiver") or low:
        return "OK"
    if finding["rule"] in ("cert-untrusted", "cert-name"):
        return "WARNING"
    if finding["rule"] == "table-stale":
        return "UNKNOWN"
    return "CRITICAL" if high and finding["verdict"] == "fail" else "WARNING"


def differences(result, answer, groups):
    wrong = list(answer.wrong)
    words = said(answer)
    grace = any(f["rule"] == "su-missing" and f["verdict"] == "warn" for f in result["findings"])
    counted = 0
    for finding in result["findings"]:
        rule = finding["rule"]
        if groups[rule] not in GROUPS:
            if rule in words:
                wrong.append(f"{rule} was not asked for")
            continue
        word, want = words.get(rule), state_of(finding)
        if rule == "table-stale" and result["identity"] != "exchange":
            want = "OK"
        if want == "CRITICAL" and grace and rule.startswith("cve-open"):
            want = "WARNING"
        counted += want != "OK"
        if finding["verdict"] in ("undecidable", "not-observable"):
            good = word in ("UNKNOWN", finding["verdict"])
        else:
            good = word == (want if want != "OK" else finding["verdict"])
        if not good:
            wrong.append(f"{rule}: scan {finding['verdict']} {finding['severity']}, check {word}")
    if result["identity"] == "exchange" and not counted and answer.state not in (0, 3):
        wrong.append(f"state {answer.state} without a finding")
    return wrong


def agree(tap, result, answer, profile, groups):
    failed = any(e["stage"] in ("resolve", "connect") for e in result["errors"])
    statuses = [o for o in result["observations"] if o["fact"] == "http.status"]
    name = f"{profile}: {result['target']}"
    if not statuses:
        tap.ok(answer.state in (2, 3) and not answer.wrong, name + " is not fine",
               f"{result['errors']}\n{answer.line}\n{answer.wrong}")
        return
    tap.ok(not failed or answer.state != 0, name + ": failures are not fine", answer.line)
    wrong = answer.wrong if UNSTEADY.match(profile) else differences(result, answer, groups)
    tap.ok(not wrong, name + ": the same verdicts", "\n".join(wrong) + "\n" + answer.line)
    proven = result["identity"] == "exchange" and result["build_parts"] == 4
    tap.ok(proven or answer.state != 0, name + ": what is not proven is not OK", answer.line)


def main():
    if not harness.have_scan():
        harness.skip_all("this exvet cannot scan")
    tap = harness.Tap()
    groups = {name: rule["group"] for name, rule in rules().items()}
    tap.ok(len(groups) > 20, "there are rules", groups)
    with harness.Lab() as lab, Plugin() as plugin:
        expected = [e for e in lab.expected() if not e["target"].startswith("http:")]

        def check(entry):
            return plugin.run(*lab.options(), *TIMES, *DAY, "-H", entry["target"], "-t", "10",
                              "-vvv", timeout=60)

        def both(entry):
            """One after the other; again when what the server showed was not the same."""
            for _ in range(4):
                _, results = harness.scan(lab, [entry["target"]], *TIMES, *DAY,
                                          "--target-timeout", "8s")
                answer = check(entry)
                if not results or UNSTEADY.match(entry["profile"]) or \
                        not differences(results[0], answer, groups):
                    break
            return entry, results, answer

        slow = []
        with ThreadPoolExecutor(3) as pool:
            for entry, results, answer in pool.map(both, expected):
                if tap.equal(len(results), 1, entry["target"] + ": one result of the scan"):
                    agree(tap, results[0], answer, entry["profile"], groups)
                if answer.run.seconds > 20:
                    slow.append((entry["target"], answer.run.seconds))
        tap.ok(not slow, "every check ended within its time", slow)
    tap.done()


if __name__ == "__main__":
    main()
