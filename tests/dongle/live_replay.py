"""live_replay - what is heard is what the recording of it says.

    live_replay.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import sys

from emulated import HCS200, main

SECONDS = 5
# One fob of each sort, around 433.92 MHz as far as 250 kS/s reach; values
# are invented, as those of captures/ are.
FOBS = (
    "fob " + HCS200 + "hop=1F35A96C te=412 at=0.30003 freq=433.905M "
    "level=-20\n"
    "fob continental_kr5v2x id=DECAFBAD button_code=3 sequence=111EB "
    "encrypted=3C19E2B7 te=100.6 copies=2 gap=0.02 lead=0.002 at=0.90001 "
    "freq=433.92M level=-18\n"
    "fob princeton code=5A1E3C te=402 copies=5 sharing=1 gap=1608e-6 "
    "at=1.30002 freq=433.93M level=-21\n"
    "fob unknown manchester te=290 preamble=14 header=7 sync=1 copies=3 "
    "gap=0.02 bits=1011000111010001101001110010110000101110100110010110 "
    "at=2.00004 freq=433.88M level=-20\n"
    "fob siemens_5wy72xx id=600D5EED button_code=2 sequence=3D2 "
    "encrypted=B1D5A7E4 te=223 copies=2 gap=0.025 at=2.60002 freq=433.91M "
    "level=-19\n"
    "fob hitag2_rke uid=7EA5E77E button=1 counter_low=2C5 hop=9D40E6B3 "
    "spare=2 te=258 copies=3 gap=3354e-6 pulses=191 lead=2838e-6 "
    "before=11111111 at=3.20003 freq=433.94M level=-19\n"
    "fob " + HCS200 + "hop=8B07D2E1 te=388 at=4.10005 freq=433.9M "
    "level=-30\n")
MODELS = ["Microchip-HCS200", "Continental-KR5V2X", "Princeton-24bit",
          "Unknown", "Siemens-5WY72XX", "Hitag2-RKE", "Microchip-HCS200"]


def plain(frame):
    """Without what only a live receiver has."""
    frame = json.loads(json.dumps(frame))
    frame.pop("time")
    for key in ("elapsed_s", "gain_db"):
        frame["fob"].pop(key, None)
    return frame


def same_frames(c, what, have, want):
    have, want = list(map(plain, have)), list(map(plain, want))
    c.check(len(have) == len(want) and len(have) > 0,
            "%s: %d frames of %d" % (what, len(have), len(want)))
    for i, (a, b) in enumerate(zip(have, want)):
        c.check(a == b, "%s: frame %d is the same\n      %s\n      %s" %
                (what, i + 1, json.dumps(a), json.dumps(b)))


def recorded(folder, ending):
    """The one recording of a folder; nothing unfinished is beside it."""
    names = sorted(os.listdir(folder))
    whole = [n for n in names if n.endswith(ending)]
    if len(whole) != 1 or any(n.endswith(".part") for n in names):
        raise AssertionError("%s holds %s" % (folder, names))
    return os.path.join(folder, whole[0])


def replay(c, rate, options=(), ending=".sigmf-meta", more=()):
    """The frames heard live, and the recording, which has the same."""
    tuning = ["--band", "433", "--rate", rate, "--seconds", str(SECONDS)]
    live = c.start(FOBS, "listen", "--jsonl", *tuning, *more)
    folder = c.folder()
    capture = c.start(FOBS, "capture", *options, *tuning, "-o", folder)
    c.finish(live)
    c.finish(capture)
    path = recorded(folder, ending)
    read = c.run(None, "decode", "--jsonl", path, *more)
    same_frames(c, "decode and listen", read.frames(), live.frames())
    return live, path


def sigmf_2048k(c):
    live, path = replay(c, "2.048M")
    c.same("models", [f["model"] for f in live.frames()], MODELS)
    again = c.run(None, "listen", "--jsonl", "-d", path)
    read = c.run(None, "decode", "--jsonl", path)
    same_frames(c, "listen -d FILE and decode", again.frames(), read.frames())


def every_copy(c):
    live, path = replay(c, "2.048M", more=["--every"])
    c.check(len(live.frames()) >= 15, "%d copies" % len(live.frames()))


def cu8_2048k(c):
    replay(c, "2.048M", ["--cu8"], ".cu8")


def sigmf_250k(c):
    replay(c, "250k")


def sigmf_1024k(c):
    replay(c, "1.024M")


def sigmf_2400k(c):
    replay(c, "2.4M")


APART = (
    "fob " + HCS200 + "hop=1F35A96C at=0.7 freq=433.905M level=-20\n"
    "fob continental_kr5v2x id=DECAFBAD button_code=3 sequence=111EB "
    "encrypted=3C19E2B7 te=100.6 copies=2 gap=0.02 lead=0.002 at=2.2 "
    "freq=433.92M level=-18\n"
    "fob siemens_5wy72xx id=600D5EED button_code=2 sequence=3D2 "
    "encrypted=B1D5A7E4 te=223 copies=2 gap=0.025 at=3.5 freq=433.91M "
    "level=-19\n")


def each_press(c):
    """A file a press, with its frame as listen has it noted in it, from a
    tenth of a second before it to one behind it; decode finds the frame where
    the note says."""
    tuning = ["--band", "433", "--rate", "1.024M"]
    live = c.start(APART, "listen", "--jsonl", *tuning, "--seconds", "5")
    folder = c.folder()
    capture = c.run(APART, "capture", *tuning, "-o", folder, "--count", "3")
    c.finish(live)
    heard = live.frames()
    names = ["g%03d_433.72M_1024k" % (i + 1) for i in range(len(heard))]
    c.same("files", sorted(os.listdir(folder)),
           sorted(n + e for n in names for e in (".sigmf-data", ".sigmf-meta")))
    c.same("lines", [x.split("  ")[0] for _, x in capture.lines["out"]],
           [os.path.join(folder, n + ".sigmf-meta") for n in names])
    for name, frame in zip(names, heard):
        path = os.path.join(folder, name + ".sigmf-meta")
        with open(path) as f:
            meta = json.load(f)
        [first] = [x["core:global_index"] for x in meta["captures"]]
        [note] = [x for x in meta["annotations"] if "fob:frame" in x]
        # presses are counted from the start, in both
        c.same("note", plain(note["fob:frame"]), plain(frame))
        c.same("its place", first + note["core:sample_start"],
               frame["fob"]["at"])
        before = note["core:sample_start"] / 1.024e6
        c.check(0.05 < before < 0.15, "%.3f s before it" % before)
        read = c.run(None, "decode", "--jsonl", path).frames()
        c.same("frames", len(read), 1)
        c.same("bits", [(f["model"], f["fob"]["bits"], f["fob"]["copies"])
                        for f in read],
               [(frame["model"], frame["fob"]["bits"],
                 frame["fob"]["copies"])])
        c.check(read and abs(read[0]["fob"]["at"] + first -
                             frame["fob"]["at"]) < 100,
                "decode finds it in its place")


def into_archive(c):
    """Without a folder each press is kept in the archive, by an ID that
    decode takes; what is shown of it has no serial."""
    place = os.path.join(c.folder(), "archive")
    tuning = ["--band", "433", "--rate", "1.024M"]
    capture = c.run(APART, "capture", *tuning, "--archive", place,
                    "--label", "bench", "--count", "3")
    lines = [x for _, x in capture.lines["out"]]
    c.same("lines", len(lines), 3)
    c.check("0C0FFEE" not in "".join(lines), "no serial in what it says")
    listed = c.run(None, "archive", "list", "--archive", place, "--json",
                   "--full")
    kept = json.loads(listed.out)["recordings"]
    c.same("ids", [x.split("  ")[0] for x in lines], [x["id"] for x in kept])
    c.same("labels", {x["label"] for x in kept}, {"bench"})
    c.same("models", [x["fobs"][0]["model"] for x in kept],
           ["Microchip-HCS200", "Continental-KR5V2X", "Siemens-5WY72XX"])
    for x in kept:
        c.check(x["time"] is not None, "it says when")
        read = c.run(None, "decode", "--archive", place, "--jsonl",
                     x["id"]).frames()
        c.same("serials", [f["id"] for f in read], [x["fobs"][0]["id"]])
    c.run(None, "archive", "verify", "--archive", place)
    c.same("work", os.listdir(os.path.join(place, "work")), [])


if __name__ == "__main__":
    sys.exit(main([sigmf_250k, each_press, into_archive],
                  plain=[sigmf_2048k, every_copy, cu8_2048k, sigmf_1024k,
                         sigmf_2400k]))
