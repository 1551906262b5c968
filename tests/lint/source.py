"""source.py - what the lint tests share: the files of the project, and TAP."""
import os
import re
import sys

TOP = os.path.abspath(os.environ.get("top_srcdir", os.path.join(os.path.dirname(__file__), "../..")))
BUILD = os.path.abspath(os.environ.get("top_builddir", "."))
sys.path.insert(0, os.path.join(TOP, "tests", "cli"))
from tap import Tap  # noqa: E402

# Made by autoreconf, by a build inside the tree or by the demo; not written by us.
MADE = re.compile(r"^(\.git|build.*|_.*|m4|autom4te\.cache|demo-report|__pycache__|aclocal\.m4|configure~?"
                  r"|config-build\.h\.in~?|Makefile\.in|exvet-[0-9].*)$")


def files(*ends, under=("",)):
    """Paths below TOP of the project's own files with these ends, sorted."""
    found = []
    for top in under:
        for where, folders, names in os.walk(os.path.join(TOP, top)):
            at_top = os.path.samefile(where, TOP)
            folders[:] = [f for f in folders if f != "__pycache__" and not (at_top and MADE.match(f))]
            found += [os.path.relpath(os.path.join(where, n), TOP) for n in names
                      if not (at_top and MADE.match(n)) and n != "html_asset.c" and (not ends or n.endswith(ends))]
    return sorted(set(found))


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8", errors="replace") as f:
        return f.read()


def code_only(text):
    """C without comments and the insides of strings; lines stay where they are."""
    def blank(m):
        s = m.group(0)
        return re.sub(r"[^\n]", " ", s) if s[0] == "/" else s[0] + " " * (len(s) - 2) + s[-1]
    return re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", blank, text, flags=re.S)


def includes(path):
    """[(line, name, True for <...>)]"""
    return [(n, m.group(2), m.group(1) == "<") for n, line in enumerate(read(path).splitlines(), 1)
            if (m := re.match(r"\s*#\s*include\s*([<\"])([^>\"]+)[>\"]", line))]


def any_of(path, patterns):
    return any(re.fullmatch(p, path) for p in patterns)
