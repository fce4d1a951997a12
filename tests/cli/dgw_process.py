# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the command `dgw` for the tests: processes whose lines can be waited for."""

import errno
import json
import os
import re
import select
import signal
import pty
import subprocess
import tempfile
import threading
import time
import unittest

DGW = os.environ["DGW"]
CERTIFICATES = os.environ["DGW_CERTIFICATES"]
DEADLINE = 30 * float(os.environ.get("DGW_TEST_TIMEOUT_FACTOR", "1"))
RESUMED_AT = re.compile(rb"resumed session .* to (\d+)$")
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GtesTt.secret-part-of-the-token-0123456789"


HELLO = '< {"t":null,"s":null,"op":10,"d":{"heartbeat_interval":41250}}'
IDENTIFY = '> {"op":2,"d":"*"}'
READY = (
    '< {"t":"READY","s":1,"op":0,"d":{"v":10,"user":{"id":"1","username":"sim"},"guilds":[],'
    '"session_id":"played","resume_gateway_url":"ws://127.0.0.1:1","application":{"id":"1","flags":0}}}'
)


class Process:
    """A running command; its lines are collected as they come."""

    def __init__(self, *words, token=TOKEN, environment=None, read_stdout=True, **streams):
        env = {"NO_COLOR": "", **os.environ, **(environment or {})}
        if token is not None:
            env["DISCORD_TOKEN"] = token
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
        self.popen = subprocess.Popen([DGW, *words], env=env, **streams)
        self._changed = threading.Condition()
        self.stdout = []  # bytes, without the line break
        self.stderr = []
        self._readers = []
        if self.popen.stderr:
            self._read(self.popen.stderr, self.stderr)
        if self.popen.stdout and read_stdout:
            self.read_stdout()

    def read_stdout(self):
        self._read(self.popen.stdout, self.stdout)

    def _read(self, stream, lines):
        def run():
            for line in stream:
                with self._changed:
                    lines.append(line.rstrip(b"\n"))
                    self._changed.notify_all()
            with self._changed:
                self._changed.notify_all()

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self._readers.append(thread)

    def wait_until(self, condition, what="a condition"):
        """Waits until condition () is true; it is looked at after each new line."""
        end = time.monotonic() + DEADLINE
        with self._changed:
            while not condition():
                if time.monotonic() > end:
                    raise AssertionError(f"waited in vain for {what}; stderr: {self.stderr[-10:]}, stdout: {self.stdout[-5:]}")
                if self.popen.poll() is not None and not any(t.is_alive() for t in self._readers):
                    if condition():
                        return
                    raise AssertionError(f"ended before {what}; stderr: {self.stderr[-10:]}")
                self._changed.wait(0.2)

    def wait_for_lines(self, number):
        self.wait_until(lambda: len(self.stdout) >= number, f"{number} lines")

    def lifecycle(self, kind):
        return [line for line in self.documents() if line.get("lifecycle") == kind]

    def documents(self):
        return [json.loads(line) for line in list(self.stdout)]

    def dispatches(self):
        return [line for line in self.documents() if "op" in line]

    def signal(self, number):
        self.popen.send_signal(number)

    def wait(self, timeout=None):
        """The exit status, after all output was read."""
        status = self.popen.wait(timeout or DEADLINE)
        for thread in self._readers:
            thread.join(DEADLINE)
        return status

    def end(self):
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGCONT)
            self.popen.kill()
        self.popen.wait()
        for thread in self._readers:
            thread.join(DEADLINE)
        for stream in (self.popen.stdout, self.popen.stderr):
            if stream:
                stream.close()


class Terminal:
    """A terminal of which a command believes that a person sits at it."""

    def __init__(self):
        try:
            self.master, self.slave = pty.openpty()
        except OSError as error:  # a chroot without /dev/pts has none
            raise unittest.SkipTest(str(error)) from error
        self.text = b""

    def type(self, text):
        os.write(self.master, text)

    def read_until(self, wanted):
        """What is shown, up to and with these words."""
        while wanted not in self.text:
            ready, _, _ = select.select([self.master], [], [], DEADLINE)
            if not ready:
                raise AssertionError(f"waited in vain for {wanted}: {self.text[-500:]}")
            self.text += os.read(self.master, 65536)
        return self.text

    def read_rest(self):
        """Everything, after the command has ended."""
        self.close_slave()
        while True:
            try:
                piece = os.read(self.master, 65536)
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                return self.text
            self.text += piece

    def close_slave(self):
        if self.slave is not None:
            os.close(self.slave)
        self.slave = None

    def close(self):
        self.close_slave()
        os.close(self.master)


class Case(unittest.TestCase):
    """A test case that ends the processes it started."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def scenario(self, *lines):
        """The option of `dgw simulate` that plays these lines."""
        path = self.path("scenario.txt")
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write("\n".join(lines) + "\n")
        return f"--scenario={path}"

    def assert_played(self, simulator):
        """The client did all that the scenario wants of it."""
        simulator.wait_until(lambda: any(line.startswith(b"scenario ") for line in simulator.stdout), "the end of the scenario")
        self.assertIn(b"scenario ended", simulator.stdout)

    def terminal(self):
        terminal = Terminal()
        self.addCleanup(terminal.close)
        return terminal

    def run_dgw(self, *words, **options):
        process = Process(*words, **options)
        self.addCleanup(process.end)
        return process

    def simulate(self, *words, **options):
        """A simulator; url and api_url say where it listens."""
        simulator = self.run_dgw("simulate", *words, **options)
        simulator.wait_for_lines(1)
        first = simulator.stdout[0].decode()
        self.assertRegex(first, r"^listening on wss?://(127\.0\.0\.1|localhost):\d+$")
        simulator.url = first.removeprefix("listening on ")
        simulator.port = int(simulator.url.rpartition(":")[2])
        scheme = "https" if simulator.url.startswith("wss") else "http"
        simulator.api_url = f"{scheme}://127.0.0.1:{simulator.port}/api/v10"
        return simulator

    def listen(self, simulator, *words, **options):
        return self.run_dgw("listen", "--json", "--url", simulator.url, *words, **options)

    def assert_ends(self, process, status):
        actual = process.wait()
        self.assertEqual(actual, status, f"stderr: {process.stderr[-10:]}")

    def assert_complete(self, simulator, dispatches):
        """Every event of each session once, in order, from READY on.

        The simulator counts the events it makes up, and the sequence counts
        all. Only RESUMED may be missing: one that a client did not wait for
        belongs to that connection and is not replayed.
        """
        skippable = {int(match[1]) for line in simulator.stdout if (match := RESUMED_AT.search(line))}
        expected, index = 1, 0
        for dispatch in dispatches:
            if dispatch["t"] == "READY":
                expected, index = 1, 0
            if dispatch["t"] not in ("READY", "RESUMED"):
                self.assertEqual(dispatch["d"]["simulator_index"], index, dispatch["t"])
                index += 1
            while expected < dispatch["s"] and expected in skippable:
                expected += 1
            self.assertEqual(dispatch["s"], expected, dispatch["t"])
            expected += 1


def main():
    unittest.main(verbosity=2)
