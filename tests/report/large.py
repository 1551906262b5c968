"""large.py - 10,000 results out of the observations of a few real scans: each
with a name, an address, names of the inside and a certificate of its own."""
import json
import os
import re

COUNT = 10000
BUILDS = ["15.2.2562.56", "15.2.2562.49", "15.2.2562.17", "15.2.1748.39", "15.2.1748.55",
          "15.2.1748.36", "15.2.1544.36", "15.1.2507.61", "15.1.2507.55", "15.2.858.5",
          "15.0.1497.48", "14.3.513.0"]


def templates():
    path = os.path.join(os.environ["top_srcdir"], "tests", "report", "fleet.jsonl")
    with open(path, encoding="utf-8") as f:
        rows = [json.loads(line) for line in f]
    picked = [r for r in rows if any(o["fact"] == "exchange.build" for o in r["observations"])]
    picked += [r for r in rows if r["errors"] and r not in picked][:2]
    assert len(picked) > 6
    out = []
    for r in picked:
        build = next((o["value"] for o in r["observations"] if o["fact"] == "exchange.build"), None)
        text = json.dumps(r, ensure_ascii=False)
        host = r["target"].split(":")[0]
        sha = set(re.findall(r"\b[0-9a-f]{64}\b", text))
        out.append((text, host, r["address"], build, sha))
    return out


def write(path, count=COUNT):
    """The same file each time: nothing is random."""
    made = templates()
    with open(path, "w", encoding="utf-8") as f:
        for i in range(count):
            text, host, address, build, sha = made[i % len(made)]
            text = text.replace(host, f"mail{i}.example")
            if address:
                text = text.replace(address, f"198.{18 + i // 65536}.{i // 256 % 256}.{i % 256}")
            if build and i % 3:
                text = text.replace(build, BUILDS[i // 7 % len(BUILDS)])
            for k in sha:
                text = text.replace(k, f"{i:08x}" + k[8:])
            f.write(text + "\n")
