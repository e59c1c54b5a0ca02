#!/usr/bin/env python3
# real_blind - the inference on real frames of formats that we know.
#
#   real_blind.py FOBSCOPE BLIND [FOLDER]
#
# FOLDER is ../shared/captures beside the source tree if it is not given; where
# there is none, there is nothing to do. BLIND (tests/support/blind.c) gets the
# frames that FOBSCOPE decodes, one a press, and no descriptor; the table it finds is
# scored against the descriptor as far as the presses show it, by the rules of
# tests/support/score.h. Prints the tables, a line a fault, then "N passed, N
# failed"; exit 1 if any failed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
import collections
import glob
import json
import os
import re
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "support"))
import recorded

FEDERAL = "UberGuidoZ+Flipper/Sub-GHz/LED/Federal_Spotlight/"
HYUNDAI = "socrat3+rtl_433_tests/tests/hyundai_remote/01/"
HITAG2 = "le0nidus+CTF_PracticalCarHacking/hitag2_rke_frames.txt"
PACIFICA = "KaraZajac+KAT/IMPORTS/chrysler/19_chrysler_pacifica_*.sub"

# protocols/hcs200.c, hcs361.c, hcs362.c, as blind takes them.
HCS200 = ["rolling:0:32:lsb", "identity:32:28:lsb", "action:60:4:lsb",
          "status:64:1", "status:65:1"]
HCS361 = HCS200[:4] + ["check:65:2:lsb"]
HCS362 = HCS361 + ["status:67:2"]
# protocols/hitag2_rke.c, but for hop, 46..78 there: of its first ten bits five (46,
# 47, 49, 50, 55) stand in all twelve frames, which those of a cipher would by a chance
# of 2^-55. What these ten are is not known; as a status that moves they are not
# scored, and the rolling code may begin before, in or after them.
HITAG = ["identity:0:32", "action:32:4", "counter:36:10", "status:46:10",
         "rolling:56:22", "fixed:78:2", "check:80:8"]
# Of the Pacifica there is no descriptor. expected.jsonl: "id 28C85D3C, 16-bit
# button field, 16-bit counter DFDC..E017 rising, 32 changing", after the last bit
# of the sync word. But of those 16 bits the first 14 count 37F7..3805, by just 1 in
# all 15 presses, and the frame ends in "10" always: it is the order of Hitag2
# (counter, 32 bits, "10"), so the code begins 2 bits earlier.
PACIFICA_TRUTH = ["fixed:0:1", "identity:1:32", "action:33:16", "counter:49:14",
                  "rolling:63:32", "fixed:95:2"]

# "57: 32 serial, 8 button, 12 counter, 4 check" (DOMAIN.md, Kia V1): the first bit is
# the preamble's last, and of the counter's bits the high four, which stand, come last.
KIA_V1 = ["fixed:0:1", "identity:1:32", "action:33:8", "counter:41:8",
          "fixed:49:4", "check:53:4"]
# An HCS362's with the tones swapped, but its check holds in no press: what the two
# bits are is not known.
KIA_V4 = HCS200[:4] + ["status:65:2", "fixed:67:2"]


def decode(fobscope, spec):
    """Its frames: (press, copies, bits, second)."""
    r = subprocess.run([fobscope, "decode", "--jsonl", spec],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=120)
    for line in r.stdout.decode().splitlines():
        fob = json.loads(line).get("fob")
        if fob:
            yield fob["press"], fob["copies"], fob["bits"], float(
                json.loads(line)["time"][1:-1])


def presses(fobscope, spec):
    """One frame a press: that with the most copies."""
    best = {}
    for press, copies, bits, _ in decode(fobscope, spec):
        if press not in best or copies > best[press][0]:
            best[press] = (copies, bits)
    return [(press, best[press][1]) for press in sorted(best)]


def of_one_length(frames):
    """Those of the length that most have."""
    lengths = collections.Counter(len(bits) for _, bits in frames)
    n = lengths.most_common(1)[0][0] if lengths else 0
    return [f for f in frames if len(f[1]) == n]


def doorhan(fobscope, folder):
    path = os.path.join(folder,
                        "DarkFlippers+unleashed-firmware/subghz/doorhan_raw.sub")
    return [(0, bits) for _, bits in presses(fobscope, path)]


def one_press_a_file(fobscope, folder, pattern, prefix, is_same_button):
    frames = []
    for i, path in enumerate(sorted(glob.glob(os.path.join(folder, pattern)))):
        for _, bits in presses(fobscope, prefix + path)[:1]:
            frames.append((0 if is_same_button else i, bits))
    return of_one_length(frames)


def federal(fobscope, folder):
    # Federal.sub is a key file without a recording: no frame comes of it.
    return one_press_a_file(fobscope, folder, FEDERAL + "*.sub", "", False)


def sentinel(fobscope, folder):
    return one_press_a_file(fobscope, folder,
                            "RFD-FHEM+SIGNALduino_TOOL/SCS_Sentinel_*.sub", "",
                            False)


def hyundai(fobscope, folder):
    return one_press_a_file(fobscope, folder, HYUNDAI + "gfile00[2478].data",
                            "cu8:433.92M:250k:", True)


def hitag2(fobscope, folder):
    # Two frames a press, of one counter; the second has another button code. Which
    # of the two it is, is known from outside.
    with open(os.path.join(folder, HITAG2)) as f:
        lines = [x.split()[0] for x in f if x[0] in "01"]
    return [(i % 2, bits) for i, bits in enumerate(lines)]


def hitag2_first(fobscope, folder):
    return [f for f in hitag2(fobscope, folder) if f[0] == 0]


def pacifica(fobscope, folder):
    # ul2_l2_t2_rs2_sd2_sd2_p2_t2: 16 presses are named, 15 were recorded, and "as
    # in the file name less one panic" (expected.jsonl). Three of them come out with
    # their sync word in front, which is cut off here.
    path = glob.glob(os.path.join(folder, PACIFICA))[0]
    names = re.findall(r"_([a-z]+)2(?=[_.])", os.path.basename(path))
    buttons = [i for i, name in enumerate(names)
               for _ in range(1 if name == "p" else 2)]
    buttons = [names.index("t") if names[i] == "t" else i for i in buttons]
    frames = presses(fobscope, path)
    if len(frames) != len(buttons):
        buttons = [-1] * len(frames)
    n = min(len(bits) for _, bits in frames) if frames else 0
    return [(b, bits[-n:]) for b, (_, bits) in zip(buttons, frames)]


def kia(fobscope, folder, name, sent, pause):
    # Five presses of each button, one after the other; the last one of the V1 was
    # cut off. Of the V4 two bits change from copy to copy: the first copy counts.
    path = os.path.join(folder, "KaraZajac+KAT/IMPORTS/KIA/KIA %s N1 RAW.sub" % name)
    frames, before = [], None
    for _, _, bits, second in decode(fobscope, path):
        if before is None or second > before + pause:
            frames.append(bits)
        before = second
    if len(frames) != sent:
        return []
    return of_one_length([(i // 5, bits) for i, bits in enumerate(frames)])


def kia_v1(fobscope, folder):
    return kia(fobscope, folder, "V1", 10, 0.3)


def kia_v4(fobscope, folder):
    return kia(fobscope, folder, "V4", 15, 1.0)


def two_hcs36x(fobscope, folder):
    # Two encoders of one family: the 69 bits of the one begin as the 67 of the other.
    # The Hyundai's low voltage flag is put as its CRC has it (protocols/hcs36x.h), for
    # the scorer knows no constants of a fob.
    return ([(b, bits, 0) for b, bits in federal(fobscope, folder)] +
            [(9, bits[:64] + "0" + bits[65:67], 1)
             for _, bits in hyundai(fobscope, folder)])


# What the presses can show, row by row; the rest is by score.h:
#
# DoorHan: three presses of one button. Rolling code and what stands; a column of the
#   code stands by chance in one of four, so its ends are known to the last column
#   that moves. Serial, button and flags all stand: one constant.
# Federal, SCS Sentinel: five and four buttons, each pressed once. That four bits are
#   the action and 32 the code cannot be seen, only guessed from the widths: ROLLING
#   for them is right as well unless it is claimed, and pressing a button again has to
#   be asked for. Federal's CRC is 01 in all five frames: it cannot be seen, and not
#   found, but with the Hyundai's beside it. The Sentinel's last bit differs in one press: a status, nobody's.
# Hyundai: four presses of one button. Its CRC is 01, 11, 01, 10, with the low voltage
#   flag, which stands, counted as 0: eight bits that a relation has to explain. This
#   is the one recording in which the 2-bit CRC of HCS36x can be found.
# Hitag2: twice, all twelve frames, and the first of each press. In these six two bits
#   stand in front of the code and two behind it, so where its 32 bits lie is open.
# Pacifica: seven buttons, all but the panic pressed again.
Row = collections.namedtuple("Row", "name frames least truth units wants open",
                             defaults=(frozenset(),))
ROWS = [
    Row("DoorHan (HCS301)", doorhan, 3, HCS200,
        {"rolling 0", "constant 32"}, {"button", "fob"}),
    Row("Federal (HCS361)", federal, 5, HCS361,
        {"rolling 0", "constant 32", "action 60"}, {"same_button", "fob"}),
    Row("SCS Sentinel (HCS300)", sentinel, 4, HCS200,
        {"rolling 0", "constant 32", "action 60"}, {"same_button", "fob"}),
    Row("Hyundai (HCS362)", hyundai, 4, HCS362,
        {"rolling 0", "constant 32", "check 65", "constant 67"},
        {"button", "fob"}),
    Row("Federal and Hyundai (HCS36x)", two_hcs36x, 9, HCS361,
        {"rolling 0", "identity 32", "action 60", "check 65"}, set()),
    Row("Hitag2, 12 frames", hitag2, 12, HITAG,
        {"constant 0", "action 32", "counter 36", "rolling 56", "constant 78",
         "check 80"}, {"fob"}),
    Row("Hitag2, 6 presses", hitag2_first, 6, HITAG,
        {"constant 0", "counter 36", "check 80"}, {"button", "fob"},
        {"rolling 56", "constant 78"}),
    Row("Kia V1", kia_v1, 9, KIA_V1,
        {"constant 0", "action 33", "counter 41", "check 53"},
        {"fob"}),
    Row("Kia V4", kia_v4, 15, KIA_V4,
        {"rolling 0", "constant 32", "action 60", "constant 67"}, {"fob"}),
    Row("Pacifica", pacifica, 15, PACIFICA_TRUTH,
        {"constant 0", "action 33", "counter 49", "rolling 63", "constant 95"},
        {"fob"}),
]


def infer(blind, frames, truth):
    text = "".join("%d %d %s\n" % ((f[2:] or (0,)) + f[:2]) for f in frames)
    r = subprocess.run([blind] + truth, input=text.encode(),
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=120)
    if r.returncode > 1 or r.returncode < 0:
        return ["false blind: " + (r.stderr.decode().strip() or
                                   "exit %d" % r.returncode)]
    return r.stdout.decode().splitlines()


def faults(row, lines):
    """One entry for each thing that had to be right: what is wrong, or None."""
    words = [x.split() for x in lines]
    results = {"%s %s" % (w[1], w[2]): w[4] for w in words if w[0] == "unit"}
    wants = {w[1] for w in words if w[0] == "want"}
    for unit in sorted((row.units | set(results)) - set(row.open)):
        if unit not in row.units:
            yield "%s is shown as well" % unit
        elif results.get(unit) != "exact":
            yield "%s: %s" % (unit, results.get(unit, "not shown"))
        else:
            yield None
    for want in sorted(row.wants):
        yield None if want in wants else "%s is not asked for" % want
    false = [" ".join(w[1:]) for w in words if w[0] == "false"]
    yield "false claim: %s" % ", ".join(false) if false else None


def rows(folder):
    fobscope, blind = sys.argv[1:3]
    for row in ROWS:
        frames = row.frames(fobscope, folder)
        print("%s: %d frames of %d bits" % (row.name, len(frames),
                                            len(frames[0][1]) if frames else 0))
        if len(frames) < row.least:
            yield row.name, ["not %d frames" % row.least]
            continue
        lines = infer(blind, frames, row.truth)
        print("".join("    %s\n" % x for x in lines), end="")
        for fault in faults(row, lines):
            yield row.name, [fault] if fault else []


if __name__ == "__main__":
    sys.exit(recorded.main(rows, *sys.argv[3:4]))
