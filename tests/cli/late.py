"""late.py - libcurl is loaded by those runs alone that speak HTTP; without it they
say so in one line, and the others do not notice."""
import os
import subprocess
import tempfile

from tap import EXVET, Tap, run

tap = Tap()
needed = subprocess.run(["objdump", "-p", EXVET], check=True, capture_output=True, text=True).stdout
linked = any("NEEDED" in line and "libcurl" in line for line in needed.splitlines())
with tempfile.TemporaryDirectory() as folder:
    with open(os.path.join(folder, "libcurl.so.4"), "wb"):
        pass
    broken = {"LD_LIBRARY_PATH": folder}
    out_file = os.path.join(folder, "out.jsonl")
    status, out, err = run("scan", "--progress=never", "-o", "jsonl:" + out_file, "127.0.0.51:1", env=broken)
    if linked:
        # configure --disable-late-curl: then it is the dynamic linker that refuses.
        tap.ok(status == 127 and "libcurl.so.4" in err, "linked: the program does not start", (status, err))
    else:
        tap.ok(status == 2 and len(err.splitlines()) == 1 and err.startswith("exvet: libcurl, which speaks HTTP, cannot be loaded: ")
               and "libcurl.so.4" in err, "HTTP without libcurl: status 2, one line", (status, err))
        tap.ok(not os.path.exists(out_file) or os.path.getsize(out_file) == 0, "nothing is written that was not seen")
        status, out, err = run("scan", "--progress=never", "--probes", "tls-exact", "-o", "jsonl", "127.0.0.51:1", env=broken)
        tap.ok(status == 0 and err == "" and len(out.splitlines()) == 1, "TLS alone needs none", (status, out, err))
        status, out, err = run("builds", "15.2.1748.39", env=broken)
        tap.ok(status == 0 and err == "", "nor does the table", (status, err))
tap.end()
