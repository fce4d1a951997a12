#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`dgw listen --session-file`: ended, killed and started again."""

import json
import os
import re
import signal
import stat
import subprocess
import time

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
        seen, saved = [], 0
        for _ in range(3):
            listener = self.listen_to(simulator)
            listener.wait_until(lambda: os.path.exists(self.path("session")) and len(listener.stdout) > 900, "events")
            listener.signal(signal.SIGKILL)
            listener.wait()
            dispatches = listener.dispatches()
            numbers = [line["s"] for line in dispatches]
            self.assertEqual(numbers, sorted(set(numbers)))
            if seen:
                self.assertNotIn("READY", [line["t"] for line in dispatches])
                first, last = numbers[0], seen[-1]["s"]
                self.assertGreater(first, saved, "what was saved came again")
                self.assertLessEqual(first, last + 1, "an event was lost")
                self.assertLess(last - first, 2 * rate, "more than the last second came again")
                dispatches = [line for line in dispatches if line["s"] > last]
            saved = self.sequence()
            self.assertLessEqual(saved, numbers[-1], "what was not printed was saved")
            seen += dispatches
        self.assert_complete(simulator, seen)

    def read(self):
        with open(self.path("session"), "rb") as file:
            return file.read()

    def sequence(self):
        return int(re.search(rb"^sequence=(\d+)$", self.read(), re.M)[1])

    def test_file_is_whole_at_any_time(self):
        """Whenever a crash came: the old one or the new one is there, and never ahead of what was printed."""
        simulator = self.simulate("--rate=500")
        listener = self.listen_to(simulator)
        listener.wait_until(lambda: os.path.exists(self.path("session")), "a session file")
        sequences = set()

        def look():
            sequences.add(self.sequence())
            return len(sequences) >= 4

        listener.wait_until(look, "four saves")
        listener.signal(signal.SIGKILL)
        listener.wait()
        last = json.loads(listener.stdout[-1])["s"]
        self.assertLessEqual(max(sequences), last)
        self.assertLessEqual(self.sequence(), last)
        self.assertEqual(os.listdir(self.folder), ["session"])

    def test_not_ahead_of_a_reader_that_does_not_read(self):
        """What stands in the pipe was printed; what waits for room was not."""
        simulator = self.simulate("--rate=2000")
        listener = self.listen_to(simulator, read_stdout=False)
        end = time.monotonic() + dgw_process.DEADLINE
        saved = -1
        # The pipe is full when the file no longer changes while the simulator goes on.
        while not os.path.exists(self.path("session")) or self.sequence() != saved:
            self.assertLess(time.monotonic(), end)
            saved = self.sequence() if os.path.exists(self.path("session")) else -1
            try:
                listener.popen.wait(2.2)
            except subprocess.TimeoutExpired:
                pass
        listener.signal(signal.SIGKILL)
        listener.read_stdout()
        listener.wait()
        whole = [line for line in listener.stdout if line.endswith(b"}}")]
        self.assertEqual(json.loads(whole[-1])["s"], saved)

    def test_mode_and_content(self):
        with open(self.path("session"), "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o644)
        simulator = self.simulate("--rate=500")
        listener = self.listen_to(simulator, "--count=20")
        self.assert_ends(listener, 0)
        self.assertEqual(stat.S_IMODE(os.stat(self.path("session")).st_mode), 0o600)
        self.assertNotIn(dgw_process.TOKEN.rpartition(".")[2].encode(), self.read())

    def test_foreign_file_is_replaced(self):
        simulator = self.simulate("--rate=500")
        self.assert_ends(self.listen_to(simulator, "--count=20"), 0)
        for words, token in (
            (["--no-intents"], dgw_process.TOKEN),
            (["--shard=0:2"], dgw_process.TOKEN),
            ([], "another"),
        ):
            with self.subTest(words=words, token=token):
                before = self.read()
                listener = self.listen_to(simulator, "--count=1", *words, token=token)
                self.assert_ends(listener, 0)
                self.assertEqual(listener.dispatches()[0]["t"], "READY")
                self.assertNotEqual(self.read(), before)

    def test_same_token_in_other_words(self):
        simulator = self.simulate("--rate=500")
        self.assert_ends(self.listen_to(simulator, "--count=20"), 0)
        listener = self.listen_to(simulator, "--count=1", token=f"Bot {dgw_process.TOKEN}")
        self.assert_ends(listener, 0)
        self.assertNotEqual(listener.dispatches()[0]["t"], "READY")

    def test_duration_suspends(self):
        simulator = self.simulate("--rate=500")
        seen = []
        for _ in range(2):
            listener = self.listen_to(simulator, "--duration=0.4")
            self.assert_ends(listener, 0)
            seen += listener.dispatches()
        self.assertEqual([line["t"] for line in seen].count("READY"), 1)
        self.assert_complete(simulator, seen)
        self.assertFalse([line for line in simulator.stdout if b"gone, code 1000" in line])

    def test_without_a_session_it_closes(self):
        """The signal comes before READY."""
        simulator = self.simulate(self.scenario(dgw_process.HELLO, dgw_process.IDENTIFY, "@ +1min"))
        listener = self.listen_to(simulator, "--lifecycle")
        listener.wait_until(lambda: {"lifecycle": "status", "status": "waiting-for-ready"} in listener.documents(), "identify")
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)
        self.assertEqual(listener.lifecycle("disconnected")[0]["code"], 1000)
        self.assertFalse(os.path.exists(self.path("session")))

    def test_old_file_stays_before_resumed(self):
        simulator = self.simulate("--rate=500")
        self.assert_ends(self.listen_to(simulator, "--count=20"), 0)
        before = (self.read(), os.stat(self.path("session")).st_mtime_ns)
        simulator.end()
        second = self.simulate(
            self.scenario(dgw_process.HELLO, '> {"op":6,"d":"*"}', "@ +1min"), f"--port={simulator.port}"
        )
        listener = self.listen_to(second, "--lifecycle", "--duration=2")
        self.assert_ends(listener, 0)
        self.assertIn({"lifecycle": "status", "status": "resuming"}, listener.documents())
        self.assertEqual((self.read(), os.stat(self.path("session")).st_mtime_ns), before)

    def test_folder_that_takes_no_file(self):
        """One complaint, and everything else goes on."""
        simulator = self.simulate("--rate=500")
        path = self.path("no-such-folder/session")
        listener = self.listen(simulator, f"--session-file={path}", "--duration=2.5")
        self.assert_ends(listener, 0)
        self.assertEqual(len(listener.stderr), 1, listener.stderr)
        self.assertIn(b"no-such-folder", listener.stderr[0])
        self.assertGreater(len(listener.stdout), 100)
        self.assert_complete(simulator, listener.dispatches())

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
        before = self.read()
        simulator.signal(signal.SIGKILL)
        simulator.wait()
        listener = self.listen_to(simulator, "--lifecycle")
        listener.wait_until(lambda: listener.lifecycle("reconnecting"), "an attempt")
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)
        self.assertEqual(self.read(), before)


if __name__ == "__main__":
    dgw_process.main()
