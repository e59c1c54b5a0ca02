"""live_server - listening through the system's own rtl_tcp.

    live_server.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import shutil
import signal
import sys

from emulated import HCS200, free_port, main

# rtl_tcp's transfers, which nobody told it to make shorter.
TRANSFER = 131072
LISTEN = ("listen", "--jsonl", "--summary", "--band", "433")


def fob(hop):
    return "fob %shop=%s freq=433.91M at=0.7 every=1.3\n" % (HCS200, hop)


def listens(c, host):
    server, device = c.serve(fob("1F35A96C"), host)
    if server is None:
        c.skip("rtl_tcp does not listen on " + host)
        return
    run = c.run(None, *LISTEN, "-d", device, "--seconds", "4.5")
    c.check(len(run.frames()) >= 3, "%d frames" % len(run.frames()))
    for f in run.frames():
        c.same("hop", f["encrypted"], "1F35A96C")
        c.check(abs(f["freq"] - 433.91) < 0.001, "%.6f MHz" % f["freq"])
        c.check(f["fob"]["gain_db"] == 28, "gain %g" % f["fob"]["gain_db"])
    c.same("lost", run.summary()["lost"], 0)
    c.check(2048000.0 in server.journal("rate", "hz"), "its rate is set")
    c.check(28.0 in server.journal("gain", "db"), "and its gain")


def listens_ipv4(c):
    listens(c, "127.0.0.1")


def listens_ipv6(c):
    listens(c, "::1")


def hops(c):
    """All bands in turn, by commands that nobody confirms."""
    server, device = c.serve(
        "fob %shop=1F35A96C freq=315.02M at=3 hold=1.5\n"
        "fob %shop=8B07D2E1 freq=433.9M at=6.5 hold=1.5\n" % (HCS200, HCS200))
    run = c.run(None, "listen", "--jsonl", "-d", device, "--seconds", "8.5")
    c.same("found", [(f["encrypted"], round(f["freq"], 2))
                     for f in run.frames()],
           [("1F35A96C", 315.02), ("8B07D2E1", 433.9)])
    tuned = {round(hz / 1e6) for hz in server.journal("tuned", "hz")}
    c.check({315, 434, 868} <= tuned, "tuned to %s MHz" % sorted(tuned))


def counts_losses(c):
    server, device = c.serve(fob("1F35A96C") + "dongle drop=25:1\n")
    run = c.run(None, *LISTEN, "-d", device, "--seconds", "9", code=5)
    c.same("the journal has", server.journal("dropped", "samples"), [TRANSFER])
    c.same("lost", run.summary()["lost"], TRANSFER)
    c.says(run, "warning: 131072 samples (64 ms) were lost")
    c.says(run, "131072 samples were lost: what was sent then was not seen")


def killed(c):
    server, device = c.serve(fob("1F35A96C"))
    run = c.start(None, *LISTEN, "-d", device)
    c.check(run.wait_for('"model"', "out"), "a frame comes")
    server.send(signal.SIGKILL)
    c.finish(run, 4)
    c.says(run, device + ": the server closed the connection", 1)


def reconnects(c):
    port = free_port()
    server, device = c.serve(fob("1F35A96C"), port=port)
    run = c.start(None, *LISTEN, "-d", device, "--reconnect")
    c.check(run.wait_for("1F35A96C", "out"), "a frame of the first")
    server.send(signal.SIGKILL)
    server.finish()
    server, _ = c.serve(fob("8B07D2E1"), port=port)
    c.check(server, "it serves again")
    c.check(run.wait_for("8B07D2E1", "out", 2), "frames of the second")
    run.send(signal.SIGINT)
    c.finish(run, 5)
    c.check(run.summary()["lost"] > 0, "lost: %d" % run.summary()["lost"])
    c.says(run, "samples were lost: what was sent then was not seen")
    c.check(28.0 in server.journal("gain", "db") and
            2048000.0 in server.journal("rate", "hz"), "it is set up again")


def interrupt_reconnecting(c):
    """While the server is away, an interrupt ends it."""
    server, device = c.serve(fob("1F35A96C"))
    run = c.start(None, *LISTEN, "-d", device, "--reconnect")
    c.check(run.wait_for('"model"', "out"), "a frame comes")
    server.send(signal.SIGKILL)
    server.finish()
    run.send(signal.SIGINT)
    c.finish(run)
    c.check(run.ended - server.ended < 5,
            "it ends after %.2f s" % (run.ended - server.ended))
    c.check(run.summary()["frames"] >= 1, "with its summary")


if __name__ == "__main__":
    if shutil.which("rtl_tcp") is None:
        print("SKIP: rtl_tcp is not installed")
        sys.exit(77)
    sys.exit(main([counts_losses, hops, listens_ipv4, listens_ipv6, killed,
                   reconnects, interrupt_reconnecting]))
