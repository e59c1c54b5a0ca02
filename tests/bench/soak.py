"""soak - does listening cost, lose or leak anything over a long time?

    soak.py LIBRARY FOBSCOPE [--seconds 600] [--rate 2.4M]

Listens to the emulated dongle (tests/dongle/README.md), a press each two
seconds, and prints what was lost, how many presses were read, fobscope's own
share of a core and its memory. Exit 1 if samples were lost or frames missed.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import argparse
import os
import shutil
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "dongle"))
import emulated

EVERY = 2
SCENARIO = ("fob " + emulated.HCS200 + "hop=1F35A96C freq=433.95M level=-20 "
            "at=1 every=%d\n" % EVERY)


def memory_kb(pid):
    """Of a process: resident, and allocated; None when it is gone."""
    try:
        with open("/proc/%d/status" % pid) as f:
            kb = dict(line.split(":", 1) for line in f)
        return [int(kb[key].split()[0]) for key in ("VmRSS", "VmData")]
    except (FileNotFoundError, ProcessLookupError, KeyError):
        return None


def watch(run, period=0.5):
    """Memory over time until it ends: [(seconds, resident, allocated)]."""
    rows = []
    while run.readers[0].is_alive():
        kb = memory_kb(run.process.pid)
        if kb is not None and run.readers[0].is_alive():
            rows.append((time.time() - run.started, *kb))
        run.readers[0].join(period)
    run.finish()
    return rows


def own_cpu_seconds(run):
    """Of the program without the making of its samples."""
    return (run.usage.ru_utime + run.usage.ru_stime -
            sum(run.journal("closed", "cpu_seconds")))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("library")
    parser.add_argument("fobscope")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--rate", default="2.4M")
    o = parser.parse_args()
    emulated.use(o.library, o.fobscope)
    run = emulated.Run("soak", emulated.LOSING + SCENARIO,
                       [emulated.FOBSCOPE, "listen", "--jsonl", "--summary",
                        "--band", "433", "--rate", o.rate, "--seconds",
                        "%g" % o.seconds])
    rows = watch(run)
    own = own_cpu_seconds(run)
    lost = run.summary()["lost"]
    frames, sent = len(run.frames()), int((o.seconds - 1.2) / EVERY) + 1
    print("exit status      %d" % run.code)
    print("samples          %d" % run.summary()["samples"])
    print("lost             %d" % lost)
    print("overruns         %d" % sum(run.journal("overrun", "samples")))
    print("presses          %d of %d" % (frames, sent))
    print("own CPU          %.2f s, %.2f %% of a core" %
          (own, 100 * own / o.seconds))
    print("dongle's CPU     %.2f s" %
          sum(run.journal("closed", "cpu_seconds")))
    later = [row for row in rows if row[0] >= 5] or rows[-1:]
    for row in later[::120] + later[-1:]:
        print("at %5.0f s       %d kB resident, %d allocated" % row)
    print(run.err, end="")
    shutil.rmtree(emulated.FOLDER)
    return int(run.code != 0 or frames < sent)


if __name__ == "__main__":
    sys.exit(main())
