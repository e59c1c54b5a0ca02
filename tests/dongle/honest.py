"""honest - real programs on the emulated dongle, unmodified.

    honest.py LIBRARY

Runs rtl_test, rtl_sdr, rtl_tcp and rtl_433 of the system with LIBRARY
preloaded and looks at what they say and write. Prints one line a finding.
Exit 1 if one is wrong; 77 if none is, but a program is not installed.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import cmath
import concurrent.futures
import json
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

import emulated
from emulated import FOLDER, LOSING, free_port

CAPTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                        "captures")
PLAIN = "speed=0\nseed=7\ndc dbfs=none\nspur dbfs=none\n"


class Run(emulated.Run):
    """One that ends after so many seconds, by Ctrl-C if it must."""

    def __init__(self, name, scenario, command, seconds=None):
        super().__init__(name, scenario, command)
        if seconds is not None:
            self.interrupt(seconds)


# rtl_sdr never ends if what it is to write is a whole number of transfers.
ODD = 100


def record(name, scenario, samples, options=(), rate=2048000, hz=433920000):
    path = os.path.join(FOLDER, name + ".cu8")
    run = Run(name, scenario,
              ["rtl_sdr", "-f", str(hz), "-s", str(rate), "-n",
               str(samples + ODD),
               *options, path], 20)
    with open(path, "rb") as f:
        run.data = f.read()
    return run


def iq(data, at, n):
    return [complex(data[2 * i] - 127.5, data[2 * i + 1] - 127.5) / 127.5
            for i in range(at, at + n)]


def db(power):
    return 10 * math.log10(power + 1e-20)


def dft_db(x, hz, rate):
    """Power of a tone, through a Hann window."""
    n = len(x)
    turn = -2j * math.pi * hz / rate
    total = sum(v * cmath.exp(turn * i) *
                (1 - math.cos(2 * math.pi * (i + 0.5) / n))
                for i, v in enumerate(x))
    return db(abs(total / n) ** 2)


def peak_hz(x, rate, near):
    """Where the tone is, from the turn between halves of what is near."""
    half = len(x) // 2
    turn = -2j * math.pi * near / rate
    left, right = (sum(v * cmath.exp(turn * (i + at))
                       for i, v in enumerate(x[at:at + half]))
                   for at in (0, half))
    return near + cmath.phase(right / left) * rate / half / (2 * math.pi)


def tests():
    run = Run("test", PLAIN.replace("speed=0", "speed=1"),
              ["rtl_test", "-s", "2048000"], 2.5)
    yield ("tuner has its name", "Found Rafael Micro R820T tuner" in run.said)
    yield ("no sample is lost", "lost (minimum): 0" in run.said and
           "lost at least" not in run.said and not run.journal("overrun", "at"))
    samples = run.journal("closed", "samples")[0]
    yield ("samples come in real time: %.0f" % samples,
           1e6 < samples < 6.0e6)


def stops():
    run = Run("stop", LOSING, ["rtl_test", "-s", "2048000"])
    for sign in (signal.SIGSTOP, signal.SIGCONT):
        time.sleep(1.6)
        run.send(sign)
    run.interrupt(0.5)
    lost = run.journal("overrun", "samples")
    # It has 15 transfers of 64 ms. rtl_test counts bytes, modulo 256.
    yield ("a program that stops loses %s samples" % lost,
           len(lost) > 0 and sum(lost) > 0.3 * 2.048e6 and
           ("lost at least" in run.said or sum(lost) % 128 == 0))


def lists():
    run = Run("two", "dongle serial=7 product=\"Blog V4\"\n"
              "dongle serial=9 tuner=r828d\n", ["rtl_test", "-d", "5"], 5)
    yield ("two dongles are listed", "Found 2 device(s)" in run.said and
           "Blog V4, SN: 7" in run.said and "SN: 9" in run.said)
    run = Run("denied", "dongle open=-3\n", ["rtl_test"], 5)
    yield ("open=-3 is denied", "usb_open error -3" in run.said)
    run = Run("busy", "dongle driver=stuck\n", ["rtl_test"], 5)
    yield ("a stuck driver stays",
           "Detaching kernel driver failed" in run.said)
    run = Run("wrong", "speed=1\ncarier freq=1M\n", ["rtl_test"], 5)
    yield ("a fault in the scenario ends it", run.code == 99 and
           ".txt:2: no item is called carier" in run.said)
    environment = dict(os.environ, LD_PRELOAD=emulated.LIBRARY)
    environment.pop("FOBSCOPE_DONGLE", None)
    said = subprocess.run(["rtl_test"], env=environment, timeout=10,
                          capture_output=True).stderr
    yield ("without a scenario there is none",
           b"No supported devices found" in said)


def records():
    scenario = PLAIN + "noise dbfs=-30\ncarrier freq=434.02M level=-20\n"
    run = record("level", scenario, 262144, ["-g", "28"])
    tuned = run.journal("tuned", "hz")[-1]
    yield ("tuned to %.0f" % tuned, abs(tuned - 433.92e6) < 300)
    x = iq(run.data, 100000, 32768)
    hz = peak_hz(x, 2.048e6, 434.02e6 - tuned)
    yield ("the carrier is %.0f Hz above" % hz,
           abs(tuned + hz - 434.02e6) < 20 and abs(hz - 100e3) < 300)
    level = dft_db(x, hz, 2.048e6)
    yield ("its level is %.2f dBFS of -20" % level, abs(level + 20) < 1)
    mirror = dft_db(x, -hz, 2.048e6)
    yield ("nothing below: %.1f dBFS" % mirror, mirror < -50)
    power = db(sum(abs(v) ** 2 for v in x) / len(x) - 10 ** (level / 10))
    yield ("noise is %.2f dBFS of %.2f" % (power, -30 + db(2.048)),
           abs(power + 30 - db(2.048)) < 1)
    mean = sum(run.data) / len(run.data)
    yield ("the mean is %.3f" % mean, abs(mean - 127.5) < 0.1)
    low = record("low", scenario, 262144, ["-g", "7.7"])
    lower = dft_db(iq(low.data, 100000, 32768), hz, 2.048e6)
    yield ("20.3 dB less gain gives %.2f less" % (level - lower),
           abs(level - lower - 20.3) < 1.5)
    again = record("again", scenario, 262144, ["-g", "28", "-b", "16384"])
    yield ("any size of transfer gives the same", again.data == run.data)
    lost = record("drop", scenario + "dongle drop=2:1\n", 262144,
                  ["-g", "28", "-b", "65536"])
    rest = run.data[131072:]
    yield ("a lost transfer is missing", lost.data[:65536] == run.data[:65536]
           and lost.data[65536:65536 + len(rest)] == rest)
    yield ("and is told of", lost.journal("dropped", "samples") == [32768] and
           lost.journal("dropped", "at") == [32768])
    yield ("no bias", not os.path.exists(run.path + ".log") or
           not run.journal("bias", "sample"))


def more_records():
    quiet = record("quiet", PLAIN, 4800000, rate=2400000)
    spent = quiet.journal("closed", "cpu_seconds")[0]
    made = quiet.journal("closed", "samples")[0]
    yield ("samples cost %.2f %% of a core at 2.4 MS/s" %
           (100 * spent / (made / 2.4e6)), True)
    scenario = PLAIN + "carrier freq=434.02M level=-20\n"
    run = record("ppm", scenario + "dongle ppm=40\n", 131072, ["-g", "28"])
    hz = peak_hz(iq(run.data, 30000, 16384), 2.048e6, 82.8e3)
    want = 434.02e6 - run.journal("tuned", "true_hz")[-1]
    yield ("40 ppm move it to %.0f Hz" % hz,
           abs(hz * (1 + 40e-6) - want) < 20 and abs(hz - 82.7e3) < 300)
    run = record("right", scenario + "dongle ppm=40\n", 131072,
                 ["-g", "28", "-p", "40"])
    hz = peak_hz(iq(run.data, 30000, 16384), 2.048e6, 100.1e3)
    yield ("and -p 40 back to %.0f" % hz, abs(hz - 100e3) < 400)
    run = record("sync", scenario, 131072, ["-g", "28", "-S"])
    whole = record("async", scenario, 131072, ["-g", "28"])
    yield ("synchronous reads give the same",
           len(run.data) == 262344 and run.data == whole.data)
    run = record("unplug", "speed=0\ndongle unplug=3\n", 10000000)
    yield ("unplugged after 3: it ends", len(run.data) == 3 * 262144 and
           run.journal("unplugged", "at") == [3 * 131072])
    run = record("r828d", scenario + "dongle tuner=r828d\n", 131072,
                 ["-g", "28"])
    tuned = run.journal("tuned", "hz")[-1]
    hz = peak_hz(iq(run.data, 30000, 16384), 2.048e6, 434.02e6 - tuned)
    yield ("an R828D tunes to %.0f" % tuned, "Micro R828D" in run.said and
           abs(tuned - 433.92e6) < 400 and abs(tuned + hz - 434.02e6) < 20)
    run = record("v4", "speed=0\ndongle tuner=r828d xtal=28.8M\n", 16384)
    tuned = run.journal("tuned", "hz")[-1]
    yield ("a V4 does not lock and is at %.0f" % tuned,
           "PLL not locked" in run.said and abs(tuned - 433.92e6) > 1e6)
    run = record("never", "speed=0\ndongle lock=never\n", 16384)
    yield ("lock=never is told of", "PLL not locked" in run.said)


def serves():
    port = free_port()
    run = Run("tcp", PLAIN.replace("speed=0", "speed=1"),
              ["rtl_tcp", "-a", "127.0.0.1", "-p", str(port)])
    got = b""
    for _ in range(50):
        try:
            with socket.create_connection(("127.0.0.1", port), 5) as client:
                while len(got) < 500000:
                    part = client.recv(65536)
                    if not part:
                        break
                    got += part
            break
        except OSError:
            time.sleep(0.1)
    # SIGINT while it turns from one client to the next is forgotten.
    run.send(signal.SIGKILL)
    run.finish()
    yield ("rtl_tcp's header", got[:4] == b"RTL0" and
           int.from_bytes(got[4:8], "big") == 5 and
           int.from_bytes(got[8:12], "big") == 29)
    mean = sum(got[12:]) / max(1, len(got) - 12)
    yield ("%d bytes of samples, mean %.2f" % (len(got) - 12, mean),
           len(got) >= 500000 and abs(mean - 127.5) < 0.2)


def decodes():
    run = Run("fob", "dc dbfs=none\nfob hcs200 at=0.5 freq=433.95M level=-12 "
              "hop=1F35A96C serial=0C0FFEE button=2 repeat=1 copies=3 every=1",
              ["rtl_433", "-f", "433.92M", "-s", "250k", "-g", "28", "-F",
               "json", "-R", "131", "-T", "4"], 10)
    frames = [json.loads(line) for line in run.out.splitlines()
              if line.startswith("{")]
    yield ("rtl_433 decodes %d frames" % len(frames), len(frames) >= 3)
    yield ("id, button and hop", len(frames) > 0 and all(
        f["id"] == "0C0FFEE" and f["button"] == 2 and
        f["encrypted"] == "1F35A96C" for f in frames))


def plays():
    """The golden recording of two presses, 100 kHz from where it was."""
    name = "hcs200-lock-unlock"
    path = os.path.join(FOLDER, "g001_433.92M_250k.cu8")
    shutil.copy(os.path.join(CAPTURES, name, name + ".sigmf-data"), path)
    run = Run("play", "noise dbfs=-45\n"
              "play %s freq=434.02M at=0.5 gain=8\n" % path,
              ["rtl_433", "-f", "434.0M", "-s", "1024k", "-g", "28", "-F",
               "json", "-R", "131", "-T", "3"], 10)
    hops = {json.loads(line)["encrypted"] for line in run.out.splitlines()
            if line.startswith("{")}
    yield ("a recording is decoded: %s" % sorted(hops),
           hops == {"1F35A96C", "8B07D2E1"})


PARTS = [("rtl_433", plays), ("rtl_test", stops),
         ("rtl_test", tests), ("rtl_test", lists), ("rtl_sdr", records),
         ("rtl_sdr", more_records), ("rtl_tcp", serves), ("rtl_433", decodes)]


def findings(part):
    program, function = part
    if shutil.which(program) is None:
        return None
    return list(function())


def main():
    emulated.use(sys.argv[1])
    is_wrong = is_skipped = False
    with concurrent.futures.ThreadPoolExecutor(len(PARTS)) as pool:
        for (program, _), found in zip(PARTS, pool.map(findings, PARTS)):
            if found is None:
                print("SKIP: %s is not installed" % program)
                is_skipped = True
            for text, is_right in found or []:
                print("%s: %s: %s" % ("ok" if is_right else "FAIL", program,
                                      text))
                is_wrong |= not is_right
    if is_wrong:
        print("what was written is in " + FOLDER)
        return 1
    shutil.rmtree(FOLDER)
    return 77 if is_skipped else 0


sys.exit(main())
