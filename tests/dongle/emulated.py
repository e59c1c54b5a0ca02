"""emulated - programs on the emulated dongle, started, read and judged.

What honest.py, the live_*.py, doctor.py and tests/bench/soak.py share. A case
is a function that takes a Case, starts programs with it and says what it
found; main() runs cases at the same time. Of a case that fails all is
printed: scenario, command, exit status, output, journal.

It all goes by real time, which a machine that is shared may not have: a Watch
tells that it stood still. A case that failed meanwhile has shown nothing of
fobscope, and is done again with the machine for itself.

Nothing waits by sleeping, but for a line, a state or the end, with a deadline.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import concurrent.futures
import contextlib
import glob
import json
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback

FOLDER = tempfile.mkdtemp(prefix="dongle-")
DEADLINE = 40  # seconds of anything that must come to an end

# Set by use(). RUNTIME: what a sanitizer of gcc wants loaded before all else.
LIBRARY = FOBSCOPE = RUNTIME = None

# A machine that stalls longer than librtlsdr has buffers for loses samples, and
# fobscope says so. What is not about that has a dongle that keeps them: ten
# seconds of 2 MS/s.
KEEPING = "fifo=20M\n"
# An RTL2832U's, which loses what a machine is late for.
LOSING = "fifo=2048\n"

# An HCS200 as captures/ has it; hop= is what tells presses apart.
HCS200 = "hcs200 serial=0C0FFEE button=2 repeat=1 "


def use(library, fobscope=None):
    global LIBRARY, FOBSCOPE, RUNTIME
    LIBRARY = os.path.abspath(library)
    if fobscope is None:
        return
    FOBSCOPE = os.path.abspath(fobscope)
    for line in subprocess.run(["ldd", FOBSCOPE], stdout=subprocess.PIPE,
                               text=True).stdout.splitlines():
        if "libasan.so" in line or "libtsan.so" in line:
            RUNTIME = line.split("=>")[1].split()[0]


class Run:
    """One program under the preload, with a scenario and a journal.

    Without a scenario there is no dongle; one that keeps what the machine is
    late for, unless the scenario says LOSING. Lines are kept with the time at
    which they were read.
    """

    def __init__(self, name, scenario, command, **more):
        self.path = os.path.join(FOLDER, name)
        self.scenario, self.command = scenario, command
        # Nothing that a sanitizer says is lost where standard error is.
        options = "log_path=%s.report:exitcode=99" % self.path
        preload = LIBRARY
        if RUNTIME is not None and FOBSCOPE in command:
            preload = RUNTIME + ":" + LIBRARY
        environment = dict(os.environ, LD_PRELOAD=preload,
                           ASAN_OPTIONS=options, TSAN_OPTIONS=options,
                           UBSAN_OPTIONS=options + ":print_stacktrace=1",
                           FOBSCOPE_DONGLE_LOG=self.path + ".log")
        environment.pop("FOBSCOPE_DONGLE", None)
        if scenario is not None:
            with open(self.path + ".txt", "w") as f:
                f.write(scenario)
                if "fifo=" not in scenario:
                    f.write("\n" + KEEPING)
            environment["FOBSCOPE_DONGLE"] = self.path + ".txt"
        self.code = self.usage = None
        self.lines = {"out": [], "err": []}
        self.news = threading.Condition()
        self.started = time.time()
        pipes = self.launch(command, environment, **more)
        self.readers = [threading.Thread(target=self.read, daemon=True,
                                         args=(where, pipe))
                        for where, pipe in pipes.items()]
        for reader in self.readers:
            reader.start()

    def launch(self, command, environment, **more):
        """What it writes to, by name."""
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
        return {"out": self.process.stdout, "err": self.process.stderr}

    def read(self, where, pipe):
        for line in pipe:
            now = time.time()
            with self.news:
                self.lines[where].append(
                    (now, line.decode(errors="replace").rstrip("\n")))
                self.news.notify_all()
        pipe.close()
        with self.news:
            self.news.notify_all()

    def wait_for(self, text, where="err", count=1, seconds=DEADLINE):
        """The line, the count-th, that has the text; None: none came."""
        until = time.monotonic() + seconds
        reader = self.readers[where == "err"]
        with self.news:
            while True:
                is_over = not reader.is_alive()
                found = [x for _, x in self.lines[where] if text in x]
                if len(found) >= count:
                    return found[count - 1]
                left = until - time.monotonic()
                if is_over or left <= 0:
                    return None
                self.news.wait(min(left, 0.2))

    def send(self, number):
        # Popen's own would reap it, if it has ended, and lose its usage.
        if self.code is None:
            os.kill(self.process.pid, number)

    def has_ended(self):
        return not any(r.is_alive() for r in self.readers)

    def finish(self, seconds=DEADLINE):
        """To its end; True: it came before the deadline."""
        until = time.monotonic() + seconds
        for reader in self.readers:
            reader.join(max(0, until - time.monotonic()))
        is_late = any(r.is_alive() for r in self.readers)
        if is_late:
            self.send(signal.SIGKILL)
        if self.code is None:
            _, status, self.usage = os.wait4(self.process.pid, 0)
            self.ended = time.time()
            self.code = os.waitstatus_to_exitcode(status)
            self.process.returncode = self.code
        for reader in self.readers:
            reader.join()
        return not is_late

    def interrupt(self, seconds):
        """Ends it after so many seconds as Ctrl-C does, if it still runs."""
        for reader in self.readers:
            reader.join(seconds)
            seconds = 0
        if any(r.is_alive() for r in self.readers):
            self.send(signal.SIGINT)
        return self.finish(15)

    @property
    def out(self):
        return "".join(x + "\n" for _, x in self.lines["out"])

    @property
    def err(self):
        return "".join(x + "\n" for _, x in self.lines["err"])

    @property
    def said(self):
        return self.out + self.err

    def objects(self):
        return [json.loads(x) for _, x in self.lines["out"]]

    def frames(self):
        return [x for x in self.objects() if "model" in x]

    def summary(self):
        return [x for x in self.objects() if "schema" in x][-1]

    def journal_lines(self):
        try:
            with open(self.path + ".log") as f:
                return f.read().splitlines()
        except FileNotFoundError:
            return []

    def journal(self, word, key):
        """The values that lines of this event have under this key."""
        values = []
        for line in self.journal_lines():
            words = line.split()
            if words[0] == word:
                pairs = dict(w.split("=", 1) for w in words if "=" in w)
                values.append(float(pairs[key]))
        return values

    def reports(self):
        return sorted(glob.glob(self.path + ".report.*"))

    def account(self):
        """All that is known of it, for people."""
        def indented(text):
            lines = text.splitlines()
            if len(lines) > 60:
                lines[30:-30] = ["[%d lines]" % (len(lines) - 60)]
            return "".join("    %s\n" % x[:400] for x in lines)
        text = "  scenario:\n" + indented(
            "(none)" if self.scenario is None else self.scenario)
        text += "  command: %s\n  exit status: %s\n" % (
            " ".join(map(shlex.quote, self.command)), self.code)
        text += "  output:\n" + indented(self.out)
        text += "  standard error:\n" + indented(self.err)
        text += "  journal:\n" + indented("\n".join(self.journal_lines()))
        for path in self.reports():
            with open(path) as f:
                text += "  sanitizer:\n" + indented(f.read())
        return text


def is_listening(port):
    """Whether someone listens on this port of this machine; a connection to
    find out would be rtl_tcp's one client."""
    for path in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(FileNotFoundError), open(path) as f:
            for line in list(f)[1:]:
                words = line.split()
                if words[3] == "0A" and words[1].endswith(":%04X" % port):
                    return True
    return False


class Watch:
    """When this machine was late with what was due, and for how long."""

    PERIOD = 0.02
    STALLED = 0.15  # seconds; librtlsdr has buffers for 0.26

    def __init__(self):
        self.late = []  # (from, until)
        threading.Thread(target=self.look, daemon=True).start()

    def look(self):
        last = time.monotonic()
        while True:
            time.sleep(self.PERIOD)
            now = time.monotonic()
            if now - last > self.PERIOD + self.STALLED:
                self.late.append((last + self.PERIOD, now))
            last = now

    def longest(self, case):
        """Seconds, while the case ran; 0: never."""
        return max((until - at for at, until in self.late
                    if until > case.began and at < case.ended), default=0)


def is_plain():
    """Without a sanitizer, which costs time and keeps memory."""
    with open(FOBSCOPE, "rb") as f:
        program = f.read()
    return not any(word in program for word in (b"__asan_init",
                                                b"__tsan_init"))


class Case:
    """What a case starts and finds."""

    def __init__(self, function, number=1):
        self.function, self.name = function, function.__name__
        if number > 1:
            self.name += ".%d" % number
        self.runs, self.findings, self.figures = [], [], []
        self.is_skipped = False

    def say(self, text):
        """A figure, to be printed if all is well too."""
        self.figures.append(text)

    def check(self, is_right, text):
        self.findings.append((bool(is_right), text))
        return bool(is_right)

    def skip(self, text):
        print("SKIP: %s: %s" % (self.name, text), flush=True)
        self.is_skipped = True

    def start(self, scenario, *arguments, command=None, kind=Run, **more):
        """fobscope with arguments, or another command."""
        run = kind("%s-%d" % (self.name, len(self.runs) + 1), scenario,
                  command or [FOBSCOPE, *arguments], **more)
        self.runs.append(run)
        return run

    def run(self, scenario, *arguments, code=0, seconds=DEADLINE, **more):
        """fobscope from start to end, with this exit status; None: any."""
        run = self.start(scenario, *arguments, **more)
        self.finish(run, code, seconds)
        return run

    def serve(self, scenario, host="127.0.0.1", port=None):
        """The system's rtl_tcp: the run and its device, or None, None."""
        port = port or free_port(host)
        run = self.start(scenario, command=["rtl_tcp", "-a", host, "-p",
                                            str(port)])
        if not wait_until(lambda: run.has_ended() or is_listening(port)) or \
                run.has_ended():
            return None, None
        return run, "rtl_tcp:%s:%d" % ("[%s]" % host if ":" in host else host,
                                       port)

    def finish(self, run, code=0, seconds=DEADLINE):
        self.check(run.finish(seconds), "it ends within %g s" % seconds)
        self.check(code in (None, run.code), "exit status %s, and is %s" %
                   (code, run.code))

    def same(self, what, have, want):
        self.check(have == want, "%s: %s, and is %s" % (what, want, have))

    def says(self, run, text, count=None):
        """Standard error has the text, so often if that is given."""
        n = run.err.count(text)
        self.check(n > 0 if count is None else n == count,
                   "it says: %s%s" % (text, "" if count is None
                                      else " (%d of %d times)" % (n, count)))

    def folder(self, name="out"):
        path = os.path.join(FOLDER, "%s-%s" % (self.name, name))
        os.makedirs(path)
        return path

    def close(self):
        """No program is left, and none did what must never be done."""
        for run in self.runs:
            if run.code is None:
                run.send(signal.SIGKILL)
                run.finish()
            self.check(not run.reports(), "no sanitizer reports")
            lines = run.journal_lines()
            self.check(not any(x.startswith("bias on") for x in lines),
                       "the bias tee stays off")
            self.check(not any(x.startswith("agc on") for x in lines),
                       "the chip's automatic gain stays off")

    def perform(self):
        self.began = time.monotonic()
        try:
            self.function(self)
        except Exception:  # whatever it was, the runs are to be shown
            self.check(False, traceback.format_exc())
        self.close()
        self.ended = time.monotonic()
        return self

    def has_failed(self):
        return not all(is_right for is_right, _ in self.findings)

    def has_crashed(self):
        """Which no machine that stands still can be the cause of."""
        return any(run.reports() or run.code in (-signal.SIGSEGV,
                   -signal.SIGABRT, -signal.SIGBUS) for run in self.runs)


def wait_until(is_so, seconds=DEADLINE):
    """What has no line to wait for: asked again and again."""
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def free_port(host="127.0.0.1"):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def report(case):
    for text in case.figures:
        print("%s: %s" % (case.name, text))
    for is_right, text in case.findings:
        if not is_right:
            print("FAIL: %s: %s" % (case.name, text))
    if case.has_failed():
        for run in case.runs:
            print(run.account(), end="")
    else:
        print("ok: %s: %d findings, %.1f s" %
              (case.name, len(case.findings), case.ended - case.began))


def is_excused(case, watch):
    """Whether it failed while the machine stood still."""
    return case.has_failed() and not case.has_crashed() and \
        watch.longest(case) > 0


TIMES = 3


def once_more(case, watch):
    """Alone, until it is done on a machine that did not stand still."""
    for number in range(2, TIMES + 1):
        print("%s: the machine stood still for %.2f s: done again" %
              (case.name, watch.longest(case)))
        case = Case(case.function, number).perform()
        report(case)
        sys.stdout.flush()
        if not is_excused(case, watch):
            break
    return case


def main(functions, plain=()):
    """PROGRAM LIBRARY FOBSCOPE [AT-ONCE [CASE...]]

    plain: what is about the receiver, and neither memory nor threads. A build
    that is slow could be too slow for it.
    """
    use(sys.argv[1], sys.argv[2])
    if is_plain():
        functions = [*functions, *plain]
    at_once = int(sys.argv[3]) if len(sys.argv) > 3 else 4
    wanted = sys.argv[4:]
    cases = [Case(f) for f in functions
             if not wanted or f.__name__ in wanted]
    watch, again = Watch(), []
    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        done = pool.map(Case.perform, cases)
        for i, case in enumerate(done):
            report(case)
            sys.stdout.flush()
            if is_excused(case, watch):
                again.append(i)
    for i in again:
        cases[i] = once_more(cases[i], watch)
    if any(c.has_failed() for c in cases):
        print("what was written is in " + FOLDER)
        return 1
    shutil.rmtree(FOLDER)
    return 77 if all(c.is_skipped for c in cases) else 0
