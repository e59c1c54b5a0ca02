# The draft of a format that nobody has described: the compiler takes it with our
# header, rtl_433, where there is one, reads the fob with its line.
#
# SPDX-License-Identifier: GPL-2.0-or-later
for name in key-conundrum-a key-conundrum-b unknown-manchester noise \
    hcs200-lock-unlock; do
    cp "$CAPTURES/$name/$name".sigmf-* .
done
a=key-conundrum-a.sigmf-meta
b=key-conundrum-b.sigmf-meta
draft()
{
    echo "== $*"
    "$FOBSCOPE" identify --emit "$@" >draft.c
    echo "exit $?"
    cc -std=c17 -Wall -Wextra -Werror -fsyntax-only \
        -I "$CAPTURES/.." draft.c && echo compiles
}
draft $a
cat draft.c
line=$(sed -n "s/^ \*   rtl_433 .*-X '\(.*\)'\$/\1/p" draft.c)
draft $a --like $b
grep '{ "' draft.c
draft unknown-manchester.sigmf-meta unknown-manchester.sigmf-meta \
    unknown-manchester.sigmf-meta unknown-manchester.sigmf-meta
grep -E 'kind|te_us|n_bits|is_rolling|{ "' draft.c

# Eight presses of three copies each, 16 bits of preamble in front of 73. rtl_433
# wants a higher rate: every sample four times.
if command -v rtl_433 >/dev/null 2>&1; then
    python3 -c 'import sys
data = open(sys.argv[1], "rb").read()
with open(sys.argv[2], "wb") as f:
    for i in range(0, len(data), 2):
        f.write(data[i:i + 2] * 4)' key-conundrum-a.sigmf-data a.cu8
    rtl_433 -R 0 -X "$line" -Y minlevel=-35 -F json -s 250k -r a.cu8 \
        2>/dev/null | grep -c '"len" : 89,' >rows
    [ "$(cat rows)" = 24 ] || echo "rtl_433 reads $(cat rows) rows, not 24"
fi

# There is nothing to draft: one sentence, and nothing is printed.
nothing()
{
    echo "== $*"
    "$FOBSCOPE" identify --emit "$@" 2>&1
    echo "exit $?"
}
nothing hcs200-lock-unlock.sigmf-meta
nothing unknown-manchester.sigmf-meta
nothing noise.sigmf-meta
nothing missing.cu8
