#!/usr/bin/env python3
# real_check - what `fobscope check` says of real recordings.
#
#   real_check.py FOBSCOPE [FOLDER]
#
# FOLDER is ../shared/captures beside the source tree if it is not given; where
# there is none, there is nothing to do. Prints a line a fault, then "N passed, N
# failed"; exit 1 if any failed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
import glob
import json
import os
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "support"))
import recorded

TESTS = "socrat3+rtl_433_tests/tests/"
FANS = "UberGuidoZ+Flipper/Sub-GHz/Ceiling_Fans/"

# Of what: the inputs, together or each alone; verdicts that are right; those
# that must be among the findings.
ROWS = [
    ("Hyundai, four presses, low cell", "cu8:433.92M:250k:",
     [TESTS + "hyundai_remote/01/gfile00[2478].data"], True,
     {"transmits"}, {"rolling", "low_cell"}),
    ("DoorHan, three presses", "",
     ["DarkFlippers+unleashed-firmware/subghz/doorhan_raw.sub"], True,
     {"transmits"}, {"rolling"}),
    ("Corradi, a hop word that does not hop", "cu8:433.92M:250k:",
     [TESTS + "corradi/gfile00[123].data"], True, {"not_rolling"}, set()),
    ("Hunter's fans", "", [FANS + "Hunter*/*.sub"], False,
     {"not_a_fob", "few_presses", "nothing_heard", "no_frame"}, set()),
    ("Steelmate's tyre sensors", "cu8:433.92M:250k:",
     [TESTS + "steelmate-TPMS/02/gfile*.data"], False,
     {"not_a_fob", "nothing_heard", "interference"}, set()),
    ("Steelmate's tyre sensors, together", "cu8:433.92M:250k:",
     [TESTS + "steelmate-TPMS/02/gfile*.data"], True,
     {"not_a_fob", "nothing_heard", "interference"}, set()),
    ("quiet", "cu8:433.92M:250k:",
     ["CharlesCNorton+subghz-verified/captures/quiet-433920000.iq"], True,
     {"nothing_heard"}, set()),
    ("noise", "cf32:434M:1M:", ["ceostren+KeyfobClassifier/noise*.fc32"], False,
     {"nothing_heard", "not_a_fob", "interference"}, set()),
]

EXITS = {"transmits": 0, "not_rolling": 1}  # 3: nothing can be concluded


def run(fobscope, inputs):
    r = subprocess.run([fobscope, "check", "--json"] + inputs,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=120)
    return r.returncode, json.loads(r.stdout.decode())


def faults(fobscope, inputs, verdicts, findings):
    code, document = run(fobscope, inputs)
    verdict = document["verdict"]
    names = {x["name"] for x in document["evidence"]}
    if verdict not in verdicts:
        yield "%s, not %s" % (verdict, " or ".join(sorted(verdicts)))
    if code != EXITS.get(verdict, 3) or code != document["exit"]:
        yield "%s, and exit %d" % (verdict, code)
    for name in sorted(findings - names):
        yield "no %s among %s" % (name, ", ".join(sorted(names)))
    if "transmits" not in verdicts | findings and "transmits" in names and \
            verdict != "not_rolling":
        yield "it transmits as a fob does"
    if "fields" in json.dumps(document):
        yield "codes are shown"


def rows(folder):
    for name, prefix, patterns, is_joined, verdicts, findings in ROWS:
        paths = sorted(sum((glob.glob(os.path.join(folder, p))
                            for p in patterns), []))
        inputs = [prefix + p for p in paths]
        if not inputs:
            yield name, ["no such recordings"]
        elif is_joined:
            yield name, faults(sys.argv[1], inputs, verdicts, findings)
        for one in [] if is_joined else inputs:
            yield "%s: %s" % (name, os.path.basename(one)), \
                faults(sys.argv[1], [one], verdicts, findings)


if __name__ == "__main__":
    sys.exit(recorded.main(rows, *sys.argv[2:3]))
