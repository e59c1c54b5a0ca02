"""live_ends - interrupts, closed pipes: it ends, and what was had is kept.

    live_ends.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import os
import signal
import socket
import sys
import time

import emulated
from emulated import HCS200, main, wait_until

FOB = "fob %shop=1F35A96C freq=433.91M at=0.5 every=1.1\n" % HCS200
HOLD = "fob %shop=1F35A96C freq=433.91M at=0.5 hold=20\n" % HCS200
LISTEN = ("listen", "--jsonl", "--band", "433", "--rate", "1.024M")
# Not for something else to happen; how soon it is, is a figure.
SOON = 5


def end(c, run, number, code=0):
    """By a signal, and soon."""
    sent = time.monotonic()
    run.send(number)
    c.finish(run, code)
    took = time.monotonic() - sent
    c.say("%s ends after %.0f ms" % (signal.Signals(number).name, 1e3 * took))
    c.check(took < SOON, "it ends after %.2f s" % took)


def listen_until(c, number):
    run = c.start(FOB, *LISTEN, "--summary")
    c.check(run.wait_for('"model"', "out", 2), "two frames come")
    end(c, run, number)
    c.check(len(run.frames()) >= 2, "%d frames" % len(run.frames()))
    c.check(run.summary()["frames"] == len(run.frames()), "the summary counts")
    c.same("sentences", len(run.lines["err"]), 1)


def listen_interrupt(c):
    listen_until(c, signal.SIGINT)


def listen_terminate(c):
    listen_until(c, signal.SIGTERM)


def whole(c, folder):
    """The recordings of a folder, each complete: [(metadata, samples)]."""
    names = sorted(os.listdir(folder))
    c.check(not any(n.endswith(".part") for n in names),
            "nothing is unfinished: %s" % names)
    found = []
    for name in names:
        if not name.endswith(".sigmf-meta"):
            continue
        path = os.path.join(folder, name)
        with open(path) as f:
            meta = json.load(f)
        samples = os.path.getsize(path.replace("-meta", "-data")) / 2
        c.same("its mode", os.stat(path).st_mode & 0o777, 0o600)
        c.same("its datatype", meta["global"]["core:datatype"], "cu8")
        for note in meta["annotations"]:
            c.check(note["core:sample_start"] + note["core:sample_count"] <=
                    samples, "annotations are within the samples")
        found.append((meta, samples))
    return found


def part_bytes(folder):
    return sum(os.path.getsize(os.path.join(folder, n))
               for n in os.listdir(folder) if n.endswith(".part"))


def capture_until(c, number, scenario, *options):
    """Ends while a file is being written; it is kept."""
    folder = c.folder()
    run = c.start(scenario, "capture", "--band", "433", "--rate", "1.024M",
                  "-o", folder, *options)
    c.check(wait_until(lambda: part_bytes(folder) > 1.5e6),
            "a file is under way")
    end(c, run, number)
    found = whole(c, folder)
    c.same("files", len(found), 1)
    c.check(all(n > 0.7e6 for _, n in found), "samples: %s" %
            [n for _, n in found])
    c.same("lines", len(run.lines["out"]), 1)
    labels = [x["core:label"] for m, _ in found for x in m["annotations"]]
    c.check("Microchip-HCS200" in labels, "its frame is noted: %s" % labels)


def capture_interrupt(c):
    capture_until(c, signal.SIGINT, FOB, "--seconds", "60")


def capture_terminate(c):
    capture_until(c, signal.SIGTERM, FOB, "--seconds", "60")


def capture_press_interrupt(c):
    """In the midst of a press."""
    capture_until(c, signal.SIGINT, HOLD)


def capture_cu8_interrupt(c):
    folder = c.folder()
    run = c.start(FOB, "capture", "--band", "433", "--rate", "1.024M",
                  "--seconds", "60", "--cu8", "-o", folder)
    c.check(wait_until(lambda: part_bytes(folder) > 1e6), "it is under way")
    end(c, run, signal.SIGINT)
    c.same("files", os.listdir(folder), ["g001_433.72M_1024k.cu8"])


def is_caught(pid, number):
    with open("/proc/%d/status" % pid) as f:
        mask = [x.split()[1] for x in f if x.startswith("SigCgt:")][0]
    return int(mask, 16) >> (number - 1) & 1


def interrupt_twice(c, run):
    """The second comes while the first is being seen to; where the program
    was quicker, that is well."""
    run.send(signal.SIGINT)
    c.check(wait_until(lambda: run.has_ended() or
                       not is_caught(run.process.pid, signal.SIGINT)),
            "the first is seen to")
    sent = time.monotonic()
    run.send(signal.SIGINT)
    c.check(run.finish(), "it ends")
    took = time.monotonic() - sent
    c.say("exit status %d after %.0f ms" % (run.code, 1e3 * took))
    c.check(run.code in (0, 130, -signal.SIGINT),
            "exit status %d" % run.code)
    c.check(took < SOON, "after %.2f s" % took)


def second_interrupt_stalled(c):
    run = c.start("dongle stall=300\n" + FOB, *LISTEN)
    c.check(run.wait_for('"model"', "out"), "a frame comes")
    interrupt_twice(c, run)


def interrupt_stalled(c):
    """Once is enough as well, before the watchdog has its say."""
    run = c.start("dongle stall=300\n" + FOB, *LISTEN)
    c.check(run.wait_for('"model"', "out"), "a frame comes")
    run.send(signal.SIGINT)
    c.finish(run)


def with_silent_server(c, do):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(emulated.DEADLINE)
        run = c.start(None, *LISTEN, "-d", "rtl_tcp:127.0.0.1:%d" %
                      listener.getsockname()[1])
        client, _ = listener.accept()
        with client:
            do(run)
    return run


def second_interrupt_connecting(c):
    with_silent_server(c, lambda run: interrupt_twice(c, run))


def interrupt_connecting(c):
    run = with_silent_server(c, lambda run: end(c, run, signal.SIGINT, 130))
    c.same("what is said", run.err, "")


def closed_pipe(c):
    """listen | head -1: the next frame finds nobody, and it ends."""
    run = c.run(FOB, command=["sh", "-c",
                              "{ \"$@\"; echo status $? >&2; } | head -n 1",
                              "sh", emulated.FOBSCOPE, *LISTEN])
    c.same("lines", len(run.lines["out"]), 1)
    c.says(run, "status 4")
    c.says(run, "Broken pipe", 0)


def lines_as_they_come(c):
    """A reader has each frame before the next press begins."""
    run = c.start(FOB, *LISTEN, "--seconds", "5.2")
    c.check(run.wait_for('"model"', "out"), "a frame comes")
    c.check(not run.has_ended(), "while it goes on")
    c.finish(run)
    times = [when for when, _ in run.lines["out"]]
    gaps = [b - a for a, b in zip(times, times[1:])]
    c.same("lines", len(times), 5)
    c.check(all(0.5 < g < 2 for g in gaps), "between them: %s" % gaps)


if __name__ == "__main__":
    sys.exit(main([listen_interrupt, listen_terminate, capture_interrupt,
                   capture_terminate, capture_press_interrupt,
                   capture_cu8_interrupt, interrupt_stalled,
                   second_interrupt_stalled, interrupt_connecting,
                   second_interrupt_connecting, closed_pipe,
                   lines_as_they_come]))
