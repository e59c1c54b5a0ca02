# SPDX-License-Identifier: GPL-2.0-or-later
"""Recordings for the benchmark: iqgen.py's frames, and what real fobs and real
receivers do to them. Needs python3-numpy and ../shared/tools.

A recording is a list of bursts, each a dict made by burst(), and the faults of a
receiver, passed to record(). Everything random comes from one seed.
"""
import json
import os
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = os.path.join(HERE, "..", "..", "..", "shared", "tools")
sys.path.insert(0, TOOLS)
sys.dont_write_bytecode = True
import iqgen  # noqa: E402

CARRIER = [(100e3, 1, 0)]  # 100 ms of carrier, no data
CHUNK = 1 << 20  # samples at a time


def stretch_highs(pieces, share):
    """A transmitter that is slow to switch off: highs longer by a share of the
    shortest one, the lows after them shorter."""
    out = [list(p) for p in pieces]
    by = share * min(p[0] for p in pieces if p[1])
    for i, piece in enumerate(out[:-1]):
        if piece[1] and not out[i + 1][1]:
            piece[0] += by
            out[i + 1][0] = max(out[i + 1][0] - by, 1)
    return [tuple(p) for p in out]


def distort(w, rate, drift_hz=0, sag_db=0):
    """The carrier moves by drift_hz over the burst and its level falls by sag_db,
    both evenly."""
    t = np.arange(len(w)) / rate
    length = max(t[-1], 1e-9)
    phase = np.pi * drift_hz / length * t * t
    return (w * np.exp(1j * phase) * 10 ** (-sag_db / 20 * t / length)
            ).astype(np.complex64)


def chirp_pulses(w, rate, hz, seconds=100e-6):
    """Each pulse starts hz off and settles with a time constant of seconds, as an
    oscillator does that is keyed by its supply."""
    on = np.abs(w) > 0
    start = np.flatnonzero(on & ~np.concatenate(([False], on[:-1])))
    since = np.arange(len(w)) - np.repeat(
        np.concatenate(([0], start)),
        np.diff(np.concatenate(([0], start, [len(w)]))))
    phase = 2 * np.pi * hz * seconds * (1 - np.exp(-since / rate / seconds))
    return (w * np.exp(1j * phase)).astype(np.complex64)


def burst(rng, kind, rate, at_s, snr_db, carrier_hz, phase="restart", te=None,
          copies=1, gap_s=0.0156, highs=0, drift_hz=0, sag_db=0, chirp_hz=0):
    """One press. te in us, None: the frame's own."""
    opts = {"te": te} if te else {}
    if kind == "carrier":
        pieces, bits, fields = CARRIER, [], {"model": "Burst"}
    else:
        pieces, bits, fields = iqgen.FRAMES[kind](rng, **opts)
    if highs:
        pieces = stretch_highs(pieces, highs)
    one = list(pieces)
    for _ in range(copies - 1):
        pieces = pieces + [(gap_s * 1e6, 0, 0)] + one
    frac = rng.uniform(0, 1)
    start = int(at_s * rate)
    w = iqgen.waveform(pieces, rate, frac, carrier_hz, rng.uniform(0, 6.2832),
                       rng if phase == "restart" else None)
    if chirp_hz:
        w = chirp_pulses(w, rate, chirp_hz)
    if drift_hz or sag_db:
        w = distort(w, rate, drift_hz, sag_db)
    seconds = sum(p[0] for p in pieces) * 1e-6
    return {"start": start, "w": w, "snr_db": snr_db,
            "truth": {"kind": kind, "start_s": (start + frac) / rate,
                      "end_s": (start + frac) / rate + seconds,
                      "freq_hz": carrier_hz, "fields": fields,
                      "te_us": te or 0, "bits": "".join(map(str, bits))}}


def mixed(x, first, rate, bursts, noise_dbfs, steady):
    """Adds what is sent to the noise x, which begins with sample first."""
    end = first + len(x)
    for b in bursts:
        amp = np.complex64(10 ** ((noise_dbfs + b["snr_db"]) / 20))
        a, e = max(b["start"], first), min(b["start"] + len(b["w"]), end)
        if a < e:
            x[a - first:e - first] += amp * b["w"][a - b["start"]:
                                                   e - b["start"]]
    for hz, db in steady:
        amp = 10 ** ((noise_dbfs + db) / 20)
        k = np.arange(first, end, dtype=np.float64)
        x += (amp * np.exp(2j * np.pi * ((hz / rate * k) % 1.0))
              ).astype(np.complex64)
    return x


def received(x, dc, image_db, gain_db):
    """What a receiver makes of it before its converter."""
    if image_db is not None:
        x = x + np.float32(10 ** (image_db / 20)) * np.conj(x)
    return x * np.float32(10 ** (gain_db / 20)) + np.complex64(dc * (1 + 1j))


def record(path, rng, rate, bursts, seconds, noise_dbfs=-30, fmt="cu8",
           steady=(), dc=0, image_db=None, gain_db=0, cut_s=0):
    """Writes path and path.truth. steady: (Hz, dB over the noise) of carriers
    that never stop; dc: share of full scale; image_db: of the IQ imbalance, below
    the signal; gain_db: on all of it, until it clips; cut_s: of the start that is
    left out."""
    sigma = np.float32(np.sqrt(10 ** (noise_dbfs / 10) / 2))
    total, first = int(seconds * rate), int(cut_s * rate)
    with open(path, "wb") as f:
        for at in range(0, total, CHUNK):
            n = min(CHUNK, total - at)
            x = (rng.standard_normal(2 * n, dtype=np.float32) * sigma
                 ).view(np.complex64)
            x = received(mixed(x, at, rate, bursts, noise_dbfs, steady),
                         dc, image_db, gain_db)
            x = np.ascontiguousarray(x[max(first - at, 0):], np.complex64)
            f.write(iqgen.quantise(x, fmt).tobytes())
    with open(path + ".truth", "w", encoding="utf-8") as f:
        for i, b in enumerate(bursts):
            t = dict(b["truth"], index=i)
            t["start_s"] -= cut_s
            t["end_s"] -= cut_s
            f.write(json.dumps(t) + "\n")


def name(folder, label, rate, fmt="cu8"):
    """A file name that rtl_433 and fobscope read the rate from."""
    return os.path.join(folder, "%s_433.92M_%gk.%s" % (label, rate / 1000, fmt))


def train(rng, kinds, rate, snr_db, count, lead_s=2.0, gap_s=(0.25, 0.45),
          spread_hz=20e3, **options):
    """count bursts one after the other, and how long that takes."""
    out = []
    t = lead_s
    for i in range(count):
        kind = kinds[i % len(kinds)]
        o = {k: v(rng) if callable(v) else v for k, v in options.items()}
        b = burst(rng, kind, rate, t, snr_db,
                  o.pop("carrier_hz", rng.uniform(-spread_hz, spread_hz)), **o)
        out.append(b)
        t = b["truth"]["end_s"] + rng.uniform(*gap_s)
    return out, t + 0.3
