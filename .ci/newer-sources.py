#!/usr/bin/python3
"""Writes the machine's own Debian archives with another suite: newer-sources.py SUITE NEWER FOLDER."""

import glob
import re
import sys

ONE_LINE = re.compile(r"^\s*deb\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.*)$")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as stream:
        return stream.read()


def from_one_line(text, suite, newer):
    for line in text.splitlines():
        match = ONE_LINE.match(line.split("#")[0])
        if match and match[3].rstrip("/") == suite and "main" in match[4].split():
            yield "deb %s%s %s main\n" % (match[1] or "", match[2], newer)


def from_deb822(text, suite, newer):
    for stanza in re.split(r"\n\s*\n", text):
        lines = [line for line in stanza.splitlines() if not line.startswith("#")]
        fields = {}
        name = None
        for line in lines:
            if line[:1].isspace() and name:
                fields[name] += "\n" + line
            elif ":" in line:
                name, value = line.split(":", 1)
                name = name.strip().lower()
                fields[name] = value.strip()
        if fields.get("enabled", "yes").lower() in ("no", "false", "0"):
            continue
        if "deb" not in fields.get("types", "").split() or suite not in fields.get("suites", "").split():
            continue
        if "main" not in fields.get("components", "").split():
            continue
        fields.update(types="deb", suites=newer, components="main")
        yield "".join("%s: %s\n" % (key.title(), value) for key, value in fields.items()) + "\n"


def main():
    suite, newer, folder = sys.argv[1:]
    classic, modern = [], []
    for path in glob.glob("/etc/apt/sources.list") + sorted(glob.glob("/etc/apt/sources.list.d/*.list")):
        classic += from_one_line(read(path), suite, newer)
    for path in sorted(glob.glob("/etc/apt/sources.list.d/*.sources")):
        modern += from_deb822(read(path), suite, newer)
    if not classic and not modern:
        sys.exit("newer-sources: apt knows no archive of Debian's " + suite)
    with open(folder + "/newer.list", "w", encoding="utf-8") as stream:
        stream.writelines(classic)
    with open(folder + "/newer.sources", "w", encoding="utf-8") as stream:
        stream.writelines(modern)


main()
