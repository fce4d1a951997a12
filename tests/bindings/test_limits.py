#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Identify limiters: the library's, and one written in Python."""

import os
import subprocess
import sys
import tempfile
import time

import bindings
from bindings import Dgw, call, wait_until
from gi.repository import Gio, GLib, GObject


class Limiter(GObject.Object, Dgw.IdentifyLimiter):
    """Says yes when it is told to."""

    def __init__(self):
        super().__init__()
        self.tasks, self.released, self.infos = [], [], []

    def do_acquire(self, shard_id, task):
        self.tasks.append((shard_id, task))

    def do_release(self, shard_id):
        self.released.append(shard_id)

    def do_update(self, info):
        self.infos.append(info)


class LimitsTest(bindings.Case):
    def start_open(self, gateway):
        results = []
        gateway.open_async(None, lambda gateway, result: results.append(gateway.open_finish(result)))
        return results

    def test_in_python(self):
        """ID-13: nobody identifies before the limiter says so."""
        simulator = self.start_simulator()
        gateway = self.make_gateway(simulator.url)
        gateway.props.identify_limiter = limiter = Limiter()
        opened = self.start_open(gateway)
        wait_until(lambda: limiter.tasks, "a question")
        self.assertEqual(gateway.props.status, Dgw.Status.IDENTIFYING)
        self.assertEqual(simulator.ask()["identifies"], 0)
        shard_id, task = limiter.tasks.pop()
        self.assertEqual(shard_id, 0)
        task.return_boolean(True)
        wait_until(lambda: opened, "READY")
        self.assertEqual(simulator.ask()["identifies"], 1)
        call(gateway, "close")
        self.assertEqual((limiter.tasks, limiter.released), ([], []))

    def test_connection_dies_meanwhile(self):
        """ID-13: the first wait is cancelled, and its slot given back as it is granted all the same."""
        simulator = self.start_simulator()
        gateway = self.make_gateway(simulator.url)
        gateway.props.identify_limiter = limiter = Limiter()
        opened = self.start_open(gateway)
        wait_until(lambda: limiter.tasks, "a question")
        simulator.ask("drop_clients")
        wait_until(lambda: len(limiter.tasks) == 2, "a second question")
        self.assertTrue(limiter.tasks[0][1].get_cancellable().is_cancelled())
        for _, task in limiter.tasks:
            task.return_boolean(True)
        wait_until(lambda: opened, "READY")
        self.assertEqual(simulator.ask()["identifies"], 1)
        self.assertEqual(limiter.released, [0])
        call(gateway, "close")

    def test_limiter_that_fails(self):
        simulator = self.start_simulator()
        gateway = self.make_gateway(simulator.url)
        gateway.props.auto_reconnect = False
        gateway.props.identify_limiter = limiter = Limiter()
        failures = []
        gateway.connect("failed", lambda gateway, error: failures.append(error))
        gateway.open_async(None, None)
        wait_until(lambda: limiter.tasks, "a question")
        limiter.tasks.pop()[1].return_error(GLib.Error.new_literal(Gio.io_error_quark(), "no slot today", Gio.IOErrorEnum.BUSY))
        wait_until(lambda: failures, "the failure")
        self.assertIn("no slot today", failures[0].message)
        self.assertTrue(failures[0].matches(Gio.io_error_quark(), Gio.IOErrorEnum.BUSY))
        self.assertEqual(simulator.ask()["identifies"], 0)

    def test_update(self):
        """ID-15: what Discord allows reaches the limiter with the address."""
        command = bindings.Command()
        self.addCleanup(command.end)
        gateway = Dgw.Gateway.new(bindings.TOKEN, Dgw.Intents.GUILDS)
        gateway.props.api_url = command.api_url
        gateway.props.identify_limiter = limiter = Limiter()
        opened = self.start_open(gateway)
        wait_until(lambda: limiter.tasks, "a question")
        self.assertEqual([info.props.max_concurrency for info in limiter.infos], [1])
        limiter.tasks.pop()[1].return_boolean(True)
        wait_until(lambda: opened, "READY")
        call(gateway, "close")

    def test_blocked_loop(self):
        """The library's own limiter does not need the application's main loop."""
        simulator = self.start_simulator()
        limiter = Dgw.LocalIdentifyLimiter(max_concurrency=1, window=500)
        gateways = [self.make_gateway(simulator.url) for _ in range(2)]
        for gateway in gateways:
            gateway.props.identify_limiter = limiter
        opened = [self.start_open(gateway) for gateway in gateways]

        # The simulator is another process: asking it does not turn this one's main loop.
        deadline = time.monotonic() + 20
        while simulator.ask()["identifies"] < 2:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.05)

        self.assertEqual(opened, [[], []])
        wait_until(lambda: all(opened), "both opens")
        for gateway in gateways:
            call(gateway, "close")

    def test_two_processes(self):
        """ID-09, ID-13: they wait for each other: the simulator turns down who comes within its window."""
        simulator = self.start_simulator(identify_window=300, max_concurrency=1)
        with tempfile.TemporaryDirectory() as folder:
            script = os.path.join(bindings.FOLDER, "identifier.py")
            processes = [
                subprocess.Popen(
                    [sys.executable, script, simulator.url, folder, "900", "3"], stdout=subprocess.PIPE, text=True
                )
                for _ in range(2)
            ]
            for process in processes:
                output, _ = process.communicate(timeout=bindings.DEADLINE_S)
                self.assertEqual((process.returncode, output), (0, "0\n"))
        self.assertEqual(simulator.ask()["identifies"], 6)

    def test_the_simulator_would_notice(self):
        """Without a common limiter one of them is turned down: the test above can fail."""
        simulator = self.start_simulator(identify_window=2000, max_concurrency=1)
        gateways = [self.make_gateway(simulator.url) for _ in range(2)]
        invalidated = []
        for gateway in gateways:
            gateway.connect("session-invalidated", lambda gateway, resumable: invalidated.append(resumable))
        opened = [self.start_open(gateway) for gateway in gateways]
        wait_until(lambda: all(opened), "both opens")
        self.assertTrue(invalidated)
        for gateway in gateways:
            call(gateway, "close")

    def test_acquire(self):
        limiter = Dgw.LocalIdentifyLimiter.new(2)
        self.assertTrue(call(limiter, "acquire", 0))
        self.assertTrue(call(limiter, "acquire", 1))
        limiter.release(0)
        self.assertTrue(call(limiter, "acquire", 2))


if __name__ == "__main__":
    bindings.main()
