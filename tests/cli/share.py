#!/usr/bin/env python3
# share - what report gives away tells no serial, sticker, code or sample.
#
#   share.py FOBSCOPE MAKE_CAPTURE MAKE_PAIRS
#
# Of golden recordings, of pairs, and of fobs made up here, each in a file that is
# named by its serial: what was sent is looked for in all that report writes, in
# every spelling the program knows, and must not be there; with --full it must, or
# the search is blind. Prints a line a fault, then "N passed, N failed"; exit 1 if
# any failed.
#
# SPDX-License-Identifier: GPL-2.0-or-later
import base64
import glob
import html
import json
import os
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile

WINDOW = 24       # bits: a sticker of six digits
PACKED = 48       # bits in bytes: fewer occur in a compressed picture by chance
NUMBER = 16       # bits of a field that is looked for as a number
SAMPLES = 24      # bytes of a recording in a row
FORMS = ("report.txt", "report.html", "report.png")
ROLES = ("identity", "rolling", "counter")
# bKGD: cairo writes white there, whatever is drawn.
CHUNKS = {b"IHDR", b"bKGD", b"IDAT", b"IEND"}
WHITE = b"\0\xff" * 3
# Sources of knowledge.json, which are numbers of forum threads.
SOURCES = r"\b(nam|zt|lrf|m2)-[0-9a-z-]+"


# --- fobs of our own: HCS200 (DS40138D), edges as a Flipper writes them

def bits_of(value, n):
    return [value >> i & 1 for i in range(n)]


def hcs200(rng, serial, button):
    return (bits_of(rng.getrandbits(32), 32) + bits_of(serial, 28) +
            bits_of(button, 4) + [0, 1])


def edges_of(bits, te):
    out = []
    for _ in range(3):
        out += [te, -te] * 11 + [te, -10 * te]
        for b in bits:
            out += [te, -2 * te] if b else [2 * te, -te]
        out[-1] -= 39 * te
    out[-1] -= 1000000
    return out


def write_fob(path, rng, serial):
    edges = []
    for press in range(6):
        edges += edges_of(hcs200(rng, serial, 1 + press // 3),
                          rng.randrange(390, 411))
    with open(path, "w") as f:
        f.write("Filetype: Flipper SubGhz RAW File\nVersion: 1\n"
                "Frequency: 433920000\nPreset: FuriHalSubGhzPresetOok650Async\n"
                "Protocol: RAW\n")
        for i in range(0, len(edges), 512):
            f.write("RAW_Data: %s\n" % " ".join(map(str, edges[i:i + 512])))


# --- what must not be there

def turned(bits):
    flipped = "".join("10"[int(b)] for b in bits)
    for x in (bits, flipped):
        yield x
        yield x[::-1]


def spelled(bits):
    """A number of those bits in hex, in either order of bits and of bytes."""
    for x in turned(bits):
        width = (len(x) + 3) // 4
        digits = "%0*x" % (width, int(x, 2))
        yield digits
        if width % 2 == 0:
            yield bytes.fromhex(digits)[::-1].hex()


class Secrets:
    def __init__(self):
        self.bits, self.hex, self.tokens = set(), set(), set()
        self.packed, self.words, self.plain = set(), set(), set()

    def add_frame(self, bits):
        """As they are, and read as the differential kind of their code."""
        self.add_bits(bits)
        self.add_bits("".join("01"[x != y] for x, y in zip(bits, bits[1:])))

    def add_bits(self, bits):
        for i in range(len(bits) - WINDOW + 1):
            w = bits[i:i + WINDOW]
            if len(set(w)) > 1:
                self.bits.update(turned(w))
                self.hex.update(spelled(w))
        for i in range(len(bits) - PACKED + 1):
            for x in turned(bits[i:i + PACKED]):
                self.packed.add(int(x, 2).to_bytes(PACKED // 8, "big"))

    def add_field(self, digits):
        value, n = int(digits, 16), 4 * len(digits)
        if n < NUMBER or value == 0:
            return
        self.plain.add(digits.lower())
        self.tokens.update(spelled(bin(value)[2:].zfill(n)))
        self.tokens.update(str(int(x, 2)) for x in
                           turned(bin(value)[2:].zfill(n)))

    def in_text(self, text):
        text = re.sub(SOURCES, " ", text.lower())
        for w in self.words:
            if w.lower() in text:
                yield "the owner's word %r" % w
        close = re.sub(r"(?<=[01])[ ,]+(?=[01]\b)", "", text)
        for run in re.findall("[01]{%d,}" % WINDOW, close):
            for i in range(len(run) - WINDOW + 1):
                if run[i:i + WINDOW] in self.bits:
                    yield "bits %s" % run[i:i + WINDOW]
        # what was measured has a point in it, and is no code
        whole = re.sub(r"-?\d+\.\d+(e[-+]?\d+)?", " ", text)
        for run in re.findall("[0-9a-f]{6,}", whole):
            for i in range(len(run) - 5):
                if run[i:i + 6] in self.hex:
                    yield "bits as %s in %s" % (run[i:i + 6], run)
        for token in set(re.findall("[0-9a-z]+", whole)) & self.tokens:
            yield "the field %s" % token

    def in_bytes(self, data):
        n = PACKED // 8
        for x in self.packed & {data[i:i + n] for i in range(len(data))}:
            yield "bytes %s" % x.hex()


def chunks_of(png):
    at = 8
    while at + 8 <= len(png):
        n = struct.unpack(">I", png[at:at + 4])[0]
        yield png[at + 4:at + 8], png[at + 8:at + 8 + n]
        at += 12 + n


def in_png(secrets, png):
    names = {name for name, _ in chunks_of(png)}
    if names - {b"bKGD"} != CHUNKS - {b"bKGD"}:
        yield "chunks %s" % sorted(names)
    if any(d != WHITE for name, d in chunks_of(png) if name == b"bKGD"):
        yield "a background that is not white"
    yield from secrets.in_bytes(png)
    for run in re.findall(rb"[ -~]{6,}", png):
        yield from secrets.in_text(run.decode())


def in_html(secrets, page):
    for data in re.findall(r"data:[^;,\"']*;base64,([A-Za-z0-9+/=]+)", page):
        data = base64.b64decode(data)
        if data.startswith(b"\x89PNG"):
            yield from in_png(secrets, data)
        else:
            yield from secrets.in_text(data.decode("utf-8", "replace"))
    page = re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)
    yield from secrets.in_text(html.unescape(page))
    if re.search(r"<(metadata|desc)\b|<\?xpacket", page):
        yield "metadata in a picture"


def in_samples(recording, outputs):
    """No piece of the recording, as bytes, hex or base64."""
    with open(recording, "rb") as f:
        data = f.read()
    text = b"".join(outputs)
    for at in range(0, len(data) - SAMPLES, max(len(data) // 400, 1)):
        x = data[at:at + SAMPLES]
        if len(set(x)) > 4 and (x in text or x.hex().encode() in text or
                                base64.b64encode(x) in text):
            yield "samples at %d" % at


# --- one report

def run(args, **more):
    return subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=120, **more)


def secrets_of(fobscope, path):
    s = Secrets()
    for f in json.loads(run([fobscope, "decode", "--json", path]).stdout)["frames"]:
        s.add_frame(f["fob"]["bits"])
        for field in f["fob"].get("fields", {}).values():
            if field["role"] in ROLES:
                s.add_field(field["hex"])
    frames = os.path.splitext(path)[0] + ".frames"
    if os.path.exists(frames):
        with open(frames) as lines:
            for line in lines:
                s.add_frame(json.loads(line)["fob"]["bits"])
    if path.endswith(".sigmf-meta"):
        with open(path) as f:
            words = json.load(f)["global"]
        s.words.update(words[k] for k in ("fob:sticker", "fob:label", "fob:note")
                       if k in words)
        s.words.update(w.lstrip("3") for w in list(s.words)
                       if w == words.get("fob:sticker") and len(w) == 7)
    return s


def union(all_secrets):
    u = Secrets()
    for s in all_secrets:
        for name in vars(u):
            getattr(u, name).update(getattr(s, name))
    return u


def told(secrets, out, stdout):
    """Everything that the search finds in one report."""
    read = {}
    for name in FORMS:
        with open(os.path.join(out, name), "rb") as f:
            read[name] = f.read()
    if stdout != read["report.txt"]:
        yield "report.txt is not what was printed"
    yield from secrets.in_text(stdout.decode("ascii"))
    yield from in_html(secrets, read["report.html"].decode())
    yield from in_png(secrets, read["report.png"])


def faults(fobscope, folder, paths, sticker=None):
    secrets = union(secrets_of(fobscope, p) for p in paths)
    extra = []
    if sticker is not None:
        extra = ["--sticker", sticker, "--car", "MINI R53"]
        secrets.words.add(sticker)
    for full in (False, True):
        out = os.path.join(folder, "out-full" if full else "out")
        shutil.rmtree(out, ignore_errors=True)
        r = run([fobscope, "report", "--output", out] + extra + paths +
                (["--full"] if full else []))
        if r.returncode not in (0, 1, 3):
            yield "exit %d: %s" % (r.returncode, r.stderr.decode())
            return
        found = list(told(secrets, out, r.stdout))
        outputs = [open(os.path.join(out, n), "rb").read() for n in FORMS]
        banner = [bool(re.search(rb"not for posting|do not post", x, re.I))
                  for x in outputs[:2]]
        if full:
            if secrets.bits and not found:
                yield "--full: nothing is told, or the search is blind"
            for digits in secrets.plain:
                if digits.encode() not in outputs[1].lower():
                    yield "--full: %s is not there" % digits
            if banner != [True, True]:
                yield "--full: no banner in %s" % banner
        else:
            yield from found
            if any(banner):
                yield "a banner, and nothing to warn of"
        if sticker is not None and b"MINI R53" not in outputs[0]:
            yield "the car is not named"
        for p in paths:
            data = p.replace(".sigmf-meta", ".sigmf-data")
            if data != p:
                yield from in_samples(data, outputs)
            name = os.path.basename(p).encode()
            if not full and any(name in x for x in outputs):
                yield "the file's name"


def recordings(make_capture, make_pairs, folder):
    """Lists of the recordings of one report, and a sticker or None."""
    rng = random.Random(20260329)
    golden = os.path.join(folder, "golden")
    os.mkdir(golden)
    run([make_capture, golden])
    for path in sorted(glob.glob(golden + "/*/*.sigmf-meta") +
                       glob.glob(golden + "/*/*.sub")):
        yield [path], None
    a, b = (golden + "/key-conundrum-%s/key-conundrum-%s.sigmf-meta" % (x, x)
            for x in "ab")
    yield [a, b], None
    pairs = os.path.join(folder, "pairs")
    os.mkdir(pairs)
    run([make_pairs, pairs])
    for name in ("none-hcs200", "none-unknown", "format-hcs362", "te-unknown"):
        yield [os.path.join(pairs, "%s-%s.sigmf-meta" % (name, x))
               for x in "ab"], None
    for i in range(6):
        serials = [rng.getrandbits(28) for _ in range(1 + i % 2)]
        paths = [os.path.join(folder, "%07X.sub" % s) for s in serials]
        for path, serial in zip(paths, serials):
            write_fob(path, rng, serial)
        yield paths, "%07X" % serials[0] if len(serials) == 1 else None


def main():
    fobscope, make_capture, make_pairs = sys.argv[1:]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for paths, sticker in recordings(make_capture, make_pairs, folder):
            wrong = list(faults(fobscope, folder, paths, sticker))
            for sentence in wrong[:20]:
                print("%s: %s" % (" ".join(map(os.path.basename, paths)),
                                  sentence))
            passed += not wrong
            failed += bool(wrong)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
