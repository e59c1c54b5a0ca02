# What fob recordings are of: formats that are known and are not, two fobs of one
# family, noise, what the owner says, as JSON, from the archive.
#
# SPDX-License-Identifier: GPL-2.0-or-later
try()
{
    echo "== $*"
    "$FOBSCOPE" identify "$@" 2>&1
    echo "exit $?"
}
for name in hcs200-lock-unlock continental-fsk noise two-fobs \
    unknown-manchester key-conundrum-a key-conundrum-b; do
    cp "$CAPTURES/$name/$name".sigmf-* .
done
cp "$CAPTURES/princeton-fixed/princeton-fixed.sub" .
a=key-conundrum-a.sigmf-meta
b=key-conundrum-b.sigmf-meta
hcs200=hcs200-lock-unlock.sigmf-meta
unknown=unknown-manchester.sigmf-meta
try $a
try $hcs200
try two-fobs.sigmf-meta
try $unknown $unknown $unknown $unknown
try noise.sigmf-meta

# The document's keys and types, as design/INTERFACE.md has them; then what it
# says, rounded so that all compilers agree.
cat >show.py <<'END'
import json
import sys

REAL, TEXT, NONE = (int, float), (str,), (type(None),)
TYPES = {
    "schema": TEXT, "headline": TEXT, "exit": (int,), "band": TEXT + NONE,
    "carrier_hz": REAL + NONE, "carrier_uncertainty_hz": REAL + NONE,
    "modulation": TEXT + NONE, "model": TEXT + NONE, "rolling": (bool,) + NONE,
    "presses": (int,), "presses_read": (int,), "generation": (dict,),
    "evidence": (list,), "inferred": (bool,), "fields": (list,),
    "open": (list,),
}
FRAME = {
    "protocol": TEXT, "proven": (bool,), "line_code": TEXT, "te_us": REAL,
    "deviation_hz": REAL + NONE, "bits": (int,), "preamble_chips": (int,),
    "sync_chips": (int,),
}
EVIDENCE = {
    "name": TEXT, "finding": TEXT, "likelihood_ratio": REAL,
    "speaks_for": TEXT + NONE, "likelihoods": (dict,), "is_radio": (bool,),
    "certainty": TEXT, "source": TEXT,
}
FIELD = {"name": TEXT, "role": TEXT, "at": (int,), "bits": (int,),
         "order": TEXT}
GENERATIONS = ["rover_2_button", "e46_3_button", "neither"]


def judge(where, have, types):
    for key, kinds in types.items():
        if key not in have:
            print("%s has no %s" % (where, key))
        elif type(have[key]) not in kinds:
            print("%s: %s is %r" % (where, key, have[key]))


d = json.load(sys.stdin)
is_full = "full" in sys.argv[1:]
judge("the document", d, TYPES)
if d["model"] is not None:
    judge("the document", d, FRAME)
for x in d["evidence"]:
    judge(x.get("name"), x, EVIDENCE)
    if sorted(x["likelihoods"]) != sorted(GENERATIONS):
        print("%s: %s" % (x["name"], list(x["likelihoods"])))
for x in d["fields"]:
    judge(x.get("name"), x, dict(FIELD, values=(list,)) if is_full else FIELD)
    if not is_full and "values" in x:
        print("%s shows its values" % x["name"])
if list(d["generation"]) != GENERATIONS + ["decidable"]:
    print(list(d["generation"]))
if abs(sum(d["generation"][g] for g in GENERATIONS) - 1) > 1e-6:
    print("probabilities that do not add up")
if d.get("redacted") is not (None if is_full else True):
    print("redacted: %s" % d.get("redacted"))
print(d["schema"], d.get("synthetic"), d["exit"], d["headline"])
print(d["band"], d["modulation"], d["model"], d.get("line_code"), d["rolling"],
      d["presses"], d["presses_read"], d["inferred"])
print(" ".join("%s %.2f" % (g, d["generation"][g]) for g in GENERATIONS))
print([(x["name"], x["speaks_for"]) for x in d["evidence"]])
for x in d["fields"]:
    print(" ", x["name"], x["role"], x["at"], x["bits"], *x.get("values", []),
          *["%s from %s of %s" % (x["check"]["kind"], x["check"]["from"],
                                  x["check"]["from_bits"])
            for _ in range("check" in x)])
print(d["open"])
END
show()
{
    echo "== --json $*"
    "$FOBSCOPE" identify --json "$@" >found.json
    status=$?
    case " $* " in
    *' --full '*) python3 show.py full <found.json ;;
    *) python3 show.py <found.json ;;
    esac
    echo "exit $status"
}
show $a
show --full $a
show $a --like $b
show $b --like $a,$hcs200
show $hcs200
show --full $hcs200
show continental-fsk.sigmf-meta
show $unknown
show noise.sigmf-meta
# Which of the generations it decides on for a fixed code is real_identify.py's.
"$FOBSCOPE" identify --json princeton-fixed.sub princeton-fixed.sub |
    python3 -c 'import json, sys
d = json.load(sys.stdin)
print(d["model"], d["rolling"], d["presses"], [x["name"] for x in d["fields"]],
      max(d["generation"], key=lambda k: (k != "decidable", d["generation"][k])))'

# What the owner sees decides more than the radio, and goes before what was kept.
say()
{
    echo "== $*"
    "$FOBSCOPE" identify --json "$@" | python3 -c 'import json, sys
d = json.load(sys.stdin)
print(d["headline"])
for x in d["evidence"]:
    if not x["is_radio"] or x["name"] in ("sticker_in_frames", "market"):
        print(" ", x["name"], x["speaks_for"], x["finding"])'
}
say $unknown --buttons 3
say $unknown --buttons 3 --cell sealed
say $unknown --buttons lock,unlock --cell coin --sticker 3FAC55
say $unknown --buttons 2 --cell coin --sticker none --built 2002-05
say $unknown --fcc LX8FZV --market us
say $unknown --car 'BMW E46' --buttons 3 --cell sealed
say $unknown --car 'Land Rover Discovery II' --buttons 2 --cell coin
say $unknown --car 'Toyota Yaris' --buttons 3
say $a --buttons 3 --cell sealed
say $a --sticker 123456
say $a --sticker none

# Serials and codes are shown only when they are asked for.
for file in $a $b $hcs200; do
    {
        "$FOBSCOPE" identify $file
        "$FOBSCOPE" identify --json $file
        "$FOBSCOPE" identify --emit $file
    } 2>/dev/null | grep -ciE '0C0FFEE|D760BA|3FAC55|1F35A96C'
    "$FOBSCOPE" identify --json --full $file |
        grep -cE '"(0C0FFEE|[0-9A-F]*D760BA|[0-9A-F]*3FAC55)"'
done

COLUMNS=40 "$FOBSCOPE" identify $hcs200
"$FOBSCOPE" identify $hcs200 $a | awk 'length > 80'

# A recording may be named by its ID in the archive, with its owner's words; and so
# may the one it is compared with.
mkdir -m 700 archive
FOBSCOPE_ARCHIVE=$PWD/archive
export FOBSCOPE_ARCHIVE
"$FOBSCOPE" archive add $a $b >/dev/null
set -- $("$FOBSCOPE" archive list --jsonl |
    python3 -c 'import json, sys
rows = [json.loads(x) for x in sys.stdin]
print(*[x["id"] for x in sorted(rows, key=lambda x: x["label"])])')
"$FOBSCOPE" identify "$1" | sed '/^because/,$d'
"$FOBSCOPE" identify --json "$1" --like "$2" | python3 show.py >shown
head -3 shown
