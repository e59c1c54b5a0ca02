"""live_identify - what is asked of a fob's owner, guided presses, and what is
said of the fob then.

    live_identify.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import sys

from emulated import main, wait_until
from terminal import (BAND, FOB_HZ, LOCK, PRESS_SECONDS, UNLOCK, Person,
                      TerminalRun, judge_screen)

# What is asked for before the presses, and after them.
FIRST = "Which buttons does the fob have? [lock,unlock] "
QUESTIONS = ["How many buttons has it? ",
             "A coin cell that can be changed, or a sealed shell? "
             "[coin/sealed] ",
             "The code on a sticker on its board, such as 3FAC55, or none? ",
             "The car, such as MINI R53? ",
             "When it was built, such as 2004-03? "]
# A question may be longer than a row.
COLUMNS = 100


class OddPerson(Person):
    """Has a fob of a format that nobody has described: identity 24 bits, rolling
    24, button 8, XOR of all of them in bytes 8. Three copies in a press."""

    IDENTITY = 0x5A17C3

    def send(self, at, button=LOCK, hz=FOB_HZ, serial=None, more=""):
        content = (self.IDENTITY.to_bytes(3, "big") +
                   self.random.getrandbits(24).to_bytes(3, "big") +
                   bytes([button << 4]))
        check = 0
        for byte in content:
            check ^= byte
        bits = "".join(format(x, "08b") for x in content + bytes([check]))
        self.lines.append(
            "fob unknown manchester te=500 preamble=16 header=6 bits=%s "
            "freq=%.0f at=%.3f hold=%g %s\n" % (bits, hz, at, PRESS_SECONDS,
                                                more))


def judge(c, document, code, presses, read):
    c.same("schema", document["schema"], "fobscope.identify/1")
    c.same("exit in the document", document["exit"], code)
    c.same("presses", (document["presses"], document["presses_read"]),
           (presses, read))
    c.check(document.get("redacted") is True, "nothing is shown in full")
    if presses > 0:
        c.same("band", document["band"], "433.92 MHz")
        c.check(abs(document["carrier_hz"] - FOB_HZ) < 1000,
                "the carrier is at %s" % document["carrier_hz"])


def owner(document):
    return [x["name"] for x in document["evidence"] if not x["is_radio"]]


def role_of(document, bit):
    return [x["role"] for x in document["fields"]
            if x["at"] <= bit < x["at"] + x["bits"]]


def two_buttons(c):
    """A known format, nobody at a terminal: nothing is asked of the owner."""
    person = Person().press(LOCK, LOCK, UNLOCK, UNLOCK)
    run = c.run(person.scenario, "identify", "--json", *BAND, "--buttons",
                "lock,unlock", "--presses", "2")
    found = json.loads(run.out)
    judge(c, found, 0, 4, 4)
    c.same("model", found["model"], "Microchip-HCS200")
    c.same("rolling", found["rolling"], True)
    c.same("modulation", found["modulation"], "ASK")
    c.same("line code", found["line_code"], "pwm")
    c.same("decidable", found["generation"]["decidable"], False)
    c.same("owner", owner(found), ["buttons", "mix_up"])
    c.check("0C0FFEE" not in run.out, "no serial is shown")
    for i in range(4):
        c.says(run, "press %s for 1 s (%d of 4)" %
               ("LOCK" if i < 2 else "UNLOCK", i + 1), 1)
    c.says(run, "  heard Microchip-HCS200 at 433.930 MHz, -20 dBFS", 4)
    c.says(run, "nothing heard", 0)
    for question in QUESTIONS:
        c.says(run, question, 0)


def counted(c):
    """Of buttons of which only the number is said, the usual are asked for."""
    person = Person().press(LOCK)
    run = c.run(person.scenario, "identify", "--json", *BAND, "--buttons", "1",
                "--presses", "1")
    judge(c, json.loads(run.out), 0, 1, 1)
    c.says(run, "press LOCK for 1 s (1 of 1)", 1)


def unknown_format(c):
    """Four presses of each of two buttons: its fields are inferred."""
    person = OddPerson().press(*[LOCK] * 4, *[UNLOCK] * 4)
    run = c.run(person.scenario, "identify", "--json", *BAND, "--buttons",
                "lock,unlock", seconds=60)
    found = json.loads(run.out)
    judge(c, found, 0, 8, 8)
    c.same("model", found["model"], "Unknown")
    c.same("rolling", found["rolling"], True)
    c.same("inferred", found["inferred"], True)
    c.same("line code", found["line_code"], "manchester")
    c.same("bits", found["bits"], 64)
    c.same("of the identity", role_of(found, 12), ["identity"])
    c.same("rolling bits", [(x["at"], x["bits"]) for x in found["fields"]
                            if x["role"] == "rolling"], [(24, 24)])
    # 20 and 40 in hex.
    c.same("of the button", [role_of(found, x) for x in (49, 50)],
           [["action"]] * 2)
    c.same("check", [(x["at"], x["bits"], x["check"]["kind"])
                     for x in found["fields"] if x["role"] == "check"],
           [(56, 8, "xor")])
    # It asked for the buttons itself.
    c.check(not any("--prompts" in x for x in found["open"]),
            "what is wanted: %s" % found["open"])
    c.check("5A17C3" not in run.out, "no identity is shown")
    c.says(run, "  heard an unknown format at 433.930 MHz", 8)


def waits_for(run, question):
    """Its question is there, and it sleeps in the read of the answer."""
    def sleeps():
        with open("/proc/%d/stat" % run.process.pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] == "S"
    return run.wait_for_text(question) and wait_until(sleeps)


def answer_first(c, run, answer):
    """Before it knows what to ask for, the receiver is left alone."""
    c.check(waits_for(run, FIRST), "it asks which buttons")
    c.same("what the receiver was told", run.journal_lines(), [])
    run.type(answer)


def answer(c, run, answers):
    """Each question is answered when it is there."""
    for question, text in answers:
        c.check(waits_for(run, question), "it asks: %s" % question)
        run.type(text)


def asked(c, first, answers, presses, code=0):
    """The owner is asked on the terminal, and answers so: the document."""
    person = OddPerson().press(*presses)
    run = c.start(person.scenario, "identify", "--json", *BAND, "--presses",
                  "1", kind=TerminalRun, columns=COLUMNS)
    questions = QUESTIONS[1:] if first.strip() else QUESTIONS
    answer_first(c, run, first)
    answer(c, run, zip(questions, answers))
    c.finish(run, code)
    judge_screen(c, run)
    for question in QUESTIONS:
        c.says(run, question, 1 if question in questions else 0)
    return run, json.loads(run.out)


def asked_and_told(c):
    run, found = asked(c, "lock,unlock,boot\n",
                       ["sealed\n", "none\n", "MINI R53\n", "2005-06\n"],
                       [LOCK, UNLOCK, 8])
    judge(c, found, 0, 3, 3)
    c.same("owner", owner(found), ["buttons", "cell", "sticker", "car", "built",
                                   "mix_up"])
    c.same("decidable", found["generation"]["decidable"], True)
    c.check(found["generation"]["e46_3_button"] > 0.9, found["headline"])
    for i, button in enumerate(("LOCK", "UNLOCK", "BOOT")):
        c.says(run, "press %s for 1 s (%d of 3)" % (button, i + 1))


def asked_for_sticker(c):
    """A code that is not in what the fob sends: it is said, and tells nothing."""
    _, found = asked(c, "lock,unlock,boot\n", ["\n", "3FAC55\n", "\n", "\n"],
                     [LOCK, UNLOCK, 8])
    judge(c, found, 0, 3, 3)
    c.same("owner", owner(found), ["buttons", "sticker", "mix_up"])
    c.same("sticker", [("does not stand" in x["finding"], x["speaks_for"])
                       for x in found["evidence"]
                       if x["name"] == "sticker_in_frames"], [(True, None)])


def asked_and_entered(c):
    """Enter: not known. Then the usual two buttons are asked for."""
    run, found = asked(c, "\n", ["\n"] * 5, [LOCK, UNLOCK])
    judge(c, found, 0, 2, 2)
    c.same("owner", owner(found), [])
    c.same("decidable", found["generation"]["decidable"], False)
    c.says(run, "press LOCK for 1 s (1 of 2)")
    c.says(run, "press UNLOCK for 1 s (2 of 2)")


def asked_in_part(c):
    """What options say is not asked again."""
    person = OddPerson().press(LOCK)
    run = c.start(person.scenario, "identify", "--json", *BAND, "--buttons",
                  "lock", "--sticker", "none", "--built", "2003-05",
                  "--presses", "1", kind=TerminalRun, columns=COLUMNS)
    answer(c, run, ((QUESTIONS[1], "coin\n"), (QUESTIONS[3], "\n")))
    c.finish(run, 0)
    judge_screen(c, run)
    c.says(run, FIRST, 0)
    for i, question in enumerate(QUESTIONS):
        c.says(run, question, 1 if i in (1, 3) else 0)
    c.same("owner", owner(json.loads(run.out)),
           ["buttons", "cell", "sticker", "built", "mix_up"])


def asked_and_left(c):
    """Ctrl-C is an answer too: to the first question, and nothing is opened; to a
    later one, and what was heard is told."""
    run = c.start("", "identify", "--json", *BAND, kind=TerminalRun,
                  columns=COLUMNS)
    c.check(waits_for(run, FIRST), "it asks")
    run.type("\x03")
    c.finish(run, 130)
    judge_screen(c, run)
    c.same("output", run.out, "")
    c.same("what the receiver was told", run.journal_lines(), [])
    person = OddPerson().press(LOCK)
    run = c.start(person.scenario, "identify", "--json", *BAND, "--buttons",
                  "lock", "--presses", "1", kind=TerminalRun, columns=COLUMNS)
    answer(c, run, ((QUESTIONS[1], "\n"), (QUESTIONS[2], "\x03")))
    c.finish(run, 130)
    judge_screen(c, run)
    for question in QUESTIONS[3:]:
        c.says(run, question, 0)
    c.same("presses", json.loads(run.out)["presses_read"], 1)


def typed_wrongly(c):
    """A wrong answer is told at once, and asked for again."""
    person = OddPerson().press(LOCK)
    run = c.start(person.scenario, "identify", "--json", *BAND, "--buttons",
                  "lock", "--presses", "1", kind=TerminalRun, columns=COLUMNS)
    answer(c, run, ((QUESTIONS[1], "\n"), (QUESTIONS[2], "3FAC5\n")))
    c.check(wait_until(lambda: run.typescript.count(QUESTIONS[2]) > 1),
            "it asks again")
    c.says(run, "expected the 6 or 7 hexadecimal digits")
    run.type("3FAC55\n")
    answer(c, run, ((QUESTIONS[3], "\n"), (QUESTIONS[4], "yesterday\n")))
    c.check(wait_until(lambda: run.typescript.count(QUESTIONS[4]) > 1),
            "it asks again")
    run.type("\n")
    c.finish(run, 0)
    c.same("owner", owner(json.loads(run.out)),
           ["buttons", "sticker", "mix_up"])


def interrupted(c):
    """What was collected is judged."""
    person = Person().press(LOCK, LOCK)
    run = c.start(person.scenario, "identify", "--json", *BAND, "--buttons",
                  "lock", "--presses", "3")
    c.check(run.wait_for("press LOCK for 1 s (3 of 3)"), "it goes on")
    run.interrupt(0)
    c.finish(run, 130)
    found = json.loads(run.out)
    c.same("presses", (found["presses"], found["presses_read"]), (2, 2))
    c.same("model", found["model"], "Microchip-HCS200")


def nothing_heard(c):
    """One press is asked for and missed, and so is another remote."""
    run = c.run("", "identify", "--json", *BAND, "--buttons", "lock",
                "--presses", "1", code=3)
    found = json.loads(run.out)
    judge(c, found, 3, 0, 0)
    c.same("model", found["model"], None)
    c.same("rolling", found["rolling"], None)
    c.same("decidable", found["generation"]["decidable"], False)
    c.says(run, "  nothing heard of LOCK (1 of 1)", 1)


def unplugged(c):
    """What was heard till then is told; the status is the receiver's."""
    person = Person().press(LOCK, LOCK, LOCK)
    run = c.run(person.scenario + "dongle unplug=900\n", "identify", "--json",
                *BAND, "--buttons", "lock", code=4)
    found = json.loads(run.out)
    c.same("presses", (found["presses"], found["presses_read"]), (2, 2))
    c.same("model", found["model"], "Microchip-HCS200")
    c.says(run, "fobscope: dongle 0: was unplugged, or its USB connection "
           "failed", 1)


def no_dongle(c):
    run = c.run(None, "identify", "--json", "--buttons", "lock", code=4)
    c.same("output", run.out, "")
    c.same("what is said", run.err.splitlines(), [
        "fobscope: dongle 0: no RTL-SDR dongle is plugged in; run: "
        "lsusb -d 0bda:"])


def usage(c):
    """Told before anything is opened or asked for."""
    for arguments, text in (
            (["--buttons", ",,"], "--buttons ,,: not a number"),
            (["--buttons", "a,b,c,d,e,f,g,h,i"], "--buttons: at most 8 names"),
            (["--buttons", "4"], "--buttons 4: name them"),
            (["--buttons", "x" * 24], "--buttons: at most 8 names of 23"),
            (["--built", "yesterday"], "--built yesterday: not a month"),
            (["--sticker", "3FAC5"], "--sticker 3FAC5: expected"),
            (["--buttons", "10"], "--buttons 10: not a number")):
        run = c.start("", "identify", *BAND, "--presses", "1", *arguments)
        c.check(wait_until(lambda r=run: r.has_ended() or r.journal_lines()),
                "it ends, or goes on")
        if not run.has_ended():
            run.interrupt(0)
        c.finish(run, 2)
        c.says(run, text)
        c.same("journal", run.journal_lines(), [])


if __name__ == "__main__":
    # The longest first.
    sys.exit(main([unknown_format, nothing_heard, two_buttons, asked_and_told,
                   asked_for_sticker, interrupted, unplugged, asked_and_entered,
                   asked_in_part, counted, asked_and_left, typed_wrongly,
                   no_dongle, usage]))
