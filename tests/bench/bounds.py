#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""How weak a frame may be: the bounds that the benchmark compares with.

Two figures for each kind of frame that ../shared/tools/iqgen.py makes: by
theory, and by a detector that knows everything about a recording but the
contents and the phases. Both know when each chip (one TE) starts, the carrier
frequency and the level, and decide bit by bit (PPM: frame by frame), from:

  hcs200       66 bits; on-off or on-on, both chips used (pair detector)
  siemens      112 bits, 16 of them sync; on-off or off-on: the louder chip
  continental  132 bits, 20 of them sync; the powers of the right tones in
               both chips added (square law, diversity of order 2)
  hcs200_fsk   66 bits; mark or space: the louder tone in the second chip
  unknown      40 to 99 bits, TE 150 to 600 us, a third each of PWM (as
               hcs200), Manchester (as siemens) and PPM (see ppm_right)

Wake bits and headers need not be right. The phase counts as unknown in each
pulse of PWM and in each chip of the others. So these are bounds for such
receivers, not for all: two chips of OOK Manchester can be one pulse, and the
phase of iqgen's FSK is continuous. At 50 % siemens gains 0.5 dB from whole
pulses, continental 0.7 dB if a bit's chips are added coherently and 2.2 dB
with the phase known all through, hcs200_fsk 1.6 dB with the phase known.

E/N0 is that of one chip of carrier. SNR is carrier power over noise power in
the full sample bandwidth: E/N0 = SNR x rate x TE.

  bounds.py --theory
  bounds.py --kind hcs200 siemens --count 300
"""
import argparse
import functools
import json
import tempfile

import numpy as np
from scipy import optimize, special, stats

import signals
import genie  # in ../shared/tools, which signals puts on the path

TE_US = {"hcs200": 400, "siemens": 220, "continental": 100, "hcs200_fsk": 400,
         "unknown": 4}  # one sample at 250 kS/s, see theory
BITS = {"hcs200": 66, "siemens": 112, "continental": 132, "hcs200_fsk": 66}
DEV_HZ = {"continental": 30e3, "hcs200_fsk": 20e3}
ROWS = [("hcs200", 250e3), ("hcs200", 1.024e6), ("siemens", 250e3),
        ("continental", 250e3), ("continental", 1.024e6),
        ("hcs200_fsk", 250e3), ("unknown", 250e3)]
GRID_DB = np.arange(-18, 25, 0.125)  # of the curves


def li0(x):
    """ln I0(x), for large x too."""
    return x + np.log(special.i0e(x))


# ---- theory ----------------------------------------------------------------

def ber_orthogonal(g):
    """Share of wrong bits, one of two places or tones, E/N0 = g."""
    return np.exp(-g / 2) / 2


def ber_diversity(g):
    """The same on two chips of g each, their powers added: Proakis, orthogonal
    signals, phase unknown, L = 2, gamma = 2 g; c0 = 4, c1 = 1."""
    return np.exp(-g) * (4 + g) / 8


def ber_pair(g, nodes=40):
    """Share of wrong bits of genie.py's pair detector, by integration where
    genie.py draws at random. N0 = 1, a chip of carrier sums to sqrt(g).

    Given the first chip's sum r1, the bit is taken for on-on if |r1 + r2|
    exceeds a limit that depends on |r1|. The integral is over the noise in r1
    (Gauss-Hermite); r2's part is a noncentral chi-square probability."""
    a = np.sqrt(g)
    x, w = np.polynomial.hermite.hermgauss(nodes)
    r1 = a + x[:, None] + 1j * x
    rho = np.abs(r1)
    u = np.linspace(0, 2 * a * rho.max() + g + 20, 20000)
    limit = np.interp(li0(2 * a * rho) + g, li0(u), u) / (2 * a)
    off = stats.ncx2.sf(2 * limit ** 2, 2, 2 * rho ** 2)
    on = stats.ncx2.cdf(2 * limit ** 2, 2, 2 * np.abs(r1 + a) ** 2)
    return float(np.sum(np.outer(w, w) * (off + on)) / (2 * np.pi))


def ppm_right(g, n):
    """Share of PPM frames that are right, for numbers n of bits (an array); an
    approximation.

    The next pulse is two chips on after a 0, four after a 1. The contents are
    the choice of empty places in a row of places two chips apart; n and the
    times of the first and the last pulse being known, so is the number of
    them. A guess can be wrong by as little as one pulse moved, to anywhere.
    So it is wrong if the loudest of n/2 empty places is louder than the
    weakest of (n-1)/4 pulses between two short gaps, or if one of (n-1)/2
    pulses between a short and a long gap is weaker than the place beside it.
    Mean numbers are used, the two failures taken as independent. (As a choice
    between the next pulse's two places, by ber_orthogonal, it would look 1.2
    dB easier than it is: the second may hold the pulse after next.)"""
    t = np.linspace(0, 40, 801)[:, None]
    empty = (1 - np.exp(-t)) ** (n / 2)  # all of them are under t
    pulse = stats.ncx2.sf(2 * t, 2, 2 * g) ** ((n - 1) / 4)  # all over t
    both = np.sum(np.diff(empty, axis=0) * (pulse[1:] + pulse[:-1]) / 2, 0)
    return both * (1 - ber_orthogonal(g)) ** ((n - 1) / 2)


def unknown_curves(snrs):
    """Share of right frames of the unknown kind at each SNR at 250 kS/s, for
    each of its line codes: the mean over its lengths and its TE."""
    n = np.arange(40, 100)
    te = 150 + 450 * (np.arange(45) + 0.5) / 45
    out = {}
    for code, share in (("pwm", lambda g: (1 - ber_pair(g)) ** n),
                        ("manchester", lambda g: (1 - ber_orthogonal(g)) ** n),
                        ("ppm", lambda g: ppm_right(g, n))):
        chip = [np.mean(share(10 ** (db / 10))) for db in GRID_DB]
        db = np.add.outer(snrs, 10 * np.log10(te * 0.25))
        out[code] = np.interp(db, GRID_DB, chip).mean(axis=1)
    return out


@functools.lru_cache(maxsize=None)
def curve(kind):
    """Share of right frames at E/N0 of each of GRID_DB."""
    if kind == "unknown":
        return sum(unknown_curves(GRID_DB).values()) / 3
    ber = {"hcs200": ber_pair, "siemens": ber_orthogonal,
           "continental": ber_diversity, "hcs200_fsk": ber_orthogonal}[kind]
    return np.array([(1 - ber(10 ** (db / 10))) ** BITS[kind]
                     for db in GRID_DB])


def theory(kind, share):
    """E/N0 of one chip, dB, at which that share of frames is right. Chips of
    the unknown kind have any length: E/N0 is that of 4 us of carrier there,
    which is the SNR at 250 kS/s."""
    return float(np.interp(share, curve(kind), GRID_DB))


def snr(e_n0_db, te_us, rate):
    """SNR in dB at a sample rate, from E/N0 of a chip of te_us."""
    return e_n0_db - 10 * np.log10(te_us * 1e-6 * rate)


# ---- the detector that knows everything ------------------------------------

def chips(raw, rate, hz, first, te, count):
    """Sums over count chips of te samples each from sample first on (not whole
    numbers), mixed down by hz. None if the recording does not hold them."""
    data, zero, scale = raw
    start = int(np.floor(first))
    n = int(np.ceil(first - start + te * count)) + 1
    if start < 0 or 2 * (start + n) > len(data):
        return None
    x = (np.asarray(data[2 * start:2 * (start + n)], float) - zero) * scale
    x = x.view(complex) * np.exp(-2j * np.pi * hz / rate * np.arange(n))
    cum = np.concatenate(([0], np.cumsum(x)))
    edges = first - start + te * np.arange(count + 1)
    return np.diff(np.interp(edges, np.arange(n + 1), cum))


def ppm_bits(r, n, level, noise):
    """The likeliest n bits if the first and the last of the chips r are
    pulses: the best way from one to the other by short and long gaps, by the
    sum of the pulses' log likelihood ratios (Viterbi)."""
    like = li0(2 * level * np.abs(r[::2]) / noise)  # their number is known
    best = np.full(len(like), -np.inf)
    best[0] = 0
    steps = []
    for _ in range(n):
        short = np.concatenate(([-np.inf], best[:-1]))
        long = np.concatenate(([-np.inf, -np.inf], best[:-2]))
        steps.append(long > short)
        best = np.maximum(short, long) + like
    at = len(like) - 1
    out = []
    for step in steps[::-1]:
        out.append(int(step[at]))
        at -= 1 + out[-1]
    return np.array(out[::-1])


def frame_bits(raw, kind, rate, truth, amp, n0):
    """The bits as the detector sees them, None outside the recording. amp is
    the level of the carrier, n0 the noise power in a sample."""
    n = len(truth["bits"])
    te_us = truth["te_us"] or truth["fields"].get("te_us") or TE_US[kind]
    te = te_us * 1e-6 * rate
    code = {"hcs200": "pwm", "siemens": "manchester",
            "unknown": truth["fields"].get("line_code")}.get(kind, kind)
    count = {"pwm": 3 * n, "hcs200_fsk": 3 * n,
             "ppm": 2 * n + 2 * truth["bits"].count("1") + 1}.get(code, 2 * n)
    first = truth["start_s"] * rate
    if kind == "unknown":  # preamble and sync are of unknown length
        first = truth["end_s"] * rate - te * (count + (code == "ppm"))
    elif kind == "continental":
        first += 2000e-6 * rate + 120 * te
    else:
        first += te * {"hcs200": 33, "hcs200_fsk": 35, "siemens": 80}[kind]
    dev = DEV_HZ.get(kind, 0)
    r = chips(raw, rate, truth["freq_hz"] + dev, first, te, count)
    if r is None:
        return None
    if code == "pwm":
        r = r.reshape(n, 3)
        return genie.llr_pair(r[:, 0], r[:, 1], amp * te, te * n0) < 0
    if code == "ppm":
        return ppm_bits(r, n, amp * te, te * n0)
    power = np.abs(r) ** 2
    if dev:
        r = chips(raw, rate, truth["freq_hz"] - dev, first, te, count)
        power -= np.abs(r) ** 2
    if code == "hcs200_fsk":
        return power[1::3] < 0
    return power[::2] > power[1::2]


def detect(path, kind, rate, snr_db, noise_dbfs):
    """Runs the detector on the frames of that kind in a recording with a
    .truth file: how many are right in every bit, and how many there are. One
    copy a burst, and nothing wrong with it but noise."""
    raw = genie.load(path, path.rsplit(".", 1)[1])
    n0 = 10 ** (noise_dbfs / 10)
    amp = np.sqrt(n0 * 10 ** (snr_db / 10))
    good = total = 0
    with open(path + ".truth", encoding="utf-8") as f:
        for line in f:
            truth = json.loads(line)
            if truth["kind"] != kind:
                continue
            bits = frame_bits(raw, kind, rate, truth, amp, n0)
            total += 1
            good += bits is not None and np.array_equal(
                bits, [c == "1" for c in truth["bits"]])
    return good, total


def fit(kind, dbs, good, total):
    """The dB at which half and 90 % are right, by the likeliest curve through
    the points that has theory's shape, moved and stretched at will."""
    dbs, good, total = (np.array(v, float) for v in (dbs, good, total))
    half, most = (theory(kind, share) for share in (0.5, 0.9))
    mid = dbs.mean()

    def cost(p):
        at = half + p[1] * (dbs - mid - p[0])
        s = np.clip(np.interp(at, GRID_DB, curve(kind)), 1e-6, 1 - 1e-6)
        return -np.sum(good * np.log(s) + (total - good) * np.log(1 - s))

    move, stretch = optimize.minimize(cost, (-1, 1), method="Nelder-Mead").x
    return mid + move, mid + move + (most - half) / stretch


def sweep(kind, rate, low_db, high_db, count, seed=1, phase="restart"):
    """SNR of 50 % and 90 % by the detector, from six recordings of count
    frames at and around the two that theory gives. With 100 frames they have
    standard errors of 0.1 and 0.15 dB (unknown: 0.15 and 0.25 dB)."""
    dbs = np.linspace(1.5 * low_db - 0.5 * high_db,
                      1.5 * high_db - 0.5 * low_db, 6)
    result = []
    with tempfile.TemporaryDirectory() as folder:
        path = signals.name(folder, kind, rate)
        for i, db in enumerate(dbs):
            rng = np.random.default_rng([seed, i])
            bursts, seconds = signals.train(rng, [kind], rate, db, count, 0.02,
                                            (0.001, 0.003), phase=phase)
            signals.record(path, rng, rate, bursts, seconds)
            result.append(detect(path, kind, rate, db, -30))
    good, total = zip(*result)
    return fit(kind, dbs, good, total)


def main():
    """The table."""
    p = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--theory", action="store_true", help="no recordings")
    p.add_argument("--kind", nargs="+", choices=sorted(TE_US))
    p.add_argument("--count", type=int, default=100, help="frames a point")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--phase", default="restart",
                   choices=["restart", "continuous"])
    a = p.parse_args()
    print("SNR in dB        rate  theory 50 %   90 %" +
          ("" if a.theory else "  detector 50 %   90 %"))
    for kind, rate in ROWS:
        if a.kind and kind not in a.kind:
            continue
        low, high = (snr(theory(kind, share), TE_US[kind], rate)
                     for share in (0.5, 0.9))
        line = "%-12s %8d %12.2f %6.2f" % (kind, rate, low, high)
        if not a.theory:
            line += "%15.2f %6.2f" % tuple(
                sweep(kind, rate, low, high, a.count, a.seed, a.phase))
        print(line, flush=True)


if __name__ == "__main__":
    main()
