#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What a receiver has to stand: one line a case, right of sent.

  stand.py [--count N] [--seed S] [--only WORD] NAME=COMMAND...   {f}: recording
"""
import argparse
import shlex
import sys
import tempfile

import numpy as np

import signals
import tally

RATE = 250e3


def several(rng, rate, n_fobs, apart_hz, count, snr_db):
    """Presses of n fobs at the same time on carriers apart_hz apart."""
    bursts, t = [], 2.0
    for _ in range(count):
        first = rng.uniform(-20e3, 20e3) - apart_hz * (n_fobs - 1) / 2
        same = [signals.burst(rng, "hcs200", rate,
                              t + rng.uniform(0, 0.04), snr_db,
                              first + i * apart_hz) for i in range(n_fobs)]
        bursts += same
        t = max(b["truth"]["end_s"] for b in same) + rng.uniform(0.25, 0.45)
    return bursts, t + 0.3


def case(label, rate=RATE, kinds=("hcs200",), snr=15, receiver=None, **o):
    """A case of bursts in a row."""
    def make(rng, count, path):
        bursts, seconds = signals.train(rng, kinds, rate, snr, count, **o)
        signals.record(path, rng, rate, bursts, seconds, **(receiver or {}))
    return label, rate, make


def crowd(label, n_fobs, snr=15):
    def make(rng, count, path):
        bursts, seconds = several(rng, RATE, n_fobs, 30e3, count, snr)
        signals.record(path, rng, RATE, bursts, seconds)
    return label, RATE, make


def cut(label, at_start):
    """One burst a recording that begins, or ends, in the midst of the second of
    three copies: the others are whole."""
    def make(rng, count, path):
        b = signals.burst(rng, "hcs200", RATE, 0.05, 15,
                          rng.uniform(-20e3, 20e3), copies=3)
        half = rng.uniform(0.15, 0.2)
        if at_start:
            signals.record(path, rng, RATE, [b], 0.6, cut_s=half)
        else:
            signals.record(path, rng, RATE, [b], half)
    return label, RATE, make


def at_once(label):
    """A fob that starts in the first 5 ms of the recording."""
    def make(rng, count, path):
        b = signals.burst(rng, "hcs200", RATE, rng.uniform(0, 0.005), 15,
                          rng.uniform(-20e3, 20e3))
        signals.record(path, rng, RATE, [b], 0.6)
    return label, RATE, make


def cases():
    te = [case("TE %+d %%" % p, te=400 * (1 + p / 100))
          for p in (-35, -20, 20, 40, 65)]
    edge = [case("carrier at %+d %% of the band, %gk" % (p, rate / 1e3), rate,
                 carrier_hz=p / 100 * rate / 2,
                 snr=15 - 10 * np.log10(rate / 250e3))
            for rate in (250e3, 1.024e6) for p in (-90, -70, 70, 90)]
    return te + edge + [
        case("steady carrier 30 dB over the fob, 60 kHz away", snr=8,
             spread_hz=10e3,
             receiver={"steady": [(60e3, 38)], "noise_dbfs": -40}),
        case("the same, clipped by 5 dB", spread_hz=10e3, snr=5,
             receiver={"steady": [(60e3, 35)]}),
        case("steady carrier 10 dB over the fob, 15 kHz away", carrier_hz=0,
             receiver={"steady": [(15e3, 25)]}),
        case("the same at 5 dB", carrier_hz=0, snr=5,
             receiver={"steady": [(15e3, 15)]}),
        crowd("two fobs at once, 30 kHz apart", 2),
        crowd("three fobs at once, 30 kHz apart", 3),
        crowd("two fobs at once at 0 dB", 2, 0),
        case("DC spur of 3 % of full scale, image at -30 dBc",
             receiver={"dc": 0.03, "image_db": -30}),
        case("the same at 0 dB", snr=0,
             receiver={"dc": 0.03, "image_db": -30}),
        case("image at -30 dBc, fob at 40 dB", snr=40,
             receiver={"image_db": -30, "noise_dbfs": -45}),
        case("clipped by 10 dB", snr=30,
             receiver={"gain_db": 10}),
        case("clipped by 10 dB, FSK", kinds=("continental",), snr=30,
             rate=1.024e6, receiver={"gain_db": 10}),
        case("carrier drifts 5 kHz in a frame", drift_hz=5e3),
        case("the same at 0 dB", drift_hz=5e3, snr=0),
        case("pulses chirp by 3 kHz", chirp_hz=3e3),
        case("the same at 0 dB", chirp_hz=3e3, snr=0),
        case("highs 20 % longer", highs=0.2),
        case("the same at 0 dB", highs=0.2, snr=0),
        case("Manchester, highs 20 % longer", kinds=("siemens",), highs=0.2),
        case("level sags by 3 dB", sag_db=3),
        case("the same at 0 dB", sag_db=3, snr=0),
        cut("begins before the recording", True),
        cut("ends after the recording", False),
        at_once("starts in the first 5 ms"),
    ]


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--count", type=int, default=40)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", default="")
    p.add_argument("commands", nargs="+")
    a = p.parse_args()
    commands = [c.split("=", 1) for c in a.commands]
    print("%-50s%s" % ("case, right of sent (!: told as overload)", "".join(
        "%14s" % n for n, _ in commands)))
    with tempfile.TemporaryDirectory() as folder:
        for number, (label, rate, make) in enumerate(cases()):
            if a.only not in label:
                continue
            path = signals.name(folder, "stand", rate)
            single = make.__qualname__.startswith(("cut", "at_once"))
            counts = [tally.Tally() for _ in commands]
            for i in range(a.count if single else 1):
                rng = np.random.default_rng([a.seed, number, i])
                make(rng, a.count, path)
                for c, (_, command) in zip(counts, commands):
                    c.add(tally.load(path), tally.run(shlex.split(command),
                                                      path))
            print("%-50s%s" % (label, "".join(
                "%14s" % ("%d/%d%s" % (c.right, c.total,
                                       " !" if c.overload else ""))
                for c in counts)), flush=True)


if __name__ == "__main__":
    sys.exit(main())
