#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Session stores: files, and one written in Python."""

import os
import tempfile

import bindings
from bindings import Dgw, DgwTesting, call, wait_until
from gi.repository import Gio, GLib, GObject


class Store(GObject.Object, Dgw.SessionStore):
    """Keeps sessions in a dictionary."""

    def __init__(self):
        super().__init__()
        self.sessions, self.n_saves = {}, 0

    def do_load(self, key, task):
        task.return_value(self.sessions.get(key))

    def do_save(self, key, session, task):
        self.sessions[key] = session
        self.n_saves += 1
        task.return_boolean(True)

    def do_clear(self, key, task):
        self.sessions.pop(key, None)
        task.return_boolean(True)


class Sessions(dict):
    n_pops = 0

    def pop(self, *arguments):
        self.n_pops += 1
        return super().pop(*arguments)


class BrokenStore(GObject.Object, Dgw.SessionStore):
    def fail(self, task):
        task.return_error(GLib.Error.new_literal(Gio.io_error_quark(), "broken", Gio.IOErrorEnum.FAILED))

    def do_load(self, key, task):
        self.fail(task)

    def do_save(self, key, session, task):
        self.fail(task)

    def do_clear(self, key, task):
        self.fail(task)


class StoreTest(bindings.Case):
    def make_gateway_with(self, simulator, store):
        gateway = self.make_gateway(simulator.url)
        gateway.props.session_store = store
        self.numbers = []
        gateway.connect("event", lambda gateway, event: self.numbers.append(event.props.sequence))
        return gateway

    def go_on_with(self, store):
        """RES-16: what one gateway left, another resumes."""
        simulator = self.start_simulator()
        gateway = self.make_gateway_with(simulator, store)
        call(gateway, "open")
        session = call(gateway, "suspend")
        self.assertEqual(session.get_sequence(), 1)
        simulator.ask("dispatch_text", "MISSED", "{}")

        gateway = self.make_gateway_with(simulator, store)
        call(gateway, "open")
        self.assertEqual(self.numbers, [2, 3])
        self.assertEqual(simulator.ask()["identifies"], 1)
        call(gateway, "close")

        gateway = self.make_gateway_with(simulator, store)
        call(gateway, "open")
        self.assertEqual(simulator.ask()["identifies"], 2)
        call(gateway, "close")

    def test_in_python(self):
        store = Store()
        self.go_on_with(store)
        self.assertEqual(store.sessions, {})
        self.assertGreaterEqual(store.n_saves, 2)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            self.go_on_with(Dgw.FileSessionStore(folder=folder))
            self.assertEqual(os.listdir(folder), [])

    def test_dropped_by_discord(self):
        """RES-08: a session that Discord no longer has makes room for a new one."""
        simulator = self.start_simulator()
        store = Store()
        gateway = self.make_gateway_with(simulator, store)
        call(gateway, "open")
        call(gateway, "suspend")
        (old,) = store.sessions.values()
        simulator.ask("forget_sessions")
        gateway = self.make_gateway_with(simulator, store)
        call(gateway, "open")
        wait_until(lambda: [session.get_id() for session in store.sessions.values()] not in ([], [old.get_id()]), "a save")
        self.assertEqual(self.numbers, [1])
        call(gateway, "close")

    def test_cleared_by_nothing_else(self):
        """RES-13, peers A18: what a session survives leaves it in the store; what ends it puts the next one there."""
        cases = [("drop_clients", True), ("request_reconnect", True), ("invalidate_sessions", False, False)]
        cases += [("close_clients", True, code, "") for code in (1000, 1001, 1012, 4000, 4002, 4005, 4999)]
        cases += [("close_clients", False, code, "") for code in (4007, 4009)]
        parts, limiters, lost = [], [], set()
        for method, survives, *arguments in cases:
            simulator, store = DgwTesting.Simulator.new(), Store()
            store.sessions = Sessions()
            call(simulator, "start")
            gateway = self.make_gateway_with(simulator.props, store)
            limiter = GObject.new(Dgw.LocalIdentifyLimiter, window=1)
            limiters.append(limiter)
            gateway.props.identify_limiter = limiter
            gateway.connect("disconnected", lambda gateway, *_: lost.add(gateway))
            parts.append((method, survives, arguments, simulator, store, gateway))
            call(gateway, "open")
            wait_until(lambda: store.sessions, "a save")

        # All at once: each waits before it comes back.
        known = [gateway.props.session_id for *_, gateway in parts]
        for method, survives, arguments, simulator, store, gateway in parts:
            getattr(simulator, method)(*arguments)
        wait_until(lambda: len(lost) == len(parts), "all losses")
        wait_until(lambda: all(gateway.props.status == Dgw.Status.READY for *_, gateway in parts), "all gateways")
        for session_id, (method, survives, arguments, simulator, store, gateway) in zip(known, parts):
            with self.subTest(method, arguments=arguments):
                self.assertEqual(gateway.props.session_id == session_id, survives)
                self.assertEqual(store.sessions.n_pops == 0, survives)
                wait_until(lambda: [stored.get_id() for stored in store.sessions.values()] == [gateway.props.session_id])
            call(gateway, "close")
            self.assertEqual(store.sessions, {})
            call(simulator, "stop")

    def test_other_intents(self):
        """RES-13: they do not find the session, and do not take it away."""
        simulator = self.start_simulator()
        store = Store()
        gateway = self.make_gateway_with(simulator, store)
        call(gateway, "open")
        call(gateway, "suspend")
        other = self.make_gateway_with(simulator, store)
        other.props.intents = int(Dgw.Intents.GUILDS)
        call(other, "open")
        self.assertEqual(len(store.sessions), 2)
        call(other, "close")
        self.assertEqual(len(store.sessions), 1)
        self.assertEqual(simulator.ask()["identifies"], 2)

    def test_broken(self):
        simulator = self.start_simulator()
        gateway = self.make_gateway_with(simulator, BrokenStore())
        call(gateway, "open")
        call(gateway, "close")
        self.assertEqual(self.numbers, [1])

    def test_operations(self):
        session = Dgw.Session.new("S1", 5, None, 0, 1)
        with tempfile.TemporaryDirectory() as folder:
            for store in (Store(), Dgw.FileSessionStore(folder=folder), Dgw.FileSessionStore.new_for_file(folder + "/one")):
                self.assertIsNone(call(store, "load", "key-1"))
                self.assertTrue(call(store, "save", "key-1", session))
                self.assertTrue(call(store, "load", "key-1").equal(session))
                self.assertIsNone(call(store, "load", "key-2"))
                self.assertTrue(call(store, "clear", "key-1"))
                self.assertIsNone(call(store, "load", "key-1"))


if __name__ == "__main__":
    bindings.main()
