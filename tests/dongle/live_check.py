"""live_check - a guided check from the first question to the verdict.

    live_check.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

What it looks like at a terminal is live_check_pty.py's. Overload is the
headline in no case: what the emulated fob overloads is read all the same.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import glob
import json
import os
import statistics
import sys

from emulated import main
from terminal import (BAND, FOB_HZ, LOCK, PRESS_SECONDS, UNLOCK, Person,
                      TerminalRun, check, judge, judge_screen, names)

ONE = (*BAND, "--buttons", "lock")


def silent(c):
    """Nothing but the control is heard, on another band, of another serial."""
    person = Person(bands=3).miss(3)
    person.press(LOCK, hz=868.35e6, serial="0BADBAD", seconds=1.2)
    run, found = check(c, person.scenario, "--rate", "250k", "--buttons",
                       "lock", code=1)
    judge(c, found, "silent", 1, 0)
    c.same("asked", [(x["button"], x["is_control"]) for x in found["asked"]],
           [("lock", False)] * 3 + [("", True)])
    c.same("bands watched", [x["watched_s"] > 3
                             for x in found["receiver"]["bands"]], [True] * 3)
    c.says(run, "Listening on 315, 433.92 and 868.35 MHz in turn", 1)
    c.says(run, "  nothing heard of LOCK (3 of 3)", 1)
    c.says(run, "press ANY OTHER remote you have, near the antenna")


def nothing_proven(c):
    run, found = check(c, "", "--rate", "250k", "--buttons", "lock",
                       "--presses", "1", code=3)
    judge(c, found, "nothing_heard", 3, 0)
    c.says(run, "  nothing heard of another remote", 1)


def one_button_silent(c):
    person = Person().press(LOCK, LOCK).miss(2)
    run, found = check(c, person.scenario, *BAND, "--buttons", "lock,unlock",
                       "--presses", "2", code=1)
    judge(c, found, "button_silent", 1, 2)
    c.check("unlock was heard on 0 of 2 presses, lock on 2 of 2" in
            found["evidence"][0]["finding"], found["evidence"][0]["finding"])
    c.says(run, "  nothing heard of UNLOCK (4 of 4)", 1)
    c.says(run, "ANY OTHER", 0)


def soon_and_late(c):
    """The finger is on the button when it is asked for; then a press begins
    before the question is over and ends behind it."""
    person = Person()
    person.send(person.asked + 0.05)
    asked = person.asked + 0.05 + 0.31 + 0.81
    person.send(asked + 7.85)
    person.asked = asked + 7.85 + 0.31 + 0.81
    person.press(LOCK)
    run, found = check(c, person.scenario, *ONE)
    judge(c, found, "transmits", 0, 3)
    c.same("answers", [x["was_asked"] for x in found["presses"]], [True] * 3)
    c.says(run, "nothing heard", 0)


def healthy(c):
    """Two buttons, three presses each; and how soon a press shows, from the
    question's showing (0.3 s in PRODUCT.md): a figure, for the machine has its
    share in it."""
    person = Person().press(*[LOCK] * 3, *[UNLOCK] * 3)
    run, found = check(c, person.scenario, *BAND, "--buttons", "lock,unlock")
    judge(c, found, "transmits", 0, 6)
    c.same("evidence", names(found), ["transmits", "rolling"])
    c.same("buttons", [x["button"] for x in found["presses"]],
           ["lock"] * 3 + ["unlock"] * 3)
    c.check(all(abs(x["carrier_hz"] - FOB_HZ) < 1000 and x["copies"] == 3
                for x in found["presses"]), "carrier and copies are right")
    for i in range(6):
        c.says(run, "press %s for 1 s (%d of 6)" %
               ("LOCK" if i < 3 else "UNLOCK", i + 1))
    c.says(run, "  heard Microchip-HCS200 at 433.930 MHz, -20 dBFS", 6)
    c.says(run, "nothing heard", 0)
    asked, shown = run.times_of("press LOCK for", "press UNLOCK for"), \
        run.times_of("HEARD", "DECODED")
    if not c.check(len(asked) == len(shown) == 6, "six questions, six presses "
                   "on the screen: %d, %d" % (len(asked), len(shown))):
        return
    # What answers a question may begin a tenth of a second before it.
    delays = [b - a - (x["start_s"] - q["start_s"] - 0.1) for a, b, x, q in
              zip(asked, shown, found["presses"], found["asked"])]
    c.say("a press shows after %.0f ms, from %.0f to %.0f" % tuple(
        1e3 * x for x in (statistics.median(delays), min(delays),
                          max(delays))))


def wrong_band(c):
    person = Person().press(LOCK, LOCK, hz=315.02e6)
    _, found = check(c, person.scenario, "--band", "315", "--rate", "250k",
                     "--buttons", "lock", "--presses", "2", "--market", "eu",
                     code=1)
    judge(c, found, "wrong_band", 1, 2)
    c.check("wrong_band" in names(found) and "transmits" in names(found),
            "that it sends is said as well: %s" % names(found))


def searched(c):
    """Without --band it is looked for; then no time is spent on others."""
    person = Person(bands=3).press(LOCK, seconds=1.2).press(LOCK, LOCK)
    run, found = check(c, person.scenario, "--rate", "250k", "--buttons",
                       "lock")
    judge(c, found, "transmits", 0, 3)
    c.says(run, "  staying on 433.92 MHz", 1)
    tuned = run.journal("tuned", "hz")
    last = max(i for i, hz in enumerate(tuned) if abs(hz - 433.87e6) > 1e6)
    c.check(last < len(tuned) - 1, "the last band is 433: %s" % tuned[-3:])
    watched = [x["watched_s"] for x in found["receiver"]["bands"]]
    c.check(watched[1] > watched[0] + watched[2], "most of the time was spent "
            "there: %s" % watched)


def stuck(c):
    person = Person()
    person.send(1.3, more="hold=60")
    _, found = check(c, person.scenario, *ONE, code=1)
    judge(c, found, "stuck", 1, 1)
    c.same("asked", len(found["asked"]), 1)


def too_strong(c):
    """Clipped to the end stops and still read: the levels are not believed.
    What is said of the gain has a line of its own."""
    person = Person()
    for _ in range(3):
        person.press(LOCK)
    run, found = check(c, person.scenario.replace("\n", "level=12\n"), *ONE)
    judge(c, found, "transmits", 0, 3)
    c.check("overload" in names(found), "%s" % names(found))
    c.says(run, "TOO STRONG")
    said = [x for x in run.shown() if "too strong" in x]
    c.check(said and all(x.startswith("fobscope: too strong for the receiver: "
                                      "gain lowered to ") for x in said),
            "%s" % said)
    c.check(found["receiver"]["gain_db"] < 28, "the gain is lower at the end")


def sagging(c):
    """Each copy of a press is 2 dB weaker than the one before."""
    person = Person().press(LOCK, LOCK, LOCK)
    copies = []
    for line in person.lines:
        fob, at = line.split(" at=")
        copies += ["%s at=%.4f copies=1 level=%d\n" % (
            fob, float(at) + i * PRESS_SECONDS / 3, -20 - 2 * i)
            for i in range(3)]
    _, found = check(c, "".join(copies), *ONE, code=1)
    judge(c, found, "sagging", 1, 3)
    c.check("falls by 4.0 dB" in found["evidence"][0]["finding"],
            found["evidence"][0]["finding"])


def carrier_alone(c):
    """No data: whatever it is called, it is not called sound."""
    scenario = "".join("carrier freq=433.93M at=%.2f for=0.6\n" %
                       (1.3 + 1.9 * i) for i in range(3))
    _, found = check(c, scenario, *ONE, code=None)
    c.check(found["verdict"] in ("carrier_only", "no_frame"), found["verdict"])
    c.check(found["exit"] in (1, 3), "exit %s" % found["exit"])
    c.same("presses", [(x["is_fob"], x["model"]) for x in found["presses"]],
           [(True, None)] * 3)


def others_between(c):
    """Another fob, and a sensor every 2 s, after the fob was let go: they are
    counted, and not taken for it."""
    person = Person()
    for i in range(4):
        at = 1.33 + 2.0 * i
        person.send(at)
        person.send(at + 0.4, hz=433.80e6, serial="0BADBAD")
        person.lines.append(
            "fob unknown pwm te=480 freq=433.97M level=-25 at=%.3f bits=%s\n" %
            (at + 0.75, format(person.random.getrandbits(36), "036b")))
    _, found = check(c, person.scenario, *ONE, "--presses", "4")
    judge(c, found, "transmits", 0, 4)
    c.check(all(abs(x["carrier_hz"] - FOB_HZ) < 1000
                for x in found["presses"] if x["is_fob"]), "it is the fob")
    c.check("others" in names(found), "%s" % names(found))


def samples_lost(c):
    person = Person().press(LOCK, LOCK, LOCK)
    run, found = check(c, person.scenario + "dongle drop=500:8\n", *ONE, code=5,
                       columns=100)
    c.same("verdict", found["verdict"], "samples_lost")
    c.same("lost", found["receiver"]["lost"],
           int(run.journal("dropped", "samples")[0]))
    c.says(run, "warning: ")
    c.check(any(x.startswith("fobscope: warning: ") and "were lost at" in x
                for x in run.shown()), "in a line of its own")


def unplugged(c):
    """What was heard till then is told; the status is the receiver's."""
    person = Person().press(LOCK, LOCK, LOCK)
    run, found = check(c, person.scenario + "dongle unplug=900\n", *ONE, code=4,
                       columns=100)
    c.same("verdict", found["verdict"], "transmits")
    c.same("presses", len(found["presses"]), 2)
    c.says(run, "fobscope: dongle 0: was unplugged, or its USB connection "
           "failed", 1)


def unplugged_unheard(c):
    run = c.run("dongle unplug=300\n", "check", "--json", *ONE, code=4,
                kind=TerminalRun, columns=100)
    c.same("output", run.out, "")
    c.says(run, "was unplugged", 1)
    judge_screen(c, run)


def kept(c):
    """Recordings of a check say the same when they are checked."""
    place = os.path.join(c.folder(), "archive")
    person = Person().press(LOCK, LOCK, UNLOCK, UNLOCK)
    run, found = check(c, person.scenario, *BAND, "--buttons", "lock,unlock",
                       "--presses", "2", "--save", "--archive", place,
                       "--label", "bench")
    judge(c, found, "transmits", 0, 4)
    c.says(run, "fobscope: 4 recordings kept, as ", 1)
    asked = []
    for path in sorted(glob.glob(place + "/**/*.sigmf-meta", recursive=True)):
        with open(path) as f:
            asked += [x["fob:asked"] for x in json.load(f)["annotations"]
                      if "fob:asked" in x]
    c.same("fob:asked", sorted(asked), ["lock"] * 2 + ["unlock"] * 2)
    c.run(None, "archive", "verify", "--archive", place)
    listed = json.loads(c.run(None, "archive", "list", "--json", "--archive",
                              place).out)["recordings"]
    c.same("labels", [x["label"] for x in listed], ["bench"] * 4)
    again = json.loads(c.run(None, "check", "--json", "--archive", place,
                             *[x["id"] for x in listed]).out)
    c.same("headline", again["headline"], found["headline"])
    c.same("buttons", [x["button"] for x in again["presses"]],
           [x["button"] for x in found["presses"]])


def kept_in_vain(c):
    """A button that gave nothing has no recording, and is not forgotten."""
    place = os.path.join(c.folder(), "archive")
    person = Person().press(LOCK, LOCK).miss(2)
    run, found = check(c, person.scenario, *BAND, "--buttons", "lock,unlock",
                       "--presses", "2", "--save", "--archive", place, code=1)
    judge(c, found, "button_silent", 1, 2)
    c.says(run, "fobscope: 2 recordings kept, as ", 1)
    listed = json.loads(c.run(None, "archive", "list", "--json", "--archive",
                              place).out)["recordings"]
    again = json.loads(c.run(None, "check", "--json", "--archive", place,
                             *[x["id"] for x in listed], code=1).out)
    c.same("headline", again["headline"], found["headline"])
    c.same("heard", again["evidence"][0]["finding"],
           found["evidence"][0]["finding"])


def batch(c):
    """Three boards, of which the last is beside the good one's carrier."""
    _, good = check(c, Person().press(LOCK, LOCK).scenario, *ONE, "--presses",
                    "2")
    limits = os.path.join(c.folder(), "good.json")
    with open(limits, "w") as f:
        json.dump(good, f)
    person = Person()
    for at, hz in ((1.3, FOB_HZ), (6.6, FOB_HZ + 10e3), (12.0, FOB_HZ - 130e3)):
        serial = "0C0FFE%d" % len(person.lines)
        person.send(at, hz=hz, serial=serial)
        person.send(at + 1.2, hz=hz, serial=serial)
    runs = [c.start(person.scenario, "check", "--batch", *BAND, "--label",
                    "lot", *more, kind=TerminalRun)
            for more in (["--jsonl", "--limits", limits], ["--limits", limits],
                         [])]
    for run, code in zip(runs, (1, 1, 0)):
        c.check(run.wait_for("lot-003", "out"), "three boards are told")
        run.type("\x03")
        c.finish(run, code)
        judge_screen(c, run)
    boards = runs[0].objects()
    c.same("boards", [(x["board"], x["pass"], x["presses"], x["verdict"])
                      for x in boards],
           [("lot-001", True, 2, "transmits"),
            ("lot-002", True, 2, "transmits"),
            ("lot-003", False, 2, "transmits")])
    c.same("why", [x.get("why") for x in boards],
           [None, None, "carrier -130 kHz"])
    for run, words in zip(runs[1:], (["PASS", "PASS", "FAIL"], ["PASS"] * 3)):
        c.same("lines", [x[:4] for _, x in run.lines["out"]], words)
        c.same("why", "carrier -130 kHz" in run.out, "FAIL" in words)
        c.check(all("2 presses" in x and len(x) <= 80
                    for _, x in run.lines["out"]), "in 80 columns")


if __name__ == "__main__":
    # The longest first.
    sys.exit(main([nothing_proven, silent, batch, kept_in_vain,
                   one_button_silent, stuck, soon_and_late, healthy, kept,
                   searched, others_between, wrong_band, too_strong,
                   sagging, carrier_alone, samples_lost, unplugged,
                   unplugged_unheard]))
