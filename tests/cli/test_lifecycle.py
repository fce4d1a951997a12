#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The lines of `dgw listen --lifecycle`, each kind to the letter."""

import re
import signal

import dgw_process

STATUSES = ("connecting", "waiting-for-hello", "identifying", "resuming", "waiting-for-ready", "ready", "disconnected", "unconnected")


class Lifecycle(dgw_process.Case):
    def lines(self, listener, kind):
        return [line.decode() for line in listener.stdout if line.startswith(b'{"lifecycle":"%s"' % kind.encode())]

    def assert_one(self, listener, kind, pattern):
        lines = self.lines(listener, kind)
        self.assertEqual(len(lines), 1, lines)
        self.assertRegex(lines[0], f"^{pattern}$")

    def play(self, *lines):
        simulator = self.simulate(self.scenario(dgw_process.HELLO, dgw_process.IDENTIFY, dgw_process.READY, *lines))
        return simulator, self.listen(simulator, "--lifecycle")

    def test_status_and_latency(self):
        simulator = self.simulate("--heartbeat-interval=200")
        listener = self.listen(simulator, "--lifecycle")
        listener.wait_until(lambda: listener.lifecycle("latency"), "a latency")
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)
        for line in self.lines(listener, "latency"):
            self.assertRegex(line, r'^\{"lifecycle":"latency","latency_us":\d+\}$')
        for line in self.lines(listener, "status"):
            self.assertRegex(line, r'^\{"lifecycle":"status","status":"(%s)"\}$' % "|".join(STATUSES))
        self.assertEqual(
            [line["status"] for line in listener.lifecycle("status") if line["status"] != "identifying"],
            ["connecting", "waiting-for-hello", "waiting-for-ready", "ready", "unconnected"],
        )
        self.assert_one(
            listener, "disconnected", r'\{"lifecycle":"disconnected","code":1000,"reason":"[^"]*","will_reconnect":false\}'
        )
        self.assertEqual(listener.lifecycle("failed"), [])

    def test_close_and_resume(self):
        _, listener = self.play(
            '! closed 4000 of "no" reason',
            "! opened",
            dgw_process.HELLO,
            '> {"op":6,"d":"*"}',
            '< {"op":0,"s":2,"t":"RESUMED","d":{}}',
        )
        listener.wait_until(lambda: len(listener.dispatches()) == 2, "RESUMED")
        listener.wait_until(lambda: listener.lifecycle("status")[-1]["status"] == "ready", "ready")
        self.assert_one(
            listener,
            "disconnected",
            re.escape('{"lifecycle":"disconnected","code":4000,"reason":"of \\"no\\" reason","will_reconnect":true}'),
        )
        self.assert_one(listener, "reconnecting", r'\{"lifecycle":"reconnecting","attempt":1,"delay_ms":\d+\}')
        self.assert_one(listener, "error", r'\{"lifecycle":"error","error":"closed","message":"[^}]*4000[^}]*"\}')
        self.assertIn("resuming", [line["status"] for line in listener.lifecycle("status")])

    def test_invalidated_session(self):
        _, listener = self.play('< {"op":9,"d":false}')
        listener.wait_until(lambda: listener.lifecycle("disconnected"), "the end of the connection")
        self.assert_one(
            listener, "session-invalidated", re.escape('{"lifecycle":"session-invalidated","resumable":false}')
        )
        kinds = [line.get("lifecycle") for line in listener.documents()]
        self.assertLess(kinds.index("session-invalidated"), kinds.index("disconnected"))

    def test_resumable_invalidated_session(self):
        _, listener = self.play('< {"op":9,"d":true}')
        listener.wait_until(lambda: listener.lifecycle("disconnected"), "the end of the connection")
        self.assert_one(
            listener, "session-invalidated", re.escape('{"lifecycle":"session-invalidated","resumable":true}')
        )

    def test_final_close_codes(self):
        """CC-02: the nick says which."""
        for code, nick in (
            (4004, "authentication-failed"),
            (4010, "invalid-shard"),
            (4011, "sharding-required"),
            (4012, "invalid-api-version"),
            (4013, "invalid-intents"),
            (4014, "disallowed-intents"),
        ):
            with self.subTest(code=code):
                _, listener = self.play(f"! closed {code} final")
                self.assert_ends(listener, 1)
                self.assert_one(listener, "failed", r'\{"lifecycle":"failed","error":"%s","message":"[^}]+"\}' % nick)
                self.assert_one(listener, "error", r'\{"lifecycle":"error","error":"%s","message":"[^}]+"\}' % nick)
                self.assertFalse(listener.lifecycle("disconnected")[0]["will_reconnect"])
                self.assertEqual(len(listener.stderr), 1)

    def test_error_of_another_domain(self):
        """Nobody listens: GIO's word for it is none of ours."""
        simulator = self.simulate()
        simulator.end()
        listener = self.listen(simulator, "--lifecycle")
        listener.wait_until(lambda: len(listener.lifecycle("reconnecting")) >= 2, "two attempts")
        self.assertEqual([line["attempt"] for line in listener.lifecycle("reconnecting")][:2], [1, 2])
        self.assertEqual(listener.lifecycle("error")[0]["error"], "failed")
        self.assertTrue(listener.lifecycle("error")[0]["message"])

    def test_unreachable_without_reconnect(self):
        simulator = self.simulate()
        simulator.end()
        listener = self.listen(simulator, "--lifecycle", "--no-reconnect")
        self.assert_ends(listener, 1)
        self.assertEqual(listener.lifecycle("failed")[0]["error"], "failed")
        self.assertEqual(listener.lifecycle("reconnecting"), [])

    def test_not_without_the_option(self):
        simulator = self.simulate("--rate=100")
        listener = self.listen(simulator, "--count=3")
        self.assert_ends(listener, 0)
        self.assertEqual(len(listener.dispatches()), len(listener.stdout))

    def test_people_are_told_once(self):
        """On a terminal progress and what is wrong are on stderr, a final error once."""
        terminal = self.terminal()
        simulator = self.simulate("--token=another")
        listener = self.run_dgw("listen", "--url", simulator.url, stdout=terminal.slave, stderr=terminal.slave)
        self.assert_ends(listener, 1)
        text = terminal.read_rest().decode()
        self.assertIn("Connecting…", text)
        self.assertEqual(text.count("4004"), 1, text)


if __name__ == "__main__":
    dgw_process.main()
