#!/usr/bin/env python3
# post_html - the page of a report: sound, one file, closed to hostile words, and
# silent about serials and codes.
#
#   post_html.py FOBSCOPE MAKE_POST MAKE_PAIRS CAPTURES
#
# Prints a line a fault, then "N passed, N failed"; exit 1 if any failed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
import html.parser
import json
import os
import re
import subprocess
import sys
import tempfile

VOID = {"meta", "link", "img", "br", "hr", "input"}
# What the page may have; all else came from outside.
KNOWN = set("""html head meta title style body header main section nav div span p
ul li dl dt dd h1 h2 h3 a table caption thead tbody tr th td figure figcaption
details summary script svg defs g symbol path use rect image clippath mask filter
fecolormatrix lineargradient stop pattern""".split())
HOSTILE = ('</title></script><script>alert(1)</script><img src=x onerror=y>'
           '"><svg onload=z>&amp;\'')


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.ids, self.refs = [], [], [], []
        self.scripts, self.figures, self.text = [], [], ""
        self.banners = []

    def handle_starttag(self, tag, attrs):
        a = dict(attrs)
        if tag not in KNOWN:
            self.faults.append("<%s> is not the page's" % tag)
        for name, value in attrs:
            self.attribute(tag, name, value or "")
        if "id" in a:
            self.ids.append(a["id"])
        if tag == "script":
            self.scripts.append([a, ""])
        if tag == "figure":
            self.figures.append({"label": "", "rows": 0, "caption": ""})
        if "figure" in self.open and a.get("role") == "img":
            self.figures[-1]["label"] = a.get("aria-label", "")
        if "figure" in self.open and tag == "tr" and "tbody" in self.open:
            self.figures[-1]["rows"] += 1
        if "banner" in a.get("class", ""):
            self.banners.append("")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append("</%s> closes another" % tag)

    def handle_data(self, data):
        if "script" in self.open:
            self.scripts[-1][1] += data
        elif "style" in self.open:
            if re.search(r"url\(|@import|expression", data):
                self.faults.append("the style loads something")
        else:
            self.text += data
            if "figcaption" in self.open:
                self.figures[-1]["caption"] += data

    def attribute(self, tag, name, value):
        if name.startswith("on"):
            self.faults.append("%s has %s" % (tag, name))
        if name in ("src", "href", "xlink:href", "action", "srcset"):
            if value.startswith("#"):
                self.refs.append(value[1:])
            elif not value.startswith("data:image/png;base64,"):
                self.faults.append("%s: %.60s" % (name, value))
        for ref in re.findall(r"url\(([^)]*)\)", value):
            if not ref.startswith("#"):
                self.faults.append("url(%.60s)" % ref)
            self.refs.append(ref[1:])


def read(text):
    p = Page()
    p.feed(text)
    p.close()
    yield from p.faults
    if p.open:
        yield "left open: %s" % p.open
    if len(set(p.ids)) != len(p.ids):
        yield "an id twice"
    for ref in set(p.refs) - set(p.ids):
        yield "#%s is nowhere" % ref
    if [s[0] for s in p.scripts] != [{"type": "application/json",
                                      "id": "fobscope"}]:
        yield "scripts: %s" % [s[0] for s in p.scripts]
    else:
        try:
            json.loads(p.scripts[0][1])
        except ValueError as error:
            yield "the data: %s" % error
    for f in p.figures:
        if len(f["label"]) < 20 or len(f["caption"]) < 20 or f["rows"] == 0:
            yield "a figure without words or numbers: %s" % f
    if not re.match(r"<!DOCTYPE html>\n<html lang=\"en\">", text):
        yield "no doctype"
    if "default-src 'none'" not in text:
        yield "no policy"
    # Of namespaces there are names that look like addresses.
    for url in set(re.findall(r"\w+://[^\s\"'<]+", text)):
        if not url.startswith("http://www.w3.org/"):
            yield "address: %s" % url


def make(make_post, folder, files, *options):
    path = os.path.join(folder, "page.html")
    if os.path.exists(path):
        os.unlink(path)
    subprocess.run([make_post] + list(options) + [path] + files, check=True,
                   timeout=120)
    with open(path, encoding="utf-8", newline="") as f:
        return f.read()


def frames(fobscope, files):
    out = subprocess.run([fobscope, "decode", "--json"] + files, check=True,
                         stdout=subprocess.PIPE, timeout=120)
    return json.loads(out.stdout.decode())["frames"]


# Hidden fields of all frames in every spelling that a reader would know. Shorter
# ones are found in numbers by chance.
def fields(frame):
    for name, f in frame["fob"].get("fields", {}).items():
        value = int(f["hex"], 16)
        bits = format(value, "0%db" % (4 * len(f["hex"])))
        if f["role"] not in ("action", "status", "fixed"):
            yield from (f["hex"].upper(), f["hex"].lower(), "%X" % value,
                        "%x" % value, str(value), bits, bits[::-1])


# Any 32 bits in a row, in hexadecimal; any 24 as they are.
def windows(frame):
    bits = frame["fob"]["bits"]
    for i in range(len(bits) - 31):
        for b in (bits[i:i + 32], bits[i:i + 32][::-1]):
            yield "%08X" % int(b, 2)
            yield "%08x" % int(b, 2)
    for i in range(len(bits) - 23):
        yield bits[i:i + 24]


# Letters of pictures are outlines: the longest run of no more than two of them that
# alternate, as digits of a frame do.
def longest_run(text):
    longest = 0
    for svg in re.findall(r"<svg.*?</svg>", text, re.S):
        run = []
        for ref in re.findall(r"<use xlink:href=\"#(\S*glyph\S*)\"", svg):
            run.append(ref)
            while len(set(run)) > 2:
                run.pop(0)
            longest = max(longest, len(run))
    return longest


def faults(a, folder, files):
    text = make(a.make_post, folder, files)
    yield from read(text)
    if make(a.make_post, folder, files) != text:
        yield "not the same twice"
    if "do not post it" in text:
        yield "a redacted page warns"
    full = make(a.make_post, folder, files, "-f")
    yield from read(full)
    if "Serials and codes are in this file: do not post it." not in full:
        yield "a full page does not warn"
    for path in files:
        name = os.path.basename(path)
        stem = name.split(".")[0] # "noise" is a word
        if name in text or ("-" in stem and stem in text):
            yield "the file's name is in it"
    # Images are base64: it spells anything.
    plain = re.sub(r"base64,[A-Za-z0-9+/=]*", "", text)
    heard = frames(a.fobscope, files)
    hidden = {x for f in heard for x in fields(f) if len(x) >= 6}
    for x in sorted(hidden | {x for f in heard for x in windows(f)}):
        if x in plain:
            yield "%s is in it" % x
    if hidden and not any(x in full for x in hidden):
        yield "none of %d hidden values is in the full page" % len(hidden)
    if heard and longest_run(text) >= 24:
        yield "%d digits in a row are drawn" % longest_run(text)
    # Of longer frames they are marks, not digits.
    if hidden and len(heard[0]["fob"]["bits"]) < 100 and longest_run(full) < 24:
        yield "no digits are drawn in the full page"


def hostile(a, folder, files):
    prompts = os.path.join(folder, "prompts")
    with open(prompts, "w") as f:
        f.write("0.1 <b>\"'&x\n4 </script><b>\n8 <!--\n")
    text = make(a.make_post, folder, files, "-c", HOSTILE, "-p", prompts)
    yield from read(text)
    # A page is there whole, and takes nobody's place.
    again = subprocess.run([a.make_post, os.path.join(folder, "page.html")] +
                           files, stderr=subprocess.PIPE, timeout=120)
    if again.returncode != 1 or b"page.html" not in again.stderr:
        yield "a file was overwritten: %s" % again.stderr
    p = Page()
    p.feed(text)
    if "<img src=x onerror=y>" not in p.text:
        yield "the car is not written as it was said"
    if "<!--" not in p.text:
        yield "the button is not written as it was said"


# What is printed on a board is as good as a serial.
def sticker(a, folder, files):
    text = make(a.make_post, folder, files, "-s", "27FAC7")
    yield from read(text)
    if "27FAC7" in text.upper() or str(0x27FAC7) in text:
        yield "the sticker is in it"
    if "sticker" not in text:
        yield "nothing is said of the sticker"


def main():
    class a:
        fobscope, make_post, make_pairs, captures = sys.argv[1:]
    passed = failed = 0

    def take(name, wrong):
        nonlocal passed, failed
        wrong = list(wrong)
        for sentence in wrong:
            print("%s: %s" % (name, sentence))
        passed += not wrong
        failed += bool(wrong)

    def capture(name):
        folder = os.path.join(a.captures, name)
        return [os.path.join(folder, x) for x in sorted(os.listdir(folder))
                if x.endswith((".sigmf-meta", ".sub"))]

    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([a.make_pairs, folder], check=True, timeout=300,
                       stdout=subprocess.DEVNULL)
        for pair in ("none-hcs200", "missing-button-hcs362", "carrier-unknown",
                     "other-band-hcs200"):
            files = [os.path.join(folder, "%s-%s.sigmf-meta" % (pair, x))
                     for x in "ab"]
            take(pair, faults(a, folder, files))
        take("hostile", hostile(a, folder, files))
        take("sticker", sticker(a, folder, files))
        for name in ("siemens-5wy72xx", "princeton-fixed", "hitag2-rke",
                     "continental-fsk", "noise"):
            take(name, faults(a, folder, capture(name)))
        pair = capture("key-conundrum-a") + capture("key-conundrum-b")
        take("conundrum", faults(a, folder, pair))
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
