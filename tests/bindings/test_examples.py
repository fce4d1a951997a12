#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs an example against `dgw simulate`.

test_examples.py KIND PROGRAM: the tests test_KIND* of the program, which may be a script
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

import bindings

INTERPRETERS = {".py": [sys.executable], ".js": ["gjs", "-m"]}
KIND, PROGRAM = sys.argv[1:]
NAME = os.path.splitext(os.path.basename(PROGRAM))[0]
ROOT = os.path.dirname(os.path.dirname(bindings.FOLDER))
EXAMPLE = [*INTERPRETERS.get(os.path.splitext(PROGRAM)[1], []), PROGRAM]
# Of examples/guilds.scenario.
GUILD_LOG = [
    "Harbour is there",
    "  general",
    "  Lighthouse",
    "30 has an outage",
    "Shipyard is there",
    "20 has an outage",
    "Harbour is back",
    "  general",
    "Dry Dock was joined",
    "40 was left",
]


class ExamplesTest(bindings.Case):
    def setUp(self):
        self.simulator = bindings.Command("--rate=200", "--seed=1")
        self.addCleanup(self.simulator.end)

    def start(self, *words, url=None, token=bindings.TOKEN):
        environment = dict(os.environ, DISCORD_TOKEN=token, DGW_URL=url or self.simulator.url, TZ="UTC")
        program = subprocess.Popen(
            [*EXAMPLE, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.addCleanup(self.end, program)
        return program

    def end(self, program):
        if program.poll() is None:
            program.kill()
            program.wait()
        program.stdout.close()
        program.stderr.close()

    def run_to_end(self, *words, **options):
        program = self.start(*words, **options)
        output, errors = program.communicate(timeout=bindings.DEADLINE_S)
        return program.returncode, output.splitlines(), errors

    def test_hello(self):
        program = self.start()
        lines = [program.stdout.readline() for _ in range(20)]  # a message may have several
        program.terminate()
        program.wait()
        messages = [line for line in lines if re.match(r"user_\d+: .", line)]
        self.assertGreater(len(messages), 5, lines)

    def test_listener(self):
        status, lines, errors = self.run_to_end(self.simulator.url, "5", url="ws://127.0.0.1:1")
        self.assertEqual(status, 0, errors)
        messages = [line for line in lines if re.match(r"user_\d+: ", line)]
        self.assertEqual(len(messages), 5, lines)
        self.assertEqual(errors, "")

    def test_listener_from_environment(self):
        program = self.start()
        self.assertRegex(program.stdout.readline(), r"^\S.*: ")

    def test_listener_without_token(self):
        status, lines, errors = self.run_to_end(token="")
        self.assertNotEqual(status, 0)
        self.assertIn("DISCORD_TOKEN", errors)
        self.assertEqual(lines, [])

    def test_listener_that_fails(self):
        simulator = self.start_simulator(token="another")
        status, lines, errors = self.run_to_end(url=simulator.url)
        self.assertEqual(status, 1)
        self.assertIn("4004", errors)
        self.assertEqual(lines, [])

    def test_set_presence(self):
        status, lines, errors = self.run_to_end("--seconds=1", "idle", "a good book")
        self.assertEqual(status, 0, errors)
        self.assertEqual(lines, ["the presence is set"])

    def test_sharded_bot(self):
        status, lines, errors = self.run_to_end("1", "3")
        self.assertEqual((status, errors), (0, ""))
        self.assertEqual(lines[0], "shard 0 is ready")
        self.assertIn("all 1 shards are ready", lines)
        self.assertEqual(len([line for line in lines if line.startswith("shard 0: a message in guild 9")]), 3)

    def test_sharded_bot_that_fails(self):
        simulator = self.start_simulator(token="another")
        status, lines, errors = self.run_to_end("2", url=simulator.url)
        self.assertEqual((status, lines), (1, []))
        self.assertRegex(errors, "^[^\n]*4004[^\n]*\n$")

    def test_member_search(self):
        found = ["user_90000000000010000%d" % i for i in range(5)]
        for prefix, names in (("user_", found), (found[3], found[3:4]), ("nobody", [])):
            status, lines, errors = self.run_to_end("910000000000000001", prefix)
            self.assertEqual((status, errors), (0, ""))
            self.assertEqual(lines, [*names, "%d found" % len(names)])
            if prefix == "user_":
                self.assertEqual(lines, self.documented_output())

    def test_member_search_that_fails(self):
        status, lines, errors = self.run_to_end()
        self.assertEqual((status, lines), (1, []))
        self.assertIn("GUILD_ID PREFIX", errors)
        simulator = self.start_simulator(token="another")
        status, lines, errors = self.run_to_end("910000000000000001", "a", url=simulator.url)
        self.assertEqual((status, lines), (1, []))
        self.assertRegex(errors, "^[^\n]*4004[^\n]*\n$")

    def test_guild_log(self):
        simulator = bindings.Command("--scenario=" + os.path.join(os.path.dirname(os.environ["DGW_SCENARIO"]), "guilds.scenario"))
        self.addCleanup(simulator.end)
        program = self.start(url=simulator.url)
        lines = [program.stdout.readline().rstrip() for _ in GUILD_LOG]
        program.terminate()
        program.wait()
        self.assertEqual(lines, GUILD_LOG)

    def test_keep_session(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "session")
            numbers = self.keep_session(path)
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
            numbers += self.keep_session(path)
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))

    def test_keep_session_killed(self):
        """RES-16: after a crash nothing is missing, and what comes twice is less than a second old."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "session")
            numbers = self.keep_session(path, signal.SIGKILL, 400)
            again = self.keep_session(path)
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        self.assertEqual(again, list(range(again[0], again[-1] + 1)))
        self.assertLessEqual(again[0], numbers[-1] + 1)
        self.assertGreater(again[0], 1)

    def keep_session(self, path, end=signal.SIGINT, count=20):
        program = self.start(path)
        lines = [program.stdout.readline() for _ in range(count)]
        program.send_signal(end)
        lines += program.stdout.readlines()  # not communicate(), which forgets what readline() has read ahead
        self.assertEqual(program.wait(bindings.DEADLINE_S), 0 if end == signal.SIGINT else -end, program.stderr.read())
        return [int(line.split()[0]) for line in lines if line.endswith("\n")]


    def documented_output(self):
        """The lines that doc/examples.md shows below the program's name."""
        with open(os.path.join(ROOT, "doc", "examples.md"), encoding="utf-8") as stream:
            section = re.search(r"^## %s\n(.*?)(?=^## |\Z)" % re.escape(NAME), stream.read(), re.DOTALL | re.MULTILINE)
        return re.search(r"^```text\n(.*?)^```", section[1], re.DOTALL | re.MULTILINE)[1].splitlines()

    def test_output(self):
        simulator = bindings.Command("--scenario=" + os.path.join(ROOT, "examples", "harbour.scenario"))
        self.addCleanup(simulator.end)
        expected = self.documented_output()
        program = self.start(url=simulator.url)
        watchdog = threading.Timer(bindings.DEADLINE_S, program.kill)
        watchdog.start()
        lines = [program.stdout.readline().rstrip("\n") for _ in expected]
        watchdog.cancel()
        self.assertEqual(lines, expected)
        program.send_signal(signal.SIGINT)
        program.wait(bindings.DEADLINE_S)
        if PROGRAM.endswith(".py"):  # which closes the gateway then
            self.assertEqual((program.returncode, program.stderr.read()), (0, ""))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-k", "test_" + KIND], verbosity=2)
