"""roundtrip - what comes out of an archive is what went in.

Recordings of captures/ in three sample formats, in and out again in each form,
decode to the same frames as the file that was kept.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import array
import glob
import gzip
import io
import json
import os
import random
import struct
import subprocess
import sys
import tarfile

import kept
from kept import capture, content, folder, id_of, noise, write

NAMES = ["hcs200-lock-unlock", "siemens-5wy72xx", "two-fobs",
         "continental-fsk", "unknown-manchester", "hcs200-weak"]
SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "cli",
                      "sigmf_schema.py")


def brief(frames):
    """What must stay the same of each."""
    return sorted((f["model"], f.get("id"), f.get("button"),
                   f.get("button_str"), f.get("encrypted"),
                   f["fob"].get("bits"), f["fob"]["verdict"])
                  for f in frames)


def converted(data, kind):
    """cu8 as another format, exactly."""
    if kind == "cu8":
        return data
    if kind == "cs16":
        return array.array("h", [(2 * x - 255) * 128 for x in data]).tobytes()
    return array.array("f", [(2 * x - 255) / 256 for x in data]).tobytes()


def make(c, name, kind):
    data, rate, centre = capture(name)
    return write(c.path("%s_%gM_%gk.%s" % (name, centre / 1e6, rate / 1e3,
                                           kind)), converted(data, kind))


def chunk(path):
    """The samples of a WAV."""
    data, at = content(path), 12
    while at < len(data):
        kind, n = data[at:at + 4], struct.unpack("<I", data[at + 4:at + 8])[0]
        if kind == b"data":
            return data[at + 8:at + 8 + n]
        at += 8 + n + n % 2
    return None


def member(path, ending):
    with tarfile.open(path) as archive:
        name, = [x for x in archive.getnames() if x.endswith(ending)]
        return archive.extractfile(name).read()


def same_frames(c, what, have, want):
    c.check(want, what + ": there are frames")
    c.same(what + ": frames", brief(have), brief(want))


def exported(c, place, number, how, *more):
    out = c.path()
    os.mkdir(out)
    run = c.run(place, "archive", "export", how, "-o", out, *more, number)
    c.check(number in run.out or how == "--sigmf", "it is told", run)
    c.same("exported", len(folder(out)), 1)
    return os.path.join(out, folder(out)[0])


def one(c, name, kind):
    what = "%s as %s" % (name, kind)
    file, place = make(c, name, kind), c.path()
    data = content(file)
    number = id_of(data)
    want = c.frames(None, file)
    run = c.run(place, "archive", "add", file)
    c.same(what + ": kept", run.ids("kept"), [number], run)
    same_frames(c, what + ", in the archive", c.frames(place, number), want)
    path, = glob.glob(place + "/recordings/*.sigmf-data")
    c.check(content(path) == data, what + ": the samples are kept")
    for how in ("--cu8", "--wav", "--flac", "--sigmf"):
        made = exported(c, place, number, how)
        c.same(what + how + ": mode", os.stat(made).st_mode & 0o777, 0o600)
        same_frames(c, what + how, c.frames(None, made), want)
        there_and_back(c, what + how, how, kind, made, data, number)
        os.unlink(made)
    schema(c, place)


def there_and_back(c, what, how, kind, made, data, number):
    second = c.path()
    run = c.run(second, "archive", "add", made)
    found = run.ids("kept")
    c.same(what + ": into another archive", len(found), 1, run)
    again = content(glob.glob(second + "/recordings/*.sigmf-data")[0])
    if how == "--sigmf":
        c.check(member(made, ".sigmf-data") == data, what + ": the samples")
        c.same(what + ": id", found, [number])
    elif how == "--cu8" and kind == "cu8":
        c.check(content(made) == data, what + ": the samples")
        c.same(what + ": id", found, [number])
    elif how != "--cu8" and kind == "cs16":
        c.check(again == data, what + ": samples, in again")
        c.same(what + ": id", found, [number])
        if how == "--wav":
            c.check(chunk(made) == data, what + ": samples in the file")
    a, b = c.list(second)[found[0]], data
    c.same(what + ": samples", a["samples"],
           len(b) // {"cu8": 2, "cs16": 4, "cf32": 8}[kind])
    rate, centre = capture(what.split()[0])[1:]
    c.same(what + ": rate and centre", (a["rate_hz"], a["centre_hz"]),
           (rate, centre))


def schema(c, *places):
    run = subprocess.run([sys.executable, SCHEMA, *places],
                         stdout=subprocess.PIPE, text=True)
    c.check(run.returncode == 0 or run.returncode == 77,
            "the rules of SigMF: " + run.stdout[-600:])
    if run.returncode == 77:
        c.say("SKIP: no python3-jsonschema")


def forms(c):
    pairs = [(name, kind) for name in NAMES
             for kind in ("cu8", "cs16", "cf32")]
    # with a sanitizer each recording in one form, in turn
    if kept.STEP > 1:
        pairs = pairs[::4]
    c.each(lambda pair: one(c, *pair), pairs)
    c.say("%d recordings, four forms each" % len(pairs))


def captures_as_they_are(c):
    """SigMF with metadata of its own, of ci8."""
    place = c.path()
    files = [os.path.join(kept.CAPTURES, x, x + ".sigmf-meta") for x in NAMES]
    c.run(place, "archive", "add", "--collection", "Of captures",
          "--label", "a label", *files)
    schema(c, place)
    for name, file in zip(NAMES, files):
        data = content(file.replace("meta", "data"))
        same_frames(c, name, c.frames(place, id_of(data)),
                    c.frames(None, file))
    out = c.path("all.sigmf")
    ids = [id_of(content(f.replace("meta", "data"))) for f in files]
    c.run(place, "archive", "export", "--sigmf", "-o", out, *ids)
    second = c.path()
    run = c.run(second, "archive", "add", out)
    c.same("in again", sorted(run.ids("kept")), sorted(ids), run)
    schema(c, second)
    again = c.run(second, "archive", "add", out)
    c.same("and again", sorted(again.ids("is there")), sorted(ids), again)
    c.whole(second, "in again", ids=ids)


def fast(c):
    """2.048 MS/s, which no FLAC header can say."""
    file = write(c.path("fast_868.35M_2048k.cu8"), noise(204800, 9))
    place, second = c.path(), c.path()
    number, = c.run(place, "archive", "add", file).ids("kept")
    for how in ("--flac", "--wav"):
        made = exported(c, place, number, how)
        moved = c.path("named-otherwise" + os.path.splitext(made)[1])
        os.rename(made, moved)  # nothing is taken from its name
        found, = c.run(second, "archive", "add", moved,
                       code=None).ids() or [None]
        if c.check(found, how + ": it is kept"):
            have = c.list(second)[found]
            c.same(how + ": rate", have["rate_hz"], 2048000)
            c.same(how + ": centre", have["centre_hz"], 868350000)


def seconds(frame):
    return float(frame["time"].strip("@s"))


def cut(c):
    """Noise, a fob, 5 s of noise, a fob."""
    data, rate, centre = capture("hcs200-lock-unlock")
    # its own noise, in another order
    pairs = [data[i:i + 2] for i in range(0, 90000, 2)]
    dice = random.Random(kept.SEED)
    quiet = b"".join(dice.choices(pairs, k=int(5 * rate)))
    long = data[:len(data) // 2] + quiet + data[len(data) // 2:]
    file = write(c.path("long_%gM_%gk.cu8" % (centre / 1e6, rate / 1e3)), long)
    want = c.frames(None, file)
    c.check(len(want) >= 2, "there are frames on both sides")
    place = c.path()
    run = c.run(place, "archive", "add", "--cut", file)
    c.same("it says nothing", run.err, "", run)
    number, = run.ids("kept")
    path, = glob.glob(place + "/recordings/*.sigmf-data")
    share = os.path.getsize(path) / len(long)
    c.say("%.0f %% of it are kept" % (100 * share))
    c.check(share < 0.3, "it is much smaller: %.2f" % share)
    run = c.run(place, "decode", "--jsonl", number)
    have = [json.loads(x) for x in run.out.splitlines()]
    same_frames(c, "cut", have, want)
    shifts = [seconds(b) - seconds(a) for a, b in zip(have, want)]
    c.check(max(shifts) - min(shifts) < 0.001,
            "as far from each other: %s" % shifts)
    c.say("times begin %.3f s later in the whole file" % shifts[0])
    for talk in (run, c.run(place, "archive", "show", number),
                 c.run(place, "archive", "verify")):
        c.check("lost" not in talk.out + talk.err, "none are lost", talk)
    c.same("lost", c.list(place)[number]["lost"], 0)
    schema(c, place)
    second, made = c.path(), exported(c, place, number, "--sigmf")
    c.same("given away", c.run(second, "archive", "add",
                               made).ids("kept"), [number])
    c.same("times", [x["time"] for x in c.frames(second, number)],
           [x["time"] for x in have])
    empty = write(c.path("noise_433.92M_250k.cu8"), capture("noise")[0])
    run = c.refused(place, "archive", "add", "--cut", empty)
    c.check("burst" in run.err, "it says that there is none", run)


def standard_input(c):
    data, rate, centre = capture("hcs200-lock-unlock")
    place = c.path()
    options = ["-r", "%gk" % (rate / 1e3), "-f", "%gM" % (centre / 1e6)]
    want = c.frames(None, *options, "cu8:-", given=data)
    run = c.run(place, "archive", "add", *options, "cu8:-", given=data)
    c.same("kept", run.ids("kept"), [id_of(data)], run)
    same_frames(c, "standard input", c.frames(place, id_of(data)), want)
    c.whole(place, "standard input", ids=[id_of(data)])
    c.refused(place, "archive", "add", "-r", "250k", "cu8:-", given=b"")
    c.refused(place, "archive", "add", c.path("missing.cu8"))
    c.refused(place, "archive", "add",
              write(c.path("empty_250k.cu8"), b""))
    c.whole(place, "nothing comes of those", ids=[id_of(data)])
    c.tidy(place, "nothing comes of those")


def tar(path, *members, how="w"):
    """members: name, content or what tarfile.TarInfo has."""
    with tarfile.open(path, how, format=tarfile.USTAR_FORMAT) as archive:
        for name, data, *more in members:
            about = tarfile.TarInfo(name)
            about.size = len(data)
            for key, value in (more[0] if more else {}).items():
                setattr(about, key, value)
            archive.addfile(about, io.BytesIO(data))
    return path


def pair(stem, data):
    meta = {"global": {"core:datatype": "cu8", "core:sample_rate": 250000,
                       "core:version": "1.2.5"},
            "captures": [{"core:sample_start": 0}], "annotations": []}
    return ((stem + ".sigmf-meta", json.dumps(meta).encode()),
            (stem + ".sigmf-data", data))


def packed(c):
    """Several ways to pack the same two recordings."""
    one, two = noise(3000, 1), noise(3000, 2)
    members = [*pair("a/one", one), *pair("b/two", two)]
    plain = tar(c.path("plain.sigmf"), *members)
    made = [plain, tar(c.path("x.sigmf.gz"), *members, how="w:gz"),
            tar(c.path("x.sigmf.xz"), *members, how="w:xz"),
            tar(c.path("other.sigmf"), *members[::-1]),
            write(c.path("gz-inside.sigmf"), gzip.compress(content(plain)))]
    for file in made:
        place = c.path()
        run = c.run(place, "archive", "add", file)
        c.same(os.path.basename(file), sorted(run.ids("kept")),
               sorted(map(id_of, (one, two))), run)
        c.whole(place, file, ids=map(id_of, (one, two)))
        schema(c, place)


def hostile(c):
    """Nothing of it is taken that is not a recording of its own, nothing is
    written beside the archive, and the next file is added all the same."""
    data = noise(3000, 3)
    meta, samples = pair("x", data)
    link = {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}
    hard = {"type": tarfile.LNKTYPE, "linkname": "x.sigmf-meta"}
    good = tar(c.path("good.sigmf"), meta, samples)
    whole = content(good)
    bomb = gzip.compress(whole[:-1024] + bytes(300 << 20), 9)
    cases = {
        "up": tar(c.path("up.sigmf"), *pair("../../../escaped", data)),
        "root": tar(c.path("root.sigmf"),
                    *pair(c.folder + "/escaped", data)),
        "symlink": tar(c.path("symlink.sigmf"), meta,
                       ("x.sigmf-data", b"", link)),
        "hardlink": tar(c.path("hardlink.sigmf"), meta,
                        ("x.sigmf-data", b"", hard)),
        "half": tar(c.path("half.sigmf"), meta),
        "truncated": write(c.path("truncated.sigmf"), whole[:2000]),
        "cut gz": write(c.path("cut.sigmf.gz"), gzip.compress(whole)[:900]),
        "bomb": write(c.path("bomb.sigmf.gz"), bomb),
        "no archive": write(c.path("text.sigmf"), b"hello\n" * 100),
        "empty": write(c.path("empty.sigmf"), b""),
        "none": tar(c.path("none.sigmf"), ("picture.jpg", b"x")),
    }
    fob = kept.recordings()["fob"]
    refused = []
    for name, file in cases.items():
        place, tmp = c.path(), c.path()
        os.mkdir(tmp)
        run = c.run(place, "archive", "add", file, fob, code=None,
                    environment={"TMPDIR": tmp})
        c.check(id_of(content(fob)) in run.ids("kept"),
                name + ": the next file is added", run)
        taken = set(run.ids("kept")) - {id_of(content(fob))}
        if run.code == 0:  # a strange name alone is no harm: it is not used
            c.check(name in ("up", "root") and taken == {id_of(data)},
                    name + ": it is taken for what it is", run)
        else:
            refused.append(name)
            c.same(name + ": exit status", run.code, 4, run)
            c.sentence(run)
            c.check(file in run.err, name + ": it names the file", run)
            c.check(not taken, name + ": nothing is taken of it", run)
        c.same(name + ": left over", folder(tmp), [])
        c.check(not glob.glob("/tmp/escaped*") and
                not glob.glob(c.folder + "/**/escaped*", recursive=True) and
                not glob.glob(kept.FOLDER + "/escaped*"),
                name + ": nothing is written elsewhere")
        c.whole(place, name, run.ids("kept"))
        c.tidy(place, name)
    c.say("refused: " + ", ".join(refused))


def strange_names(c):
    """Of files, of what the owner types in, and of the archive itself."""
    place = c.path("an archive with spaces, \u00e4, ?, # and 100%")
    words = {"label": "\u00e4\u20ac\U0001f511", "car": "a\"b\\c",
             "note": "<&>' %s %n", "sticker": "x" * 200, "buttons": " "}
    file = write(c.path("na\u00efve ?#%20_250k.cu8"), noise(3000, 4))
    options = [x for k, v in words.items() for x in ("--" + k, v)]
    number, = c.run(place, "archive", "add", *options, file).ids("kept")
    have = c.list(place, "--full")[number]
    for key, value in words.items():
        c.same(key, have.get(key), value)
    shown = c.run(place, "archive", "show", "--full", number)
    c.check(words["note"] in shown.out, "show has it", shown)
    c.whole(place, "strange names", ids=[number])
    schema(c, place)
    run = c.run(place, "archive", "add", "--label", "x" * 201, file, code=2)
    c.check("label" in run.err, "it names the option", run)
    c.run(place, "archive", "add", "--label", "", file)
    c.check("label" not in c.list(place)[number], "an empty one removes it")


sys.exit(kept.main([forms, captures_as_they_are, fast, cut, standard_input,
                    packed, hostile, strange_names]))
