#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sleep and network of the host, as logind and NetworkManager tell them on a system bus of the test's own."""

import os
import subprocess
import sys
import unittest

try:
    import dbus
    import dbusmock
except ImportError:
    print("python3-dbusmock is not installed", file=sys.stderr)
    sys.exit(77)

if "DGW_TEST_BUS" not in os.environ:
    # Before the library has looked for a bus.
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    address = daemon.stdout.readline().strip()
    environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=address, DGW_TEST_BUS=address)
    try:
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=environment, check=False).returncode)
    finally:
        daemon.terminate()
        daemon.wait()

import bindings
from bindings import call, wait_until

LOGIND = ("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager")


class HostTest(bindings.Case):
    @classmethod
    def setUpClass(cls):
        cls.bus = dbus.bus.BusConnection(os.environ["DGW_TEST_BUS"])
        cls.logind = subprocess.Popen(
            [sys.executable, "-m", "dbusmock", "--system", "--template", "logind"], stdout=subprocess.DEVNULL
        )
        dbusmock.DBusTestCase.wait_for_bus_object(LOGIND[0], LOGIND[1], system_bus=True)
        cls.manager = cls.bus.get_object(LOGIND[0], LOGIND[1])

    @classmethod
    def tearDownClass(cls):
        cls.logind.terminate()
        cls.logind.wait()
        cls.bus.close()

    def list_locks(self):
        return self.manager.ListInhibitors(dbus_interface=LOGIND[2])

    def prepare_for_sleep(self, is_going):
        self.manager.EmitSignal(LOGIND[2], "PrepareForSleep", "b", [is_going], dbus_interface=dbusmock.MOCK_IFACE)

    def open(self, simulator):
        gateway = self.make_gateway(simulator.url)
        self.acked = []
        gateway.connect("heartbeat-acked", lambda gateway, latency: self.acked.append(latency))
        call(gateway, "open")
        wait_until(self.list_locks, "a delay lock")
        return gateway

    def test_awake_and_alive(self):
        """HB-15, BO-05: after waking the connection is asked, and goes on if it answers."""
        simulator = self.start_simulator(heartbeat_interval=3600000)
        gateway = self.open(simulator)
        self.assertIn("delay", [str(lock[3]) for lock in self.list_locks()])
        self.prepare_for_sleep(True)
        self.prepare_for_sleep(False)
        wait_until(lambda: self.acked, "an answer")
        self.assertEqual(simulator.ask()["connections"], 1)
        call(gateway, "close")

    def test_awake_and_dead(self):
        """HB-15, BO-05: if it does not answer, the session is resumed long before the next heartbeat."""
        simulator = self.start_simulator(heartbeat_interval=3600000, acknowledge_heartbeats=False)
        gateway = self.open(simulator)
        self.prepare_for_sleep(False)
        wait_until(lambda: simulator.ask()["resumes"] == 1, "a resume")
        self.assertEqual(simulator.ask()["identifies"], 1)
        call(gateway, "close")


if __name__ == "__main__":
    unittest.main(verbosity=2)
