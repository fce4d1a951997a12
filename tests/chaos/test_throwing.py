# SPDX-License-Identifier: LGPL-2.1-or-later
"""Handlers that raise, of every signal, while the connection is cut: nothing is lost by it."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bindings"))

from bindings import Case, Dgw, wait_until  # noqa: E402
from gi.repository import GObject  # noqa: E402

COUNT = 400


class ThrowingTest(Case):
    def test_raise_in_every_signal(self):
        simulator = self.start_simulator(heartbeat_interval=300)
        gateway = self.make_gateway(simulator.url, Dgw.Intents.ALL)
        raised = set()
        indexes = []

        def throw(*arguments):
            raised.add(arguments[-1])
            raise RuntimeError("a bug of the application")

        quiet = lambda *_: None
        self.addCleanup(setattr, sys, "excepthook", sys.excepthook)
        sys.excepthook = quiet
        for name in GObject.signal_list_names(Dgw.Gateway):
            gateway.connect(name, throw, name)
        gateway.connect("notify", throw, "notify")
        gateway.connect("event", self.note, indexes)
        gateway.open_async(None, throw, "opened")
        wait_until(lambda: gateway.props.status == Dgw.Status.READY, "READY")
        simulator.ask("start_traffic", 0, 200, COUNT, 1)
        wait_until(lambda: len(indexes) > COUNT // 4, "events")
        simulator.ask("drop_clients")
        wait_until(lambda: len(indexes) == COUNT, "all events")

        self.assertEqual(indexes, list(range(COUNT)))
        for name in ("event", "ready", "resumed", "hello", "disconnected", "reconnecting", "notify", "opened"):
            self.assertIn(name, raised)

    @staticmethod
    def note(gateway, event, indexes):
        data = event.dup_json().get_object() if event.dup_json() else None
        if data and data.has_member("simulator_index"):
            indexes.append(data.get_int_member("simulator_index"))


if __name__ == "__main__":
    unittest.main()
