#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A bot of three shards that is killed again and again, and goes on from its session store.

test_killed.py API-URL FOLDER is the bot: it prints the shard, the sequence and the number of each event.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile

import bindings
from bindings import Dgw, GLib

N_SHARDS = 3
N_KILLS = 3


def run_bot(api_url, folder):
    manager = Dgw.ShardManager.new(bindings.TOKEN, int(Dgw.Intents.GUILDS))
    store = Dgw.FileSessionStore(folder=folder)
    manager.props.api_url = api_url
    manager.props.shard_count = N_SHARDS
    manager.props.session_store = store

    def on_said(manager, gateway, event):
        print(gateway.props.shard_id, event.props.sequence, json.loads(event.get_text())["d"]["n"], flush=True)

    def on_ready(manager, gateway, event):
        print(gateway.props.shard_id, "is ready", flush=True)

    manager.connect("event::SAID", on_said)
    manager.connect("event::READY", on_ready)
    manager.open_async(None, None)
    GLib.MainLoop().run()


class Bot:
    """The bot as a process."""

    def __init__(self, url, folder):
        api_url = url.replace("ws://", "http://") + "/api/v10"
        self.popen = subprocess.Popen([sys.executable, __file__, api_url, folder], stdout=subprocess.PIPE, text=True)
        self.events = {shard_id: [] for shard_id in range(N_SHARDS)}
        self.n_ready = 0

    def read_until(self, condition):
        while not condition():
            self.take(self.popen.stdout.readline())

    def take(self, line):
        if line.endswith("is ready\n"):
            self.n_ready += 1
            return
        shard_id, sequence, number = (int(word) for word in line.split())
        self.events[shard_id].append((sequence, number))

    def kill(self):
        self.popen.send_signal(signal.SIGKILL)
        for line in self.popen.stdout:
            if line.endswith("\n"):
                self.take(line)
        self.popen.stdout.close()
        self.popen.wait(bindings.DEADLINE_S)


def read_saved(folder):
    """The sequence of each shard that is on disk. What begins with a dot was never finished."""
    saved = {}
    for name in os.listdir(folder):
        if not name.startswith("."):
            with open(os.path.join(folder, name), encoding="utf-8") as stream:
                saved[int(name.split("-")[2])] = int(re.search(r"^sequence=(\d+)$", stream.read(), re.M)[1])
    return saved


class KilledTest(bindings.Case):
    def say(self, count):
        for _ in range(count):
            self.simulator.ask("dispatch_text", "SAID", '{"n":%d}' % self.n_said)
            self.n_said += 1

    def check(self, shard_id, events, saved):
        """None lost, and none twice but for those after the last save."""
        sequences, numbers = [sequence for sequence, _ in events], [number for _, number in events]
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))
        self.assertLessEqual(numbers[0], self.n_seen[shard_id], "lost")
        self.assertGreater(sequences[0], self.saved.get(shard_id, 0), "came again although it was saved")
        self.assertLessEqual(saved[shard_id], sequences[-1], "saved before it was handled")
        self.n_seen[shard_id] = numbers[-1] + 1

    def run_and_kill(self, folder):
        bot = Bot(self.simulator.url, folder)
        before = read_saved(folder)
        if not before:
            bot.read_until(lambda: bot.n_ready == N_SHARDS)
        self.say(100)
        bot.read_until(lambda: all(events and events[-1][1] >= self.n_said - 1 for events in bot.events.values()))

        # Killed when each shard has saved something of this run, with events on the way.
        while not all(read_saved(folder).get(shard_id, 0) > before.get(shard_id, 1) for shard_id in range(N_SHARDS)):
            self.say(20)
            bot.read_until(lambda: all(events[-1][1] >= self.n_said - 20 for events in bot.events.values()))
        self.say(50)
        bot.kill()
        self.say(30)
        saved = read_saved(folder)
        for shard_id, events in bot.events.items():
            with self.subTest(shard=shard_id):
                self.check(shard_id, events, saved)
        self.saved = saved

    def test_shards(self):
        """RES-16: every event of every shard is handled, though the process is killed; those after the last save twice."""
        self.n_said, self.n_seen, self.saved = 0, [0] * N_SHARDS, {}
        self.simulator = self.start_simulator(max_concurrency=N_SHARDS)
        with tempfile.TemporaryDirectory() as folder:
            for _ in range(N_KILLS):
                self.run_and_kill(folder)
            last = Bot(self.simulator.url, folder)
            last.read_until(lambda: all(events and events[-1][1] == self.n_said - 1 for events in last.events.values()))
            last.kill()
            for shard_id, events in last.events.items():
                self.check(shard_id, events, read_saved(folder))
        self.assertEqual(self.n_seen, [self.n_said] * N_SHARDS)
        counters = self.simulator.ask()
        self.assertEqual((counters["identifies"], counters["resumes"]), (N_SHARDS, N_SHARDS * N_KILLS))


if len(sys.argv) == 3:
    run_bot(*sys.argv[1:])
else:
    bindings.main()
