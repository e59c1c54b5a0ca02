#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The archive with many recordings: how long a list, a new index and an
addition take.

  archive.py [FOBSCOPE] [RECORDINGS]

Makes an archive of RECORDINGS (20,000) small recordings in $TMPDIR, with
metadata as fobscope writes it, and prints medians. "disk" is a program that
writes and syncs the same files and nothing else: what an addition cannot be
faster than.
"""
import hashlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

MODELS = ("Microchip-HCS200", "Siemens-5WY72XX", "Continental-KR5V2X",
          "Unknown")
RATE = 250000


def metadata(i, sha512, chosen):
    model = chosen.choice(MODELS)
    frame = {"time": "@0.1s", "model": model, "button": chosen.randrange(1, 5),
             "freq": 433.92, "rssi": -20.5, "snr": 18.2, "noise": -39.6,
             "mod": "ASK",
             "fob": {"protocol": "x", "verdict": "proven", "at": 250,
                     "samples": 500, "carrier_hz": 433920100.0,
                     "te_us": 400.0, "line_code": "pwm", "bits": "01" * 33,
                     "copies": 4, "press": 1, "confidence": 0.99}}
    if model != "Unknown":
        frame["id"] = "%07X" % chosen.randrange(5000)
    note = {"core:sample_start": 250, "core:sample_count": 500,
            "core:label": model, "core:generator": "fobscope 0.1.0",
            "fob:frame": frame}
    when = time.strftime("%Y-%m-%dT%H:%M:%S.000000Z",
                         time.gmtime(1.6e9 + 600 * i))
    return when, {
        "global": {
            "core:datatype": "cu8", "core:sample_rate": float(RATE),
            "core:version": "1.2.5", "core:recorder": "fobscope 0.1.0",
            "core:sha512": sha512,
            "core:extensions": [{"name": "fob", "version": "0.2.0",
                                 "optional": True}],
            "fob:added": when, "fob:label": "tray%d-%02d" % (i // 50, i % 50)},
        "captures": [{"core:sample_start": 0, "core:global_index": 0,
                      "core:frequency": 433920000.0, "core:datetime": when}],
        "annotations": [note] * 3}


def fill(folder, n):
    chosen = random.Random(5)
    os.makedirs(folder, mode=0o700)
    for i in range(n):
        data = chosen.randbytes(2000)
        sha512 = hashlib.sha512(data).hexdigest()
        when, meta = metadata(i, sha512, chosen)
        date = when[:19].replace("-", "").replace(":", "")
        stem = os.path.join(folder, "fob_%s_%sZ_433.92M_250k" %
                            (sha512[:10], date))
        for ending, body in ((".sigmf-data", data),
                             (".sigmf-meta", json.dumps(meta, indent=2)
                              .encode())):
            with open(stem + ending, "wb",
                      opener=lambda p, f: os.open(p, f, 0o600)) as f:
                f.write(body)


def timed(command):
    start = time.perf_counter()
    r = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return time.perf_counter() - start, len(r.stdout.splitlines())


def listing(program, place, *options):
    runs = [timed([program, "archive", "list", "--archive", place, *options])
            for _ in range(11)]
    print("list %-28s %6.1f ms, %d lines" % (
        " ".join(options), 1e3 * statistics.median(t for t, _ in runs),
        runs[0][1]))


def disk(folder, files):
    """Seconds to write each pair and sync it, its folder, and two commits of
    a log, as an addition does."""
    start = time.perf_counter()
    log = os.open(os.path.join(folder, "log"), os.O_CREAT | os.O_WRONLY)
    where = os.open(folder, os.O_RDONLY)
    for path in files:
        with open(path, "rb") as f:
            data = f.read()
        for ending, body in ((".d", data), (".m", b"x" * 3000)):
            fd = os.open(os.path.join(folder, os.path.basename(path) + ending),
                         os.O_CREAT | os.O_WRONLY)
            os.write(fd, body)
            os.fsync(fd)
            os.close(fd)
        for _ in range(2):
            os.write(log, b"x" * 8192)
            os.fsync(log)
        os.fsync(where)
    os.close(log)
    os.close(where)
    return time.perf_counter() - start


def adding(program, base):
    """200 noisy files of a second each."""
    chosen = random.Random(6)
    files = []
    for i in range(200):
        path = os.path.join(base, "n%03d_433.92M_250k.cu8" % i)
        with open(path, "wb") as f:
            f.write(bytes(int(chosen.gauss(127.5, 3)) for _ in range(5000))
                    * 100)
            f.write(b"%06d" % i)
        files.append(path)
    os.mkdir(os.path.join(base, "raw"))
    raw = disk(os.path.join(base, "raw"), files)
    took, lines = timed([program, "archive", "add", "--archive",
                         os.path.join(base, "added"), *files])
    print("add  %d files of 0.5 MB: %.1f ms each, disk alone %.1f ms" % (
        lines, 1e3 * took / lines, 1e3 * raw / lines))


def main():
    program = sys.argv[1] if len(sys.argv) > 1 else "build/src/fobscope"
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    base = tempfile.mkdtemp(prefix="archive-")
    place = os.path.join(base, "archive")
    try:
        fill(os.path.join(place, "recordings"), n)
        subprocess.run([program, "archive", "reindex", "--archive", place],
                       check=True)
        took = statistics.median(
            timed([program, "archive", "reindex", "--archive", place])[0]
            for _ in range(3))
        print("reindex of %d: %.2f s, %.0f a second" % (n, took, n / took))
        for options in (["--label", "tray7-"], ["--id", "000013A"],
                        ["--model", "siemens", "--since", "2021-01-01",
                         "--until", "2021-01-02"],
                        ["--verdict", "none"], []):
            listing(program, place, *options)
        adding(program, base)
    finally:
        shutil.rmtree(base)


if __name__ == "__main__":
    main()
