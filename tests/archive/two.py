"""two - several processes use one archive at once.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import sys
import threading

import kept
from kept import content, id_of, noise, write

ROUNDS = 8


def noises(c, n):
    return [write(c.path("n%d_250k.cu8" % i), noise(4000, i))
            for i in range(n)]


def together(c, place, *commands):
    """All at once, to their ends, which are good ones."""
    under_way = [c.start(place, *x) for x in commands]
    runs = [c.finish(process) for process in under_way]
    for run in runs:
        c.same("exit status", run.code, 0, run)
        c.check(not run.err, "nothing is said", run)
    return runs


def rounds():
    return range(max(2, ROUNDS // kept.STEP))


def same_file(c):
    fob = kept.recordings()["fob"]
    for n in (2, 4):
        for i in rounds():
            place = c.path()
            runs = together(c, place, *[["archive", "add", fob]] * n)
            words = sorted(x.out.split("  ")[1] for x in runs)
            c.same("%d processes tell" % n, words,
                   ["is there"] * (n - 1) + ["kept"])
            c.whole(place, "same file", ids=[id_of(content(fob))])
            c.tidy(place, "same file")


def different_files(c):
    """And the fob by all of them: it has one pseudonym."""
    files, fob = noises(c, 12), kept.recordings()["fob"]
    ids = [id_of(content(x)) for x in [*files, fob]]
    for n in (2, 4):
        for i in rounds():
            place = c.path()
            together(c, place, *[["archive", "add", *files[k::n], fob]
                                 for k in range(n)])
            have = c.whole(place, "different files", ids=ids)
            shown = c.list(place)[id_of(content(fob))]["fobs"]
            c.same("one fob", len(shown), 1)
            c.check(shown == have[id_of(content(fob))]["fobs"],
                    "its pseudonym stays")
            c.tidy(place, "different files")


def collections(c):
    """Two of them have a recording in common, which a third relabels."""
    files = noises(c, 6)
    for i in rounds():
        place = c.path()
        c.run(place, "archive", "add", files[0])
        together(c, place,
                 ["archive", "add", "--collection", "A", *files[:4]],
                 ["archive", "add", "--collection", "B", *files[3:], files[0]],
                 ["archive", "add", "--label", "x", files[0], files[3]],
                 ["archive", "add", "--note", "y", files[0], files[3]])
        have = c.whole(place, "collections",
                       ids=[id_of(content(x)) for x in files])
        for file in (files[0], files[3]):
            c.same("label", have[id_of(content(file))].get("label"), "x")
            shown = c.document(place, "show", id_of(content(file)))
            c.same("collections", sorted(
                x["title"] for x in shown["recordings"][0]["collections"]),
                ["A", "B"])


def readers(c):
    """Who lists, shows, decodes and verifies sees no half of a change."""
    files, fob = noises(c, 4), kept.recordings()["fob"]
    place, number = c.path(), id_of(content(fob))
    c.run(place, "archive", "add", "--collection", "All", *files, fob)
    ids = {id_of(content(x)) for x in files}
    is_over = threading.Event()
    counts = {"list": 0, "verify": 0, "decode": 0, "reindex": 0}

    def read(action):
        while not is_over.is_set() or counts[action] == 0:
            counts[action] += 1
            if action == "list":
                have = set(c.list(place))
                c.check(number in have and have <= ids | {number},
                        "list: %s" % sorted(have))
            elif action == "verify":
                damages = c.damages(place, code=None)
                c.check(not damages, "verify: %s" % damages)
            elif action == "decode":
                c.same("decode", len(c.frames(place, number)), 1)
            else:
                run = c.run(place, "archive", "reindex")
                c.check(not run.err, "reindex says nothing", run)

    threads = [threading.Thread(target=read, args=(x,)) for x in counts]
    for thread in threads:
        thread.start()
    try:
        for i in range(max(4, 24 // kept.STEP)):
            file = files[i % len(files)]
            told = c.run(place, "archive", "forget", id_of(content(file)))
            c.same("forgotten", told.ids(), [id_of(content(file))], told)
            told = c.run(place, "archive", "add", "--label", "l%d" % i, file,
                         fob)
            c.same("kept", told.ids("kept"), [id_of(content(file))], told)
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
    c.say("beside the changes: %s" % counts)
    c.whole(place, "in the end", ids=ids | {number})
    c.tidy(place, "in the end")


def reindexers(c):
    """Of a damaged index, at once; and one who adds."""
    files = noises(c, 5)
    for i in rounds():
        place = c.path()
        c.run(place, "archive", "add", *files[:4])
        with open(place + "/index.sqlite", "r+b") as f:
            f.write(b"nothing")
        together(c, place, *[["archive", "reindex"]] * 4)
        together(c, place, ["archive", "reindex"],
                 ["archive", "add", files[4]], ["archive", "reindex"])
        c.whole(place, "reindexers", ids=[id_of(content(x)) for x in files])


sys.exit(kept.main([same_file, different_files, collections, readers,
                    reindexers]))
