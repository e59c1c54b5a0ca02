#!/usr/bin/env python3
# real_compare - what `fobscope compare` says of pairs of real recordings.
#
#   real_compare.py FOBSCOPE [FOLDER]
#
# FOLDER is ../shared/captures beside the source tree if it is not given; where
# there is none, there is nothing to do. Prints a line a fault, then "N passed, N
# failed"; exit 1 if any failed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
import json
import os
import subprocess
import sys

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)),
                             "..", "support"))
import recorded

LAMP = "UberGuidoZ+Flipper/Sub-GHz/LED/Federal_Spotlight/"
DUINO = "RFD-FHEM+SIGNALduino_TOOL/"
TESTS = "socrat3+rtl_433_tests/tests/"
CU8 = "cu8:433.92M:250k:"

# Of what; a and b (a prefix, a pattern); the relation; the exit status: of one
# press nobody is called healthy; rows that must be noted, rows that must not be.
ROWS = [
    ("Federal's lamp, two buttons", ("", LAMP + "Left.sub"),
     ("", LAMP + "Right.sub"), "same_fob", 3, {"identity"}, {"format", "te"}),
    ("Federal's lamp, two and three buttons", ("", LAMP + "[LR]*t.sub"),
     ("", LAMP + "[CDU]*.sub"), "same_fob", 0, {"identity"}, {"format", "te"}),
    ("SCS and Roto", ("", DUINO + "SCS*one_0.sub"), ("", DUINO + "Roto*.sub"),
     "same_family", 3, set(), {"format", "identity"}),
    ("SCS, four buttons, and Roto", ("", DUINO + "SCS*.sub"),
     ("", DUINO + "Roto*.sub"), "same_family", 3, {"te"},
     {"format", "identity"}),
    ("Hyundai and Honda", (CU8, TESTS + "hyundai_remote/01/gfile00[2478].data"),
     (CU8, TESTS + "honda_remote/01/*.data"), "other_family", 1, {"format"},
     {"identity"}),
    ("Hyundai, two presses and two", (CU8, TESTS +
                                      "hyundai_remote/01/gfile00[24].data"),
     (CU8, TESTS + "hyundai_remote/01/gfile00[78].data"), "same_fob", 0,
     {"identity"}, {"format", "carrier", "te", "level", "rolling"}),
]


def faults(fobscope, folder, a, b, relation, code, must, never):
    inputs = [prefix + os.path.join(folder, path) for prefix, path in (a, b)]
    r = subprocess.run([fobscope, "compare", "--json"] + inputs,
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       timeout=300)
    if not r.stdout:
        yield "exit %d: %s" % (r.returncode, r.stderr.decode())
        return
    d = json.loads(r.stdout.decode())
    noted = {x["name"] for x in d["differences"] if x["noted"]}
    rows = {x["name"]: x for x in d["differences"]}
    if d["relation"] != relation:
        yield "%s, not %s" % (d["relation"], relation)
    if r.returncode != code or d["exit"] != code:
        yield "exit %d, not %d: %s" % (r.returncode, code, d["headline"])
    if must - noted or never & noted:
        yield "noted: %s" % ", ".join(sorted(noted))
    if not a[0] and (rows["carrier"]["a"], rows["level"]["a"]) != (None, None):
        yield "pulses have neither carrier nor level"
    if '"fields":' in r.stdout.decode():
        yield "codes are shown"


def rows(folder):
    for name, *row in ROWS:
        yield name, faults(sys.argv[1], folder, *row)


if __name__ == "__main__":
    sys.exit(recorded.main(rows, *sys.argv[2:3]))
