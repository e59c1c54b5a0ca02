# One sentence and exit 2 for each kind of wrong usage of compare.
#
# SPDX-License-Identifier: GPL-2.0-or-later
try()
{
    echo "== $*"
    "$FOBSCOPE" compare "$@" 2>&1
    echo "exit $?"
}
try
try a.cu8
try --live a.cu8
try --live a.cu8 b.cu8
try a b c d e f g h i
try --buttons lock a.cu8 b.cu8
try --presses 3 a.cu8 b.cu8
try --presses 0 --live
try --live --buttons ,
try --jsonl a.cu8 b.cu8
try --market eu a.cu8 b.cu8
try --prompts p.txt a.cu8 b.cu8
