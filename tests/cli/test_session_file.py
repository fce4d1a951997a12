#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`dgw listen --session-file`: ended, killed and started again."""

import os
import signal
import stat

import dgw_process


class SessionFile(dgw_process.Case):
    def listen_to(self, simulator, *words, **options):
        return self.listen(simulator, f"--session-file={self.path('session')}", *words, **options)

    def test_ended_and_started_again(self):
        """RES-16, DIS-06: no event is lost and none comes twice."""
        simulator = self.simulate("--rate=500")
        seen = []
        for _ in range(4):
            listener = self.listen_to(simulator)
            listener.wait_for_lines(150)
            listener.signal(signal.SIGTERM)
            self.assert_ends(listener, 0)
            seen += listener.dispatches()
        self.assertEqual([line["t"] for line in seen].count("READY"), 1)
        self.assertEqual([line["t"] for line in seen].count("RESUMED"), 3)
        self.assert_complete(simulator, seen)

    def test_count_hands_on_exactly(self):
        simulator = self.simulate("--rate=3000")
        seen = []
        for _ in range(3):
            listener = self.listen_to(simulator, "--count=40")
            self.assert_ends(listener, 0)
            self.assertEqual(len(listener.stdout), 40)
            seen += listener.dispatches()
        self.assert_complete(simulator, seen)

    def test_killed_and_started_again(self):
        """Nothing is lost, and at most the last second comes again."""
        rate = 500
        simulator = self.simulate(f"--rate={rate}")
        seen = []
        for _ in range(3):
            listener = self.listen_to(simulator)
            listener.wait_until(lambda: os.path.exists(self.path("session")) and len(listener.stdout) > 900, "events")
            listener.signal(signal.SIGKILL)
            listener.wait()
            lines = listener.stdout
            dispatches = [line for line in listener.dispatches()] if lines[-1].endswith(b"}") else []
            if seen:
                self.assertNotIn("READY", [line["t"] for line in dispatches])
                first, last = dispatches[0]["s"], seen[-1]["s"]
                self.assertLessEqual(first, last + 1, "an event was lost")
                self.assertLess(last - first, 2 * rate, "more than the last second came again")
                dispatches = [line for line in dispatches if line["s"] > last]
            seen += dispatches
        self.assert_complete(simulator, seen)

    def test_mode_and_content(self):
        simulator = self.simulate("--rate=500")
        listener = self.listen_to(simulator, "--count=20")
        self.assert_ends(listener, 0)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("session")).st_mode), 0o600)
        with open(self.path("session"), encoding="utf-8") as file:
            self.assertNotIn(dgw_process.TOKEN.rpartition(".")[2], file.read())

    def test_foreign_file_is_replaced(self):
        simulator = self.simulate("--rate=500")
        self.assert_ends(self.listen_to(simulator, "--count=20"), 0)
        for words in (["--no-intents"], ["--shard=0:2"]):
            with self.subTest(words=words):
                listener = self.listen_to(simulator, "--count=1", *words)
                self.assert_ends(listener, 0)
                self.assertEqual(listener.dispatches()[0]["t"], "READY")

    def test_unreadable_file_is_replaced(self):
        for content in (b"", b"\0\xff garbage", b"[session]\nid=x\n", b"[session]\nid=\nsequence=99999999999999999999\n"):
            with self.subTest(content=content):
                with open(self.path("session"), "wb") as file:
                    file.write(content)
                simulator = self.simulate("--rate=500")
                listener = self.listen_to(simulator, "--count=3")
                self.assert_ends(listener, 0)
                self.assertEqual(listener.dispatches()[0]["t"], "READY")

    def test_gone_session_is_replaced(self):
        """RES-08: the simulator of the second start knows nothing of it."""
        simulator = self.simulate("--rate=500")
        self.assert_ends(self.listen_to(simulator, "--count=20"), 0)
        simulator.end()
        listener = self.listen_to(self.simulate("--rate=500"), "--count=3")
        self.assert_ends(listener, 0)
        self.assertEqual(listener.dispatches()[0]["t"], "READY")

    def test_removed_when_it_failed(self):
        simulator = self.simulate("--rate=500")
        self.assert_ends(self.listen_to(simulator, "--count=20"), 0)
        self.assertTrue(os.path.exists(self.path("session")))
        simulator.end()
        listener = self.listen_to(self.simulate("--token=another"), "--count=20")
        self.assert_ends(listener, 1)
        self.assertFalse(os.path.exists(self.path("session")))

    def test_kept_when_nobody_answers(self):
        simulator = self.simulate("--rate=500")
        self.assert_ends(self.listen_to(simulator, "--count=20"), 0)
        with open(self.path("session"), "rb") as file:
            before = file.read()
        simulator.signal(signal.SIGKILL)
        simulator.wait()
        listener = self.listen_to(simulator, "--lifecycle")
        listener.wait_until(lambda: listener.lifecycle("reconnecting"), "an attempt")
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)
        with open(self.path("session"), "rb") as file:
            self.assertEqual(file.read(), before)


if __name__ == "__main__":
    dgw_process.main()
