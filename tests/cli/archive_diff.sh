# What two recordings have in common, and what not: exit 0 and 1.
#
# SPDX-License-Identifier: GPL-2.0-or-later
FOBSCOPE_ARCHIVE=$PWD/a TZ=UTC
export FOBSCOPE_ARCHIVE TZ
mkdir -m 700 a
printf '0123456789abcdef0123456789abcdef' >a/key
chmod 600 a/key
for name in two-fobs hcs200-lock-unlock noise; do
    "$FOBSCOPE" archive add "$CAPTURES/$name/$name.sigmf-meta" >>log || exit
done
id()
{
    sed -n "/$1/s/ .*//p" log
}
diff()
{
    "$FOBSCOPE" archive diff "$@" | sed 's/[0-9-]*T[0-9:.]*Z/DATE/g'
    "$FOBSCOPE" archive diff "$@" >again
    echo "exit $?"
}
diff "$(id two-fobs)" "$(id two-fobs)"
diff "$(id two-fobs)" "$(id hcs200)"
diff --full "$(id two-fobs)" "$(id hcs200)"
diff "$(id two-fobs)" "$(id noise)"
diff "$(id noise)" "$(id noise)"
"$FOBSCOPE" archive diff --json "$(id two-fobs)" "$(id hcs200)" | python3 -c '
import json, sys
d = json.load(sys.stdin)
print(sorted(d))
text = json.dumps(d)
for secret in "0C0FFEE", "5EA51DE", "70E4B91D", "C3D80A56":
    print(secret, secret in text)'
