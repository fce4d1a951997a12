#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Tests an application without Discord: the gateway connects to a simulator in the same process."""

import asyncio
import unittest

import gi

gi.require_version("Dgw", "1")
gi.require_version("DgwTesting", "1")
gi.require_version("Json", "1.0")
from gi.repository import Dgw, DgwTesting, GLib, Json

from my_bot import MessageCounter


def wait_until(condition):
    """Runs the main loop until it is so; the unit test's own time limit is the limit."""
    while not condition():
        GLib.MainContext.default().iteration(True)


class MessageCounterTest(unittest.TestCase):
    def setUp(self):
        self.runner = asyncio.Runner(loop_factory=Dgw.new_event_loop)
        self.addCleanup(self.runner.close)
        self.simulator = DgwTesting.Simulator()
        self.runner.run(self.simulator.start())
        self.gateway = Dgw.Gateway("any.token.will-do", MessageCounter.intents(), url=self.simulator.url)
        self.counter = MessageCounter(self.gateway)
        self.runner.run(self.gateway.open())

    def tearDown(self):
        self.runner.run(self.gateway.close())
        self.runner.run(self.simulator.stop())

    def say(self, name, text):
        message = '{"channel_id": "41771983423143937", "content": "%s", "author": {"id": "1", "username": "%s"}}'
        self.simulator.dispatch("MESSAGE_CREATE", Json.from_string(message % (text, name)))

    def test_counts_by_author(self):
        self.say("ada", "hello")
        self.say("grace", "good morning")
        self.say("ada", "how are you?")

        wait_until(lambda: self.counter.messages.total() == 3)
        self.assertEqual(self.counter.messages, {"ada": 2, "grace": 1})

    def test_misses_nothing_while_disconnected(self):
        self.simulator.drop_clients()
        wait_until(lambda: self.counter.losses == 1)
        self.say("ada", "is anybody there?")

        wait_until(lambda: self.gateway.status == Dgw.Status.READY)
        self.assertEqual(self.counter.messages, {"ada": 1})


if __name__ == "__main__":
    unittest.main()
