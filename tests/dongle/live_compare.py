"""live_compare - two fobs at the emulated dongle, one after the other.

    live_compare.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import sys

from emulated import main
from terminal import (BAND, FOB_HZ, LOCK, PRESS_SECONDS, UNLOCK, Person,
                      TerminalRun, judge_screen)

B = {"serial": "0BADBAD", "hz": FOB_HZ + 41e3}


class Two(Person):
    """The second fob is taken into the hand, which takes its time: so does
    opening the receiver again."""

    def change(self, bands=1):
        self.asked += 0.8 * bands + 0.03
        return self

    def press_late(self, *buttons, **more):
        for button in buttons:
            at = self.asked + 2.0
            self.send(at, button, **more)
            self.asked = at + PRESS_SECONDS + 0.81
        return self


def compare(c, person, *arguments, code):
    run = c.start(person.scenario, "compare", "--live", "--json", *arguments,
                  kind=TerminalRun)
    for i, fob in enumerate(("Fob A first", "Now fob B")):
        c.check(run.wait_for_text(fob, seconds=60), "%s is asked for" % fob)
        c.check(run.wait_for_text("in your hand: ", i + 1), "and waited for")
        run.type("\n")
    c.finish(run, code, 120)
    judge_screen(c, run)
    return run, json.loads(run.out)


def noted(document):
    return [x["name"] for x in document["differences"] if x["noted"]]


def row(document, name):
    return next(x for x in document["differences"] if x["name"] == name)


def alike(c):
    """Two sound fobs, 41 kHz apart."""
    person = Two().press(*[LOCK] * 3, *[UNLOCK] * 3).change()
    person.press_late(*[LOCK] * 3, *[UNLOCK] * 3, **B)
    _, found = compare(c, person, *BAND, "--buttons", "lock,unlock", code=0)
    c.same("noted", noted(found), ["carrier"])
    c.same("relation", found["relation"], "same_family")
    c.check(abs(row(found, "carrier")["delta"] - 41e3) < 300,
            "41 kHz: %s" % row(found, "carrier"))
    c.check("cancels" in row(found, "carrier")["why"], "the dongle's error")
    c.same("levels are compared", row(found, "level")["same"], True)
    c.same("gains", [found[x]["receiver"]["gain_db"] for x in "ab"],
           [28.0, 28.0])
    c.same("one sitting", found["receiver"]["is_one_sitting"], True)


def silent(c):
    """What was heard of the first is proof that the second would have been."""
    person = Two(bands=3).press(LOCK, seconds=1.2).press(LOCK, LOCK)
    _, found = compare(c, person, "--rate", "250k", "--buttons", "lock",
                       code=1)
    c.same("verdicts", [found[x]["verdict"] for x in "ab"],
           ["transmits", "silent"])
    c.check("B does not transmit" in found["headline"], found["headline"])


if __name__ == "__main__":
    sys.exit(main([silent, alike]))
