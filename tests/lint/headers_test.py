"""headers_test.py - each header compiles alone, and twice in one file."""
import concurrent.futures
import os
import subprocess

from source import BUILD, TOP, Tap, files

tap = Tap()
CC = os.environ.get("CC", "cc").split()
FLAGS = ["-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-x", "c", "-",
         "-I" + TOP + "/src", "-I" + TOP + "/include", "-I" + TOP, "-I" + BUILD]
HEADERS = files(".h", under=("src", "include", "tests"))


def compile_twice(path):
    text = '#include "%s"\n#include "%s"\n' % (path, path)
    return subprocess.run(CC + FLAGS + ["-I" + os.path.join(TOP, os.path.dirname(path))], input=text, text=True,
                          capture_output=True, check=False)


tap.ok(len(HEADERS) > 50, "there are headers")
with concurrent.futures.ThreadPoolExecutor(2) as pool:
    for header, p in zip(HEADERS, pool.map(compile_twice, HEADERS)):
        tap.ok(p.returncode == 0, header + " compiles alone", p.stderr)
tap.end()
