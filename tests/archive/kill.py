"""kill - processes are killed at moments that chance decides.

One archive lives through all of it; what was reported stays true throughout.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import random
import signal
import subprocess
import sys
import time

import kept
from kept import content, copy, id_of, noise, write

ROUNDS = 200


class Life:
    """What an archive must have, and commands that change it."""

    def __init__(self, c, dice):
        self.c, self.dice, self.place = c, dice, c.path("archive")
        files = [write(c.path("n%d_250k.cu8" % i), noise(4000, i))
                 for i in range(10)] + [kept.recordings()["fob"]]
        self.files = {id_of(content(f)): f for f in files}
        self.have = set()
        self.seconds = {}

    def command(self, others):
        """One that has nothing to do with the recordings of others."""
        free = sorted(set(self.files) - others)
        there = [x for x in free if x in self.have]
        kind = self.dice.choice(["add", "add", "forget", "reindex", "label"])
        if kind == "forget" and there:
            x = self.dice.choice(there)
            return kind, [x], ["archive", "forget", x]
        if kind == "label" and there:
            x = self.dice.choice(there)
            return kind, [x], ["archive", "add", "--label",
                               "l%d" % self.dice.randrange(99), x]
        if kind == "reindex":
            return kind, [], ["archive", "reindex"]
        some = self.dice.sample(free, min(2, len(free)))
        return "add", some, ["archive", "add", *[self.files[x] for x in some]]

    def measure(self):
        """How long each takes from start to end, on a copy."""
        place = copy(self.place, self.c.path())
        x, other = list(self.files)[:2]
        for kind, arguments in (("add", ["add", self.files[x],
                                         self.files[other]]),
                                ("label", ["add", "--label", "x", x]),
                                ("reindex", ["reindex"]),
                                ("forget", ["forget", x])):
            start = time.monotonic()
            self.c.run(place, "archive", *arguments)
            self.seconds[kind] = time.monotonic() - start

    def run(self, commands):
        """All at once; each killed after a part of its time. True: one was."""
        under_way = []
        for kind, x, arguments in commands:
            until = time.monotonic() + \
                self.dice.uniform(0, 1.2) * self.seconds[kind] * len(commands)
            under_way.append((kind, until,
                              self.c.start(self.place, *arguments)))
        killed, kept_ids, gone = 0, set(), set()
        for kind, until, process in sorted(under_way, key=lambda p: p[1]):
            try:
                process.wait(max(0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
            run = self.c.finish(process)
            is_killed = run.code == -signal.SIGKILL
            self.c.check(is_killed or run.code == 0, "it is killed, or well",
                         run)
            killed += is_killed
            if kind == "forget":
                gone |= set(run.ids())
            elif kind != "reindex":
                kept_ids |= set(run.ids())
        return killed, kept_ids, gone

    def round(self, i):
        commands, others = [], set()
        for _ in range(self.dice.choice([1, 1, 1, 2])):
            commands.append(self.command(others))
            others |= set(commands[-1][1])
        killed, kept_ids, gone = self.run(commands)
        what = "round %d: %s" % (i, " and ".join(x[0] for x in commands))
        may_go = {x for kind, some, _ in commands if kind == "forget"
                  for x in some}
        self.have = set(self.c.whole(
            self.place, what, (self.have - may_go) | kept_ids, gone))
        return killed, len(commands)


def moments(c):
    dice = random.Random(kept.SEED)
    life = Life(c, dice)
    c.run(life.place, "archive", "add", *list(life.files.values())[3:7])
    life.have = set(c.list(life.place))
    life.measure()
    rounds = [life.round(i) for i in range(ROUNDS // kept.STEP)]
    killed = sum(k for k, _ in rounds)
    c.say("seed %d: %d rounds, %d processes, %d of them killed" % (
        kept.SEED, len(rounds), sum(n for _, n in rounds), killed))
    c.check(killed > len(rounds) / 4, "%d are killed" % killed)
    c.run(life.place, "archive", "add", *life.files.values())
    c.whole(life.place, "in the end", ids=life.files)
    c.tidy(life.place, "in the end")


def first(c):
    """Where there is no archive yet."""
    dice = random.Random(kept.SEED + 1)
    fob, other = kept.recordings()["fob"], kept.recordings()["n0"]
    start = time.monotonic()
    c.run(c.path(), "archive", "add", fob)
    seconds = time.monotonic() - start
    killed = 0
    for i in range(40 // kept.STEP):
        place = c.path()
        process = c.start(place, "archive", "add", fob)
        try:
            process.wait(dice.uniform(0, 1.2) * seconds)
        except subprocess.TimeoutExpired:
            process.kill()
        run = c.finish(process)
        killed += run.code != 0
        c.whole(place, "first, %d" % i, run.ids("kept"))
        c.run(place, "archive", "add", other)
        c.whole(place, "then, %d" % i, run.ids("kept"))
        c.tidy(place, "then, %d" % i)
    c.say("seed %d: %d killed" % (kept.SEED + 1, killed))
    c.check(killed > 0, "some are killed")


def interrupted(c):
    """Ctrl-C ends it well and soon, and what was told of is there."""
    place = c.path()
    long = write(c.path("long_2048k.cu8"), noise(2048 * 1000, 1) * 10)
    process = c.start(place, "archive", "add", kept.recordings()["fob"], long,
                      kept.recordings()["n0"])
    line = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    run = c.finish(process)
    c.same("exit status", run.code, 130, run)
    told = [line.decode().split()[0]]
    c.whole(place, "interrupted", told, ids=told)
    c.tidy(place, "interrupted")
    os.unlink(long)


sys.exit(kept.main([moments, first, interrupted]))
