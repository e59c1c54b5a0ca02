"""recorded - real recordings, row by row, for real_*.py.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import os
import sys

SHARED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..",
                      "..", "shared", "captures")


def main(rows, folder=None):
    """The exit status. rows(folder): (name, sentences) of each thing that has to
    be right, the sentences saying what is wrong with it. Where there is no folder
    there is nothing to do. Prints a line a fault, then "N passed, N failed"."""
    passed = failed = 0
    folder = folder or SHARED
    if not os.path.isdir(folder):
        print("no real recordings here")
        return 0
    for name, sentences in rows(os.path.realpath(folder)):
        wrong = list(sentences)
        for sentence in wrong:
            print("%s: %s" % (name, sentence))
        passed += not wrong
        failed += bool(wrong)
        sys.stdout.flush()
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0
