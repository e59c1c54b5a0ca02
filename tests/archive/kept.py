"""kept - archives, what is done to them, and what must hold of them always.

What all of tests/archive share. A case is a function that takes a Case, runs
fobscope with it and says what it found. Of a case that fails the command that
was judged last is printed with each finding.

  PROGRAM LIBRARY FOBSCOPE CAPTURES STEP [CASE...]

STEP: only every so-maniest point of many. $FOBSCOPE_SEED has another seed
than 1; where chance decides, it is printed.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import concurrent.futures
import functools
import hashlib
import itertools
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback

# fsync costs nothing there, and nobody pulls a plug here.
SHM = "/dev/shm"
FOLDER = tempfile.mkdtemp(prefix="archive-",
                          dir=SHM if os.access(SHM, os.W_OK) else None)
DEADLINE = 60  # seconds of anything that must come to an end
AT_ONCE = 3
SEED = int(os.environ.get("FOBSCOPE_SEED", "1"))
STEP = 1
LIBRARY = FOBSCOPE = CAPTURES = RUNTIME = None
HALVES = (".sigmf-data", ".sigmf-meta")
KNOWN = {"reserve", "recordings", "work", "key", "lock", "index.sqlite"}
# Of LeakSanitizer's, whose process was killed while it looked for leaks.
KILLED = re.compile(r"^==\d+==Unable to get registers from thread \d+\.$")
numbers = itertools.count()


class Run:
    """fobscope from start to end."""

    def __init__(self, arguments, code, out, err):
        self.arguments, self.code = arguments, code
        self.raw, self.err = out, err
        self.out = out.decode(errors="replace")

    def ids(self, *words):
        """Of lines such as "0a075c7f2a  kept  n.cu8" with one of words."""
        return [line.split()[0] for line in self.out.splitlines()
                if not words or line.split()[1:2] == [*words][:1]
                or " ".join(line.split()[1:3]) in words]

    def account(self):
        return "  fobscope %s\n  exit status %s\n  out: %s\n  err: %s" % (
            shlex.join(self.arguments), self.code, self.out[-1500:],
            self.err[-1500:])


class Death(Exception):
    """It had to be so for anything to make sense; told already."""


class Case:
    def __init__(self, function):
        self.function, self.name = function, function.__name__
        self.lock = threading.Lock()
        self.n, self.faults, self.reports = 0, [], 0
        self.figures, self.is_skipped = [], False
        self.folder = os.path.join(FOLDER, self.name)
        os.mkdir(self.folder)

    def say(self, text):
        """A figure, to be printed if all is well too."""
        self.figures.append(text)

    def skip(self, text):
        print("SKIP: %s: %s" % (self.name, text), flush=True)
        self.is_skipped = True

    def check(self, is_right, text, run=None):
        with self.lock:
            self.n += 1
            if not is_right:
                account = "" if run is None else "\n" + run.account()
                self.faults.append(text + account)
        return bool(is_right)

    def same(self, what, have, want, run=None):
        return self.check(have == want, "%s: %s, and is %s" %
                          (what, want, have), run)

    def path(self, name=None):
        return os.path.join(self.folder, name or "p%d" % next(numbers))

    def start(self, archive, *arguments, faults=None, **more):
        """A process under way; archive: its place or None."""
        number = next(numbers)
        report = self.path("report-%d" % number)
        options = "log_path=%s:exitcode=99" % report
        # leaks are looked for by a process of its own, which the filter and
        # another user's rights keep from it
        is_plain = faults is None and "preexec_fn" not in more
        environment = dict(
            os.environ, ASAN_OPTIONS=options + ":detect_leaks=%d" % is_plain,
            UBSAN_OPTIONS=options + ":print_stacktrace=1",
            TSAN_OPTIONS=options, HOME=self.folder, LC_ALL="C.UTF-8")
        for name in ("FOBSCOPE_ARCHIVE", "XDG_DATA_HOME", "TMPDIR"):
            environment.pop(name, None)
        if archive is not None:
            environment["FOBSCOPE_ARCHIVE"] = archive
        if faults is not None:
            log, what = faults
            environment.update(
                LD_PRELOAD=":".join(filter(None, (RUNTIME, LIBRARY))),
                FOBSCOPE_FAULTS=log, FOBSCOPE_FAULTS_DO=what)
        environment.update(more.pop("environment", {}))
        more = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE, **more}
        return subprocess.Popen([FOBSCOPE, *arguments], env=environment,
                                **more)

    def finish(self, process, given=None):
        try:
            out, err = process.communicate(given, timeout=DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            self.check(False, "it ends", Run(process.args[1:], "late", out,
                                             err.decode(errors="replace")))
        return Run(process.args[1:], process.returncode, out or b"",
                   (err or b"").decode(errors="replace"))

    def run(self, archive, *arguments, code=0, given=None, **more):
        """With this exit status, unless that is None."""
        if given is not None:
            more["stdin"] = subprocess.PIPE
        run = self.finish(self.start(archive, *arguments, **more), given)
        if code is not None:
            self.check(run.code == code, "exit status %s, and is %s" %
                       (code, run.code), run)
        return run

    def refused(self, archive, *arguments, code=4, **more):
        """A failure that is told in a sentence which names what failed."""
        run = self.run(archive, *arguments, code=code, **more)
        self.sentence(run)
        return run

    def sentence(self, run, most=1):
        """Each in a line of its own, and not more of them."""
        lines = run.err.strip().splitlines()
        self.check(lines and all(x.startswith("fobscope: ") and
                                 len(x.split()) > 3 for x in lines),
                   "a sentence says why", run)
        self.check(len(lines) <= most, "%d sentences say why" % most, run)

    def document(self, archive, *arguments, code=0, **more):
        run = self.run(archive, "archive", *arguments, "--json", code=code,
                       **more)
        try:
            return json.loads(run.out)
        except ValueError:
            self.check(False, "JSON", run)
            raise Death from None

    def list(self, archive, *arguments, **more):
        """ID -> recording."""
        return {r["id"]: r for r in self.document(
            archive, "list", *arguments, **more)["recordings"]}

    def damages(self, archive, code=1, **more):
        """"what: damage" of each."""
        return ["%s: %s" % (d["what"], d["damage"]) for d in self.document(
            archive, "verify", code=code, **more)["damages"]]

    def frames(self, archive, *arguments, code=0, **more):
        run = self.run(archive, "decode", "--jsonl", *arguments, code=code,
                       **more)
        return [json.loads(line) for line in run.out.splitlines()]

    def whole(self, archive, what, kept=(), gone=(), ids=None):
        """Files and index agree and have what was reported. Returns list."""
        damages = self.damages(archive, code=0)
        have = self.list(archive)
        self.check(not damages, "%s: no damage: %s" % (what, damages))
        self.check(set(kept) <= set(have), "%s: %s is kept, and there is %s" %
                   (what, sorted(kept), sorted(have)))
        self.check(not set(gone) & set(have), "%s: %s is forgotten" %
                   (what, sorted(gone)))
        if ids is not None:
            self.same(what + ": recordings", sorted(have), sorted(ids))
        self.pairs(archive, what, have)
        return have

    def pairs(self, archive, what, have):
        """In recordings/ is what the list has, and nothing besides."""
        files = folder(os.path.join(archive, "recordings"))
        stems = {re.sub(r"\.[^.]*$", "", x) for x in files
                 if not x.startswith("col_")}
        self.same(what + ": files of recordings",
                  sorted(x.split("_")[1] for x in stems), sorted(have))
        for file in files:
            is_ours = file.endswith(HALVES) or re.fullmatch(
                r"col_[0-9a-f]{10}\.sigmf-collection", file)
            self.check(is_ours, "%s: %s: left over" % (what, file))
        for stem in stems:
            self.check({stem + half for half in HALVES} <= set(files),
                       "%s: %s: a pair" % (what, stem))

    def tidy(self, archive, what):
        """After a command that came to its end, nobody at work."""
        self.same(what + ": work", folder(os.path.join(archive, "work")), [])
        self.same(what + ": left over",
                  sorted(set(folder(archive)) - KNOWN), [])

    def perform(self):
        start = time.monotonic()
        try:
            self.function(self)
        except Death:
            pass
        except Exception:
            self.check(False, traceback.format_exc())
        for file in folder(self.folder):
            if file.startswith("report-"):
                with open(self.path(file), errors="replace") as f:
                    said = [x for x in f if not KILLED.search(x)]
                self.check(not "".join(said).strip(),
                           "a sanitizer reports:\n" + "".join(said))
        self.seconds = time.monotonic() - start

    def each(self, function, items):
        """function(item) for all of them, some at once; results in order."""
        def one(item):
            try:
                return function(item)
            except Death:
                return None
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, items))


def folder(path):
    """What is in it; what is not there is empty."""
    try:
        return sorted(os.listdir(path))
    except FileNotFoundError:
        return []


def content(path):
    with open(path, "rb") as f:
        return f.read()


def write(path, data):
    with open(path, "wb") as f:
        f.write(data)
    return path


def tree(path):
    """Of all files: name, mode, content's hash."""
    found = []
    for where, folders, files in os.walk(path):
        for name in folders + files:
            whole = os.path.join(where, name)
            about = os.lstat(whole)
            data = content(whole) if name in files else b""
            found.append((os.path.relpath(whole, path), oct(about.st_mode),
                          hashlib.sha256(data).hexdigest()))
    return sorted(found)


def copy(archive, to):
    shutil.copytree(archive, to)
    return to


def noise(samples, seed):
    """cu8, of which the ends have more than the middle."""
    dice = random.Random(seed)
    table = bytes(127 + round(dice.gauss(0.5, 4)) for _ in range(256))
    return dice.randbytes(2 * samples).translate(table)


def capture(name, first=0, count=None):
    """Samples of captures/NAME as cu8, its rate and centre."""
    base = os.path.join(CAPTURES, name, name)
    with open(base + ".sigmf-meta") as f:
        document = json.load(f)
    head = document["global"]
    data = content(base + ".sigmf-data")
    if head["core:datatype"] == "ci8":
        data = bytes(x ^ 0x80 for x in data)
    elif head["core:datatype"] != "cu8":
        raise ValueError(head["core:datatype"])
    last = len(data) if count is None else 2 * (first + count)
    return (data[2 * first:last], head["core:sample_rate"],
            document["captures"][0]["core:frequency"])


def id_of(data):
    return hashlib.sha512(data).hexdigest()[:10]


@functools.cache
def recordings():
    """Small ones: four of noise and a fob, by name."""
    made = {}
    where = os.path.join(FOLDER, "recordings")
    os.mkdir(where)
    for i in range(4):
        made["n%d" % i] = write(os.path.join(where, "n%d_250k.cu8" % i),
                                noise(5000 + i, 100 + i))
    data, rate, centre = capture("siemens-5wy72xx", 34000, 45000)
    made["fob"] = write(os.path.join(where, "fob_%gM_%gk.cu8" % (
        centre / 1e6, rate / 1e3)), data)
    return made


def use(arguments):
    global LIBRARY, FOBSCOPE, CAPTURES, STEP, RUNTIME
    LIBRARY, FOBSCOPE, CAPTURES = map(os.path.abspath, arguments[:3])
    STEP = int(arguments[3])
    for line in subprocess.run(["ldd", FOBSCOPE], stdout=subprocess.PIPE,
                               text=True).stdout.splitlines():
        if "libasan.so" in line or "libtsan.so" in line:
            RUNTIME = line.split("=>")[1].split()[0]


def report(case):
    for text in case.figures:
        print("%s: %s" % (case.name, text))
    for text in case.faults[:8]:
        print("FAIL: %s: %s" % (case.name, text))
    if case.faults:
        print("%s: %d of %d findings are wrong" % (
            case.name, len(case.faults), case.n))
    elif not case.is_skipped:
        print("ok: %s: %d findings, %.1f s" % (case.name, case.n,
                                               case.seconds))
    sys.stdout.flush()


def main(functions):
    use(sys.argv[1:])
    wanted = sys.argv[5:]
    cases = [Case(f) for f in functions
             if not wanted or f.__name__ in wanted]
    try:
        for case in cases:
            case.perform()
            report(case)
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)
    if any(c.faults for c in cases):
        return 1
    return 77 if all(c.is_skipped for c in cases) else 0
