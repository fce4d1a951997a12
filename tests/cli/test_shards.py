#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`dgw listen --shards`."""

import signal

import dgw_process


class Shards(dgw_process.Case):
    def test_number(self):
        """SHD-01: two shards, each with its events and its lines of the life."""
        simulator = self.simulate("--rate=50")
        listener = self.listen(simulator, "--shards=2", "--lifecycle")
        listener.wait_until(lambda: sum(line["status"] == "ready" for line in listener.lifecycle("status")) == 2, "two shards")
        listener.wait_until(lambda: len([d for d in listener.dispatches() if d["t"] == "READY"]) == 2, "two READY")
        self.assertEqual({line["shard"] for line in listener.lifecycle("status")}, {0, 1})
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)
        self.assertEqual(sorted(line["shard"] for line in listener.lifecycle("disconnected")), [0, 1])

    def test_automatic(self):
        """SHD-05: as many as Discord says; --count ends it."""
        simulator = self.simulate("--rate=50")
        listener = self.run_dgw("listen", "--api-url", simulator.api_url, "--shards=auto", "--count=5")
        self.assert_ends(listener, 0)
        self.assertEqual(len(listener.dispatches()), 5)
        self.assertEqual(listener.dispatches()[0]["t"], "READY")

    def test_failure(self):
        """SHD-10: a shard that fails for good ends it all."""
        scenario = self.scenario(dgw_process.HELLO, dgw_process.IDENTIFY, "! closed 4014")
        listener = self.listen(self.simulate(scenario), "--shards=2", "--lifecycle")
        self.assert_ends(listener, 1)
        self.assertEqual(listener.lifecycle("failed")[0]["error"], "disallowed-intents")

    def test_words(self):
        for words in (
            ["--shards=0"],
            ["--shards=many"],
            ["--shards=2", "--shard=0:2"],
            ["--shards=2", "--session-file=x"],
            ["--shards=auto", "--url=ws://127.0.0.1:1"],
        ):
            process = self.run_dgw("listen", *words)
            self.assert_ends(process, 2)
            self.assertEqual(len(process.stderr), 1, words)


dgw_process.main()
