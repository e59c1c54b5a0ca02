#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Time commands on one recording in turn, so that a busy machine hits all.

  speed.py RUNS FILE RATE COMMAND...      {f} in a command is the file
"""
import os
import resource
import shlex
import subprocess
import sys


def run(command, path):
    """CPU seconds and peak memory in MiB of one run on one core."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    argv = [a.replace("{f}", path) for a in shlex.split(command)]
    out = subprocess.run(argv, stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, check=False).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = (after.ru_utime + after.ru_stime
           - before.ru_utime - before.ru_stime)
    return cpu, after.ru_maxrss / 1024, out.count(b"\n")


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    runs, path, rate = int(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    commands = [c for c in sys.argv[4:] if c]
    samples = os.path.getsize(path) / 2
    best = {c: float("inf") for c in commands}
    lines = {}
    peak = {}
    with open(path, "rb") as f:  # into the page cache
        while f.read(1 << 18):
            pass
    for _ in range(runs):
        for c in commands:
            cpu, mib, lines[c] = run(c, path)
            best[c] = min(best[c], cpu)
            # The maximum over all children so far, this program (some 10 MiB)
            # among them: right for the first command if it needs more.
            peak.setdefault(c, mib)
    for c in commands:
        print("%8.1f MS/s  %7.1f x real time  %5.2f of the first  "
              "%4d lines  %s" % (samples / best[c] / 1e6,
                                 samples / best[c] / rate,
                                 best[commands[0]] / best[c], lines[c], c))
    print("peak memory of the first: %.1f MiB" % peak[commands[0]])


if __name__ == "__main__":
    main()
