#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sleep of the host, as logind tells of it on a system bus of the test's own: HB-15, peers M1 to M4."""

import gc
import os
import signal
import subprocess
import sys
import tempfile
import unittest

import host  # first: it starts the test anew, with the bus
from host import Logind, NetworkManager

import bindings
from bindings import Dgw, call, wait_until
from gi.repository import GObject
from router import Router

HOUR_MS = 3600000


class SlowStore(GObject.Object, Dgw.SessionStore):
    """Its answers to a save wait for finish()."""

    def __init__(self):
        super().__init__()
        self.sequence, self.tasks, self.is_slow = -1, [], False

    def do_load(self, key, task):
        task.return_value(None)

    def do_save(self, key, session, task):
        self.sequence = session.get_sequence()
        self.tasks.append(task)
        if not self.is_slow:
            self.finish()

    def do_clear(self, key, task):
        task.return_boolean(True)

    def finish(self):
        while self.tasks:
            self.tasks.pop(0).return_boolean(True)


# A bot with a session store: prints the number of each event.
BOT = """
import sys
import gi
gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib
_, url, file = sys.argv
gateway = Dgw.Gateway.new("token", 0)
gateway.set_url(url)
store = Dgw.FileSessionStore.new_for_file(file)
gateway.set_session_store(store)
gateway.connect("event", lambda gateway, event: print(event.get_sequence(), flush=True))
gateway.open_async(None, None)
GLib.MainLoop().run()
"""


class SleepTest(bindings.Case):
    @classmethod
    def setUpClass(cls):
        cls.logind = Logind()
        cls.manager = NetworkManager()

    @classmethod
    def tearDownClass(cls):
        cls.logind.kill()
        cls.manager.kill()

    def wait_for_lock(self):
        wait_until(lambda: self.logind.list_locks() == ["delay"], "a delay lock", look_ms=20)

    def wait_for_release(self):
        wait_until(lambda: not self.logind.list_locks(), "the release of the lock", look_ms=20)

    def tearDown(self):
        gc.collect()
        self.wait_for_release()

    def make(self, simulator):
        gateway = self.make_gateway(simulator.url)
        self.numbers, self.acked = [], []
        gateway.connect("event", lambda gateway, event: self.numbers.append(event.props.sequence))
        gateway.connect("heartbeat-acked", lambda gateway, latency: self.acked.append(latency))
        return gateway

    def open(self, simulator):
        gateway = self.make(simulator)
        call(gateway, "open")
        self.wait_for_lock()
        return gateway

    def test_awake_and_alive(self):
        """HB-15, M1: after waking the connection is asked, and goes on if it answers. The lock is taken anew."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        gateway = self.open(simulator)
        for number in range(1, 4):
            self.logind.prepare_for_sleep(True)
            self.wait_for_release()
            self.logind.prepare_for_sleep(False)
            wait_until(lambda: self.acked, "an answer")
            self.wait_for_lock()
        self.assertEqual(simulator.ask()["connections"], 1)
        call(gateway, "close")

    def test_awake_and_dead(self):
        """HB-15, M1, M4: if it does not answer, the session is resumed long before the next heartbeat."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS, acknowledge_heartbeats=False)
        gateway = self.open(simulator)
        self.logind.prepare_for_sleep(False)
        wait_until(lambda: simulator.ask()["resumes"] == 1, "a resume")
        self.assertEqual(simulator.ask()["identifies"], 1)
        call(gateway, "close")

    def test_received_and_saved(self):
        """Requirement 12: the host does not sleep before what was received is handled, and the session saved."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        gateway = self.make(simulator)
        gateway.props.session_store = store = SlowStore()
        call(gateway, "open")
        self.wait_for_lock()
        wait_until(lambda: store.sequence == 1, "the first save")
        store.is_slow = True
        # Another is due a second later only.
        for _ in range(20):
            simulator.ask("dispatch_text", "TICK", "{}")
        self.logind.prepare_for_sleep(True)
        wait_until(lambda: store.sequence == 21, "a save of all")
        self.assertEqual(self.numbers, list(range(1, 22)))
        self.assertEqual(self.logind.list_locks(), ["delay"])
        store.finish()
        self.wait_for_release()
        self.logind.prepare_for_sleep(False)
        store.is_slow = False
        call(gateway, "close")

    def test_bounded(self):
        """Requirement 12: a store that takes too long does not keep the host from sleeping."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        gateway = self.make(simulator)
        gateway.props.session_store = store = SlowStore()
        store.is_slow = True
        call(gateway, "open")
        self.wait_for_lock()
        wait_until(lambda: store.tasks, "a save")
        self.logind.prepare_for_sleep(True)
        self.wait_for_release()
        self.assertTrue(store.tasks)
        store.is_slow = False
        store.finish()
        self.logind.prepare_for_sleep(False)
        call(gateway, "close")

    def test_application_is_busy(self):
        """Requirement 12: neither does an application whose main loop does not run."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        gateway = self.open(simulator)
        self.logind.prepare_for_sleep(True)
        while self.logind.list_locks():
            pass
        call(gateway, "close")

    def test_night(self):
        """HB-15, M1, M4: events before, during and after sleep on a connection that dies: each comes once."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        router = Router(simulator.url)
        self.addCleanup(router.end)
        gateway = self.make(simulator)
        router.lead(gateway)
        call(gateway, "open")
        for night in range(1, 3):
            self.wait_for_lock()
            for _ in range(10):
                simulator.ask("dispatch_text", "EVENING", "{}")
            self.logind.prepare_for_sleep(True)
            self.wait_for_release()
            router.lose()
            for _ in range(10):
                simulator.ask("dispatch_text", "NIGHT", "{}")
            self.logind.prepare_for_sleep(False)
            for _ in range(10):
                simulator.ask("dispatch_text", "MORNING", "{}")
            # READY, three times ten and RESUMED each night
            wait_until(lambda: gateway.props.sequence == 1 + 31 * night, "the next day")
        self.assertEqual(self.numbers, list(range(1, 2 + 31 * 2)))
        self.assertEqual(simulator.ask()["identifies"], 1)
        self.assertEqual(simulator.ask()["resumes"], 2)
        call(gateway, "close")

    def test_battery_dies(self):
        """RES-16, requirement 12: a process that does not survive the night: the next goes on, each event comes once."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        command = [sys.executable, "-c", BOT, simulator.url, folder.name + "/session"]
        numbers = []

        def read(popen, count):
            for _ in range(count):
                numbers.append(int(popen.stdout.readline()))

        for evening in range(3):
            popen = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
            # READY, or the events of the night and RESUMED
            read(popen, 11 if evening else 1)
            self.wait_for_lock()
            for _ in range(10):
                simulator.ask("dispatch_text", "EVENING", "{}")
            read(popen, 10)
            self.logind.prepare_for_sleep(True)
            self.wait_for_release()
            popen.kill()
            popen.communicate()
            for _ in range(10):
                simulator.ask("dispatch_text", "NIGHT", "{}")
        self.assertEqual(numbers, list(range(1, 12 + 21 * 2)))
        self.assertEqual(simulator.ask()["identifies"], 1)

    def test_told_twice(self):
        """HB-15: told of it twice, or of waking alone, the library sleeps and wakes as once."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        gateway = self.open(simulator)
        for is_going in (True, True, False, False, False, True, False):
            self.logind.prepare_for_sleep(is_going)
        wait_until(lambda: self.acked, "an answer")
        self.wait_for_lock()
        simulator.ask("dispatch_text", "TICK", "{}")
        wait_until(lambda: self.numbers == [1, 2], "an event")
        self.assertEqual(simulator.ask()["connections"], 1)
        call(gateway, "close")

    def test_logind_starts_anew(self):
        """Requirement 12: a new logind is asked for a lock, also when the old one ended while the host went to sleep."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        gateway = self.open(simulator)
        for is_going in (False, True):
            if is_going:
                self.logind.prepare_for_sleep(True)
            self.logind.kill()
            self.logind.start()
            self.wait_for_lock()
        self.logind.prepare_for_sleep(True)
        self.wait_for_release()
        self.logind.prepare_for_sleep(False)
        self.wait_for_lock()
        self.assertEqual(simulator.ask()["connections"], 1)
        call(gateway, "close")

    def sleep_and_wake(self):
        self.logind.prepare_for_sleep(True)
        self.logind.prepare_for_sleep(False)

    def test_at_any_time(self):
        """HB-15: the host may sleep while the gateway opens, identifies, resumes, suspends and closes."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        gateway = self.make(simulator)
        gateway.connect("notify::status", lambda *_: self.sleep_and_wake())
        for _ in range(2):
            call(gateway, "open")
            session = call(gateway, "suspend")
            gateway.props.session = session
            call(gateway, "open")
            simulator.ask("drop_clients")
            wait_until(lambda: gateway.props.status != Dgw.Status.READY, "the loss")
            wait_until(lambda: gateway.props.status == Dgw.Status.READY, "the resume")
            call(gateway, "close")
        self.assertEqual(simulator.ask()["identifies"], 2)

    def test_logind_does_not_answer(self):
        """Requirement 12: gateways live and end while the call for a lock is still under way."""
        simulator = self.start_simulator(heartbeat_interval=HOUR_MS)
        self.logind.stop_answering()
        try:
            for _ in range(3):
                gateway = self.make(simulator)
                call(gateway, "open")
                call(gateway, "close")
                del gateway
                gc.collect()
            gateway = self.make(simulator)
            call(gateway, "open")
        finally:
            self.logind.answer_again()
        self.wait_for_lock()
        call(gateway, "close")


# Tells of the network, and for each line that it reads that it is alive.
WATCHER = """
import sys
import gi
gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib
gateway = Dgw.Gateway.new("token", 0)
gateway.connect("notify::network-available", lambda *_: print("network", gateway.props.network_available, flush=True))
loop = GLib.MainLoop()
def on_line(channel, condition):
    if not sys.stdin.readline():
        loop.quit()
        return False
    print("alive", flush=True)
    return True
GLib.io_add_watch(GLib.IOChannel.unix_new(0), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_line)
loop.run()
"""


class BusTest(bindings.Case):
    """Requirement 12: whatever becomes of the system bus, nobody else hears of it."""

    def listen(self, simulator, address):
        environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=address, DISCORD_TOKEN=bindings.TOKEN)
        command = [os.environ["DGW"], "listen", "--url", simulator.url, "--count=4", "--json"]
        self.popen = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace"
        )
        self.assertIn("READY", self.popen.stdout.readline())

    def hear(self, simulator):
        simulator.ask("dispatch_text", "TICK", "{}")
        self.assertIn("TICK", self.popen.stdout.readline())

    def finish(self):
        _, errors = self.popen.communicate(timeout=bindings.DEADLINE_S)
        self.assertEqual(self.popen.returncode, 0)
        self.assertEqual(errors, "")

    def test_none(self):
        simulator = self.start_simulator()
        self.listen(simulator, "unix:path=/nonexistent")
        for _ in range(3):
            self.hear(simulator)
        self.finish()

    def test_no_address(self):
        simulator = self.start_simulator()
        self.listen(simulator, "nonsense")
        for _ in range(3):
            self.hear(simulator)
        self.finish()

    def watch(self, bus):
        self.popen = subprocess.Popen(
            [sys.executable, "-c", WATCHER],
            env=bus.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def live_on(self):
        for _ in range(200):
            print("?", file=self.popen.stdin, flush=True)
            line = self.popen.stdout.readline()
            while line.startswith("network"):
                line = self.popen.stdout.readline()
            self.assertEqual(line, "alive\n")
        self.finish()

    def test_ends(self):
        bus = host.Bus()
        logind = Logind(address=bus.address)
        self.watch(bus)
        wait_until(logind.list_locks, "a delay lock", look_ms=20)
        bus.end()
        logind.kill()
        self.live_on()

    def test_ends_with_network_manager(self):
        """GIO's monitor uses the connection that ends the process."""
        bus = host.Bus()
        manager = NetworkManager(address=bus.address)
        manager.set_state(NetworkManager.DISCONNECTED)
        self.watch(bus)
        self.assertEqual(self.popen.stdout.readline(), "network False\n")
        bus.end()
        manager.kill()
        self.live_on()

    def test_hangs(self):
        simulator = self.start_simulator()
        bus = host.Bus()
        self.addCleanup(bus.end)
        bus.popen.send_signal(signal.SIGSTOP)
        self.listen(simulator, bus.address)
        for _ in range(3):
            self.hear(simulator)
        self.finish()


if __name__ == "__main__":
    unittest.main(verbosity=2)
