#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""take_picture.py FILE PROGRAM DARK-PROGRAM: both beside each other, with the messages of harbour.scenario."""

import sys

import desktop
from applet import SCENARIO, Applet

FRAME = 4  # to be dragged at, where no compositor draws a shadow


def take(program, dark):
    applet = Applet(program, "--scenario=" + SCENARIO, dark=dark)
    try:
        applet.wait_for_rows()
        desktop.wait_until(lambda: any(label.endswith(" ms") for label in applet.labels()), "a latency")
        return desktop.settled(applet.screen).without_frame(FRAME)
    finally:
        applet.end()


def main():
    desktop.enter_session()
    path, program, dark_program = sys.argv[1:]
    take(program, False).beside(take(dark_program, True)).save(path)


main()
