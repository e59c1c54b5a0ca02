# decode takes recordings of the archive by their id; a file goes before one.
#
# SPDX-License-Identifier: GPL-2.0-or-later
FOBSCOPE_ARCHIVE=$PWD/a
export FOBSCOPE_ARCHIVE
COLUMNS=70
export COLUMNS
"$FOBSCOPE" decode 22e
echo "exit $?"
"$FOBSCOPE" archive add "$CAPTURES/two-fobs/two-fobs.sigmf-meta" >log || exit
"$FOBSCOPE" archive add --cut --pre 0.02 --post 0.02 \
    "$CAPTURES/hcs200-weak/hcs200-weak.sigmf-meta" >log || exit
"$FOBSCOPE" decode 22e
echo "exit $?"
"$FOBSCOPE" decode --jsonl 22E0210 | cut -d, -f1-5
"$FOBSCOPE" decode --json 22f 22e | grep -c '"model"'
"$FOBSCOPE" decode "$(sed 's/ .*//' log)"
cp "$CAPTURES/hitag2-rke/hitag2-rke.sub" 22e
"$FOBSCOPE" decode 22e
echo "exit $?"
"$FOBSCOPE" decode sub:22e
"$FOBSCOPE" archive export --sigmf -o two.sigmf 22e "$(sed 's/ .*//' log)"
"$FOBSCOPE" decode two.sigmf
echo "exit $?"
find /tmp -maxdepth 1 -name 'fobscope-*' -newer log
