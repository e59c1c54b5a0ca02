#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What comes out of nothing but noise: frames and bursts, by sample rate.

  noise.py [--seconds S] [--seed S] [--rates KHZ...] FOBSCOPE

The noise goes straight from the generator to the program; nothing is stored.
"""
import argparse
import json
import subprocess

import numpy as np

import signals

CHUNK = 1 << 20


def count(program, khz, seconds, seed):
    argv = [program, "decode", "--jsonl", "--bursts", "--summary",
            "cu8:433.92M:%gk:-" % khz]
    rng = np.random.default_rng(seed)
    sigma = np.float32(np.sqrt(10 ** (-30 / 10) / 2))
    left = int(khz * 1000 * seconds)
    with subprocess.Popen(argv, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as child:
        while left:
            n = min(left, CHUNK)
            x = rng.standard_normal(2 * n, dtype=np.float32) * sigma
            child.stdin.write(
                signals.iqgen.quantise(x.view(np.complex64), "cu8"))
            left -= n
        child.stdin.close()
        lines = [json.loads(line) for line in child.stdout]
    summary = lines[-1]
    return summary["frames"], summary["bursts"]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--seconds", type=float, default=600)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--rates", type=float, nargs="+", default=[250, 1024, 2400])
    p.add_argument("program")
    a = p.parse_args()
    for khz in a.rates:
        frames, bursts = count(a.program, khz, a.seconds, [a.seed, int(khz)])
        print("%6g s of noise at %g kS/s: %d frames, %d bursts"
              % (a.seconds, khz, frames, bursts), flush=True)


if __name__ == "__main__":
    main()
