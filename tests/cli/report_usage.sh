# One sentence and exit 2 for each kind of wrong usage of report.
#
# SPDX-License-Identifier: GPL-2.0-or-later
try()
{
    echo "== $*"
    "$FOBSCOPE" report "$@" 2>&1
    echo "exit $?"
}
try
try a b c
try --share --full a.cu8
try --output '' a.cu8
try --json a.cu8
try --sticker 3FAC55 a.cu8 b.cu8
try --buttons 2 a.cu8 b.cu8
try --cell coin a.cu8 b.cu8
try --fcc LX8FZV a.cu8 b.cu8
try --prompts p.txt a.cu8 b.cu8
try --sticker hello a.cu8
try --buttons many a.cu8
try --built yesterday a.cu8
try --cell leather a.cu8
try --market moon a.cu8
try --live
try --help
ls
