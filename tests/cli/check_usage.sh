# One sentence and exit 2 for each kind of wrong usage of check.
#
# SPDX-License-Identifier: GPL-2.0-or-later
try()
{
    echo "== $*"
    "$FOBSCOPE" check "$@" 2>&1
    echo "exit $?"
}
try --limits good.json
try --limits good.json a.cu8
try --batch a.cu8
try --batch --save
try --batch --json
try --jsonl a.cu8
try --jsonl
try --save a.cu8
try --prompts asked.txt
try --prompts
try --market jp a.cu8
try --presses 0
try --presses many
try --csv a.cu8
try --buttons , --file a
try --buttons ,
try --buttons a,b,c,d,e,f,g,h,i
try --buttons abcdefghijklmnopqrstuvwxyz
