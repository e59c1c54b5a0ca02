#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How weak a frame may be: SNR of 50 % and 90 % of frames right, each command
beside the bound; what is wrong of what is printed; what confidence is worth.

  reach.py [--count N] [--seed S] [--only WORD] NAME=COMMAND...  {f}: recording

SNR is carrier power over noise power in the whole sample bandwidth.
"""
import argparse
import shlex
import tempfile

import numpy as np

import bounds
import signals
import tally

# label, kind, rate, first and last SNR in dB of the sweep, how it is made
ROWS = [
    ("HCS200", "hcs200", 250e3, -10, -5, {}, {}),
    ("HCS200", "hcs200", 1.024e6, -16, -11, {}, {}),
    ("HCS200", "hcs200", 2.4e6, -20, -15, {}, {}),
    ("HCS200, phase kept", "hcs200", 250e3, -10, -5,
     {"phase": "continuous"}, {}),
    ("HCS200, noise -20 dBFS", "hcs200", 250e3, -10, -5, {},
     {"noise_dbfs": -20}),
    ("HCS200, noise -40 dBFS", "hcs200", 250e3, -10, -5, {},
     {"noise_dbfs": -40}),
    ("HCS200, four copies", "hcs200", 250e3, -16, -11, {"copies": 4}, {}),
    ("HCS200 over FSK", "hcs200_fsk", 250e3, -12, -7, {}, {}),
    ("Siemens, OOK Manchester", "siemens", 250e3, -10, -5, {}, {}),
    ("Siemens, four copies", "siemens", 250e3, -14, -9, {"copies": 4}, {}),
    ("Continental, FSK Manchester", "continental", 1.024e6, -15, -10, {}, {}),
    ("unknown formats", "unknown", 250e3, -10, -2, {}, {}),
    ("carrier of 100 ms, no data", "carrier", 250e3, -21, -14, {}, {}),
    ("carrier of 100 ms, no data", "carrier", 2.4e6, -31, -24, {}, {}),
]
STEP_DB = 0.5
# Other programs need more: their sweep, in coarser steps, with noise before it
# for as long as rtl_433's autolevel takes.
PEER_DB, PEER_STEP_DB, PEER_LEAD_S = (0, 8), 1, 12


def crossing(snrs, shares, level):
    """SNR at which the share passes the level; None outside of the sweep."""
    for i in range(len(snrs) - 1):
        if shares[i] < level <= shares[i + 1]:
            part = (level - shares[i]) / (shares[i + 1] - shares[i])
            return snrs[i] + part * (snrs[i + 1] - snrs[i])
    return None


def bound(kind, rate, share):
    if kind not in bounds.TE_US:
        return None
    return bounds.snr(bounds.theory(kind, share), bounds.TE_US[kind], rate)


def show(value):
    return "     -" if value is None else "%6.1f" % value


def sweep(row, seed, snrs, commands, count, folder):
    """Tallies by command, one at each SNR."""
    _, kind, rate, _, _, how, receiver = row
    path = signals.name(folder, "reach", rate)
    out = {name: [] for name, _ in commands}
    for k, snr in enumerate(snrs):
        rng = np.random.default_rng(seed + [k])
        bursts, seconds = signals.train(rng, (kind,), rate, snr, count, **how)
        signals.record(path, rng, rate, bursts, seconds, **receiver)
        for name, command in commands:
            out[name].append(tally.Tally().add(
                tally.load(path), tally.run(shlex.split(command), path)))
        tally.remove(path)
    return out


def both_sweeps(row, seed, commands, count, folder):
    """(SNRs, tallies) of each command: the first one's sweep, the others'."""
    near = list(np.arange(row[3], row[4] + 1e-9, STEP_DB))
    far = list(np.arange(PEER_DB[0], PEER_DB[1] + 1e-9, PEER_STEP_DB))
    out = {n: (near, t) for n, t in sweep(row, seed + [0], near, commands[:1],
                                          count, folder).items()}
    if commands[1:] and row[1] != "carrier":
        late = row[:5] + (dict(row[5], lead_s=PEER_LEAD_S), row[6])
        out.update((n, (far, t)) for n, t in sweep(
            late, seed + [1], far, commands[1:], count, folder).items())
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--count", type=int, default=100, help="frames a point")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", default="")
    p.add_argument("commands", nargs="+")
    a = p.parse_args()
    commands = [c.split("=", 1) for c in a.commands]
    wrong = {name: [0, 0, 0] for name, _ in commands}
    sure = []
    print("SNR in dB of 50 %% / 90 %% of %d frames right" % a.count)
    print("%-30s%-11s%-15s%s" % ("signal", "rate", "bound", "".join(
        "%-16s" % name for name, _ in commands)))
    with tempfile.TemporaryDirectory() as folder:
        for number, row in enumerate(ROWS):
            if a.only not in row[0]:
                continue
            got = both_sweeps(row, [a.seed, number], commands, a.count,
                              folder)
            line = "%-30s%-11s%s /%s  " % (
                row[0], "%gk" % (row[2] / 1e3),
                show(bound(row[1], row[2], 0.5)),
                show(bound(row[1], row[2], 0.9)))
            for name, _ in commands:
                snrs, tallies = got.get(name, ([], []))
                shares = [t.share() for t in tallies]
                line += "%s /%s  " % (show(crossing(snrs, shares, 0.5)),
                                      show(crossing(snrs, shares, 0.9)))
                for t in tallies:
                    wrong[name][0] += t.proven_wrong
                    wrong[name][1] += t.wrong + t.other
                    wrong[name][2] += t.total
                    if name == commands[0][0]:
                        sure += t.sure
            print(line, flush=True)
    for name, (proven, all_wrong, total) in wrong.items():
        print("%s: %d sent, %d frames wrong, %d of them called proven"
              % (name, total, all_wrong, proven))
    print("confidence of %s, in tenths: claimed, right, frames: %s"
          % (commands[0][0], "; ".join("%.2f %.2f %d" % t
                                       for t in tally.tenths(sure))))


if __name__ == "__main__":
    main()
