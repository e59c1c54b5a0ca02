"""disk - the disk is full, or may not be written.

A real one: a small tmpfs, mounted in a namespace of our own. Where nothing may
be mounted the preload plays a full disk instead.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import shutil
import stat
import subprocess
import sys

import kept
from kept import folder, noise, tree, write

MARK = "FOBSCOPE_TEST_MOUNTS"
NOBODY = 65534


def mount(place, options):
    os.makedirs(place, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place],
                   check=True)
    return place


def fill(path):
    """To the last byte."""
    with open(path, "wb", buffering=0) as f:
        for size in (65536, 4096, 1):
            try:
                while True:
                    f.write(bytes(size))
            except OSError:
                pass


def noises(c, n, samples):
    return [write(c.path("n%d_250k.cu8" % i), noise(samples, i))
            for i in range(n)]


def add_until_full(c, place, files):
    """What was reported until the first that found no room."""
    told = []
    for file in files:
        run = c.run(place, "archive", "add", file, code=None)
        told += run.ids("kept")
        if run.code != 0:
            says_full(c, run)
            c.check(not run.out, "nothing is told", run)
            return told
    c.check(False, "the disk is full")
    return told


def says_full(c, run):
    c.same("exit status on a full disk", run.code, 4, run)
    c.sentence(run)
    c.check("No space left" in run.err, "it says what is full", run)


def reads(c, place, told, what):
    """All that needs no room."""
    have = c.whole(place, what, told)
    c.same(what + ": list", sorted(have), sorted(told))
    shown = c.run(place, "archive", "show", told[0])
    c.check(told[0] in shown.out, what + ": show", shown)
    c.run(place, "decode", told[0])


def full_disk(c):
    disk = mount(c.path("disk"), "size=1500k")
    place = os.path.join(disk, "archive")
    files = noises(c, 40, 50000)
    told = add_until_full(c, place, files)
    c.check(len(told) > 5, "some found room: %d" % len(told))
    c.say("%d recordings found room" % len(told))
    reads(c, place, told, "full")
    fill(os.path.join(disk, "filler"))
    reads(c, place, told, "full to the last byte")
    c.run(place, "archive", "reindex")  # in the room that is kept for it
    for arguments in (["add", files[-1]], ["add", "--label", "x", told[0]]):
        says_full(c, c.run(place, "archive", *arguments, code=None))
    reads(c, place, told, "full, after what failed")
    run = c.run(place, "archive", "forget", told[0])
    c.same("forgotten", run.ids(), told[:1], run)
    reads(c, place, told[1:], "one forgotten")
    again = c.run(place, "archive", "add", c.path("n0_250k.cu8"), code=None)
    if again.code != 0:  # the index has grown: one more
        c.run(place, "archive", "forget", told[1])
        again = c.run(place, "archive", "add", c.path("n0_250k.cu8"))
    c.same("added again", again.ids("kept"), told[:1], again)
    c.whole(place, "added again", told[2:] + told[:1])
    os.unlink(os.path.join(disk, "filler"))
    c.run(place, "archive", "reindex")
    c.tidy(place, "in the end")


def forget_with_little_room(c):
    """Less than the index needs, and more: it is done, or nothing is."""
    files = kept.recordings()
    done = []
    for kb in range(0, 128, 8):
        what = "%d KiB of room" % kb
        disk = mount(c.path("disk%d" % kb), "size=1200k")
        place = os.path.join(disk, "archive")
        told = c.run(place, "archive", "add", "--collection", "All",
                     files["n0"], files["n1"]).ids("kept")
        filler = os.path.join(disk, "filler")
        fill(filler)
        os.truncate(filler, os.path.getsize(filler) - kb * 1024)
        run = c.run(place, "archive", "forget", told[0], code=None)
        if run.code != 0:
            says_full(c, run)
        gone = run.ids()
        done.append(bool(gone))
        c.same(what + ": told", gone, [] if run.code else told[:1], run)
        c.whole(place, what, told[len(gone):], gone)
        os.unlink(filler)
        if told[0] in c.list(place):  # a forget that failed may be ended
            c.run(place, "archive", "forget", told[0])
        c.whole(place, what + ", then all", ids=told[1:])
    c.say("to forget 10 kB works with %s KiB of room" % (
        done.index(True) * 8 if True in done else "more than 128"))


def export_to_full_disk(c):
    place = c.path()
    file = noises(c, 1, 100000)[0]
    told = c.run(place, "archive", "add", file).ids("kept")
    disk = mount(c.path("disk"), "size=64k")
    for how in ("--wav", "--flac", "--cu8", "--sigmf"):
        run = c.refused(place, "archive", "export", how, "-o", disk, told[0])
        c.check("No space left" in run.err or how == "--flac",
                how + ": it says what is full", run)
        c.same(how + ": left over", folder(disk), [])
    with open(os.path.join("/dev", "full"), "wb") as full:
        for action in ("list", "verify", "show"):
            more = told if action == "show" else []
            run = c.run(place, "archive", action, *more, code=4, stdout=full)
            c.sentence(run)


def read_only_mount(c):
    disk = mount(c.path("disk"), "size=4m")
    place = os.path.join(disk, "archive")
    told, file = some(c, place)
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    closed(c, place, told, file, {})


def some(c, place):
    """Three recordings, and a file that is not among them."""
    files = kept.recordings()
    told = c.run(place, "archive", "add", "--collection", "All",
                 *[files[x] for x in ("fob", "n0", "n1")]).ids("kept")
    return told, files["n2"]


def closed(c, place, told, file, more):
    """What reads works, what writes says why not, nothing is changed."""
    before = tree(place)
    out = c.path("out")
    os.mkdir(out)
    os.chmod(out, 0o777)
    c.same("list", sorted(c.list(place, **more)), sorted(told))
    c.same("damages", c.damages(place, code=0, **more), [])
    for recording in told:
        run = c.run(place, "archive", "show", recording, **more)
        c.check(recording in run.out and "All" in run.out, "show", run)
    c.same("frames", len(c.frames(place, told[0], **more)), 1)
    c.run(place, "archive", "diff", told[1], told[1], **more)
    for how in ("--cu8", "--sigmf"):
        c.run(place, "archive", "export", how, "-o", out, *told, **more)
    c.same("exported", len(folder(out)), 4)
    for arguments in (["add", file], ["add", "--label", "x", told[0]],
                      ["forget", told[0]], ["reindex"],
                      ["purge", "--older", "0h"]):
        run = c.refused(place, "archive", *arguments,
                        code=2 if "purge" in arguments else 4, **more)
        c.check(place in run.err or "purge" in arguments, "it names the place",
                run)
    c.same("nothing is changed", tree(place), before)


def nobodys(place):
    """The archive is another user's; fobscope runs as that user."""
    if os.geteuid() != 0:
        return {}
    for where, folders, files in os.walk(os.path.dirname(place)):
        for name in folders + files:
            os.lchown(os.path.join(where, name), NOBODY, NOBODY)

    def become():
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    return {"preexec_fn": become}


def open_ways(c):
    """Another user gets to what is below these folders."""
    for path in (kept.FOLDER, c.folder):
        os.chmod(path, 0o777)
    return os.geteuid() != 0 or subprocess.run(
        ["test", "-x", kept.FOBSCOPE],
        preexec_fn=lambda: os.setuid(NOBODY)).returncode == 0


def read_only_folder(c):
    if not open_ways(c):
        c.skip("another user may not run " + kept.FOBSCOPE)
        return
    place = c.path("archive")
    told, file = some(c, place)
    more = nobodys(place)
    for name in ("", "recordings", "work"):
        os.chmod(os.path.join(place, name), 0o500)
    os.chmod(os.path.join(place, "index.sqlite"), 0o400)
    try:
        closed(c, place, told, file, more)
        index_and_log(c, place, told, more)
    finally:
        for name in ("", "recordings", "work"):
            os.chmod(os.path.join(place, name), 0o700)


def index_and_log(c, place, told, more):
    """The log of a process that died, and no index at all."""
    os.chmod(place, 0o700)
    log = os.path.join(place, "index.sqlite-wal")
    write(log, b"7\x7f\x06\x82" + bytes(5000))
    os.chmod(log, 0o444)
    os.chmod(place, 0o500)
    run = c.run(place, "archive", "list", "--json", code=None, **more)
    if run.code == 0:
        c.check(all(x in run.out for x in told), "with a log: list", run)
    else:
        c.same("with a log: exit status", run.code, 4, run)
        c.sentence(run)
    c.say("list of a read-only archive with a log: exit %d %s" % (
        run.code, run.err.strip()))
    os.chmod(place, 0o700)
    os.unlink(log)
    os.unlink(os.path.join(place, "index.sqlite"))
    os.chmod(place, 0o500)
    run = c.refused(place, "archive", "list", **more)
    c.check("index" in run.err, "it says that there is no index", run)


def foreign_folder(c):
    """Another user's archive, that its owner alone may look into."""
    if os.geteuid() != 0 or not open_ways(c):
        c.skip("root alone can be another user")
        return
    place = c.path("archive")
    told, file = some(c, place)
    before = tree(place)
    other = nobodys(c.path("x/x"))
    for arguments in (["list"], ["verify"], ["reindex"], ["show", told[0]],
                      ["export", "--cu8", told[0]], ["forget", told[0]],
                      ["add", file]):
        run = c.refused(place, "archive", *arguments, **other)
        c.check("ermission denied" in run.err or "cannot" in run.err,
                "it says why", run)
    c.same("nothing is changed", tree(place), before)


def played_full_disk(c):
    """Where nothing can be mounted."""
    place, log = c.path(), c.path()
    told, file = some(c, place)
    c.refused(place, "archive", "add", file, faults=(log, "full:1"))
    reads(c, place, told, "played")
    for action in (["list"], ["show", told[0]], ["verify"]):
        c.run(place, "archive", *action, faults=(log, "full:1"))


def privacy_of_work(c):
    """A process that died has left nothing that others may read."""
    place, log = c.path(), c.path()
    files = kept.recordings()
    for k in range(10, 110, 10):
        c.run(place, "archive", "add", files["fob"], code=-9,
              faults=(log, "kill:%d" % k), umask=0)
        for where, folders, names in os.walk(place):
            for name in folders + names:
                about = os.lstat(os.path.join(where, name))
                c.check(stat.S_IMODE(about.st_mode) & 0o77 == 0,
                        "killed at %d: %s: mode %o" % (k, name,
                                                       about.st_mode))
        shutil.rmtree(place)
        place = c.path()


MOUNTED = [full_disk, forget_with_little_room, export_to_full_disk,
           read_only_mount]
PLAIN = [read_only_folder, foreign_folder, played_full_disk, privacy_of_work]


def can_mount(how):
    return subprocess.run(
        [*how, "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def main():
    if MARK in os.environ:
        return kept.main(MOUNTED)
    code = kept.main(PLAIN)
    how = ["unshare", "-m"] if os.geteuid() == 0 else ["unshare", "-Urm"]
    if not can_mount(how):
        print("SKIP: nothing may be mounted here: the preload's full disk "
              "alone was tried")
        return code
    mounted = subprocess.run([*how, sys.executable, *sys.argv],
                             env=dict(os.environ, **{MARK: "1"})).returncode
    return code if mounted in (0, 77) else mounted


sys.exit(main())
