# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the checks share: the project's files, C without its comments, and TAP."""

import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIBRARY = ("base", "codec", "engine", "transport", "values", "worker", "gateway")
SKIPPED_FOLDERS = (".git", "_build", "build", "__pycache__")

COMMENT_OR_STRING = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def files(*endings, under=""):
    """Paths below the root of the project's own files, in order."""
    try:
        listing = subprocess.run(
            ["git", "-C", ROOT, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        names = [name for name in listing.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = []
        for folder, folders, found in os.walk(ROOT):
            folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
            names += [os.path.relpath(os.path.join(folder, name), ROOT) for name in found]
    return sorted(
        name
        for name in set(names)
        if name.endswith(endings or "") and name.startswith(under) and os.path.isfile(os.path.join(ROOT, name))
    )


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as stream:
        return stream.read()


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def without_comments(text, strings=True):
    """The code, with comments (and the inside of strings, unless wanted) blanked; lines keep their numbers."""

    def replace(match):
        token = match[0]
        if token[0] in "\"'":
            return token if strings else token[0] + blank(token[1:-1]) + token[-1]
        return blank(token)

    return COMMENT_OR_STRING.sub(replace, text)


def line_of(text, position):
    return text.count("\n", 0, position) + 1


class Report:
    """TAP: one case per file or rule; a case with findings fails and prints them."""

    def __init__(self):
        self.count = 0
        self.failed = False

    def case(self, name, findings=(), warnings=()):
        self.count += 1
        print("%sok %d %s" % ("not " if findings else "", self.count, name))
        for finding in findings:
            print("# " + str(finding))
        for warning in warnings:
            print("# warning: " + str(warning))
        self.failed = self.failed or bool(findings)

    def skip(self, name, reason):
        self.count += 1
        print("ok %d %s # SKIP %s" % (self.count, name, reason))

    def done(self):
        if self.count == 0:
            self.skip("nothing", "nothing to look at")
        print("1..%d" % self.count)
        sys.exit(1 if self.failed else 0)
