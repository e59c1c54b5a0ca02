# All that is known of a recording, with pseudonyms or serials.
#
# SPDX-License-Identifier: GPL-2.0-or-later
FOBSCOPE_ARCHIVE=$PWD/a TZ=UTC
export FOBSCOPE_ARCHIVE TZ
mkdir -m 700 a
printf '0123456789abcdef0123456789abcdef' >a/key
chmod 600 a/key
"$FOBSCOPE" archive add --label 'good key' --car MINI --buttons lock,unlock \
    --sticker PU12345 --note 'a note' --collection 'My fobs' \
    "$CAPTURES/two-fobs/two-fobs.sigmf-meta" >log || exit
"$FOBSCOPE" archive add "$CAPTURES/noise/noise.sigmf-meta" >log || exit
# Tenths of a decibel are not the same with every compiler.
show()
{
    echo "\$ show $*"
    COLUMNS=70 "$FOBSCOPE" archive show "$@" |
        sed 's/[0-9-]*T[0-9:.]*Z/DATE/; s,/.*/a/,PLACE/,; s/col_[0-9a-f]*/COLLECTION/'
}
show 22e
show --full 22e0210ca2
show 22e 22E
show "$("$FOBSCOPE" archive list --jsonl | sed -n \
    '/"fobs": \[\]/s/.*"id": "\([0-9a-f]*\)".*/\1/p')"
"$FOBSCOPE" archive show --json 22e | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(sorted(d))
text = json.dumps(d)
for secret in "0C0FFEE", "5EA51DE", "70E4B91D", "C3D80A56", "PU12345":
    print(secret, secret in text)'
"$FOBSCOPE" archive show --json --full 22e | grep -cE '0C0FFEE|5EA51DE'
