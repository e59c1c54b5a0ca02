#!/usr/bin/env python3
# real_identify - what `fobscope identify` says of real recordings.
#
#   real_identify.py FOBSCOPE [FOLDER]
#
# FOLDER is ../shared/captures beside the source tree if it is not given; where
# there is none, there is nothing to do. Each row is identified as JSON and as
# text with nothing said of the fob, then with --full; OWNERS once more with
# what an owner says. Prints a line a fault, then "N passed, N failed"; exit 1
# if any failed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
import glob
import json
import os
import re
import subprocess
import sys
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "support"))
import recorded

TESTS = "socrat3+rtl_433_tests/tests/"
TOOL = "RFD-FHEM+SIGNALduino_TOOL/"
KAT = "KaraZajac+KAT/IMPORTS/"
FLIPPER = "UberGuidoZ+Flipper/Sub-GHz/"
FANS = FLIPPER + "Ceiling_Fans/"
FIXED = "CharlesCNorton+subghz-verified/captures/"
KEYFOB = "ceostren+KeyfobClassifier/"
CU8, CF32 = "cu8:433.92M:250k:", "cf32:434M:1M:"

SECONDS = 20  # a run
GENERATIONS = ["rover_2_button", "e46_3_button", "neither"]
NONE = (None,)
B315, B433 = ("315 MHz",), ("433.92 MHz",)
ROLLS, FIXED_CODE, OPEN = (True,), (False,), (None,)
NOT_FIXED = (True, None)  # it rolls; there may be too few presses to see it
HCS200, HCS36X = ("Microchip-HCS200",), ("Microchip-HCS361",
                                         "Microchip-HCS362")
UNKNOWN = ("Unknown",)

# Of what: prefix, files, then what is right; a set of several where it is not
# known better. Values are from expected.jsonl and design/DOMAIN.md 5.4.
#   exit, band, modulation, model, line code, rolling
ROWS = [
    ("Hyundai, four presses", CU8,
     [TESTS + "hyundai_remote/01/gfile00[2478].data"],
     0, B433, ("ASK",), HCS36X, ("pwm",), ROLLS),
    ("DoorHan, three presses", "",
     ["DarkFlippers+unleashed-firmware/subghz/doorhan_raw.sub"],
     0, B433, ("ASK",), HCS200, ("pwm",), ROLLS),
    # Federal.sub is another recording.
    ("Federal's spotlight, five buttons", "",
     [FLIPPER + "LED/Federal_Spotlight/%s.sub" % b
      for b in ("Center_button", "Down", "Left", "Right", "Up")],
     0, B433, ("ASK",), HCS36X, ("pwm",), ROLLS),
    ("SCS Sentinel, four buttons", "", [TOOL + "SCS_Sentinel*.sub"],
     0, B433, ("ASK",), HCS200, ("pwm",), ROLLS),
    ("RADEMACHER, two presses", "", [TOOL + "RADEMACHER*.sub"],
     0, B433, ("ASK",), HCS200, ("pwm",), NOT_FIXED),
    ("enjoy motors, three presses", "", [TOOL + "enjoy_motors*.sub"],
     0, B433, ("ASK",), HCS200, ("pwm",), ROLLS),
    ("Roto, one press", "", [TOOL + "Roto*.sub"],
     0, B433, ("ASK",), HCS200, ("pwm",), OPEN),
    ("Chrysler Pacifica, 15 presses", "", [KAT + "chrysler/19_chr*.sub"],
     0, B433, ("ASK",), UNKNOWN, ("manchester",), ROLLS),
    ("Fiat Panda, one press", "", [KAT + "FIAT/Fiat Panda.sub"],
     0, B433, ("ASK",), ("Hitag2-RKE",), ("manchester",), OPEN),
    ("Kia V1", "", [KAT + "KIA/KIA V1 N1 RAW.sub"],
     0, B315, ("ASK",), UNKNOWN, ("manchester",), ROLLS),
    # Mostly noise of an FSK receiver, and fifteen presses in it. The one has the
    # bits and the check of an HCS362, the other the same with its tones swapped.
    ("Kia V3", "", [KAT + "KIA/KIA V3 N1 RAW.sub"],
     0, B315, ("FSK",), ("Microchip-HCS362",), ("pwm",), ROLLS),
    ("Kia V4", "", [KAT + "KIA/KIA V4 N1 RAW.sub"],
     0, B315, ("FSK",), UNKNOWN, ("pwm",), ROLLS),
    ("Ford Focus, three buttons", "", [KAT + "FORD/2008_Focus_*.sub"],
     0, B433, ("ASK",), UNKNOWN, ("manchester",), NOT_FIXED),
    ("Ford, three presses", "", [KAT + "FORD/3_unlock_ford.sub"],
     0, B433, ("ASK",), UNKNOWN, ("manchester",), NOT_FIXED),
    # 434.42 MHz: half a megahertz from the middle of the band.
    ("Golf 4", "", [KAT + "VAG/Golf4.sub"],
     0, B433 + NONE, ("ASK",), UNKNOWN, ("manchester",), NOT_FIXED),
    ("VW, Skoda, Seat", "", [KAT + "VAG/VW_Skoda_Seat_2008.sub"],
     0, B433 + NONE, ("ASK",), UNKNOWN, ("manchester",), NOT_FIXED),
    # A press is one frame of 64 bits, half of which change, and then a short
    # one that does not, several times.
    ("Subaru Impreza", "", [KAT + "SUBARU/Subaro Impreza RAW .sub"],
     0, B433, ("ASK",), UNKNOWN, ("pwm",), ROLLS),
    ("Isuzu", "", [KAT + "Isuzu/Isuzu_Lock.sub"],
     0, B433, ("ASK",), UNKNOWN, None, NOT_FIXED),
    ("Honda Accord 2004", CU8, [TESTS + "honda_remote/01/*.data"],
     0, B433, ("FSK",), UNKNOWN, None, NOT_FIXED),
    # Cut tight: there may be nothing around the burst to read it by.
    ("Honda Accord", CF32, [KEYFOB + "accord*.fc32"],
     None, B433, ("FSK", None), UNKNOWN + NONE, None, NOT_FIXED),
    ("Subaru Outback", CF32, [KEYFOB + "subout*.fc32"],
     None, B433, ("ASK", None), UNKNOWN + NONE, None, NOT_FIXED),
    # What looks like a rolling code and is none.
    ("Hunter's fan TX45", "", [FANS + "HunterTX45/*.sub"],
     0, B433, ("ASK",), UNKNOWN, ("pwm",), FIXED_CODE),
    ("Hunter's fan 99110", "", [FANS + "Hunter_Ceiling_Fan_99110/*.sub"],
     0, B433, ("ASK",), UNKNOWN, ("pwm",), FIXED_CODE),
    ("Corradi, a hop word that does not hop", CU8,
     [TESTS + "corradi/gfile00[123].data"],
     0, B433, ("ASK",), HCS200, ("pwm",), FIXED_CODE),
    ("C0FFEE, 250 us", CU8, [FIXED + "te250-keyc0ffee*.iq"],
     0, B433, ("ASK",), ("Princeton-24bit",), ("pwm",), (False, None)),
    ("C0FFEE, 500 us", CU8, [FIXED + "te500-keyc0ffee*.iq"],
     0, B433, ("ASK",), ("Princeton-24bit",), ("pwm",), (False, None)),
    ("55AA33, 800 us", CU8, [FIXED + "te800-key55aa33*.iq"],
     0, B433, ("ASK",), ("Princeton-24bit",), ("pwm",), (False, None)),
    ("Akhan, a fixed code", CU8, [TESTS + "akhan_remote/01/*.data"],
     0, B433, ("ASK",), ("Princeton-24bit",), ("pwm",), FIXED_CODE),
    # Without a question that they answer they may be fobs; they press nothing.
    ("Steelmate's tyre sensors", CU8, [TESTS + "steelmate-TPMS/02/gfile*.data"],
     None, B433, ("FSK",), UNKNOWN, None, (False, None)),
    ("quiet", CU8, [FIXED + "quiet-433920000.iq"],
     3, NONE, NONE, NONE, NONE, OPEN),
    ("noise", CF32, [KEYFOB + "noise*.fc32"],
     3, B433 + NONE, NONE, NONE, NONE, OPEN),
    # FSK received as OOK: noise.
    ("Genesis", "", [KAT + "genesis/*.sub"],
     3, B433 + NONE, NONE, NONE, NONE, OPEN),
    ("Nissan Rogue", "", [KAT + "nissan/18_nissan_rogue*.sub"],
     3, B433 + NONE, NONE, NONE, NONE, OPEN),
]

# More buttons than three, or none at all: nothing heard is for three.
NOT_OF_THREE = ("Federal's spotlight, five buttons",
                "SCS Sentinel, four buttons", "Steelmate's tyre sensors")

# Of which row, what its owner says, which generation is told (None: none); whether
# the code on the board is in what is sent (None: not asked).
OWNERS = [
    ("Chrysler Pacifica, 15 presses", "--buttons 3 --cell sealed",
     "e46_3_button", None),
    ("Kia V1", "--buttons 3 --cell sealed", "e46_3_button", None),
    ("Ford, three presses", "--buttons 3 --cell sealed", "e46_3_button", None),
    ("Isuzu", "--buttons 3 --cell sealed", "e46_3_button", None),
    # One of them alone is not enough.
    ("Chrysler Pacifica, 15 presses", "--buttons 3", None, None),
    ("Chrysler Pacifica, 15 presses", "--cell coin", None, None),
    # A format that neither of the two is known to have speaks against it.
    ("Hyundai, four presses", "--buttons 3 --cell sealed", None, None),
    ("C0FFEE, 500 us", "--buttons 3 --cell sealed", None, None),
    # Another maker's car.
    ("Chrysler Pacifica, 15 presses",
     "--buttons 3 --cell sealed --car Chrysler", None, None),
    ("quiet", "--buttons 2 --cell coin --sticker 3FAC55", "rover_2_button",
     None),
    ("Chrysler Pacifica, 15 presses", "--sticker 123456", None, False),
    ("Golf 4", "--sticker 3FAC55", None, False),
    ("Ford Focus, three buttons", "--sticker 3FAC55", None, False),
    ("Hyundai, four presses", "--sticker 123456", None, False),
    ("Chrysler Pacifica, 15 presses", "--sticker 28C85D", "rover_2_button",
     True),
]

# What PRODUCT.md calls the generations, and then may stand nowhere.
TITLES = ["MINI 2-button fob of the Rover era", "2-button fob of the Rover",
          "MINI 3-button fob of the BMW E46 style", "Rover-era 2-button",
          "E46-style 3-button", "either of the two MINI fobs",
          "either MINI fob",
          "the one of the Rover era"]
BRANDS = re.compile(
    r"\b(mini|bmw|e46|rover|land rover|freelander|discovery|alfa|audi|"
    r"chevrolet|chrysler|citroen|dodge|fiat|ford|honda|hyundai|jeep|kia|"
    r"lancia|lexus|mazda|mercedes|mitsubishi|nissan|opel|peugeot|porsche|"
    r"renault|saab|seat|skoda|subaru|suzuki|toyota|vauxhall|volkswagen|volvo|"
    r"vw)\b", re.I)


def run(fobscope, *arguments):
    start = time.monotonic()
    r = subprocess.run([fobscope, "identify", *arguments],
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=10 * SECONDS)
    return r.returncode, r.stdout.decode(), time.monotonic() - start


def secrets(folder, paths):
    """Serials and codes that are in the recordings."""
    with open(os.path.join(folder, "expected.jsonl")) as f:
        rows = [json.loads(x) for x in f]
    for row in rows:
        if os.path.join(folder, row["file"]) in paths:
            for frame in row["expect"]:
                for key in ("id", "encrypted", "code", "bits_contain"):
                    if key in frame:
                        yield frame[key]


def probabilities(document):
    """The ladder of src/identify.h, from the likelihoods that are shown: what the
    owner says may be of another fob one time in fifty."""
    owner, radio = [1, 1, 1], [1, 1, 1]
    for x in document["evidence"]:
        product = radio if x["is_radio"] else owner
        for i, g in enumerate(GENERATIONS):
            product[i] *= x["likelihoods"][g]
    owner = [0.98 * x + 0.02 * sum(owner) / 3 for x in owner]
    both = [a * b for a, b in zip(owner, radio)]
    return [x / sum(both) for x in both]


def faults_of_ladder(document):
    shown = document["generation"]
    reckoned = probabilities(document)
    if any(abs(shown[g] - p) > 1e-4 for g, p in zip(GENERATIONS, reckoned)):
        yield "%s do not come of the evidence, %s do" % (shown, reckoned)
    if shown["decidable"] and max(reckoned) < 0.9:
        yield "decided with %.2f" % max(reckoned)


def faults_of_text(text):
    if max(map(len, text.splitlines())) > 80:
        yield "a line of more than 80 columns"
    lines = text.splitlines()
    for line, after in zip(lines, lines[1:] + [""]):
        if re.search(r"\b(nan|inf|null)\b", line):
            yield "the text has no number: %s" % line
        if re.match(r" *\d+- *\d+ ", line) and "; " in line and line[-1] != "%" and \
                not after.startswith(" " * 34):
            yield "a line is cut off: %s" % line
            break


def faults_of_brand(texts):
    for text in texts:
        text = " ".join(text.split())
        for title in TITLES:
            text = text.replace(title, "")
        found = BRANDS.search(text)
        if found:
            yield "it names %s" % found.group()


def faults_of_answer(row, code, document):
    name, _, _, status, *right = row
    keys = ("band", "modulation", "model", "line_code", "rolling")
    for key, values in zip(keys, right):
        if values is not None and document.get(key) not in values:
            yield "%s is %s, not %s" % (key, document.get(key),
                                        " or ".join(map(str, values)))
    if code != document["exit"] or status not in (None, code):
        yield "exit %d, %d in the document" % (code, document["exit"])
    # What the manual says of 0 and 3.
    if (code == 0) != (document["model"] is not None):
        yield "exit %d, and its frame is %s" % (code, document["model"])
    # That it is neither of the two a known format may tell; which of them, nothing
    # heard does.
    if document["generation"]["decidable"] and \
            document["generation"]["neither"] < 0.9:
        yield "it decides: %s" % document["headline"]
    for x in document["evidence"]:
        if name in NOT_OF_THREE and x["speaks_for"] == "e46_3_button":
            yield "for a fob of three buttons: %s" % x["finding"]


def judge(fobscope, folder, row, inputs):
    """Nothing is said of the fob."""
    paths = [i[len(row[1]):] for i in inputs]
    code, out, seconds = run(fobscope, "--json", *inputs)
    document = json.loads(out)
    text = run(fobscope, *inputs)[1]
    full = run(fobscope, "--json", "--full", *inputs)[1]
    yield from faults_of_answer(row, code, document)
    yield from faults_of_ladder(document)
    yield from faults_of_text(text)
    if seconds > SECONDS:
        yield "%.0f s" % seconds
    if (document["model"] or "").startswith("Microchip-"):
        yield from faults_of_brand([document["headline"], text.split(
            "\nbecause")[0]] + [x["finding"] for x in document["evidence"]])
    for secret in sorted(set(secrets(folder, paths))):
        if secret.lower() in (out + text).lower():
            yield "it shows %s" % secret
        if document["model"] not in (None, "Unknown") and \
                secret.lower() not in full.lower():
            yield "--full does not show %s" % secret


def judge_owner(fobscope, inputs, words, generation, is_there):
    _, out, _ = run(fobscope, "--json", *words.split(), *inputs)
    document = json.loads(out)
    shown = document["generation"]
    best = max(GENERATIONS, key=shown.get)
    told = best if shown["decidable"] else None
    yield from faults_of_ladder(document)
    if told != generation:
        yield "it tells %s, not %s: %s" % (told, generation,
                                           document["headline"])
    if is_there is None:
        return
    found = [x for x in document["evidence"] if x["name"] == "sticker_in_frames"]
    if len(found) != 1:
        yield "it is not said whether the code is there"
    for x in found:
        if ("does not stand" in x["finding"]) == is_there:
            yield x["finding"]
        if (x["speaks_for"] is not None) != is_there or \
                (x["likelihood_ratio"] > 1.25) != is_there:
            yield "%g to 1: %s" % (x["likelihood_ratio"], x["finding"])


def rows(folder):
    fobscope, inputs_of = sys.argv[1], {}
    for row in ROWS:
        inputs = inputs_of[row[0]] = [row[1] + p for p in sorted(
            sum((glob.glob(os.path.join(folder, p)) for p in row[2]), []))]
        yield row[0], (judge(fobscope, folder, row, inputs) if inputs
                       else ["no recordings"])
    for name, words, *right in OWNERS:
        inputs = inputs_of[name]
        yield name + ", " + words, (judge_owner(fobscope, inputs, words, *right)
                                    if inputs else ["no recordings"])


if __name__ == "__main__":
    sys.exit(recorded.main(rows, *sys.argv[2:3]))
