#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""test_applet.py PROGRAM: examples/applet shows what its gateway does, to the eye and to a screen reader."""

import sys
import unittest

import desktop
from applet import SCENARIO, Applet
from gi.repository import Atspi

PROGRAM = sys.argv[1]
LATENCY = r"^\d+(\.\d)? ms$"


class ShownTest(unittest.TestCase):
    """One window for all: nothing here changes it."""

    @classmethod
    def setUpClass(cls):
        cls.applet = Applet(PROGRAM, "--scenario=" + SCENARIO)
        cls.addClassCleanup(cls.applet.end)
        cls.applet.wait_for_rows()

    def test_account_and_status(self):
        self.applet.wait_for_label("Connected")
        self.assertIn("Harbour Bot", self.applet.labels())

    def test_latency(self):
        desktop.wait_until(lambda: any(label.endswith(" ms") for label in self.applet.labels()), "a latency")
        self.assertRegex(next(label for label in self.applet.labels() if label.endswith(" ms")), LATENCY)

    def test_names_that_a_screen_reader_reads(self):
        self.assertEqual(desktop.names(self.applet.program.root, Atspi.Role.FRAME), ["Gateway"])
        self.assertEqual(desktop.names(self.applet.program.root, Atspi.Role.LIST), ["Latest messages"])

    def test_picture(self):
        desktop.wait_until(lambda: self.applet.screen.take().brightness() > 0.8, "a bright window")
        self.assertGreater(self.applet.screen.take().n_colors(), 500)


class AppletTest(unittest.TestCase):
    def start(self, *simulator, **options):
        applet = Applet(PROGRAM, *simulator, **options)
        self.addCleanup(applet.end)
        return applet

    def start_scenario(self, **options):
        applet = self.start("--scenario=" + SCENARIO, **options)
        applet.wait_for_rows()
        return applet

    def test_follows_a_dark_style(self):
        applet = self.start_scenario(dark=True)
        desktop.wait_until(lambda: applet.screen.take().brightness() < 0.3, "a dark window")
        self.assertGreater(applet.screen.take().n_colors(), 500)

    def test_disconnects_and_connects(self):
        applet = self.start("--rate=20")
        applet.wait_for_label("Connected")
        desktop.wait_until(applet.rows, "a row")
        applet.press("Disconnect")
        applet.wait_for_label("Not Connected")
        applet.press("Connect")
        applet.wait_for_label("Connected")

    def test_says_why_it_is_not_connected(self):
        applet = self.start("--token=another")
        desktop.wait_until(
            lambda: any("4004" in name for name in desktop.names(applet.program.root, Atspi.Role.ALERT)), "the reason"
        )
        self.assertIn("Not Connected", applet.labels())

    def test_goes_offline_when_closed(self):
        applet = self.start_scenario()
        applet.press("Close")
        self.assertEqual(applet.program.popen.wait(desktop.DEADLINE_S), 0)


if __name__ == "__main__":
    desktop.enter_session()
    unittest.main(argv=sys.argv[:1], verbosity=2)
