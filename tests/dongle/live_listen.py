"""live_listen - listen on the air: bands, harmonics, delay, gain, cost.

    live_listen.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import datetime
import os
import statistics
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "bench"))
import soak
from emulated import HCS200, main

BANDS = [315e6, 433.92e6, 868.35e6]
FREQ_HZ = 1000  # as far as a carrier may be beside what it is

# HCS200 (DS40138): 12 preamble pulses, 10 TE of header, 66 bits of 3 TE, and 39
# TE before the next copy, of which 9 are the scenario's gap.
TE = 400e-6
COPY = (12 * 2 - 1 + 10 + 66 * 3) * TE
GUARD = 39 * TE


def fob(at, hz, number, more="hold=1"):
    """A press that its hop field tells from others."""
    return "fob %shop=%08X at=%.4f freq=%.0f %s\n" % (
        HCS200, 0xA5000000 + number, at, hz, more)


def number_of(frame):
    return int(frame["encrypted"], 16) - 0xA5000000


def holds(c, first, phase, order, *options):
    """A press of a second on each band, in this order, 2.3 s apart: nothing of
    one is left when the next comes. The cycle of three bands is 0.7 s."""
    offsets = (0, -20e3, 35e3)
    presses = [(1.2 + phase + 2.3 * i, BANDS[band] + offsets[i])
               for i, band in enumerate(order)]
    scenario = "".join(fob(at, hz, first + i)
                       for i, (at, hz) in enumerate(presses))
    run = c.run(scenario, "listen", "--jsonl", "--rate", "1.024M",
                "--seconds", "%.2f" % (presses[-1][0] + 1.3), *options)
    frames = run.frames()
    for i, (at, hz) in enumerate(presses):
        mine = [f for f in frames if number_of(f) == first + i]
        c.check(mine, "the press at %.2f s on %.3f MHz is found" %
                (at, hz / 1e6))
        for f in mine:
            c.check(abs(f["freq"] * 1e6 - hz) < FREQ_HZ,
                    "%.6f MHz is %.6f" % (hz / 1e6, f["freq"]))
            c.check(at - 0.1 < f["fob"]["elapsed_s"] < at + 1.1,
                    "at %.3f s, and begins at %.3f" %
                    (f["fob"]["elapsed_s"], at))
    c.check(all(f["fob"]["protocol"] == "hcs200" for f in frames),
            "nothing but these")


def hops_1(c):
    holds(c, 0, 0.0, (0, 1, 2))


def hops_2(c):
    holds(c, 3, 0.14, (1, 2, 0), "--band", "all")


def hops_3(c):
    holds(c, 6, 0.28, (2, 0, 1))


def hops_4(c):
    holds(c, 9, 0.42, (0, 2, 1), "--band", "all")


def hops_5(c):
    holds(c, 12, 0.56, (2, 1, 0), "--band", "315,433,868")


HARMONIC = 2 * 433.92e6


def beside(c, first, n):
    """Presses heard on 867.84 MHz as well: from there they are never told,
    and, as the phases differ, that it is left out is said."""
    scenario = ""
    for i in range(n):
        at = first + 2.37 * i
        scenario += fob(at, 433.92e6, i, "hold=1 level=-14")
        scenario += fob(at, HARMONIC, i, "hold=1 level=-26")
    run = c.run(scenario, "listen", "--jsonl", "--rate", "1.024M",
                "--seconds", "%.1f" % (first + 2.37 * n))
    c.same("presses found", {number_of(f) for f in run.frames()}, set(range(n)))
    c.check(all(abs(f["freq"] - 433.92) < 0.01 for f in run.frames()),
            "all of 433.92 MHz: %s" % [f["freq"] for f in run.frames()])
    c.says(run, "867.840 MHz is left out: it is a harmonic")


def harmonic_beside(c):
    beside(c, 3.3, 3)


def harmonic_first(c):
    """The harmonic's frames are read first: 868.35 MHz is listened to until
    1.6 s, before its noise is known. The press itself is told all the same."""
    beside(c, 1.2, 1)


def harmonic_alone(c):
    scenario = "".join(fob(1.3 + 2.4 * i, HARMONIC, i, "hold=1 level=-26")
                       for i in range(3))
    run = c.run(scenario, "listen", "--jsonl", "--rate", "1.024M",
                "--seconds", "8")
    c.same("presses found", {number_of(f) for f in run.frames()}, set(range(3)))
    c.check(all(abs(f["freq"] * 1e6 - HARMONIC) < FREQ_HZ
                for f in run.frames()), "on 867.84 MHz")
    c.says(run, "left out", 0)


def seconds_of(text):
    return datetime.datetime.fromisoformat(
        text.replace("Z", "+00:00")).timestamp()


def delay(c, rate, copies):
    """From the end of the last copy on the air to the line that is read, which is
    to be 100 ms: a figure, for the machine has its share in it. The end is
    reckoned from the frame's own time, which is sample 0's."""
    presses, period = 11, 0.7 + 0.11 * copies
    scenario = "fob %shop=1F35A96C freq=433.91M at=0.7 every=%.2f copies=%d\n" % (
        HCS200, period, copies)
    run = c.run(scenario, "listen", "--jsonl", "--band", "433", "--rate", rate,
                "--seconds", "%.1f" % (0.7 + presses * period))
    read = [when for when, _ in run.lines["out"]]
    frames = run.frames()
    c.check(len(frames) >= 10, "%d frames" % len(frames))
    delays = []
    for when, f in zip(read, frames):
        c.same("copies", f["fob"].get("copies", 1), copies)
        on_air = COPY + (copies - 1) * (COPY + GUARD)
        delays.append(when - seconds_of(f["time"]) - on_air)
    delays.sort()
    c.say("delay at %s, copies=%d: median %.1f ms of %d, from %.1f to %.1f" %
          (rate, copies, 1e3 * statistics.median(delays), len(delays),
           1e3 * delays[0], 1e3 * delays[-1]))


def delay_250k_one(c):
    delay(c, "250k", 1)


def delay_250k_three(c):
    delay(c, "250k", 3)


def delay_2048k_one(c):
    delay(c, "2.048M", 1)


def delay_2048k_two(c):
    delay(c, "2.048M", 2)


# Without it, the fob's level is -20 dBFS at a gain of 28 dB.
LOUD = "fob %shop=1F35A96C freq=433.93M at=0.8 every=1.2 level=6\n" % HCS200


def gain_steps_down(c):
    run = c.run(LOUD, "listen", "--jsonl", "--band", "433", "--rate", "1.024M",
                "--seconds", "6.5")
    c.says(run, "too strong for the receiver: gain lowered to ")
    gains = run.journal("gain", "db")
    start = gains.index(28.0)
    # The library writes one more when it closes.
    stepped = gains[start:-1]
    c.check(len(stepped) >= 2 and stepped == sorted(stepped, reverse=True),
            "the gain goes down: %s" % stepped)
    frames = run.frames()
    c.check(len(frames) >= 4, "%d of 5 presses are decoded" % len(frames))
    c.check(frames and frames[-1]["fob"]["gain_db"] < 28,
            "the last with less gain")
    c.check(frames and frames[-1]["rssi"] < 0, "which is in its range")


def gain_stays(c):
    run = c.run(LOUD, "listen", "--jsonl", "--band", "433", "--rate", "1.024M",
                "--gain", "28", "--seconds", "4")
    c.says(run, "too strong for the receiver: go further away, or lower --gain",
           1)
    c.says(run, "gain lowered", 0)
    gains = run.journal("gain", "db")
    c.same("gains", gains[gains.index(28.0):-1], [28.0])


def costs(c):
    """20 s at the highest rate: nothing lost, little used, nothing kept."""
    run = c.start(soak.SCENARIO, "listen", "--jsonl", "--summary", "--band",
                  "433", "--rate", "2.4M", "--seconds", "20")
    rows = soak.watch(run)
    c.finish(run)
    c.same("lost", run.summary()["lost"], 0)
    c.same("frames", len(run.frames()), 10)
    own = soak.own_cpu_seconds(run) / 20
    later = [row for row in rows if row[0] >= 5]
    resident, allocated = ([row[i] for row in later] for i in (1, 2))
    c.say("fobscope's own share of a core %.2f %%, resident %d kB at 5 s, "
          "%d kB at most after it" % (100 * own, resident[0], max(resident)))
    c.check(own < 0.15, "%.1f %% of a core, at most 15" % (100 * own))
    c.check(max(allocated) <= allocated[0], "nothing more is allocated: "
            "%d kB at 5 s, then %d" % (allocated[0], max(allocated)))
    # What was allocated is touched the first time by a burst like none
    # before it.
    c.check(max(resident) <= resident[0] + 512, "resident: %d kB at 5 s, "
            "then %d" % (resident[0], max(resident)))


if __name__ == "__main__":
    sys.exit(main([hops_1, delay_250k_three, gain_stays],
                  plain=[costs, hops_2, hops_3, hops_4, hops_5,
                         harmonic_beside, harmonic_first, harmonic_alone,
                         delay_250k_one, delay_2048k_one, delay_2048k_two,
                         gain_steps_down]))
