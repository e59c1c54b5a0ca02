#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Samples a second on one core, commands in turn on the same bytes, so that a
busy machine hits all; the best of RUNS of each. CPU time of the whole process.

  speed.py [--seconds S] [--runs N] [--seed S] NAME=COMMAND...  {f}: recording
"""
import argparse
import os
import shlex
import subprocess
import sys
import tempfile

import numpy as np

import signals

MIXED = ("hcs200", "siemens", "continental")
# label, kinds, rate, format, SNR, quiet seconds between bursts
ROWS = [
    ("one burst a second", MIXED, 250e3, "cu8", 20, (0.89, 0.95)),
    ("one burst a second", MIXED, 1.024e6, "cu8", 20, (0.89, 0.95)),
    ("one burst a second", MIXED, 2.4e6, "cu8", 20, (0.89, 0.95)),
    ("one burst a second", MIXED, 1.024e6, "cs16", 20, (0.89, 0.95)),
    ("one burst a second", MIXED, 2.4e6, "cs16", 20, (0.89, 0.95)),
    ("noise", (), 2.4e6, "cu8", 0, None),
    ("bursts end to end", ("hcs200",), 1.024e6, "cu8", 20, (0.01, 0.03)),
    ("weak ones end to end", ("hcs200",), 1.024e6, "cu8", -14, (0.01, 0.03)),
]


def recording(path, rng, row, seconds):
    _, kinds, rate, fmt, snr, gap = row
    bursts, t = [], 0.5
    while kinds and t < seconds - 0.2:
        one, end = signals.train(rng, kinds[len(bursts) % len(kinds):][:1],
                                 rate, snr, 1, lead_s=t, gap_s=(0, 0))
        bursts += one
        t = end - 0.3 + rng.uniform(*gap)
    signals.record(path, rng, rate, bursts, seconds, fmt=fmt)


# A process starts with the peak memory of the one that it was forked from, so
# that one has to be small: this, and not the one that holds numpy.
MEASURE = """
import os, sys
out = os.open(os.devnull, os.O_WRONLY)
pid = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=[
    (os.POSIX_SPAWN_DUP2, out, 1), (os.POSIX_SPAWN_DUP2, out, 2)])
_, _, used = os.wait4(pid, 0)
print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def run(command, path):
    """CPU seconds and peak memory in MiB."""
    argv = [a.replace("{f}", path) for a in shlex.split(command)]
    out = subprocess.run([sys.executable, "-I", "-S", "-c", MEASURE] + argv,
                         stdout=subprocess.PIPE, check=True).stdout
    cpu, mib = out.split()
    return float(cpu), float(mib)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--seconds", type=float, default=30)
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("commands", nargs="+")
    a = p.parse_args()
    commands = [c.split("=", 1) for c in a.commands]
    print("million samples a second (times real time, peak MiB); "
          "ratio to the last command")
    print("%-24s%-9s%-6s%s" % ("recording", "rate", "", "".join(
        "%-24s" % n for n, _ in commands)))
    with tempfile.TemporaryDirectory() as folder:
        for number, row in enumerate(ROWS):
            rate, fmt = row[2], row[3]
            path = signals.name(folder, "speed", rate, fmt)
            recording(path, np.random.default_rng([a.seed, number]), row,
                      a.seconds)
            best = {n: (float("inf"), 0.0) for n, _ in commands}
            for _ in range(a.runs):
                for n, c in commands:
                    best[n] = min(best[n], run(c, path))
            line = "%-24s%-9s%-6s" % (row[0], "%gk" % (rate / 1e3), fmt)
            for n, _ in commands:
                cpu = max(best[n][0], 1e-3)
                line += "%-24s" % ("%.0f (%.0fx, %.0f)" % (
                    a.seconds * rate / cpu / 1e6, a.seconds / cpu,
                    best[n][1]))
            if len(commands) > 1:
                line += "%.1f" % (best[commands[-1][0]][0]
                                  / max(best[commands[0][0]][0], 1e-3))
            print(line, flush=True)
            os.remove(path)
            os.remove(path + ".truth")


if __name__ == "__main__":
    main()
