# Copies in four forms: what is in them, what is not, and what they are called.
#
# SPDX-License-Identifier: GPL-2.0-or-later
FOBSCOPE_ARCHIVE=$PWD/a
export FOBSCOPE_ARCHIVE
mkdir -m 700 a out
"$FOBSCOPE" archive add --label 'good key' --sticker PU12345 \
    "$CAPTURES/two-fobs/two-fobs.sigmf-meta" >log || exit
"$FOBSCOPE" archive add "$CAPTURES/siemens-5wy72xx/siemens-5wy72xx.sigmf-meta" \
    >log || exit
for form in --wav --flac --cu8; do
    "$FOBSCOPE" archive export $form -o out 22e
    echo "exit $?"
done
"$FOBSCOPE" archive export --sigmf -o out/two.sigmf \
    22e "$("$FOBSCOPE" archive list --jsonl --model siemens |
        sed 's/.*"id": "\([0-9a-f]*\)".*/\1/')"
echo "exit $?"
"$FOBSCOPE" archive export --sigmf --full -o out/full.sigmf 22e
echo "exit $?"
"$FOBSCOPE" archive export --wav -o out 22e
echo "exit $?"
"$FOBSCOPE" archive export --wav -o out/one.wav 22e
echo "exit $?"
"$FOBSCOPE" archive export --wav -o none/ 22e
echo "exit $?"
"$FOBSCOPE" archive export --cu8 22e 22e 000
echo "exit $?"
ls -1 . out
find out -perm /077 -type f
cmp out/*.cu8 "$CAPTURES/two-fobs/two-fobs.sigmf-data" && echo same
for file in out/*; do
    echo "$file"
    "$FOBSCOPE" decode --csv "$file" | cut -d, -f2-4
done
tar tf out/two.sigmf
tar xf out/two.sigmf
grep -lE 'good key|PU12345' ./*.sigmf-meta
tar xf out/full.sigmf
grep -hE 'good key|PU12345' ./*.sigmf-meta
