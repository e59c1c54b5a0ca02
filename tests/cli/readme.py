#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Run the examples of the README and compare what they print.

  readme.py FOBSCOPE README.md [--bless]

An example is an indented block whose first line is "$ build/src/fobscope ...";
the rest of the block is its standard output. Runs in the README's folder.
--bless writes what the program says into the README instead.
"""
import os
import subprocess
import sys

PROMPT = "    $ build/src/fobscope "


def examples(lines):
    """(command, first line of the output, line after it)"""
    for i, line in enumerate(lines):
        if line.startswith(PROMPT):
            end = i + 1
            while end < len(lines) and lines[end].startswith("    ") \
                    and not lines[end].startswith("    $ "):
                end += 1
            yield line[len(PROMPT):], i + 1, end


def output_of(program, command, folder):
    """Through the shell, with the program under test as $FOBSCOPE."""
    out = subprocess.run(
        '"$FOBSCOPE" ' + command, shell=True, cwd=folder, timeout=60,
        env={**os.environ, "FOBSCOPE": os.path.abspath(program)},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    return [("    " + s).rstrip() for s in out.decode().splitlines()]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, readme = sys.argv[1:3]
    with open(readme) as f:
        lines = f.read().splitlines()
    found = list(examples(lines))
    bad = 0
    for command, first, end in reversed(found):
        got = output_of(program, command, os.path.dirname(readme) or ".")
        if got == lines[first:end]:
            continue
        bad += 1
        print("README.md, line %d: $ fobscope %s prints" % (first, command))
        print("\n".join(got))
        lines[first:end] = got
    if "--bless" in sys.argv:
        with open(readme, "w") as f:
            f.write("\n".join(lines) + "\n")
        return
    print("%d examples, %d wrong" % (len(found), bad))
    sys.exit(1 if bad or not found else 0)


if __name__ == "__main__":
    main()
