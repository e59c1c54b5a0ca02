#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Decode every recording of captures/ and hold it against its .frames.

  golden.py FOBSCOPE CAPTURES [NAME...]

NAME.frames has one JSON object for each frame that must come out, with the
keys that must agree. A frame too many fails as one too few does. Compared
with a tolerance: "at" to one chip, te_us to 1 %, carrier_hz to 500 Hz. Then
the same bytes must come out at block sizes 1, 997 and 65,536.
"""
import json
import os
import subprocess
import sys

BLOCKS = (1, 997, 65536)


def recording(folder, name):
    """The file to decode and its sample rate."""
    base = os.path.join(folder, name, name)
    if os.path.exists(base + ".sub"):
        return base + ".sub", 1e6
    with open(base + ".sigmf-meta") as f:
        return base + ".sigmf-meta", json.load(f)["global"]["core:sample_rate"]


def decode(program, path, *options):
    r = subprocess.run([program, "decode", "--jsonl", *options, path],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=300)
    if r.returncode != 0:
        raise RuntimeError("exit %d: %s" % (
            r.returncode, r.stderr.decode(errors="replace").strip()))
    return r.stdout


def flat(frame):
    """One level of keys; those of "fob" win."""
    return {**frame, **frame.get("fob", {})}


def differences(got, want, rate_hz):
    got, want = flat(got), flat(want)
    tolerance = {"at": want["te_us"] * 1e-6 * rate_hz,
                 "te_us": 0.01 * want["te_us"], "carrier_hz": 500.0}
    for key, value in want.items():
        if key == "fob":
            continue
        have = got.get(key, "nothing")
        if key in tolerance and isinstance(have, (int, float)):
            if abs(have - value) <= tolerance[key]:
                continue
        elif have == value and type(have) is type(value):
            continue
        yield "%s is %s, not %s" % (key, have, value)


def brief(frame):
    f = flat(frame)
    return "%s id %s at %s (%s copies, %s, bits %s)" % tuple(
        f.get(k) for k in ("model", "id", "at", "copies", "verdict", "bits"))


def faults(program, folder, name):
    path, rate_hz = recording(folder, name)
    out = decode(program, path)
    got = [json.loads(line) for line in out.splitlines()]
    with open(os.path.join(folder, name, name + ".frames")) as f:
        want = [json.loads(line) for line in f]
    got.sort(key=lambda frame: flat(frame)["at"])
    want.sort(key=lambda frame: flat(frame)["at"])
    if len(got) != len(want):
        yield "%d frames, not %d" % (len(got), len(want))
        for frame in got:
            yield "  got  " + brief(frame)
        for frame in want:
            yield "  want " + brief(frame)
    else:
        for i, pair in enumerate(zip(got, want)):
            for d in differences(*pair, rate_hz):
                yield "frame %d: %s" % (i, d)
    for block in BLOCKS:
        if decode(program, path, "--block-size", str(block)) != out:
            yield "--block-size %d: other bytes" % block


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, folder = sys.argv[1:3]
    names = sys.argv[3:] or sorted(
        n for n in os.listdir(folder)
        if os.path.exists(os.path.join(folder, n, n + ".frames")))
    bad = 0
    for name in names:
        try:
            found = list(faults(program, folder, name))
        except (OSError, ValueError, KeyError, RuntimeError,
                subprocess.TimeoutExpired) as e:
            found = ["%s: %s" % (type(e).__name__, e)]
        for line in found:
            print("%s: %s" % (name, line))
        bad += bool(found)
    print("%d recordings, %d wrong" % (len(names), bad))
    sys.exit(1 if bad or not names else 0)


if __name__ == "__main__":
    main()
