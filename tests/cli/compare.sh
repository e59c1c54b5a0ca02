# Fobs side by side: two, one twice, several recordings of one, three, as JSON.
#
# SPDX-License-Identifier: GPL-2.0-or-later
try()
{
    echo "== $*"
    "$FOBSCOPE" compare "$@" 2>&1
    echo "exit $?"
}
for name in hcs200-lock-unlock siemens-5wy72xx noise unknown-manchester \
    key-conundrum-a key-conundrum-b; do
    cp "$CAPTURES/$name/$name".sigmf-* .
done
cp "$CAPTURES/princeton-fixed/princeton-fixed.sub" .
try key-conundrum-a.sigmf-meta key-conundrum-b.sigmf-meta
try key-conundrum-a.sigmf-meta key-conundrum-a.sigmf-meta
try hcs200-lock-unlock.sigmf-meta siemens-5wy72xx.sigmf-meta
try hcs200-lock-unlock.sigmf-meta hcs200-lock-unlock.sigmf-meta
try hcs200-lock-unlock.sigmf-meta noise.sigmf-meta
try noise.sigmf-meta noise.sigmf-meta
# pulses have neither carrier nor level
try princeton-fixed.sub princeton-fixed.sub
# several recordings of one fob: with commas, or as a pattern
try princeton-fixed.sub,princeton-fixed.sub 'princeton-*.sub'
cp hcs200-lock-unlock.sigmf-data one-1.iq
cp hcs200-lock-unlock.sigmf-data one-2.iq
"$FOBSCOPE" compare --json 'cu8:433.92M:250k:one-*.iq' \
    cu8:433.92M:250k:one-1.iq,cu8:433.92M:250k:one-2.iq | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(d["relation"], [len(d[x]["presses"]) for x in "ab"])'
try key-conundrum-a.sigmf-meta key-conundrum-b.sigmf-meta \
    siemens-5wy72xx.sigmf-meta
try key-conundrum-a.sigmf-meta missing.cu8
try key-conundrum-a.sigmf-meta 'missing*.cu8'
try key-conundrum-a.sigmf-meta ,
COLUMNS=40 "$FOBSCOPE" compare key-conundrum-a.sigmf-meta \
    key-conundrum-b.sigmf-meta

show='
import json, sys
d = json.load(sys.stdin)
print(list(d), d["schema"], d["verdict"], d["relation"], d["exit"])
print(d["false_difference"], d["receiver"])
for x in d["differences"]:
    print(x["name"], x["unit"], x["same"], x["noted"], x["matters"])
print(list(d["a"]), d["a"]["name"], d["b"]["name"])
print(["fields" in p for p in d["a"]["presses"]][:1])'
for full in '' --full; do
    "$FOBSCOPE" compare --json $full hcs200-lock-unlock.sigmf-meta \
        siemens-5wy72xx.sigmf-meta | python3 -c "$show"
done
