#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A shard manager through the typelib: the list, its signals, sessions in and out."""

import tempfile

import bindings
from bindings import Dgw, TOKEN, call, wait_until
from gi.repository import Gio, GLib


def make_manager(simulator, count):
    manager = Dgw.ShardManager.new(TOKEN, Dgw.Intents.NON_PRIVILEGED)
    manager.props.url = simulator.url
    manager.props.shard_count = count
    limiter = Dgw.LocalIdentifyLimiter(window=1)
    manager.props.identify_limiter = limiter
    return manager


class ShardsTest(bindings.Case):
    def test_list(self):
        """SHD-01: a list model of gateways, told before they open."""
        manager = make_manager(self.start_simulator(), 3)
        added, changes, events = [], [], []
        manager.connect("shard-added", lambda manager, gateway: added.append(gateway.props.shard_id))
        manager.connect("items-changed", lambda manager, *change: changes.append(change))
        manager.connect("event::READY", lambda manager, gateway, event: events.append(gateway.props.shard_id))
        call(manager, "open")
        self.assertIsInstance(manager, Gio.ListModel)
        self.assertEqual([gateway.props.shard_id for gateway in manager], [0, 1, 2])
        self.assertEqual((added, changes, sorted(events)), ([0, 1, 2], [(0, 0, 1), (1, 0, 1), (2, 0, 1)], [0, 1, 2]))
        self.assertEqual(manager.props.status, Dgw.Status.READY)
        self.assertEqual(manager.get_shard_for_guild("41771983423143937").props.shard_id, (41771983423143937 >> 22) % 3)
        self.assertEqual(manager.dup_metrics().get_identifies(), 3)
        call(manager, "close_shard", 1)
        self.assertIsNone(manager.get_shard(1))
        call(manager, "open_shard", 1)
        call(manager, "close")

    def test_sessions(self):
        """RES-16: sessions come out as a list and go into another manager."""
        simulator = self.start_simulator()
        manager = make_manager(simulator, 4)
        manager.props.shard_ids = GLib.Variant("au", [1, 3])
        call(manager, "open")
        sessions = call(manager, "suspend")
        self.assertEqual([session.get_shard_id() for session in sessions], [1, 3])
        del manager
        manager = make_manager(simulator, 4)
        for session in sessions:
            call(manager, "resume_shard", session)
        self.assertEqual(simulator.ask()["resumes"], 2)
        call(manager, "close")

    def test_store(self):
        """RES-16: with a store, the next manager resumes by itself."""
        simulator = self.start_simulator()
        with tempfile.TemporaryDirectory() as folder:
            for resumes in (0, 2):
                manager = make_manager(simulator, 2)
                store = Dgw.FileSessionStore(folder=folder)
                manager.props.session_store = store
                call(manager, "open")
                self.assertEqual(simulator.ask()["resumes"], resumes)
                call(manager, "suspend")

    def test_failure(self):
        """CC-4011: the error of a shard is the error of the open."""
        manager = make_manager(self.start_simulator(minimum_shards=4), 1)
        with self.assertRaises(GLib.Error) as context:
            call(manager, "open")
        self.assert_error(context, Dgw.GatewayError.SHARDING_REQUIRED)
        manager.props.auto_scale, manager.props.split_count = True, 4
        call(manager, "open")
        wait_until(lambda: manager.props.status == Dgw.Status.READY)
        self.assertEqual(len(manager), 4)
        call(manager, "close")


bindings.main()
