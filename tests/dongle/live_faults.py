"""live_faults - what goes wrong with a receiver has its sentence and status.

    live_faults.py LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

SPDX-License-Identifier: GPL-2.0-or-later
"""
import contextlib
import socket
import struct
import sys
import threading

from emulated import HCS200, free_port, main

LISTEN = ("listen", "--jsonl", "--band", "433", "--rate", "250k",
          "--seconds", "1.2")
FOB = "fob %shop=1F35A96C freq=433.91M at=0.6\n" % HCS200
V4 = ("dongle tuner=r828d xtal=28.8M manufacturer=RTLSDRBlog "
      "product=\"Blog V4\"\n")
TWO = ("dongle serial=00000007\n"
       "dongle serial=00000009 tuner=r828d\n")


def fault(name, scenario, sentence, *arguments, code=4, frames=0, more=()):
    """Frames that come before it are printed; each sentence is told."""
    def case(c):
        run = c.run(scenario, *(arguments or LISTEN), code=code)
        for text in (sentence, *more):
            c.says(run, text)
        c.same("frames", len(run.frames()), frames)
        c.same("lines that are no sentence of fobscope's",
               [x for _, x in run.lines["err"]
                if not x.startswith("fobscope: ")], [])
    case.__name__ = name
    return case


def on(device):
    return (*LISTEN, "-d", device)


FAULTS = [
    fault("no_dongle", None,
          "dongle 0: no RTL-SDR dongle is plugged in; run: lsusb -d 0bda:"),
    fault("no_dongle_capture", None, "no RTL-SDR dongle is plugged in",
          "capture", "--band", "433", "-o", "."),
    fault("index_too_high", "", "dongle 3: there is only 1; run: fobscope "
          "doctor", *on("3")),
    fault("index_of_two", TWO, "dongle 2: there are only 2", *on("2")),
    fault("serial_unknown", "", "dongle :77: no dongle has this serial number",
          *on(":77")),
    fault("no_permission", "dongle open=-3\n",
          "dongle 0: you have no permission to open it"),
    fault("busy", "dongle claim=-6\n",
          "dongle 0: another program or a kernel driver is using it; run: "
          "sudo fuser -v /dev/bus/usb/*/*"),
    fault("gone", "dongle open=-4\n", "dongle 0: it is gone: plug it in again"),
    fault("driver_stuck", "dongle driver=stuck\n",
          "kernel driver is using it"),
    fault("driver_bound", "dongle driver=bound\n" + FOB, "listening on",
          code=0, frames=1),
    fault("blog_v4", V4, "dongle 0: it is an RTL-SDR Blog V4, and the library ",
          more=["is too old for it"]),
    fault("lock_never", "dongle lock=never\n",
          "warning: dongle 0: the tuner's PLL does not lock at 433.870 MHz",
          code=0),
    fault("unplugged", "dongle unplug=250\n" + FOB,
          "dongle 0: was unplugged, or its USB connection failed",
          "listen", "--jsonl", "--band", "433", "--rate", "250k", frames=1),
    fault("unplugged_at_once", "dongle unplug=1\n",
          "dongle 0: was unplugged, or its USB connection failed"),
    fault("stalled", "dongle stall=250\n" + FOB,
          "dongle 0: no samples for 2 s: it has stopped sending; plug it in "
          "again; run: fobscope doctor",
          "listen", "--jsonl", "--band", "433", "--rate", "250k", frames=1),
    fault("transfer_error", "dongle error=200\n" + FOB,
          "1024 samples were lost: what was sent then was not seen",
          "listen", "--jsonl", "--band", "433", "--rate", "250k", "--seconds",
          "2.8", code=5, frames=1),
    fault("rate_of_none", "", "dongle 0: no dongle has a sample rate of 500 "
          "kHz: 226 to 300 or 901 to 3200", "listen", "--rate", "500k"),
    fault("no_recording", None, "nothere.cu8: does not exist", "listen", "-d",
          "nothere.cu8"),
    fault("no_folder", "", "No such file or directory", "capture", "--band",
          "433", "--seconds", "1", "-o", "/nonexistent/folder"),
    # The receiver's own DC is no burst, before its noise is known either.
    fault("short_run", "", "no frames; 0 bursts without data", "listen",
          "--band", "433", "--seconds", "0.1", code=0),
    fault("which_band", "", "--seconds records one band, not 2", "capture",
          "--seconds", "1", "--band", "315,433", "-o", ".", code=2),
    fault("no_band", "", "--band foo: not a number", "listen", "--band", "foo",
          code=2),
    fault("gain_of_none", "", "--gain 99: not within 0 and 60", "listen",
          "--gain", "99", code=2),
]


def two_dongles(c):
    """The one that is asked for is opened, and no other."""
    for device, serial in (("1", "00000009"), (":00000009", "00000009"),
                           ("0", "00000007"), (":00000007", "00000007")):
        run = c.run(TWO, "listen", "--band", "433", "--rate", "250k",
                    "--seconds", "0.3", "-d", device)
        used = {x.split("dongle=")[1] for x in run.journal_lines()}
        c.same("-d %s opens" % device, used, {serial})


@contextlib.contextmanager
def server(*behaviour):
    """Serves one client: bytes are sent; then it is closed, or, after None,
    nothing more happens until the client goes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(30)

        def serve():
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                client.settimeout(30)
                for part in behaviour:
                    try:
                        if part is not None:
                            client.sendall(part)
                        while part is None and client.recv(4096):
                            pass
                    except OSError:
                        return
                client.shutdown(socket.SHUT_WR)
                # Closed with unread bytes it would be a reset.
                with contextlib.suppress(OSError):
                    while client.recv(4096):
                        pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield "rtl_tcp:127.0.0.1:%d" % listener.getsockname()[1]
        thread.join(30)


def header(magic=b"RTL0", tuner=5, gains=29):
    return magic + struct.pack(">II", tuner, gains)


def served(name, behaviour, sentence):
    def case(c):
        with server(*behaviour) as device:
            run = c.run(None, *on(device), code=4)
        c.says(run, device + sentence)
        c.same("sentences", len([x for _, x in run.lines["err"]
                                 if "listening on" not in x]), 1)
    case.__name__ = name
    return case


SERVERS = [
    served("server_silent", [None], ": sent 0 of the 12 bytes that an rtl_tcp "
           "server begins with, then nothing for 5 s: it is another server, "
           "or it serves another client"),
    served("server_stops_in_header", [header()[:7], None],
           ": sent 7 of the 12 bytes"),
    served("server_without_samples", [header(), None],
           ": no samples for 5 s: it has stopped sending; start it again, "
           "there"),
    served("server_short_header", [header()[:5]],
           ": closed the connection after 5 of the 12 bytes"),
    served("server_closes", [], ": closed the connection after 0 of the 12"),
    served("server_without_magic", [b"HTTP/1.1 400 Bad\r\n", None],
           ": is no rtl_tcp server: it does not begin with RTL0"),
    served("server_absurd", [header(gains=1 << 30), None],
           ": says that its tuner has 1073741824 gains: that is no rtl_tcp"),
    served("server_closes_later", [header(), bytes([127, 128]) * 60000],
           ": the server closed the connection"),
]


def server_refused(c):
    port = free_port()
    run = c.run(None, *on("rtl_tcp:127.0.0.1:%d" % port), code=4)
    c.says(run, "rtl_tcp:127.0.0.1:%d: nobody listens on port %d of "
           "127.0.0.1; run: rtl_tcp -a 0.0.0.0 -p %d, there" %
           (port, port, port))


def server_unnamed(c):
    run = c.run(None, *on("rtl_tcp:nohost.invalid:9"), code=4)
    c.says(run, "rtl_tcp:nohost.invalid:9: host nohost.invalid, port 9: ")


if __name__ == "__main__":
    sys.exit(main(SERVERS + FAULTS + [two_dongles, server_refused,
                                      server_unnamed]))
