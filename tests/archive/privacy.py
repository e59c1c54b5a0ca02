"""privacy - nobody else reads an archive, and what is shown tells no codes.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import re
import stat
import sys
import tarfile

import kept
from kept import capture, content, id_of, write

WORDS = {"--label": "Anna's spare", "--car": "Volvo of 1998",
         "--buttons": "lock, unlock", "--sticker": "5FA010354",
         "--note": "behind the clock"}


def modes(c, place, what):
    """Of all there is in it, and itself."""
    for where, folders, files in [("", [place], []), *os.walk(place)]:
        for name in folders + files:
            mode = os.lstat(os.path.join(where, name)).st_mode
            want = 0o700 if stat.S_ISDIR(mode) else 0o600
            c.same("%s: mode of %s" % (what, os.path.join(where, name)),
                   oct(stat.S_IMODE(mode)), oct(want))


def masks(c):
    """Whatever the umask gives or takes."""
    files = kept.recordings()
    # of a mask that takes all, root alone would not notice
    for mask in (0, 0o777, 0o022, 0o277):
        for place in (c.path(), c.path("deep-%o/er/archive" % mask)):
            what = "umask %03o" % mask
            number = id_of(content(files["n0"]))
            c.run(place, "archive", "add", "--collection", "C", files["fob"],
                  files["n0"], umask=mask)
            modes(c, place, what)
            c.run(place, "archive", "add", "--label", "x", number, umask=mask)
            c.run(place, "archive", "reindex", umask=mask)
            out = c.path()
            os.mkdir(out)
            for how in ("--sigmf", "--wav", "--flac", "--cu8"):
                c.run(place, "archive", "export", how, "-o", out, number,
                      umask=mask)
            c.same(what + ": exported", len(os.listdir(out)), 4)
            for name in os.listdir(out):
                c.same(what + ": mode of " + name, oct(stat.S_IMODE(os.stat(
                    os.path.join(out, name)).st_mode)), oct(0o600))
            c.run(place, "archive", "forget", number, umask=mask)
            modes(c, place, what + ", in the end")
            with open(place + "/index.sqlite", "r+b") as f:
                f.write(b"nothing")
            c.run(place, "archive", "reindex", umask=mask)
            modes(c, place, what + ", made anew")


def while_it_runs(c):
    """What lies there before it has its name, and beside the index."""
    place = c.path()
    long = write(c.path("long_2048k.cu8"), kept.noise(1 << 20, 1) * 8)
    process = c.start(place, "archive", "add", kept.recordings()["fob"], long,
                      umask=0)
    line = process.stdout.readline()
    c.check(b"kept" in line, "one is kept")
    modes(c, place, "while it runs")
    c.check(any("-wal" in x for x in os.listdir(place)) or
            process.poll() is not None, "it runs")
    process.terminate()
    c.finish(process)
    os.unlink(long)


def existing_parent(c):
    """A parent that was there is left as it is."""
    parent = c.path("parent")
    os.mkdir(parent)
    os.chmod(parent, 0o755)
    place = os.path.join(parent, "archive")
    c.run(place, "archive", "add", kept.recordings()["fob"], umask=0)
    c.same("the parent's mode", os.stat(parent).st_mode & 0o777, 0o755)
    modes(c, place, "existing parent")


def secrets():
    """Of the fobs in two recordings, as decode shows them."""
    return ["0C0FFEE", "5EA51DE", "70E4B91D", "C3D80A56", "5A90C7F3",
            "101110001001110100100111000011100111011111111111000000110000001",
            "0110101001010000000110111100001101111011100010100101011110100",
            WORDS["--sticker"]]


def two_fobs(c, place):
    """Ids of recordings with what secrets() has."""
    ids = []
    for name in ("two-fobs", "hcs200-weak"):
        data, rate, centre = capture(name)
        file = write(c.path("%s_%gM_%gk.cu8" % (name, centre / 1e6,
                                                rate / 1e3)), data)
        options = [x for pair in WORDS.items() for x in pair]
        run = c.run(place, "archive", "add", *options, file)
        ids += run.ids("kept")
        tell(c, run, False, "add")
    return ids


def tell(c, run, is_full, what, those=None):
    """Everything, or nothing."""
    text = run.out + run.err
    for secret in those or secrets():
        has = secret.lower() in text.lower()
        c.check(has == is_full, "%s tells %s%s" % (
            what, "not " if is_full else "", secret), run)


def shown(c):
    place = c.path()
    a, b = two_fobs(c, place)
    ids = [a, b]
    for how in ([], ["--json"], ["--jsonl"]):
        for action, more in (("list", []), ("show", ids), ("diff", ids),
                             ("verify", [])):
            if how == ["--jsonl"] and action != "list":
                continue
            what = " ".join([action, *how])
            code = 1 if action == "diff" else 0
            run = c.run(place, "archive", action, *how, *more, code=code)
            tell(c, run, False, what)
            if how == ["--json"]:
                c.check(json.loads(run.out)["redacted"] is True, what +
                        ": says that it is redacted")
            if how == ["--jsonl"]:
                c.check(all(json.loads(x)["redacted"] is True
                            for x in run.out.splitlines()), what +
                        ": says that it is redacted")
            if action == "verify":
                continue
            full = c.run(place, "archive", action, *how, *more, "--full",
                         code=code)
            those = {"list": ["0C0FFEE"],  # a line has one fob
                     "diff": ["5EA51DE"],
                     "show": ["0C0FFEE", "5EA51DE", WORDS["--sticker"]]}
            if how:
                those["list"] += ["5EA51DE", WORDS["--sticker"]]
            if how and action == "show":
                those["show"] += ["70E4B91D", "5A90C7F3", secrets()[5]]
            tell(c, full, True, what + " --full", those[action])
            if how == ["--json"]:
                c.check("redacted" not in json.loads(full.out), what +
                        " --full: says no more that it is")
    for action in (["add", "--json", "--note", "x", a], ["add", a],
                   ["add", "--json", a]):
        tell(c, c.run(place, "archive", *action), False, " ".join(action))
    tell(c, c.run(place, "archive", "forget", a), False, "forget")
    tell(c, c.run(place, "archive", "purge", "--older", "1h", "--dry-run"),
         False, "purge")


def faults_tell_nothing(c):
    """What verify and reindex say of damages."""
    place = c.path()
    a, b = two_fobs(c, place)
    folder = place + "/recordings/"
    for name in os.listdir(folder):
        if name.endswith("meta"):
            with open(folder + name) as f:
                text = f.read()
            with open(folder + name, "w") as f:
                f.write(text.replace('"core:sample_start"', '"sample_start"')
                        .replace("0C0FFEE", "0C0FFEE\\u0001"))
    run = c.run(place, "archive", "verify", code=1)
    tell(c, run, False, "verify of damages")
    tell(c, c.run(place, "archive", "verify", "--json", code=1), False,
         "verify --json of damages")
    tell(c, c.run(place, "archive", "reindex", code=None), False,
         "reindex of damages")


def pseudonyms(c):
    """The same for a fob in one archive, another in another."""
    first, second = c.path(), c.path()
    found = []
    for place in (first, second):
        a, b = two_fobs(c, place)
        have = c.list(place)
        full = c.list(place, "--full")
        names = {}
        for number in (a, b):
            for masked, open_one in zip(have[number]["fobs"],
                                        full[number]["fobs"]):
                names.setdefault(open_one["id"], set()).add(masked["fob"])
        c.same("fobs", sorted(names), ["0C0FFEE", "5EA51DE"])
        c.check(all(len(x) == 1 for x in names.values()),
                "one pseudonym each: %s" % names)
        c.check(all(re.fullmatch("fob-[0-9a-f]{8}", y)
                    for x in names.values() for y in x), "of this form")
        found.append({k: v.pop() for k, v in names.items()})
        text = c.run(place, "archive", "show", a, b)
        for name in found[-1].values():
            c.check(name in text.out, "show has it: " + name, text)
            c.check(a in c.run(place, "archive", "list", "--id", name).out or
                    b in c.run(place, "archive", "list", "--id", name).out,
                    "it is found by it: " + name)
        c.run(place, "archive", "reindex")
        c.check(c.list(place) == have, "reindex changes none")
    names = [*found[0].values(), *found[1].values()]
    c.same("different ones", len(set(names)), 4)


def given_away(c):
    """A .sigmf has none of the owner's words, unless they are wanted."""
    place = c.path()
    a, b = two_fobs(c, place)
    for options, is_full in (([], False), (["--full"], True)):
        out = c.path()
        run = c.run(place, "archive", "export", "--sigmf", *options, "-o",
                    out, a, b)
        c.check("codes" in run.err, "it says what is given away", run)
        with tarfile.open(out) as archive:
            text = b"".join(archive.extractfile(x).read()
                            for x in archive.getnames() if "meta" in x)
            about = archive.getmembers()
        for word in WORDS.values():
            c.check((json.dumps(word).strip('"').encode() in text) == is_full,
                    "%s: full %s" % (word, is_full))
        c.check(all((x.mtime, x.uid, x.gid, x.uname, x.gname) ==
                    (0, 0, 0, "", "") for x in about),
                "it does not tell whose it was: %s" %
                [(x.mtime, x.uid, x.uname) for x in about])
        c.check(os.path.basename(place).encode() not in text,
                "nor where it was")
    for how in ("--wav", "--flac", "--cu8"):
        out = c.path()
        c.run(place, "archive", "export", how, "-o", out, a)
        c.check(not any(word.encode() in content(out)
                        for word in WORDS.values()), how + ": no words")


def forgotten(c):
    """Nothing of it is left in the files of the archive."""
    place = c.path()
    a, b = two_fobs(c, place)
    c.run(place, "archive", "forget", a, b)
    left = []
    for where, folders, files in os.walk(place):
        for name in files:
            data = content(os.path.join(where, name))
            left += ["%s in %s" % (x, name) for x in
                     [*secrets(), *WORDS.values()] if x.encode() in data]
    c.check(not left, "nothing is left: %s" % left)


sys.exit(kept.main([masks, while_it_runs, existing_parent, shown,
                    faults_tell_nothing, pseudonyms, given_away, forgotten]))
