# One sentence for each kind of wrong usage of identify: exit 2, and nothing is
# judged. Files that cannot be read: 4, and the others are judged all the same.
#
# SPDX-License-Identifier: GPL-2.0-or-later
cp "$CAPTURES/hcs200-lock-unlock/hcs200-lock-unlock".sigmf-* .
good=hcs200-lock-unlock.sigmf-meta
try()
{
    echo "== $*"
    "$FOBSCOPE" identify "$@" 2>&1
    echo "exit $?"
}
# Options of other commands.
try --jsonl $good
try --csv $good
try --save $good
try --batch
try --limits good.json $good
try --nonsense
# Values that are missing or wrong.
try --buttons
try --buttons 10 $good
try --buttons a,b,c,d,e,f,g,h,i,j $good
try --buttons ,,
try --cell
try --cell AA $good
try --cell '' $good
try --sticker
try --sticker XYZ $good
try --sticker 3FAC5 $good
try --sticker 3FAC5512 $good
try --sticker '' $good
try --built
try --built '' $good
try --built yesterday $good
try --built 2004-13 $good
try --built 2004-00 $good
try --built 04-03 $good
try --built 1889 $good
try --built 2004-03-01 $good
try --market
try --market jp $good
try --car
try --fcc
try --like
try --presses 0
try --presses 13
try --presses many
try --prompts
try --band 1 $good
try --gain loud $good
try --ppm 1000 $good
try --archive
printf '0.3 lock\n0.1 lock\n' >unsorted.txt
try --prompts none.txt $good
try --prompts unsorted.txt $good

# A file that is not there; one that is nothing; among others.
printf 'no recording\n' >text.sub
: >empty.cu8
try missing.cu8
try text.sub
try empty.cu8
try 0123456789
brief()
{
    echo "== $*"
    "$FOBSCOPE" identify "$@" 2>&1 | grep -E '^(fobscope|format)'
    "$FOBSCOPE" identify "$@" >/dev/null 2>&1
    echo "exit $?"
}
brief $good missing.cu8
brief missing.cu8 $good
brief $good text.sub
brief $good --like missing.cu8
# Two of them were not there, and it is said of both.
brief missing.cu8 gone.cu8 $good
