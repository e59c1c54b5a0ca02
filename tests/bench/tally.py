# SPDX-License-Identifier: GPL-2.0-or-later
"""What a decoder said of a recording, held against the truth beside it."""
import json
import os
import subprocess
import sys

from signals import TOOLS

sys.path.insert(0, TOOLS)
import score  # noqa: E402


def run(command, path):
    """Lines of JSON that a command prints; {f} is the recording."""
    out = subprocess.run([a.replace("{f}", path) for a in command],
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                         check=False).stdout
    lines = []
    for line in out.decode(errors="replace").splitlines():
        if line.startswith("{"):
            try:
                lines.append(json.loads(line))
            except ValueError:
                pass
    return lines


def load(path):
    return score.load_truth(path + ".truth")


def is_right(truth, line):
    """All bits. Debian's rtl_433 22.11 garbles the two highest digits of an
    HCS200's serial number (mended since): of it the other five will do."""
    fob = line.get("fob")
    if truth["kind"] == "unknown":
        return (fob is not None
                and fob.get("line_code") == truth["fields"]["line_code"]
                and fob.get("bits") == truth["bits"])
    for key, value in truth["fields"].items():
        got, want = score.norm(line.get(key)), score.norm(value)
        if fob is None and key == "id":
            got, want = got[-5:].lstrip("0"), want[-5:].lstrip("0")
        if got != want:
            return False
    return True


def seconds_of(line):
    return float(str(line.get("time", "@0s")).strip("@s"))


class Tally:
    """Counts over one recording or many."""

    def __init__(self):
        self.total = self.right = self.wrong = self.other = 0
        self.proven_wrong = self.overload = 0
        self.sure = []  # (confidence, right) of each frame printed

    def add(self, truth, lines):
        got = set()
        for line in lines:
            if line.get("model") == "Burst" and truth and \
                    truth[0]["kind"] != "carrier":
                continue
            at = seconds_of(line)
            near = [t for t in truth
                    if t["start_s"] - 0.05 <= at <= t["end_s"] + 0.01]
            hits = [t["index"] for t in near if is_right(t, line)]
            got.update(hits)
            fob = line.get("fob", {})
            self.overload += bool(line.get("overload") or fob.get("overload"))
            if "confidence" in fob:
                self.sure.append((fob["confidence"], bool(hits)))
            if hits:
                continue
            if any(t["fields"]["model"] == line.get("model") for t in near):
                self.wrong += 1
            else:
                self.other += 1
            self.proven_wrong += fob.get("verdict") == "proven"
        self.total += len(truth)
        self.right += len(got)
        return self

    def share(self):
        return self.right / max(self.total, 1)


def tenths(sure):
    """(claimed, right, frames) in each tenth of confidence from 0.5 to 1."""
    out = []
    for k in range(5, 10):
        some = [(c, r) for c, r in sure if min(int(c * 10), 9) == k]
        if some:
            n = len(some)
            out.append((sum(c for c, _ in some) / n,
                        sum(r for _, r in some) / n, n))
    return out


def remove(path):
    for p in (path, path + ".truth"):
        os.remove(p)
