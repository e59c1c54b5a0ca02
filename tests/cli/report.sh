# What is worth posting: of one fob, of two, of nothing; where it goes; with codes.
#
# SPDX-License-Identifier: GPL-2.0-or-later
try()
{
    echo "== $*"
    "$FOBSCOPE" report "$@" 2>err
    echo "exit $?"
    cat err
}
for name in hcs200-lock-unlock siemens-5wy72xx noise key-conundrum-a \
    key-conundrum-b; do
    cp "$CAPTURES/$name/$name".sigmf-* .
done
cp "$CAPTURES/princeton-fixed/princeton-fixed.sub" .
try key-conundrum-b.sigmf-meta
# beside it, never over it
try key-conundrum-a.sigmf-meta key-conundrum-b.sigmf-meta
try --output other hcs200-lock-unlock.sigmf-meta siemens-5wy72xx.sigmf-meta
try --output other noise.sigmf-meta
try --output there/not noise.sigmf-meta
try --output princeton-fixed.sub noise.sigmf-meta
try --share --output edges princeton-fixed.sub,princeton-fixed.sub
try --full --output full princeton-fixed.sub --car 'MINI R50' --buttons 2 \
    --cell coin --built 2003-02 --market eu --fcc LX8FZV --sticker none
ls -l fobscope-report fobscope-report-2 full | grep -v ^total | cut -c 1-10
# a pipe can be read but once: there is no picture of it
"$FOBSCOPE" report --output pipe --rate 62500 --freq 315M cu8:- \
    <key-conundrum-a.sigmf-data 2>/dev/null | sed -n 3,8p
ls pipe
# no file is left of what cannot be opened
try --output none missing.cu8
try --output none noise.sigmf-meta missing.cu8
[ -e none ] || echo 'nothing was written'

show='
import html, json, re, sys
page = html.unescape(open(sys.argv[1] + "/report.html").read())
at = re.search(r"\{\s*\"schema\": *\"fobscope.report/1\"", page).start()
d = json.JSONDecoder().raw_decode(page[at:])[0]
print(list(d), d["schema"], d["redacted"], d["exit"])
for x in d["check"] + d["identify"] + [d["compare"]]:
    print(x and (x["schema"], x.get("redacted"), x["headline"]))'
python3 -c "$show" fobscope-report
python3 -c "$show" fobscope-report-2
python3 -c "$show" full
