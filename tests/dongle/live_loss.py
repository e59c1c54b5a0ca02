"""live_loss - samples that are lost are counted, told, and put in their place.

    live_loss.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import signal
import sys
import time

from emulated import HCS200, LOSING, main

# A transfer of 4.5 ms at most, a power of two.
TRANSFER = {"250k": 1024, "1.024M": 4096, "2.048M": 8192}
# USB transfers that are under way.
TRANSFERS = 32
# What the clock tells is rounded to whole USB packets.
PACKET = 256
FOB = "fob %shop=1F35A96C freq=433.91M at=0.5 every=1.2\n" % HCS200


def drops(c, rate, where, tries=1):
    """All of these are counted to the sample. A packet of 2.048 MS/s is an
    eighth of a millisecond, and a machine that is late by half of that makes
    it one too few or too many: then it is tried again."""
    want = [k * TRANSFER[rate] for _, k in where]
    run = c.start(FOB + "dongle drop=%s\n" %
                  ",".join("%d:%d" % x for x in where),
                  "listen", "--jsonl", "--summary", "--band", "433", "--rate",
                  rate, "--seconds", "5")
    c.finish(run, 5)
    c.same("the journal has", run.journal("dropped", "samples"), want)
    lost, samples = run.summary()["lost"], run.summary()["samples"]
    c.same("samples and lost", samples + lost,
           5 * float(rate[:-1]) * (1e3 if rate[-1] == "k" else 1e6))
    c.says(run, "%d samples were lost: what was sent then was not seen" % lost,
           1)
    c.same("warnings", run.err.count("warning: "), len(where))
    c.check(len(run.frames()) >= 2, "frames: %d" % len(run.frames()))
    if lost != sum(want) and tries > 1:
        c.say("%d lost of %d: tried again" % (lost, sum(want)))
        c.check(abs(lost - sum(want)) <= 2 * PACKET * len(where),
                "lost: %d of %d" % (lost, sum(want)))
        drops(c, rate, where, tries - 1)
        return
    c.same("lost", lost, sum(want))
    for n in want:
        c.says(run, "warning: %d samples (" % n)


def drops_250k(c):
    drops(c, "250k", [(60, 5), (400, 7)])


def drops_1024k(c):
    drops(c, "1.024M", [(100, 5), (400, 2), (700, 30)], 4)


def drops_2048k(c):
    drops(c, "2.048M", [(40, 4), (600, 1)], 4)


def drop_at_end(c):
    run = c.run("dongle drop=500:5\n", "listen", "--jsonl", "--summary",
                "--band", "433", "--rate", "1.024M", "--seconds", "2.5",
                code=5)
    c.same("lost", run.summary()["lost"], 5 * TRANSFER["1.024M"])


def read_recording(folder):
    """Its segments: [(global index, bytes)]."""
    names = {os.path.splitext(n)[1]: os.path.join(folder, n)
             for n in os.listdir(folder)}
    with open(names[".sigmf-meta"]) as f:
        captures = json.load(f)["captures"]
    with open(names[".sigmf-data"], "rb") as f:
        data = f.read()
    starts = [x["core:sample_start"] for x in captures]
    ends = starts[1:] + [len(data) // 2]
    return [(x["core:global_index"], data[2 * a:2 * b])
            for x, a, b in zip(captures, starts, ends)]


def capture_drops(c):
    """The recording says which samples are missing, and has all the others
    where they belong: the same as those of a run without loss."""
    arguments = ["capture", "--band", "433", "--rate", "250k", "--seconds",
                 "4.5", "-o"]
    folders = [c.folder("lossy"), c.folder("whole")]
    lossy = c.start(FOB + "dongle drop=200:8,480:20\n", *arguments, folders[0])
    whole = c.start(FOB, *arguments, folders[1])
    c.finish(lossy, 5)
    c.finish(whole)
    n = TRANSFER["250k"]
    lost, at = lossy.journal("dropped", "samples"), lossy.journal("dropped",
                                                                  "at")
    c.same("lost", lost, [8 * n, 20 * n])
    c.check("%d samples lost" % sum(lost) in lossy.out, "capture tells of it")
    pieces = read_recording(folders[0])
    [(first, reference)] = read_recording(folders[1])
    c.same("segments", len(pieces), 3)
    if len(pieces) != 3:
        return
    for i in range(2):
        end = pieces[i][0] + len(pieces[i][1]) // 2
        # `at` of the journal is the first lost sample.
        c.same("the jump's place", end, at[i])
        c.same("the jump", pieces[i + 1][0] - end, lost[i])
    for index, data in pieces:
        offset = 2 * (index - first)
        c.check(reference[offset:offset + len(data)] == data,
                "%d samples from %d on are the same" % (len(data) // 2, index))


def stop(c, seconds):
    """Without the processor for a while: what the dongle threw away is
    counted, and what comes then is decoded."""
    rate = "1.024M"
    run = c.start(LOSING + "fob %shop=1F35A96C freq=433.91M at=0.8\n"
                  "fob %shop=8B07D2E1 freq=433.91M at=6\n" % (HCS200, HCS200),
                  "listen", "--jsonl", "--summary", "--band", "433", "--rate",
                  rate, "--seconds", "8")
    c.check(run.wait_for('"encrypted": "1F35A96C"', "out"), "a first frame")
    run.send(signal.SIGSTOP)
    time.sleep(seconds)  # this is what is done to it, not a wait for anything
    run.send(signal.SIGCONT)
    c.finish(run, 5)
    c.says(run, "samples were lost: what was sent then was not seen")
    thrown = sum(run.journal("overrun", "samples"))
    c.check(thrown > (seconds - 0.5) * 1.024e6, "the dongle threw %d samples away" % thrown)
    lost, have = run.summary()["lost"], run.summary()["samples"]
    total = thrown + run.journal("closed", "samples")[0]
    c.say("%d lost of %d thrown away; received and lost %d of %d" %
          (lost, thrown, have + lost, total))
    room = TRANSFERS * TRANSFER[rate]
    c.check(abs(lost - thrown) <= room, "lost: %d of %d" % (lost, thrown))
    c.check(abs(have + lost - total) <= room,
            "received and lost: %d of %d" % (have + lost, total))
    c.check(run.frames()[-1]["encrypted"] == "8B07D2E1", "a frame after it")
    c.check(abs(run.frames()[-1]["fob"]["elapsed_s"] - 6) < 0.02,
            "at its time: %g" % run.frames()[-1]["fob"]["elapsed_s"])


def stop_1_5_seconds(c):
    stop(c, 1.5)


def stop_3_seconds(c):
    stop(c, 3)


if __name__ == "__main__":
    sys.exit(main([stop_1_5_seconds, drops_250k, drop_at_end, capture_drops],
                  plain=[stop_3_seconds, drops_1024k, drops_2048k]))
