"""faults - a process dies, or its disk is full, at each change it makes.

For each command: how many changes it makes to files is counted once; then it
is run once for each of them, on a copy of the same archive.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import re
import shutil
import sqlite3
import sys

import kept
from kept import content, copy, folder, id_of

RECORDINGS = {}
BASE = {}


class Command:
    """What is run, on what, and what must hold after it.

    kept: recordings that are there whatever happens; one of goes may go.
    """

    def __init__(self, base, *arguments, kept=(), goes=(), judge=None):
        self.base, self.arguments = base, arguments
        self.kept, self.goes, self.judge = kept, goes, judge


def file(name):
    return RECORDINGS[name]


def number(name):
    return id_of(content(file(name)))


def base(c, name):
    """Archives to begin with, made once: none, two recordings that belong
    together, the same with a damaged index."""
    if not RECORDINGS:
        RECORDINGS.update(kept.recordings())
    if not BASE:
        where = os.path.join(kept.FOLDER, "base")
        os.mkdir(where)
        BASE["none"] = os.path.join(where, "none")
        BASE["two"] = os.path.join(where, "two")
        c.run(BASE["two"], "archive", "add", "--label", "old", "--collection",
              "Both", file("n0"), file("fob"))
        BASE["corrupt"] = copy(BASE["two"], os.path.join(where, "corrupt"))
        with open(os.path.join(BASE["corrupt"], "index.sqlite"), "r+b") as f:
            f.write(b"no database at all")
    return BASE[name]


def begin(c, command):
    place = c.path()
    if os.path.isdir(base(c, command.base)):
        copy(base(c, command.base), place)
    return place


def attempt(c, command, what):
    """The command under a fault: its archive, run and changes."""
    place, log = begin(c, command), c.path()
    out = os.path.join(place + "-out")
    os.mkdir(out)
    arguments = [x.replace("OUT", out) for x in command.arguments]
    run = c.run(place, *arguments, code=None, faults=(log, what))
    changes = []
    if os.path.exists(log):
        changes = content(log).decode().split("\n")[:-1]
        os.unlink(log)
    return place, out, run, changes


def judge(c, command, what, place, out, run):
    """All that must hold of what a fault has left behind."""
    kept_ids = {*command.kept, *run.ids("kept", "is there", "relabelled")}
    gone = set()
    if "forget" in command.arguments:
        gone = {x for x in run.ids() if x in command.goes}
    if command.base == "corrupt":
        mend(c, place, what, run)
    have = c.whole(place, what, kept_ids - gone, gone)
    if command.judge:
        command.judge(c, what, place, out, run, have)
    if number("fob") in have and next(kept.numbers) % 4 == 0:
        c.same(what + ": frames", len(c.frames(place, number("fob"))), 1)
    more = c.run(place, "archive", "add", file("n3"))
    c.same(what + ": added", more.ids("kept"), [number("n3")], more)
    c.tidy(place, what)
    c.pairs(place, what + ", then", {*have, number("n3")})
    shutil.rmtree(place)
    shutil.rmtree(out)


def mend(c, place, what, run):
    """The index is damaged as before, or it is right."""
    found = c.run(place, "archive", "list", code=None)
    if found.code != 0:
        c.same(what + ": exit status of list", found.code, 4, found)
        c.check("fobscope archive reindex" in found.err,
                what + ": it says what helps", found)
        c.run(place, "archive", "reindex")


def has_failed_well(c, what, run):
    """It ended, and if it did not do it all, said so: a sentence a file."""
    c.check(run.code in (0, 4), what + ": it ends well", run)
    if run.code == 4:
        c.sentence(run, max(1, sum(x.endswith(".cu8")
                                   for x in run.arguments)))
        c.check(re.search(r"/|\.cu8|\.sigmf-", run.err), what +
                ": it names a file", run)
    return run.code == 4


def points_of(changes):
    """Where the command is stopped. What only syncs leaves the files as they
    are, and a full disk is found by what needs room."""
    n = range(1, len(changes) + 1)
    syncs = ("fsync", "fdatasync")
    writes = ("write", "writev", "pwrite64")
    points = [("kill", k) for k in n
              if k == 1 or changes[k - 2][0] not in syncs]
    points += [("full", k) for k in n if changes[k - 1][1] == "room"]
    points += [("tear", k) for k in n if changes[k - 1][0] in writes][::3]
    points += [("eio", k) for k in n][::4]
    return points


def on_the_disk(c, changes):
    """In the order that a plug pulled needs: what gets a name was synced after
    it was written, and names of recordings are synced as well."""
    synced, named = set(), 0
    for call, _, path in changes:
        name = os.path.basename(path)
        if call in ("write", "writev", "pwrite64") and "sqlite" not in name:
            synced.discard(name)
        elif call in ("fsync", "fdatasync"):
            synced.add(name)
            if name == "recordings":
                named = 0
        elif call in ("rename", "link"):
            c.check(name in synced, "%s is synced before it gets its name" %
                    path)
            synced.add(re.sub(r"\.part$", "", name))
        elif call == "renameat":
            c.check(name in synced, "%s is synced before it is moved" % name)
            named += 1
        elif call == "unlinkat" and name.startswith(("fob_", "col_")):
            named += 1
    c.same("names that are not synced", named, 0)


def go_through(c, command):
    place, out, run, changes = attempt(c, command, "none")
    c.same("exit status", run.code, 0, run)
    if not c.check(changes, "changes are counted", run):
        return
    judge(c, command, "no fault", place, out, run)
    on_the_disk(c, [x.split(maxsplit=3)[1:] for x in changes])
    failed = {}

    def one(point):
        act, k = point
        what = "%s %d of %d (%s)" % (act, k, len(changes),
                                     changes[k - 1].split()[1])
        place, out, run, _ = attempt(c, command, "%s:%d" % (act, k))
        if act in ("kill", "tear"):
            c.same(what + ": exit status", run.code, -9, run)
        else:
            failed[point] = has_failed_well(c, what, run)
        judge(c, command, what, place, out, run)

    points = points_of([x.split()[1:] for x in changes])
    points = points[::kept.STEP]
    c.each(one, points)
    c.say("%d changes, %d points, %d of %d failures are told" % (
        len(changes), len(points), sum(failed.values()), len(failed)))
    c.check(sum(failed.values()) > len(failed) / 3, "failures are told")


def first_add(c):
    base(c, "none")
    go_through(c, Command("none", "archive", "add", file("n0")))


def add_two(c):
    base(c, "two")
    go_through(c, Command("two", "archive", "add", file("n1"), file("n2"),
                          kept=(number("n0"), number("fob"))))


def relabel(c):
    base(c, "two")

    def label(c, what, place, out, run, have):
        now = have[number("n0")].get("label")
        c.check(now == "new" or (now == "old" and not run.ids("relabelled")),
                "%s: the label is %s" % (what, now), run)

    go_through(c, Command("two", "archive", "add", "--label", "new",
                          file("n0"), kept=(number("n0"), number("fob")),
                          judge=label))


def collect(c):
    base(c, "two")

    def collection(c, what, place, out, run, have):
        shown = c.document(place, "show", number("n1")) \
            if number("n1") in have else {"recordings": [{"collections": []}]}
        titles = [x["title"]
                  for x in shown["recordings"][0]["collections"]]
        c.check(titles == ["Three"] or
                (not titles and "2 recordings of" not in run.out),
                "%s: it is in %s" % (what, titles), run)

    go_through(c, Command("two", "archive", "add", "--collection", "Three",
                          file("n0"), file("n1"),
                          kept=(number("n0"), number("fob")),
                          judge=collection))


def forget(c):
    base(c, "two")
    go_through(c, Command("two", "archive", "forget", number("n0"),
                          kept=(number("fob"),), goes=(number("n0"),)))


def reindex(c):
    base(c, "two")
    go_through(c, Command("two", "archive", "reindex",
                          kept=(number("n0"), number("fob"))))


def reindex_corrupt(c):
    base(c, "corrupt")
    go_through(c, Command("corrupt", "archive", "reindex",
                          kept=(number("n0"), number("fob"))))


def export(c, *how):
    """What bears the name is whole; a second attempt makes it."""
    base(c, "two")
    good = c.path("good")
    os.mkdir(good)
    c.run(base(c, "two"), "archive", "export", *how, "-o", good + "/x",
          number("fob"))

    def exported(c, what, place, out, run, have):
        c.same(what + ": archive", sorted(have),
               sorted((number("n0"), number("fob"))))
        if run.code == 4:
            c.same(what + ": left over", folder(out), [], run)
        if os.path.exists(out + "/x"):
            c.check(content(out + "/x") == content(good + "/x"),
                    what + ": what is exported is whole", run)
        else:
            c.check(run.code != 0 and not run.out, what +
                    ": told, and not there", run)
        again = c.run(place, "archive", "export", *how, "-o", out + "/x",
                      number("fob"), code=None)
        if again.code != 0:
            c.sentence(again)
            there = folder(out)
            c.check(any(out + "/%s:" % x in again.err for x in there),
                    what + ": names what is there", again)
            for name in there:
                os.unlink(os.path.join(out, name))
            c.run(place, "archive", "export", *how, "-o", out + "/x",
                  number("fob"))
        c.same(what + ": exported", folder(out), ["x"])

    go_through(c, Command("two", "archive", "export", *how, "-o", "OUT/x",
                          number("fob"),
                          kept=(number("n0"), number("fob")),
                          judge=exported))


def export_sigmf(c):
    export(c, "--sigmf")


def export_wav(c):
    export(c, "--wav")


def old_index(c):
    """What sqlite3 of Python's reads in the index is what we think it is."""
    place = base(c, "two")
    with sqlite3.connect("file:%s/index.sqlite?immutable=1" % place,
                         uri=True) as database:
        rows = database.execute("SELECT id FROM recording").fetchall()
        open_changes = database.execute("SELECT * FROM intended").fetchall()
    c.same("rows", sorted(x for x, in rows),
           sorted((number("n0"), number("fob"))))
    c.same("changes left open", open_changes, [])


sys.exit(kept.main([first_add, add_two, relabel, collect, forget, reindex,
                    reindex_corrupt, export_sigmf, export_wav, old_index]))
