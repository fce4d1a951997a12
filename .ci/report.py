#!/usr/bin/python3
"""Runs `meson test` quietly: one line of result, and the end of the log of whatever failed.

Counts are of test cases where a program speaks TAP, else of programs.
"""

import argparse
import glob
import json
import os
import re
import subprocess
import sys
import time

SHOWN_LINES = 40
CASE = re.compile(r"^(not )?ok\b(.*)$", re.MULTILINE)
DIRECTIVE = re.compile(r"(?<!\\)#\s*(skip|todo)", re.IGNORECASE)
# What a program did beside passing: "# counted: 20000 seeds", and libFuzzer's last line.
COUNTED = re.compile(r"^# counted: (\d+) (.+)$|^Done (\d+) runs in \d+ second", re.MULTILINE)
FUZZED = "fuzz executions"
PROGRESS = re.compile(r"^\s*(\d+/\d+)\s+(.*?)\s+(?:OK|FAIL|SKIP|TIMEOUT|ERROR)\b")
GOOD = ("OK", "EXPECTEDFAIL", "SKIP", "IGNORED")


def count(entry):
    """The passed, failed and skipped cases of one program."""
    passed = failed = skipped = 0
    for match in CASE.finditer(entry.get("stdout", "")):
        directive = DIRECTIVE.search(match[2])
        if directive and directive[1].lower() == "skip":
            skipped += 1
        elif match[1] and not directive:
            failed += 1
        else:
            passed += 1
    if entry["result"] not in GOOD and failed == 0:
        failed = 1
    if entry["result"] == "SKIP" and skipped == 0:
        skipped = 1
    if passed + failed + skipped == 0:
        passed = 1
    return passed, failed, skipped


def count_more(entries):
    """What was done, of all programs together: {"fuzz executions": 5000000}."""
    sums = {}
    for entry in entries:
        for match in COUNTED.finditer(entry.get("stdout", "") + "\n" + entry.get("stderr", "")):
            what = match[2] or FUZZED
            sums[what] = sums.get(what, 0) + int(match[1] or match[3])
    return sums


def show_failure(entry):
    print("\nFAILED %s (%s, %.1f s)" % (entry["name"], entry["result"].lower(), entry["duration"]))
    text = entry.get("stdout", "") + entry.get("stderr", "")
    lines = [line for line in text.splitlines() if not re.match(r"^(ok\b|# (Start|End) of )", line)]
    if len(lines) > SHOWN_LINES:
        print("    ...")
    for line in lines[-SHOWN_LINES:]:
        print("    " + line)


def follow(process, log):
    """Shows on a terminal which test has just ended; everything goes to the log."""
    terminal = sys.stdout.isatty()
    for line in process.stdout:
        log.write(line)
        match = PROGRESS.match(line) if terminal else None
        if match:
            sys.stdout.write("\r\033[K%s %s" % (match[1], match[2][:60]))
            sys.stdout.flush()
    if terminal:
        sys.stdout.write("\r\033[K")
    return process.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tally", required=True)
    parser.add_argument("--title", required=True)
    parser.add_argument("--show", action="store_true", help="print what each program printed")
    parser.add_argument("builddir")
    parser.add_argument("arguments", nargs="*")
    options = parser.parse_args()

    logs = os.path.join(options.builddir, "meson-logs")
    base = "run-" + re.sub(r"\W+", "-", options.title)
    # A setup or wrapper appends its name to the log's.
    pattern = os.path.join(logs, glob.escape(base) + "*.json")
    for path in glob.glob(pattern):
        os.unlink(path)

    began = time.monotonic()
    command = ["meson", "test", "-C", options.builddir, "--no-rebuild", "--logbase", base] + options.arguments
    with open(os.path.join(logs, base + ".console.txt"), "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        status = follow(process, log)
    seconds = time.monotonic() - began

    entries = []
    for path in glob.glob(pattern):
        with open(path, encoding="utf-8") as stream:
            entries += [json.loads(line) for line in stream if line.strip()]
    totals = [sum(column) for column in zip((0, 0, 0), *map(count, entries))]
    if status != 0 and totals[1] == 0:
        totals[1] = 1
        with open(os.path.join(logs, base + ".console.txt"), encoding="utf-8") as log:
            sys.stdout.write("".join(log.readlines()[-SHOWN_LINES:]))
    for entry in entries:
        if count(entry)[1]:
            show_failure(entry)
        elif options.show:
            print("== %s\n%s" % (entry["name"], entry.get("stdout", "").rstrip()))
    skipped = ", %d skipped" % totals[2] if totals[2] else ""
    more = "".join(", %s %s" % (format(number, ","), what) for what, number in sorted(count_more(entries).items()))
    print("%s: %d ok, %d not ok%s%s (%.0f s)" % (options.title, totals[0], totals[1], skipped, more, seconds))
    with open(options.tally, "a", encoding="utf-8") as tally:
        tally.write("%d %d\n" % (totals[0], totals[1]))
    return 1 if totals[1] else 0


sys.exit(main())
