"""damage - every damage is named, and what can be mended is.

Each case starts from a copy of the same archive: a fob and two recordings of
noise, of which two are in a collection.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import functools
import glob
import json
import os
import shutil
import sqlite3
import sys

import kept
from kept import content, copy, id_of, write

# Sentences that verify has for each, of which one must come.
GONE = "No such file or directory"
HASH = "its samples are not those that were kept (SHA-512)"
REINDEX = "fobscope archive reindex"


@functools.cache
def base():
    files = kept.recordings()
    place = os.path.join(kept.FOLDER, "base")
    return place, {x: id_of(content(files[x])) for x in ("fob", "n0", "n1")}


def begin(c):
    """A copy of the archive, and its ids."""
    place, ids = base()
    if not os.path.isdir(place):
        files = kept.recordings()
        c.run(place, "archive", "add", "--label", "mine", files["n1"])
        c.run(place, "archive", "add", "--collection", "Both", files["fob"],
              files["n0"])
    return copy(place, c.path()), ids


def half(place, number, ending):
    found = glob.glob("%s/recordings/fob_%s_*.sigmf-%s" % (place, number,
                                                            ending))
    assert len(found) == 1, found
    return found[0]


def named(c, place, what, *sentences, ids=None):
    """verify names each, and nothing besides."""
    found = c.damages(place)
    for sentence in sentences:
        c.check(any(what in x and sentence in x for x in found),
                "%s: %s: named in %s" % (what, sentence, found))
    c.same("damages", len(found), len(sentences)) or c.check(
        False, "they are: %s" % found)
    run = c.run(place, "archive", "verify", code=1)
    for sentence in sentences:
        c.check(sentence in run.out, "the table has it as well", run)
    for number in ids or ():
        run = c.run(place, "archive", "verify", number, code=1)
        c.check(what in run.out and sentences[0] in run.out,
                "verify of this one names it", run)
    c.check("damage" in run.out, "the last line counts", run)
    return found


def others(c, place, *numbers):
    """They are as they were."""
    have = c.list(place)
    for number in numbers:
        c.check(number in have, number + ": is listed")
        c.run(place, "archive", "verify", number)
        c.run(place, "decode", number)


def reindexed(c, place, code, *numbers):
    run = c.run(place, "archive", "reindex", code=code)
    if code:
        c.check(run.err.startswith("fobscope: "), "reindex says why", run)
    others(c, place, *numbers)
    return run


def truncated_data(c):
    place, ids = begin(c)
    path = half(place, ids["fob"], "data")
    os.truncate(path, 1000)
    named(c, place, "fob_" + ids["fob"], HASH,
          "number of samples than the file", "annotation", ids=[ids["fob"]])
    others(c, place, ids["n0"], ids["n1"])
    reindexed(c, place, 0, ids["n0"], ids["n1"])
    c.check(ids["fob"] in c.list(place), "it is still listed")


def flipped_byte(c):
    place, ids = begin(c)
    for number in (ids["fob"], ids["n0"]):
        path = half(place, number, "data")
        with open(path, "r+b") as f:
            f.seek(os.path.getsize(path) // 2)
            byte = f.read(1)
            f.seek(-1, os.SEEK_CUR)
            f.write(bytes([byte[0] ^ 1]))
        shutil.copystat(half(place, number, "meta"), path)
    found = c.damages(place)
    c.same("damages", [HASH in x for x in found], [True, True])
    c.check(all(any(x in y for y in found) for x in (ids["fob"], ids["n0"])),
            "both are named: %s" % found)
    others(c, place, ids["n1"])
    reindexed(c, place, 0, ids["n1"])
    c.same("reindex mends no samples", len(c.damages(place)), 2)


def deleted_data(c):
    place, ids = begin(c)
    os.unlink(half(place, ids["n1"], "data"))
    found = c.damages(place)
    c.check(any("fob_%s" % ids["n1"] in x and ".sigmf-data: " + GONE in x
                for x in found), "it is named: %s" % found)
    run = c.refused(place, "decode", ids["n1"])
    c.check(ids["n1"] in run.err, "it names what is gone", run)
    c.refused(place, "archive", "export", "--cu8", "-o", c.path(), ids["n1"])
    others(c, place, ids["fob"], ids["n0"])
    reindexed(c, place, 1, ids["fob"], ids["n0"])
    c.run(place, "archive", "forget", ids["n1"])
    c.whole(place, "forgotten", ids=(ids["fob"], ids["n0"]))


def lost_samples_come_back(c):
    """Who adds the same file again has it again, and the label it had."""
    file = kept.recordings()["n1"]
    for damage in (os.unlink, lambda x: os.truncate(x, 100),
                   lambda x: write(x, bytes(10000))):
        for is_reindexed in (False, True):
            place, ids = begin(c)
            damage(half(place, ids["n1"], "data"))
            c.check(c.damages(place), "there is a damage")
            if is_reindexed:
                c.run(place, "archive", "reindex", code=None)
            run = c.run(place, "archive", "add", file)
            c.same("is there", run.ids("is there"), [ids["n1"]], run)
            have = c.whole(place, "as it was", ids=ids.values())
            c.same("label", have[ids["n1"]]["label"], "mine")
            c.check(content(half(place, ids["n1"], "data")) == content(file),
                    "its samples are back")


def deleted_meta(c):
    place, ids = begin(c)
    path = half(place, ids["n1"], "meta")
    os.unlink(path)
    name = os.path.basename(path)[:-len(".sigmf-meta")]
    named(c, place, name, "samples without metadata",
          "is in the index, and its files are gone")
    run = c.refused(place, "archive", "show", ids["n1"])
    c.check(name in run.err, "it names the file", run)
    others(c, place, ids["fob"], ids["n0"])
    reindexed(c, place, 0, ids["fob"], ids["n0"])
    named(c, place, name + ".sigmf-data", "samples without metadata")


def broken_meta(c):
    for text in (b"{", b"", b"[]", b"null", b"\xff\xfe", b'{"global": 7}',
                 b"[" * 100000):
        place, ids = begin(c)
        write(half(place, ids["n1"], "meta"), text)
        found = c.damages(place)
        c.check(found and all("fob_" + ids["n1"] in x for x in found),
                "%s: it is named: %s" % (text[:9], found))
        c.refused(place, "decode", ids["n1"])
        c.refused(place, "archive", "export", "--cu8", "-o", c.path(),
                  ids["n1"])
        others(c, place, ids["fob"], ids["n0"])
        reindexed(c, place, 1, ids["fob"], ids["n0"])
        c.check(os.path.exists(half(place, ids["n1"], "data")),
                "reindex deletes nothing")


def edited_meta(c):
    """By hand, in an editor: the file is right, the index follows."""
    place, ids = begin(c)
    path = half(place, ids["n1"], "meta")
    with open(path) as f:
        document = json.load(f)
    c.same("its label", document["global"]["fob:label"], "mine")
    document["global"]["fob:label"] = "edited"
    with open(path, "w") as f:
        json.dump(document, f)
    named(c, place, "fob_" + ids["n1"], "the index has another label than the "
          "file: \"fobscope archive reindex\"", ids=[ids["n1"]])
    reindexed(c, place, 0, *ids.values())
    c.same("label", c.list(place)[ids["n1"]]["label"], "edited")
    c.whole(place, "edited", ids=ids.values())


def edited_member(c):
    """The collection has the hash of the metadata as it was."""
    place, ids = begin(c)
    path = half(place, ids["n0"], "meta")
    write(path, content(path) + b"\n")
    named(c, place, "col_", "fob_%s_250k: its metadata is not what the "
          "collection has" % ids["n0"])
    run = reindexed(c, place, None, *ids.values())
    c.say("reindex after a member was edited: exit %d, then %s" % (
        run.code, c.damages(place, code=None)))


def foreign_file(c):
    place, ids = begin(c)
    write(place + "/recordings/holiday.jpg", b"x")
    os.mkdir(place + "/recordings/folder")
    found = c.damages(place)
    for name in ("holiday.jpg", "folder"):
        c.check(name + ": is no file of the archive" in found,
                "%s: named in %s" % (name, found))
    reindexed(c, place, 0, *ids.values())
    c.check(os.path.exists(place + "/recordings/holiday.jpg"), "it stays")


def orphan_data(c):
    place, ids = begin(c)
    write(place + "/recordings/fob_0123456789_250k.sigmf-data", b"xx")
    named(c, place, "fob_0123456789_250k.sigmf-data",
          "samples without metadata")
    reindexed(c, place, 0, *ids.values())


def wrong_mode(c):
    place, ids = begin(c)
    os.chmod(half(place, ids["fob"], "data"), 0o644)
    os.chmod(half(place, ids["n0"], "meta"), 0o640)
    found = c.damages(place)
    c.same("damages", len(found), 2)
    for number, mode in ((ids["fob"], "644"), (ids["n0"], "640")):
        c.check(any(number in x and "others may read it (mode %s)" % mode in x
                    for x in found), "%s is named: %s" % (number, found))


def wrong_modes_elsewhere(c):
    """Of the folders, the index and the key: they tell as much."""
    for name, mode in (("recordings", 0o755), ("", 0o755),
                       ("index.sqlite", 0o644), ("key", 0o644)):
        place, ids = begin(c)
        os.chmod(os.path.join(place, name), mode)
        run = c.run(place, "archive", "verify", code=None)
        c.say("mode %o of %s: verify exits %d%s" % (
            mode, name or "the archive", run.code, "" if run.code == 0 else
            ": " + run.out.splitlines()[0]))
        c.run(place, "archive", "add", kept.recordings()["n2"])


def wrong_name(c):
    place, ids = begin(c)
    for ending in ("data", "meta"):
        path = half(place, ids["n1"], ending)
        os.rename(path, path.replace("_250k", "_300k"))
    found = c.damages(place)
    c.check(any("should be called fob_%s_250k" % ids["n1"] in x
                for x in found), "it is named: %s" % found)


def lost_member(c):
    place, ids = begin(c)
    for ending in ("data", "meta"):
        os.unlink(half(place, ids["n0"], ending))
    found = named(c, place, "", "fob_%s_250k: %s" % (ids["n0"], GONE),
                  "is in the index, and its files are gone")
    c.check(any("col_" in x for x in found), "the collection is named")
    others(c, place, ids["fob"], ids["n1"])
    reindexed(c, place, None, ids["fob"], ids["n1"])
    c.say("reindex without a member: then %s" % c.damages(place, code=None))


def broken_collection(c):
    for text in (b"{", b"{}", b'{"collection": 1}', b"[]"):
        place, ids = begin(c)
        path = glob.glob(place + "/recordings/col_*")[0]
        write(path, text)
        found = c.damages(place)
        c.check(found and all("col_" in x for x in found),
                "%s: it is named: %s" % (text, found))
        others(c, place, *ids.values())
        reindexed(c, place, None, *ids.values())


def odd_files(c):
    """No pipe is waited for, no link is followed."""
    for ending in ("data", "meta", "collection"):
        for kind in ("pipe", "link", "folder"):
            place, ids = begin(c)
            path = glob.glob(place + "/recordings/col_*")[0] \
                if ending == "collection" else half(place, ids["n1"], ending)
            os.rename(path, path + ".away")
            shutil.move(path + ".away", place + "/away")
            if kind == "pipe":
                os.mkfifo(path, 0o600)
            elif kind == "link":
                os.symlink(place + "/away", path)
            else:
                os.mkdir(path)
            found = c.damages(place)
            c.check(any(os.path.basename(path) in x and "no regular file" in x
                        for x in found), "%s %s: named: %s" % (ending, kind,
                                                               found))
            others(c, place, ids["fob"], ids["n0"])
            c.run(place, "archive", "reindex", code=None)
            others(c, place, ids["fob"], ids["n0"])


def newer_index(c):
    place, ids = begin(c)
    with sqlite3.connect(place + "/index.sqlite") as database:
        database.execute("PRAGMA user_version = 99")
    database.close()
    told_what_helps(c, place, ids, "newer fobscope (version 99")
    reindexed(c, place, 0, *ids.values())
    c.whole(place, "older again", ids=ids.values())


def told_what_helps(c, place, ids, sentence):
    """Nothing works but verify and reindex, and that is said."""
    for arguments in (["list"], ["show", ids["fob"]], ["verify", ids["fob"]],
                      ["forget", ids["fob"]],
                      ["add", kept.recordings()["n2"]],
                      ["export", "--cu8", ids["fob"]]):
        run = c.refused(place, "archive", *arguments)
        c.check(REINDEX in run.err or "archive verify" in run.err,
                "it says what helps", run)
    found = c.damages(place)
    c.check(any("index.sqlite" in x and REINDEX in x and sentence in x
                for x in found), "%s: verify names it: %s" % (sentence, found))
    c.check(not any("fob_" in x for x in found), "only that: %s" % found)


def corrupt_index(c):
    def header(path):
        with open(path, "r+b") as f:
            f.write(b"\x5a" * 100)

    def truncated(path):
        os.truncate(path, 10000)

    for damage in (header, truncated):
        place, ids = begin(c)
        damage(place + "/index.sqlite")
        told_what_helps(c, place, ids, "is damaged")
        reindexed(c, place, 0, *ids.values())
        c.whole(place, damage.__name__, ids=ids.values())
        c.tidy(place, damage.__name__)


def scribbled_index(c):
    """Page by page: it is seen, or what is read is right."""
    place, ids = begin(c)
    pages = os.path.getsize(place + "/index.sqlite") // 4096
    seen = 0
    for page in range(pages):
        place, ids = begin(c)
        with open(place + "/index.sqlite", "r+b") as f:
            f.seek(4096 * page + 100)
            f.write(os.urandom(0) + bytes((7 * i + page) % 256
                                          for i in range(3996)))
        found = c.damages(place, code=None)
        run = c.run(place, "archive", "list", "--json", code=None)
        if run.code == 0:
            have = {x["id"] for x in json.loads(run.out)["recordings"]}
            c.check(have == set(ids.values()) or found,
                    "page %d: the list is whole, or verify says not" % page)
        else:
            c.same("page %d: exit status" % page, run.code, 4, run)
            c.check(REINDEX in run.err, "page %d: it says what helps" % page,
                    run)
        seen += bool(found)
        reindexed(c, place, 0, *ids.values())
        c.whole(place, "page %d" % page, ids=ids.values())
    c.say("%d of %d damaged pages are seen" % (seen, pages))
    c.check(seen > pages / 2, "most are seen")


def no_index(c):
    """Zero bytes, none, and one of another program's: made anew."""
    def empty(path):
        os.truncate(path, 0)

    for damage in (empty, os.unlink):
        place, ids = begin(c)
        damage(place + "/index.sqlite")
        run = c.run(place, "archive", "verify", code=None)
        c.say("verify without an index: exit %d, %d lines" % (
            run.code, len(run.out.splitlines())))
        c.same("list", sorted(c.list(place)), sorted(ids.values()))
        c.whole(place, "no index", ids=ids.values())
        shown = c.document(place, "show", ids["fob"])
        c.same("collection", [
            x["title"] for x in shown["recordings"][0]["collections"]],
            ["Both"])
    place, ids = begin(c)
    os.unlink(place + "/index.sqlite")
    with sqlite3.connect(place + "/index.sqlite") as database:
        database.execute("CREATE TABLE recording (x)")
    database.close()
    run = c.run(place, "archive", "list", code=None)
    c.same("another program's: exit status", run.code, 4, run)
    c.check(REINDEX in run.err, "it says what helps", run)
    reindexed(c, place, None, *ids.values())


def folder_for_index(c):
    place, ids = begin(c)
    os.unlink(place + "/index.sqlite")
    os.mkdir(place + "/index.sqlite")
    for arguments in (["list"], ["reindex"],
                      ["add", kept.recordings()["n2"]]):
        run = c.refused(place, "archive", *arguments)
        c.check("index.sqlite" in run.err, "it names the index", run)
    os.rmdir(place + "/index.sqlite")
    run = c.run(place, "archive", "verify", code=1)
    c.check("index.sqlite: is not there" in run.out, "it is missed", run)
    c.run(place, "archive", "list")  # which makes it anew
    c.whole(place, "it is gone", ids=ids.values())


def stale_log(c):
    """Of another index, or of none."""
    for name in ("index.sqlite-wal", "index.sqlite-shm",
                 "index.sqlite-journal"):
        place, ids = begin(c)
        write(os.path.join(place, name), bytes(range(256)) * 40)
        c.whole(place, "stale " + name, ids=ids.values())
        c.run(place, "archive", "add", kept.recordings()["n2"])
        c.check(len(c.list(place)) == 4, "another is added")


def keys(c):
    """Without its key an archive has other pseudonyms, and all else."""
    place, ids = begin(c)
    before = c.list(place)[ids["fob"]]["fobs"][0]["fob"]
    os.unlink(place + "/key")
    c.whole(place, "no key", ids=ids.values())
    after = c.list(place)[ids["fob"]]["fobs"][0]["fob"]
    c.check(after != before, "another pseudonym")
    c.same("its key", os.stat(place + "/key").st_mode & 0o777, 0o600)
    run = c.run(place, "archive", "list", "--id", after)
    if ids["fob"] not in run.out:
        c.say("a new pseudonym is found by list --id after reindex alone")
    c.run(place, "archive", "reindex")
    run = c.run(place, "archive", "list", "--id", after)
    c.check(ids["fob"] in run.out, "it is found by it", run)
    write(place + "/key", b"short")
    for action in ("list", "verify", "reindex"):
        run = c.refused(place, "archive", action)
        c.check("key" in run.err and REINDEX in run.err,
                "it names the key and what helps", run)
    os.unlink(place + "/key")
    reindexed(c, place, 0, *ids.values())


def work_of_the_dead(c):
    """And of nobody: it goes with the next change."""
    place, ids = begin(c)
    os.makedirs(place + "/work/abc123/deep")
    write(place + "/work/abc123/deep/g001.part", b"x")
    write(place + "/work/abc123/g001.part", b"x")
    c.damages(place, code=0)
    c.run(place, "archive", "add", kept.recordings()["n2"])
    c.tidy(place, "work of the dead")


def no_archive(c):
    """Nothing yet, a file in its place, a name that cannot be."""
    place = c.path()
    for action in ("list", "verify", "reindex"):
        run = c.run(place, "archive", action, code=None)
        c.check("nothing is kept in " + place in run.err, "it says so", run)
        c.same(action + ": exit status", run.code, 0, run)
    c.refused(place, "archive", "show", "abc")
    c.refused(place, "archive", "export", "--wav", "abc")
    c.check(not os.path.exists(place), "nothing is made by it")
    write(place, b"x")
    for action in (["list"], ["verify"], ["add", kept.recordings()["n0"]]):
        run = c.refused(place, "archive", *action)
        c.check(place in run.err, "it names the place", run)
    c.refused("/" + 5000 * "x", "archive", "list")


sys.exit(kept.main([
    truncated_data, flipped_byte, deleted_data, lost_samples_come_back,
    deleted_meta, broken_meta, edited_meta, edited_member, foreign_file,
    orphan_data, wrong_mode, wrong_modes_elsewhere, wrong_name, lost_member,
    broken_collection, odd_files, newer_index, corrupt_index, scribbled_index,
    no_index, folder_for_index, stale_log, keys, work_of_the_dead,
    no_archive]))
