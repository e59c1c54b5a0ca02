# Recordings go into the archive once, whole or cut; what they say of themselves
# and what is said of them goes with them.
#
# SPDX-License-Identifier: GPL-2.0-or-later
FOBSCOPE_ARCHIVE=$PWD/a
export FOBSCOPE_ARCHIVE
mkdir -m 700 a
printf '0123456789abcdef0123456789abcdef' >a/key
chmod 600 a/key
lock=$CAPTURES/hcs200-lock-unlock/hcs200-lock-unlock.sigmf-meta
cd "$CAPTURES" || exit
# Paths are not the same everywhere.
"$FOBSCOPE" archive add --label 'good key' --car MINI --note 'bought in 2004' \
    hcs200-lock-unlock/hcs200-lock-unlock.sigmf-meta two-fobs/two-fobs.sigmf-data
echo "exit $?"
"$FOBSCOPE" archive add --label 'better key' hcs200-lock-unlock/*.sigmf-meta
echo "exit $?"
"$FOBSCOPE" archive add --sticker PU12345 "$("$FOBSCOPE" archive list --jsonl |
    sed -n '1s/.*"id": "\([0-9a-f]*\)".*/\1/p')"
"$FOBSCOPE" archive add hitag2-rke/hitag2-rke.sub none.cu8 noise/*.sigmf-meta
echo "exit $?"
"$FOBSCOPE" archive add --cut noise/noise.sigmf-meta
echo "exit $?"
"$FOBSCOPE" archive add --cut --pre 0.02 --post 0.02 --collection 'Two of them' \
    hcs200-weak/*.sigmf-meta continental-fsk/*.sigmf-meta >"$OLDPWD/log"
echo "exit $?"
cd "$OLDPWD" || exit
# The name of a collection is another each time.
sed 's/col_[0-9a-f]*/COLLECTION/' log
cp "${lock%meta}data" x_433.92M_250k.cu8
"$FOBSCOPE" archive add --json x_433.92M_250k.cu8 |
    sed 's/"[0-9-]*T[0-9:.]*Z"/"DATE"/
        s/"carrier_hz": [0-9.]*/"carrier_hz": HZ/'
echo "exit $?"
(cd a/recordings && ls) | sed 's/col_[0-9a-f]*/COLLECTION/'
find a -type f -perm /077
"$FOBSCOPE" archive verify
echo "exit $?"
