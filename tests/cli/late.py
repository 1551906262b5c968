"""late.py - what is not needed is not started: libcurl is loaded by those runs alone
that speak HTTP, libxml2 where a table is validated, and the rows of the bundled table
are read when a build may be seen.  What is missing is told in one line, by those who
need it."""
import os
import subprocess
import tempfile

from tap import EXVET, TOP, Tap, run

tap = Tap()
TABLE = os.environ.get("EXVET_TABLE", os.path.join(TOP, "data", "exchange.xml"))
needed = subprocess.run(["objdump", "-p", EXVET], check=True, capture_output=True, text=True).stdout
linked = any("NEEDED" in line and "libcurl" in line for line in needed.splitlines())
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "libcurl.so.4"), "wb"):
        pass
    broken = {"LD_LIBRARY_PATH": folder}
    out_file = os.path.join(folder, "out.jsonl")
    status, out, err = run("scan", "--progress=never", "-o", "jsonl:" + out_file, "127.0.0.51:1", env=broken)
    if linked:
        # configure --disable-late-libraries: then it is the dynamic linker that refuses.
        tap.ok(status == 127 and "libcurl.so.4" in err, "linked: the program does not start", (status, err))
    else:
        tap.ok(status == 2 and len(err.splitlines()) == 1 and err.startswith("exvet: libcurl, which speaks HTTP, cannot be loaded: ")
               and "libcurl.so.4" in err, "HTTP without libcurl: status 2, one line", (status, err))
        tap.ok(not os.path.exists(out_file) or os.path.getsize(out_file) == 0, "nothing is written that was not seen")
        status, out, err = run("scan", "--progress=never", "--probes", "tls-exact", "-o", "jsonl", "127.0.0.51:1", env=broken)
        tap.ok(status == 0 and err == "" and len(out.splitlines()) == 1, "TLS alone needs none", (status, out, err))
        status, out, err = run("builds", "15.2.1748.39", env=broken)
        tap.ok(status == 0 and err == "", "nor does the table", (status, err))
        with open(os.path.join(folder, "libxml2.so.2"), "wb"):
            pass
        status, out, err = run("builds", "15.2.1748.39", env=broken)
        tap.ok(status == 0 and err == "", "nor libxml2", (status, err))
        status, out, err = run("builds", "--table", TABLE, "15.2.1748.39", env=broken)
        tap.ok(status == 2 and len(err.splitlines()) == 1 and "libxml2, which validates tables, cannot be loaded: " in err,
               "a table of the user's without libxml2", (status, err))

    # ---- the rows of the table ----
    with open(TABLE, encoding="utf-8") as f:
        text = f.read()
    bad = {"rows": text.replace("</product>", "</produkt>", 1), "head": text.replace('as-of="2', 'as-of="x', 1), "end": text[:len(text) // 2]}
    for name, content in bad.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(content)

    def scan(name, *more):
        return run("scan", "--progress=never", "-o", "jsonl", *more, "127.0.0.51:1", env={"EXVET_TABLE": os.path.join(folder, name)})

    for name in bad:
        status, out, err = scan(name)
        tap.ok(status == 2 and out == "" and len(err.splitlines()) == 1 and f"/{name}:" in err,
               f"a bad table ({name}) ends a scan that may see a build, before the first packet", (status, out, err))
    status, out, err = scan("head", "--probes", "tls-exact")
    tap.ok(status == 2 and out == "" and "/head:" in err, "a bad head ends any scan", (status, out, err))
    status, out, err = scan("rows", "--probes", "tls-exact")
    tap.ok(status == 0 and err == "" and len(out.splitlines()) == 1, "TLS alone asks for no row", (status, out, err))
tap.end()
