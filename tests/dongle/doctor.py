"""doctor - what fobscope doctor finds in dongles that are well or not.

    doctor.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import shutil
import signal
import sys

from emulated import main

NAMES = ["library", "dongle", "receiver", "band", "band", "band", "pll",
         "stream"]


def rows(run):
    """Its lines, of which a long one goes on in the next: [status, name]."""
    return [x.split()[:2] for _, x in run.lines["out"]
            if not x.startswith(" ")]


def text(run):
    """All of it in one line."""
    return " ".join(run.out.split())


def examine(c, scenario, *options, code=0, **status):
    """With these statuses of rows; those not given are ok."""
    run = c.run(scenario, "doctor", *options, code=code)
    for row, name in rows(run):
        c.same("status of " + name, row, status.get(name, "ok"))
    c.check(all(len(x) <= 80 for _, x in run.lines["out"]), "80 columns do")
    return run


def well(c):
    run = examine(c, "")
    c.same("rows", [name for _, name in rows(run)], NAMES)
    c.check("0: Realtek RTL2838UHIDIR, serial 00000001" in run.out,
            "it names the dongle")
    c.check("samples, none lost" in text(run), "five seconds and more")
    c.check("433.92 MHz: noise -" in text(run), "the noise")
    c.check("432 MHz as it should be" in text(run), "the harmonic")


def well_250k(c):
    run = examine(c, "", "--rate", "250k")
    c.same("rows", [name for _, name in rows(run)], NAMES)
    c.check("none lost" in text(run), "five seconds")


def none(c):
    run = examine(c, None, code=4, receiver="FAULT", stream="skipped",
                  band="skipped", pll="skipped")
    c.check("no RTL-SDR dongle is plugged in" in text(run), "it says so")
    c.check("run: lsusb -d 0bda:" in text(run), "and what to run")


def as_json(c):
    run = c.run("dongle serial=00000077\n", "doctor", "--json")
    document = json.loads(run.out)
    c.same("schema", document["schema"], "fobscope.doctor/1")
    c.same("exit", document["exit"], 0)
    c.same("names", [x["name"] for x in document["checks"]], NAMES)
    c.check(all(x["status"] == "ok" and x["text"] for x in document["checks"]),
            "all is well")
    c.check("00000077" in document["checks"][1]["text"], "its serial")
    c.same("what is said", run.err, "")


def json_of_none(c):
    run = c.run(None, "doctor", "--json", code=4)
    document = json.loads(run.out)
    c.same("exit", document["exit"], 4)
    [fault] = [x for x in document["checks"] if x["status"] == "fault"]
    c.same("fault", (fault["name"], fault["command"]),
           ("receiver", "lsusb -d 0bda:"))


def no_permission(c):
    run = examine(c, "dongle open=-3\n", code=4, dongle="note",
                  receiver="FAULT", stream="skipped", band="skipped",
                  pll="skipped")
    c.check("no permission to open it" in text(run), "it says so")


def unknown_device(c):
    run = examine(c, "", "-d", ":12345678", code=4, receiver="FAULT",
                  stream="skipped", band="skipped", pll="skipped")
    c.check("no dongle has this serial number" in text(run), "it says so")
    c.check("serial 00000001" in run.out, "and which there are")


def hostile_strings(c):
    run = examine(c, "dongle serial=\x1b[31mRED\n", "-d", ":1", code=4,
                  receiver="FAULT", stream="skipped", band="skipped",
                  pll="skipped")
    c.check("serial ?[31mRED" in run.out, "no escape gets through")


def losses(c):
    run = examine(c, "dongle drop=300:5,500:1\n", code=5, stream="FAULT")
    lost = int(text(run).split(" samples lost in")[0].split()[-3])
    c.same("lost", lost, 6 * 8192)
    c.check("run: fobscope doctor --rate 1.024M" in text(run), "what to run")


def unplugged(c):
    run = examine(c, "dongle unplug=700\n", code=4, stream="FAULT")
    c.check("was unplugged" in text(run), "it says so")


def lock_wrong(c):
    run = examine(c, "dongle lock=wrong\n", pll="note")
    c.check("the crystal's harmonic is not heard at 432 MHz" in text(run),
            "it says so")


def lock_never(c):
    run = examine(c, "dongle lock=never\n", code=1, band="FAULT", pll="note")
    for band in ("315", "433.92", "868.35"):
        c.check(band + " MHz: the tuner's PLL does not lock" in text(run),
                "it says so of %s MHz" % band)


def clipping(c):
    run = c.run("carrier freq=433.95M level=8\n", "doctor", code=1)
    c.same("statuses of bands", [row for row, name in rows(run)
                                 if name == "band"], ["ok", "FAULT", "ok"])
    c.check("433.92 MHz: too strong," in text(run), "it says so")
    c.check("run: fobscope doctor --gain 10" in text(run), "what to run")


def loud(c):
    run = c.run("noise dbfs=-14\n", "doctor")
    c.check(["note", "band"] in rows(run), "a note")
    c.check("is loud: weak fobs will not be heard" in text(run), "it says so")


def deaf(c):
    run = examine(c, "noise dbfs=none\ndc dbfs=none\nspur dbfs=none\n", code=1,
                  band="FAULT", pll="note")
    c.check("not even noise," in text(run), "it says so")


def through_rtl_tcp(c):
    if shutil.which("rtl_tcp") is None:
        c.skip("rtl_tcp is not installed")
        return
    server, device = c.serve("")
    run = examine(c, None, "-d", device)
    c.same("rows", [name for _, name in rows(run)], NAMES[2:])
    c.check(device + " opens" in text(run), "it names the server")


def interrupted(c):
    run = c.start("", "doctor")
    c.check(run.wait_for("receiving for five seconds"), "it receives")
    run.send(signal.SIGINT)
    c.finish(run, 130)
    c.same("rows", [name for _, name in rows(run)], NAMES[:-1])


if __name__ == "__main__":
    sys.exit(main([well, well_250k, losses, lock_wrong, lock_never, clipping,
                   loud, deaf, through_rtl_tcp, as_json, unplugged, none,
                   json_of_none, no_permission, unknown_device, hostile_strings,
                   interrupted]))
