#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The token, typed at a terminal."""

import signal
import termios

import dgw_process

PROMPT = b"(not shown): "


class Prompt(dgw_process.Case):
    def setUp(self):
        super().setUp()
        self.simulator = self.simulate("--token=typed", "--rate=100")
        self.tty = self.terminal()

    def start(self, *words):
        words = words or ("info", "--json", "--api-url", self.simulator.api_url)
        process = self.run_dgw(*words, token="", stdin=self.tty.slave, stderr=self.tty.slave)
        return process

    def echoes(self):
        return bool(termios.tcgetattr(self.tty.slave)[3] & termios.ECHO)

    # Security: CLI-TTY
    def test_typed(self):
        process = self.start()
        self.tty.read_until(PROMPT)
        self.assertFalse(self.echoes())
        self.tty.type(b" typed \n")
        self.assert_ends(process, 0)
        self.assertTrue(self.echoes())
        self.assertNotIn(b"typed", self.tty.read_rest())
        self.assertEqual(len(process.documents()), 1)

    def test_listen(self):
        process = self.start("listen", "--json", "--url", self.simulator.url, "--count=2")
        self.tty.read_until(PROMPT)
        self.tty.type(b"typed\n")
        self.assert_ends(process, 0)
        self.assertEqual(len(process.stdout), 2)

    def test_nothing_typed(self):
        for text in (b"\n", b"\x04", b"  \n"):
            with self.subTest(text=text):
                self.tty.text = b""
                process = self.start()
                self.tty.read_until(PROMPT)
                self.tty.type(text)
                self.assert_ends(process, 2)
                self.assertTrue(self.echoes())

    # Security: CLI-TTY
    def test_signal_leaves_the_terminal_in_order(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                self.tty.text = b""
                process = self.start()
                self.tty.read_until(PROMPT)
                self.assertFalse(self.echoes())
                process.signal(number)
                self.assert_ends(process, -number)
                self.assertTrue(self.echoes())

    def test_mistakes_come_first(self):
        """Nobody types a token in order to hear that an option was wrong."""
        process = self.start("listen", "--compress=lzma")
        self.assert_ends(process, 2)
        self.assertNotIn(PROMPT, self.tty.read_rest())


if __name__ == "__main__":
    dgw_process.main()
