"""live_check_pty - what a guided check looks like, at a terminal and not.

    live_check_pty.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import signal
import sys

from emulated import main, wait_until
from terminal import (BAND, LOCK, UNLOCK, Person, TerminalRun, check, judge,
                      judge_screen)

QUESTION = "Which buttons does the fob have? [lock,unlock] "
TWO = (*BAND, "--buttons", "lock", "--presses", "2")


def waits_for_a_line(run):
    """Its question is there, and it sleeps in the read of the answer."""
    def sleeps():
        with open("/proc/%d/stat" % run.process.pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] == "S"
    return run.wait_for_text(QUESTION) and wait_until(sleeps)


def asked_for(c, typed, buttons, presses):
    """Buttons are asked for on the terminal; this is answered."""
    person = Person().press(*presses)
    run = c.start(person.scenario, "check", "--json", *BAND, "--presses", "2",
                  kind=TerminalRun)
    c.check(waits_for_a_line(run), "it asks")
    c.same("before it knows, the receiver is left alone", run.journal_lines(),
           [])
    run.type(typed)
    c.finish(run)
    judge_screen(c, run)
    found = json.loads(run.out)
    judge(c, found, "transmits", 0, len(presses))
    c.same("asked", [x["button"] for x in found["asked"]], buttons)
    for i, button in enumerate(buttons):
        c.says(run, "press %s for 1 s (%d of %d)" % (button.upper(), i + 1,
                                                     len(buttons)))


def asked_and_told(c):
    asked_for(c, "unlock, boot\n", ["unlock"] * 2 + ["boot"] * 2,
              [UNLOCK, UNLOCK, 8, 8])


def asked_and_entered(c):
    asked_for(c, "\n", ["lock"] * 2 + ["unlock"] * 2,
              [LOCK, LOCK, UNLOCK, UNLOCK])


def asked_and_left(c):
    """Ctrl-C is an answer too: nothing is opened, nothing judged."""
    run = c.start("", "check", *BAND, kind=TerminalRun)
    c.check(waits_for_a_line(run), "it asks")
    run.type("\x03")
    c.finish(run, 130)
    judge_screen(c, run)
    c.same("output", run.out, "")
    c.same("what the receiver was told", run.journal_lines(), [])
    c.same("rows", run.shown(), [QUESTION + "^C", ""])


def interrupted(c):
    """What was collected is judged; the question that was open is no press
    that was missed."""
    person = Person().press(LOCK, LOCK)
    run = c.start(person.scenario, "check", "--json", *BAND, "--buttons",
                  "lock", kind=TerminalRun)
    c.check(run.wait_for_text("press LOCK for 1 s (3 of 3)"), "it goes on")
    run.type("\x03")
    c.finish(run, 130)
    judge_screen(c, run)
    found = json.loads(run.out)
    judge(c, found, "transmits", 0, 2)
    c.same("asked", len(found["asked"]), 2)


def terminated(c):
    """By another program: the same."""
    run = c.start(Person().press(LOCK, LOCK).scenario, "check", *BAND,
                  "--buttons", "lock", kind=TerminalRun)
    c.check(run.wait_for_text("press LOCK for 1 s (3 of 3)"), "it goes on")
    run.send(signal.SIGTERM)
    c.finish(run, 130)
    judge_screen(c, run)
    c.same("headline", run.out.split("\n")[0],
           "The fob transmits as it should.")


PLAIN = """Listening on 433.92 MHz; Ctrl-C ends it.
WAIT: press nothing yet, getting ready
LISTENING: press LOCK for 1 s (1 of 2)
HEARD
DECODED
good; let go of LOCK and wait
  heard Microchip-HCS200 at 433.930 MHz, -20 dBFS
LISTENING: press LOCK for 1 s (2 of 2)
HEARD
DECODED
good; let go of LOCK and wait
  heard Microchip-HCS200 at 433.930 MHz, -20 dBFS

"""


def judge_plain(c, run, end="\r\n"):
    text = run.err
    c.check("\x1b" not in text, "no escape sequence")
    c.check("\r" not in text.replace("\r\n", ""), "no carriage return alone")
    c.same("lines", text.replace(end, "\n").split("\n"), PLAIN.split("\n"))


def plain(c):
    run, found = check(c, Person().press(LOCK, LOCK).scenario, *TWO, "--plain")
    judge(c, found, "transmits", 0, 2)
    judge_plain(c, run)


def dumb_terminal(c):
    """One that cannot write a line over is as plain."""
    run, found = check(c, Person().press(LOCK, LOCK).scenario, *TWO,
                       term="dumb")
    judge(c, found, "transmits", 0, 2)
    judge_plain(c, run)


def no_terminal(c):
    run = c.run(Person().press(LOCK, LOCK).scenario, "check", "--json", *TWO)
    judge(c, json.loads(run.out), "transmits", 0, 2)
    judge_plain(c, run, "\n")


def no_terminal_no_buttons(c):
    """Nobody is there to be asked."""
    person = Person().press(LOCK, UNLOCK)
    run = c.run(person.scenario, "check", "--json", *BAND, "--presses", "1",
                code=3)
    c.says(run, "Which buttons", 0)
    found = json.loads(run.out)
    judge(c, found, "few_presses", 3, 2)
    c.same("asked", [x["button"] for x in found["asked"]], ["lock", "unlock"])


def no_color(c):
    """The line is written over, and nothing is bold."""
    run, _ = check(c, Person().press(LOCK, LOCK).scenario, *TWO,
                   more_environment={"NO_COLOR": "1"})
    c.says(run, "\x1b[1m", 0)
    c.says(run, "\x1b[K")


def color(c):
    run, _ = check(c, Person().press(LOCK, LOCK).scenario, *TWO)
    c.says(run, "\x1b[1mHEARD     \x1b[m ")


def narrow(c):
    """In 40 columns the whole question is seen; the bar goes."""
    run, found = check(c, Person().press(LOCK, LOCK).scenario, *TWO,
                       columns=40)
    judge(c, found, "transmits", 0, 2)
    c.says(run, "press LOCK for 1 s (2 of 2)\x1b[K")
    c.says(run, "press nothing yet")
    c.says(run, "[..........]", 0)


def usage(c):
    for arguments, text in (
            (["--buttons", ",,"], "--buttons: names none"),
            (["--buttons", "a,b,c,d,e,f,g,h,i"], "--buttons: at most 8 names"),
            (["--buttons", "x" * 24], "--buttons: at most 8 names of 23")):
        run = c.run("", "check", *arguments, code=2)
        c.says(run, text)
        c.same("journal", run.journal_lines(), [])


if __name__ == "__main__":
    sys.exit(main([asked_and_told, asked_and_entered, asked_and_left,
                   interrupted, terminated, plain, dumb_terminal, no_terminal,
                   no_terminal_no_buttons, no_color, color, narrow, usage]))
