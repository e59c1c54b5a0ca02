# A line for each recording, by each filter, in columns and as JSON.
#
# SPDX-License-Identifier: GPL-2.0-or-later
FOBSCOPE_ARCHIVE=a TZ=UTC
export FOBSCOPE_ARCHIVE TZ
mkdir -m 700 a
printf '0123456789abcdef0123456789abcdef' >a/key
chmod 600 a/key
# dated NAME DATE: the capture NAME as if it had been recorded then.
dated()
{
    cp "$CAPTURES/$1/$1.sigmf-data" .
    sed "s/\"core:frequency\": [0-9]*/&, \"core:datetime\": \"$2\"/" \
        "$CAPTURES/$1/$1.sigmf-meta" >"$1.sigmf-meta"
}
dated two-fobs 2026-03-29T11:27:00Z
dated continental-fsk 2026-03-28T23:59:59Z
dated noise 2026-04-01T00:00:00Z
dated siemens-5wy72xx 2025-12-31T12:00:00Z
"$FOBSCOPE" archive list
echo "exit $?"
"$FOBSCOPE" archive add --label 'Two at once' two-fobs.sigmf-meta >log || exit
"$FOBSCOPE" archive add --label "$(printf 'Schl\303\274ssel')" \
    continental-fsk.sigmf-meta >log || exit
"$FOBSCOPE" archive add noise.sigmf-meta siemens-5wy72xx.sigmf-meta >log || exit
list()
{
    echo "\$ list $*"
    COLUMNS=${COLUMNS:-100} "$FOBSCOPE" archive list "$@"
}
list
list --full
COLUMNS=60 list
COLUMNS=20 list
TZ=XYZ-2 list
list --label two
list --label SCHL
list --model hcs200
list --id 0C0FFEE
list --band 868
list --band 433
list --verdict proven
list --verdict none
list --since 2026-03-29
list --until 2026-03-28
list --since 2026-03-28T23:59:59Z --until 2026-03-29T11:27Z
list --label two --model continental
list --verdict plausible --since 2030-01-01
json()
{
    "$FOBSCOPE" archive list "$@" |
        sed 's/"added": "[0-9-]*T[0-9:.]*Z"/"added": "DATE"/
            s/"carrier_hz": [0-9.]*/"carrier_hz": HZ/'
}
json --jsonl --label two
json --jsonl --full --label two
json --json --label schl
json --json --label nobody
