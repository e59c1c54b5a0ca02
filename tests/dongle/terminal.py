"""terminal - a program on the emulated dongle at a terminal of its own.

Standard input and error are a pseudo-terminal, standard output is a pipe as
before. What came is kept byte by byte with its time; a Screen shows what a
person has seen of it.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import fcntl
import json
import os
import random
import re
import struct
import subprocess
import termios
import time

from emulated import DEADLINE, Run

GUIDE = re.compile("(WAIT|LISTENING|HEARD|DECODED|TOO STRONG) ")
ESCAPE = re.compile(r"\x1b\[([0-9;]*)([A-Za-z])")


class Screen:
    """Rows without an end, of so many columns; knows what fobscope uses:
    carriage return, line feed, erase to the end, bold. All else is odd."""

    def __init__(self, columns):
        self.columns = columns
        self.rows, self.row, self.column = [""], 0, 0
        self.is_bold, self.wraps, self.odd = False, 0, []

    def feed(self, text):
        at = 0
        while at < len(text):
            escape = ESCAPE.match(text, at)
            if escape:
                self.obey(*escape.groups())
                at = escape.end()
            else:
                self.put(text[at])
                at += 1
        return self

    def obey(self, number, letter):
        if letter == "K" and number in ("", "0"):
            self.rows[self.row] = self.rows[self.row][:self.column]
        elif letter == "m" and number in ("", "0", "1"):
            self.is_bold = number == "1"
        else:
            self.odd.append(number + letter)

    def put(self, letter):
        if letter == "\r":
            self.column = 0
        elif letter == "\n":
            self.row += 1
            self.rows.append("")
        elif letter < " " or letter > "~":
            self.odd.append(letter)
        else:
            if self.column == self.columns:
                self.wraps += 1
                self.put("\n")
                self.column = 0
            row = self.rows[self.row].ljust(self.column)
            self.rows[self.row] = (row[:self.column] + letter +
                                   row[self.column + 1:])
            self.column += 1


class TerminalRun(Run):
    """Ctrl-C is typed, as a person does, and reaches the program as a signal
    of its own terminal."""

    def launch(self, command, environment, columns=80, term="xterm",
               more_environment=None):
        self.columns = columns
        self.master, slave = os.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 24, columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        environment = dict(environment, TERM=term)
        for key in ("COLUMNS", "NO_COLOR"):
            environment.pop(key, None)
        environment.update(more_environment or {})
        self.pieces = []  # (time, bytes) of standard error
        self.process = subprocess.Popen(
            ["setsid", "-c", *command], env=environment, stdin=slave,
            stdout=subprocess.PIPE, stderr=slave)
        os.close(slave)
        return {"out": self.process.stdout, "err": None}

    def read(self, where, pipe):
        if where == "out":
            super().read(where, pipe)
            return
        while True:
            try:
                piece = os.read(self.master, 4096)
            except OSError:  # EIO: nobody has the other end any more
                piece = b""
            if not piece:
                break
            with self.news:
                self.pieces.append((time.time(), piece))
                self.lines["err"] = [(0, x) for x in
                                     self.typescript.split("\n")]
                self.news.notify_all()
        # Gone with the last end: whether it was left as it was is asked now.
        self.after = termios.tcgetattr(self.master)
        os.close(self.master)
        with self.news:
            self.news.notify_all()

    @property
    def typescript(self):
        return b"".join(x for _, x in self.pieces).decode("ascii", "replace")

    @property
    def err(self):
        return self.typescript

    @property
    def screen(self):
        return Screen(self.columns).feed(self.typescript)

    def shown(self):
        """The rows that are left at the end."""
        return [x.rstrip() for x in self.screen.rows]

    def times_of(self, *texts):
        """When the guide's line had one of the texts after it had none. Every
        piece is looked at as it came."""
        screen, had, times = Screen(self.columns), False, []
        for when, piece in self.pieces:
            screen.feed(piece.decode("ascii", "replace"))
            row = screen.rows[screen.row]
            if not GUIDE.match(row):
                continue
            has = any(x in row for x in texts)
            if has and not had:
                times.append(when)
            had = has
        return times

    def wait_for_text(self, text, count=1, seconds=DEADLINE):
        """Whether it came so often; not, if the program ends or time is up."""
        until = time.monotonic() + seconds
        with self.news:
            while self.typescript.count(text) < count:
                left = until - time.monotonic()
                if not self.readers[1].is_alive() or left <= 0:
                    return False
                self.news.wait(min(left, 0.2))
        return True

    def type(self, text):
        os.write(self.master, text.encode())


# Where the cases have the fob, and what a check of it there costs least.
FOB_HZ = 433.93e6
BAND = ("--band", "433", "--rate", "250k")
PRESS_SECONDS = 0.31  # three copies of an HCS200
LOCK, UNLOCK = 2, 4


class Person:
    """Presses what is asked for, when asked. Times are samples', so that they
    do not depend on how fast the computer is: of a first look at what
    src/asking.c does, with some hundredths of a second for its steps."""

    def __init__(self, bands=1, seed=1):
        self.random, self.lines = random.Random(seed), []
        self.asked = 0.8 * bands + 0.03  # when the next question is put

    def send(self, at, button=LOCK, hz=FOB_HZ, serial="0C0FFEE", more=""):
        """Whenever it is."""
        self.lines.append(
            "fob hcs200 serial=%s button=%d repeat=1 hop=%08X freq=%.0f "
            "at=%.3f %s\n" % (serial, button, self.random.getrandbits(32), hz,
                              at, more))

    def press(self, *buttons, seconds=None, **more):
        for button in buttons:
            at = self.asked + 0.5
            self.send(at, button, more="" if seconds is None
                      else "hold=%g" % seconds, **more)
            self.asked = at + (seconds or PRESS_SECONDS) + 0.81
        return self

    def miss(self, questions):
        self.asked += 8.0 * questions
        return self

    @property
    def scenario(self):
        return "".join(self.lines)


def judge_screen(c, run, wraps=0):
    """As a terminal should be left, and nothing odd on the way there."""
    screen = run.screen
    c.same("what the terminal does not know", screen.odd, [])
    c.same("lines that the terminal had to wrap", screen.wraps, wraps)
    c.check(screen.column == 0 and not screen.is_bold and
            not screen.rows[-1], "the line is empty at the end: %r" %
            screen.rows[-1])
    c.same("the terminal's settings", run.after, run.before)
    for row in run.shown():
        c.check(not GUIDE.match(row),
                "nothing is left of the guide's line: %r" % row)


def check(c, scenario, *arguments, code=0, wraps=0, **more):
    """fobscope check --json at a terminal: the run, and its document."""
    run = c.run(scenario, "check", "--json", *arguments, code=code, seconds=90,
                kind=TerminalRun, **more)
    judge_screen(c, run, wraps)
    return run, json.loads(run.out)


def names(document):
    return [x["name"] for x in document["evidence"]]


def judge(c, document, verdict, code, fobs):
    """The verdict, and how many presses are the fob's."""
    c.same("verdict", document["verdict"], verdict)
    c.same("exit in the document", document["exit"], code)
    c.same("presses of the fob",
           len([x for x in document["presses"] if x["is_fob"]]), fobs)
    c.same("lost", document["receiver"]["lost"], 0)
