#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host's network, as NetworkManager tells of it on a system bus of the test's own: BO-05, peers M5 and M6."""

import time
import unittest

import host  # first: it starts the test anew, with the bus
from host import NetworkManager

import bindings
from bindings import Dgw, GLib, call, wait_until
from router import Router

HOUR_MS = 3600000


class NetworkTest(bindings.Case):
    @classmethod
    def setUpClass(cls):
        cls.manager = NetworkManager()

    @classmethod
    def tearDownClass(cls):
        cls.manager.kill()

    def setUp(self):
        self.manager.set_state(NetworkManager.GLOBAL)

    def make(self, **properties):
        """A gateway whose simulator is somewhere else, and all that it has told."""
        self.simulator = self.start_simulator(heartbeat_interval=HOUR_MS, **properties)
        self.router = Router(self.simulator.url)
        self.addCleanup(self.router.end)
        gateway = self.make_gateway(self.simulator.url)
        self.router.lead(gateway)
        return self.listen(gateway)

    def listen(self, gateway):
        self.numbers, self.delays = [], []
        gateway.connect("event", lambda gateway, event: self.numbers.append(event.props.sequence))
        gateway.connect("reconnecting", lambda gateway, attempt, delay: self.delays.append(delay))
        return gateway

    def set_network(self, gateway, state, connectivity=None):
        """Waits until the library knows."""
        self.manager.set_state(state, connectivity)
        is_available = state > NetworkManager.DISCONNECTED
        wait_until(lambda: gateway.props.network_available == is_available, "the network's state")

    def begin_to_open(self, gateway):
        """Returns a list that is not empty once it is open."""
        opened = []

        def on_opened(gateway, result):
            try:
                opened.append(gateway.open_finish(result))
            except GLib.Error:  # it was closed before
                pass

        gateway.open_async(None, on_opened)
        return opened

    def fail_once(self, gateway):
        """Without a way to anywhere: the next attempt is half a minute away, or more."""
        self.router.is_open = False
        opened = self.begin_to_open(gateway)
        wait_until(lambda: self.delays, "a failed attempt")
        self.router.is_open = True
        return opened

    def test_route_returns(self):
        """BO-05, M6: while offline an attempt is made each minute; when a route returns, one at once."""
        gateway = self.make()
        self.set_network(gateway, NetworkManager.DISCONNECTED)
        opened = self.fail_once(gateway)
        self.assertGreaterEqual(self.delays[0], 30000)
        self.assertLessEqual(self.delays[0], 60000)
        self.set_network(gateway, NetworkManager.GLOBAL)
        # Its deadline is shorter than the shortest delay.
        wait_until(lambda: opened, "a session", 20)
        self.assertEqual(self.simulator.ask()["identifies"], 1)
        call(gateway, "close")

    def test_nobody_checks_connectivity(self):
        """BO-05: a NetworkManager that does not check whether the network leads anywhere is understood as well."""
        gateway = self.make()
        self.set_network(gateway, NetworkManager.DISCONNECTED, NetworkManager.UNKNOWN)
        opened = self.fail_once(gateway)
        self.set_network(gateway, NetworkManager.GLOBAL, NetworkManager.UNKNOWN)
        wait_until(lambda: opened, "a session", 20)
        call(gateway, "close")

    def test_offline_is_a_hint(self):
        """BO-05: the host says that there is no network, and there is one: it is used."""
        gateway = self.make()
        self.set_network(gateway, NetworkManager.DISCONNECTED)
        call(gateway, "open")
        self.assertFalse(gateway.props.network_available)
        call(gateway, "close")

    def test_loopback_never_waits(self):
        """BO-05: for a gateway on this host it does not count."""
        gateway = self.make(accept_connections=False)
        gateway.props.url = self.simulator.url
        self.set_network(gateway, NetworkManager.DISCONNECTED)
        self.begin_to_open(gateway)
        wait_until(lambda: len(self.delays) == 2, "a failed attempt", 20)
        self.assertLessEqual(self.delays[0], 1000)
        self.assertLessEqual(self.delays[1], 2000)
        call(gateway, "close")

    def test_flapping(self):
        """BO-05: a network that comes and goes causes one attempt per second at most."""
        gateway = self.make()
        self.set_network(gateway, NetworkManager.DISCONNECTED)
        self.fail_once(gateway)
        self.router.is_open = False
        began = time.monotonic()
        for n in range(100):
            self.manager.set_state(NetworkManager.GLOBAL if n % 2 else NetworkManager.DISCONNECTED)
            wait_until(lambda: True)
        # The slower the machine, the more may be.
        self.assertLessEqual(self.router.n_attempts, 3 + time.monotonic() - began)
        call(gateway, "close")

    def test_portal(self):
        """BO-05: who has to log in to a network first is told so, and need not wait after it."""
        gateway = self.make()
        self.set_network(gateway, NetworkManager.DISCONNECTED)
        self.set_network(gateway, NetworkManager.SITE, NetworkManager.PORTAL)
        opened = self.fail_once(gateway)
        self.assertIn("logged in", gateway.props.last_error.message)
        self.assertEqual(gateway.props.status, Dgw.Status.DISCONNECTED)
        self.assertTrue(gateway.props.network_available)
        self.assertGreaterEqual(self.delays[0], 30000)
        self.set_network(gateway, NetworkManager.GLOBAL)
        wait_until(lambda: opened, "a session", 20)
        self.assertIsNone(gateway.props.last_error)
        call(gateway, "close")

    def dispatch(self, count):
        for _ in range(count):
            self.simulator.ask("dispatch_text", "TICK", "{}")

    def roam(self, *changes):
        """The way is lost, nobody says so but the host, and each event comes once."""
        gateway = self.make()
        call(gateway, "open")
        self.dispatch(10)
        wait_until(lambda: len(self.numbers) == 11, "events")
        self.router.lose()
        self.dispatch(10)
        for change in changes:
            change(gateway)
        wait_until(lambda: gateway.props.sequence == 22, "all events")
        self.dispatch(10)
        wait_until(lambda: gateway.props.sequence == 32, "all events")
        self.assertEqual(self.numbers, list(range(1, 33)))
        self.assertEqual(self.simulator.ask()["identifies"], 1)
        self.assertEqual(self.simulator.ask()["resumes"], 1)
        call(gateway, "close")

    def test_roaming(self):
        """BO-05, M5, M6: from one Wi-Fi to the next, with nothing in between."""
        self.roam(
            lambda gateway: self.set_network(gateway, NetworkManager.DISCONNECTED),
            lambda gateway: self.set_network(gateway, NetworkManager.GLOBAL),
        )

    def test_other_cable(self):
        """BO-05, M5: from Wi-Fi to cable; the host had a network all the time."""
        self.roam(lambda gateway: self.manager.set_route(7))

    def test_same_route(self):
        """BO-05: a change that the connection survives is asked about with one heartbeat, and that is all."""
        gateway = self.make()
        acked = []
        gateway.connect("heartbeat-acked", lambda gateway, latency: acked.append(latency))
        call(gateway, "open")
        for number in range(20):
            self.manager.set_route(number)
        wait_until(lambda: acked, "an answer")
        self.dispatch(1)
        wait_until(lambda: len(self.numbers) == 2, "an event")
        self.assertEqual(len(acked), 1)
        self.assertEqual(self.simulator.ask()["connections"], 1)
        call(gateway, "close")

    def test_manager_goes_and_comes(self):
        """BO-05: without NetworkManager all goes on, and when it is back it is heard."""
        gateway = self.make()
        call(gateway, "open")
        self.manager.kill()
        self.dispatch(1)
        wait_until(lambda: len(self.numbers) == 2, "an event")
        self.manager.start()
        self.set_network(gateway, NetworkManager.DISCONNECTED)
        self.set_network(gateway, NetworkManager.GLOBAL)
        call(gateway, "close")
        self.assertEqual(self.numbers, [1, 2])
        self.assertEqual(self.simulator.ask()["connections"], 1)

    def test_manager_does_not_answer(self):
        """Requirement 12: a service that hangs holds up nobody, and is heard when it answers again."""
        self.manager.stop_answering()
        try:
            gateway = self.make()
            call(gateway, "open")
            gateway.props.session = call(gateway, "suspend")
            call(gateway, "open")
        finally:
            self.manager.answer_again()
        self.set_network(gateway, NetworkManager.DISCONNECTED)
        call(gateway, "close")


if __name__ == "__main__":
    unittest.main(verbosity=2)
