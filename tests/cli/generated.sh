# Completions and man page are well formed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
"$FOBSCOPE" --generate-completion bash >bash.txt || exit
if command -v bash >/dev/null; then
    bash -n bash.txt || exit
fi
grep -c -e --block-size bash.txt
for shell in zsh fish; do
    "$FOBSCOPE" --generate-completion $shell | grep -c 'block-size'
done
"$FOBSCOPE" --generate-completion tcsh
"$FOBSCOPE" --generate-man >man.txt || exit
grep -c '^\.SH' man.txt
if command -v groff >/dev/null; then
    groff -man -Tascii -ww -z man.txt
fi
