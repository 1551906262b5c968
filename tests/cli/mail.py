#!/usr/bin/env python3
"""mail.py - `exvet mail` reads builds from Received lines, and from nothing else."""
import json
import os
import subprocess
import tempfile

EXVET = os.environ["EXVET"]
HEAD = """Return-Path: <a@example.test>\r
Received: from EX01.corp.test (192.0.2.1) by EX02.corp.test\r
 (192.0.2.2) with Microsoft SMTP Server (version=TLS1_2,\r
 cipher=TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384) id 15.2.1748.39; Tue, 14 Oct 2025 10:00:00 +0000\r
Received: from EX02.corp.test ([fe80::1]) by EX01.corp.test ([fe80::2%3]) with\r
\tmapi id 15.02.1748.024; Tue, 14 Oct 2025 09:59:59 +0000\r
Received: from AM0.eurprd03.prod.outlook.com by FR0.eurprd04.prod.outlook.com\r
 with Microsoft SMTP Server id 15.20.9275.13; Tue, 14 Oct 2025 09:00:00 +0000\r
Received: from mx.example.test by relay.example.test with ESMTP id 15.2.1.1; x\r
Received: from x by liar.example.test with Microsoft SMTP Server id 4F2A; x\r
Subject: Received: by subject.example.test with Microsoft SMTP Server id 15.2.1748.10;\r
\r
Received: from x by body.example.test with Microsoft SMTP Server id 15.2.1748.10; x\r
"""
done = failed = 0


def check(what, ok):
    global done, failed
    done += 1
    failed += not ok
    print(f"{'ok' if ok else 'not ok'} {done} - {what}")


def mail(text, *args):
    with tempfile.NamedTemporaryFile("w", suffix=".eml", newline="") as f:
        f.write(text)
        f.flush()
        return subprocess.run([EXVET, "mail", "-o", "jsonl", "--as-of", "2026-11-22", *args, f.name],
                              capture_output=True, text=True, timeout=30)


def main():
    out = mail(HEAD)
    seen = {r["target"]: r for r in map(json.loads, out.stdout.splitlines())}
    check("it ends well and says nothing besides", out.returncode == 0 and out.stderr == "")
    check("three servers, none from a subject, a body, a relay or an odd id",
          sorted(seen) == ["EX01.corp.test", "EX02.corp.test", "FR0.eurprd04.prod.outlook.com"])
    check("a folded line names its build", seen.get("EX02.corp.test", {}).get("build") == "15.2.1748.39")
    check("... and is judged", seen.get("EX02.corp.test", {}).get("update") == "Oct25SU" and
          seen["EX02.corp.test"]["identity"] == "exchange")
    check("padded parts are the same build", seen.get("EX01.corp.test", {}).get("build") == "15.2.1748.24")
    check("Exchange Online is said so",
          seen.get("FR0.eurprd04.prod.outlook.com", {}).get("identity") == "exchange-online")
    check("no packet", all(r["connections"] == 0 for r in seen.values()))
    none = mail("Subject: x\r\n\r\n")
    check("a mail without such a line: exit 2", none.returncode == 2 and "no Received line" in none.stderr)
    lost = subprocess.run([EXVET, "mail", "/nonexistent.eml"], capture_output=True, text=True, timeout=30)
    check("a file that is not there: exit 2, its name", lost.returncode == 2 and "/nonexistent.eml" in lost.stderr)
    check("report judges what mail stored again",
          subprocess.run([EXVET, "report", "-o", "jsonl", "--as-of", "2026-11-22", "-"], input=out.stdout,
                         capture_output=True, text=True, timeout=30).stdout == out.stdout)
    print(f"1..{done}")


main()
