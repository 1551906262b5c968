"""schema_test.py - data/result.schema.json and include/facts.def name the same
facts with the same types.  --update writes the schema's lists anew."""
import json
import os
import re
import sys

ROOT = os.environ.get("top_srcdir") or os.path.join(os.path.dirname(__file__), "..", "..")
SCHEMA = os.path.join(ROOT, "data", "result.schema.json")
TYPES = ["NUMBER", "FLAG", "TEXT", "BUILD"]     # the order of the conditions


def read_facts():
    with open(os.path.join(ROOT, "include", "facts.def"), encoding="utf-8") as f:
        return re.findall(r'^FACT\(\w+,\s*"([^"]+)",\s*(\w+),', f.read(), re.M)


def main():
    facts = read_facts()
    with open(SCHEMA, encoding="utf-8") as f:
        schema = json.load(f)
    item = schema["properties"]["observations"]["items"]
    names = [name for name, _ in facts]
    of_type = [[name for name, kind in facts if kind == t] for t in TYPES]
    lists = [rule["if"]["properties"]["fact"] for rule in item["allOf"]]
    if "--update" in sys.argv:
        item["properties"]["fact"]["enum"] = names
        for where, what in zip(lists, of_type):
            where["enum"] = what
        with open(SCHEMA, "w", encoding="utf-8") as f:
            json.dump(schema, f, indent=1, ensure_ascii=False)
            f.write("\n")
        return
    checks = [
        ("facts.def is read", len(facts) > 20 and {t for _, t in facts} == set(TYPES)),
        ("the schema knows every fact and no other", item["properties"]["fact"]["enum"] == names),
        ("the schema has one condition a type", len(lists) == len(TYPES)),
    ]
    checks += [(f"facts of type {t}", where["enum"] == what)
               for t, where, what in zip(TYPES, lists, of_type)]
    print(f"1..{len(checks)}")
    for i, (text, good) in enumerate(checks, 1):
        print("ok" if good else "not ok", i, "-", text)
    if not all(good for _, good in checks):
        print("# after a change of include/facts.def: tests/report/schema_test.py --update")
        sys.exit(1)


main()
