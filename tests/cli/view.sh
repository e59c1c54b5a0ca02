# Pictures: what they are, that they stay the same, and what they keep to
# themselves.
#
# SPDX-License-Identifier: GPL-2.0-or-later
one=$CAPTURES/hcs200-lock-unlock/hcs200-lock-unlock.sigmf-meta
"$FOBSCOPE" view "$one"
echo "exit $?"
"$FOBSCOPE" view "$one"
echo "exit $?"
mkdir out
"$FOBSCOPE" view -o out --size 400x300 "$CAPTURES/noise/noise.sigmf-meta"
"$FOBSCOPE" view -o out/ "$CAPTURES/hitag2-rke/hitag2-rke.sub"
"$FOBSCOPE" view -o a.svg "$one"
"$FOBSCOPE" view -o b.SVG "$one"
cmp a.svg b.SVG && echo the same
"$FOBSCOPE" view --full -o full.svg "$one"
cmp -s a.svg full.svg || echo full has more
"$FOBSCOPE" view -o stdin.png cu8:433.92M:250k:- <"${one%meta}data"
for size in 399x300 4097x900 1200 99999999999999999999x1 -1x-1; do
    "$FOBSCOPE" view -o size.png "--size=$size" "$one"
    echo "exit $?"
done
"$FOBSCOPE" view -o none/a.png "$one"
echo "exit $?"
"$FOBSCOPE" view -o c.png missing.cu8
echo "exit $?"
"$FOBSCOPE" view "$one" "$one"
echo "exit $?"
find . -type f -perm /077
FOBSCOPE_ARCHIVE=$PWD/archive
export FOBSCOPE_ARCHIVE
mkdir -m 700 archive
id=$("$FOBSCOPE" archive add "$one" | cut -d' ' -f1)
"$FOBSCOPE" view -o kept.svg "$id"
cmp a.svg kept.svg && echo the same
python3 - <<'END'
import glob
import re
import struct
import xml.etree.ElementTree as tree

for name in sorted(glob.glob('**/*.png', recursive=True)):
    with open(name, 'rb') as f:
        data = f.read()
    assert data[:8] == b'\x89PNG\r\n\x1a\n', name
    at, kinds = 8, set()
    while at < len(data):
        n, kind = struct.unpack('>I4s', data[at:at + 8])
        kinds.add(kind.decode())
        at += 12 + n
    print(name, *struct.unpack('>II', data[16:24]), *sorted(kinds))
secret = re.compile(rb'7ff80|0x|serial|hcs200|lock', re.I)
for name in ('a.svg', 'full.svg'):
    with open(name, 'rb') as f:
        data = f.read()
    root = tree.fromstring(data)
    # the letters are outlines, the spectrogram an image
    words = b''.join(re.findall(rb'>([^<]+)<', data)).strip()
    text = re.sub(rb'base64,[A-Za-z0-9+/=]*', b'', data)
    print(name, root.get('width'), root.get('height'), len(words),
          len(secret.findall(text)),
          sorted({e.tag.split('}')[1] for e in root.iter()}))
END
