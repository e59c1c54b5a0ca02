# The verdict on recordings: one, several as one sitting, with prompts, as JSON.
#
# SPDX-License-Identifier: GPL-2.0-or-later
try()
{
    echo "== $*"
    "$FOBSCOPE" check "$@" 2>&1
    echo "exit $?"
}
for name in hcs200-lock-unlock siemens-5wy72xx noise two-fobs \
    unknown-manchester key-conundrum-a key-conundrum-b; do
    cp "$CAPTURES/$name/$name".sigmf-* .
done
cp "$CAPTURES/princeton-fixed/princeton-fixed.sub" .
try hcs200-lock-unlock.sigmf-meta
try hcs200-lock-unlock.sigmf-meta hcs200-lock-unlock.sigmf-meta
try princeton-fixed.sub princeton-fixed.sub
try unknown-manchester.sigmf-meta unknown-manchester.sigmf-meta
try noise.sigmf-meta
try two-fobs.sigmf-meta
try --market us hcs200-lock-unlock.sigmf-meta
try --market us siemens-5wy72xx.sigmf-meta
try --market eu siemens-5wy72xx.sigmf-meta
try --car 'MINI R53' siemens-5wy72xx.sigmf-meta

# Two recordings of 0.6 s, five seconds between them.
{
    echo '# what was pressed when'
    echo '0.1 lock'
    echo '5.6 unlock'
} >asked.txt
try --prompts asked.txt unknown-manchester.sigmf-meta \
    unknown-manchester.sigmf-meta
try --prompts asked.txt hcs200-lock-unlock.sigmf-meta
try --prompts asked.txt noise.sigmf-meta
printf '0.1 lock\n0.3 lock\n' >wrong.txt
printf '0.3 lock\n0.1 lock\n' >unsorted.txt
try --prompts unsorted.txt hcs200-lock-unlock.sigmf-meta
try --prompts none.txt hcs200-lock-unlock.sigmf-meta
try --prompts wrong.txt missing.cu8
# what can be read is judged, and what cannot is said
try siemens-5wy72xx.sigmf-meta missing.cu8
# they say themselves what was asked for
try key-conundrum-a.sigmf-meta
try key-conundrum-b.sigmf-meta

COLUMNS=40 "$FOBSCOPE" check hcs200-lock-unlock.sigmf-meta
show='
import json, sys
d = json.load(sys.stdin)
print(list(d), d["schema"], d["verdict"], d["exit"])
print([x["name"] for x in d["evidence"]], d["asked"])
for p in d["presses"]:
    print(list(p), p["button"], p["model"], p.get("fields"))
print(d["receiver"])'
"$FOBSCOPE" check --json hcs200-lock-unlock.sigmf-meta | python3 -c "$show"
"$FOBSCOPE" check --json --full hcs200-lock-unlock.sigmf-meta |
    python3 -c "$show"

# what was asked for is noted in a recording, packed or not
python3 - <<'END'
import json
with open("hcs200-lock-unlock.sigmf-meta") as f:
    d = json.load(f)
d["annotations"].insert(0, {"core:sample_start": 0, "fob:asked": "horn"})
with open("hcs200-lock-unlock.sigmf-meta", "w") as f:
    json.dump(d, f)
END
tar -cf packed.sigmf hcs200-lock-unlock.sigmf-data hcs200-lock-unlock.sigmf-meta
for name in hcs200-lock-unlock.sigmf-meta hcs200-lock-unlock.sigmf-data \
    packed.sigmf; do
    "$FOBSCOPE" check "$name" | grep -c ' horn '
done
