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
if command -v bash >/dev/null; then
    bash <<'END' || exit
source bash.txt
# what completes the last of the words
complete_words()
{
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _fobscope
    echo "${COMPREPLY[*]}"
}
complete_words fobscope d
complete_words fobscope archive ''
complete_words fobscope help archive re
complete_words fobscope archive purge --
complete_words fobscope archive list --verdict ''
END
fi
"$FOBSCOPE" --generate-man >man.txt || exit
grep -c '^\.SH' man.txt
grep '^\.SH "FOBSCOPE ARCHIVE' man.txt
if command -v groff >/dev/null; then
    groff -man -Tascii -ww -z man.txt
fi
