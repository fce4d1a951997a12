#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`dgw listen` against `dgw simulate` in another process."""

import glob
import json
import os
import signal
import socket

import dgw_process

PAYLOADS = os.environ["DGW_PAYLOADS"]
COMPRESSIONS = ("none", "zlib-payload", "zlib-stream", "zstd-stream")


def captured_dispatches():
    """The compact texts of the captured dispatches, READY apart, renumbered from 2."""
    texts = []
    for path in sorted(glob.glob(os.path.join(PAYLOADS, "gateway_*.json"))):
        with open(path, encoding="utf-8") as file:
            for payload in json.load(file):
                if payload["op"] == 0 and payload["t"] != "READY":
                    payload["s"] = len(texts) + 2
                    texts.append(json.dumps(payload, separators=(",", ":"), ensure_ascii=False))
    return texts


class Listen(dgw_process.Case):
    def test_captured_payloads_byte_for_byte(self):
        texts = captured_dispatches()
        self.assertGreater(len(texts), 15)
        for compression in COMPRESSIONS:
            with self.subTest(compression=compression):
                simulator = self.simulate(
                    self.scenario(
                        dgw_process.HELLO,
                        dgw_process.IDENTIFY,
                        dgw_process.READY,
                        *(f"< {text}" for text in texts),
                    )
                )
                listener = self.listen(simulator, f"--compress={compression}", f"--count={len(texts) + 1}")
                self.assert_ends(listener, 0)
                # READY names the address to resume at: the port that the simulator has just then.
                self.assertEqual([line.decode() for line in listener.stdout][1:], texts)

    def test_count_is_exact(self):
        simulator = self.simulate("--rate=2000")
        listener = self.listen(simulator, "--count=7")
        self.assert_ends(listener, 0)
        self.assertEqual(len(listener.stdout), 7)
        self.assertEqual(json.loads(listener.stdout[0])["t"], "READY")

    def test_duration(self):
        simulator = self.simulate("--rate=100")
        listener = self.listen(simulator, "--duration=0.5")
        self.assert_ends(listener, 0)
        self.assertTrue(listener.stdout)
        self.assert_complete(simulator, listener.dispatches())
        simulator.wait_until(lambda: any(b"gone, code 1000" in line for line in simulator.stdout), "the close code 1000")

    def test_event_filter(self):
        simulator = self.simulate("--rate=500", "--seed=1")
        listener = self.listen(simulator, "--event=message-create", "--event", "TYPING_START", "--count=10")
        self.assert_ends(listener, 0)
        self.assertLessEqual({line["t"] for line in listener.dispatches()}, {"MESSAGE_CREATE", "TYPING_START"})

    def test_signals_end_it_cleanly(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                simulator = self.simulate("--rate=200")
                listener = self.listen(simulator)
                listener.wait_for_lines(5)
                listener.signal(number)
                self.assert_ends(listener, 0)
                simulator.wait_until(lambda: any(b"gone, code 1000" in line for line in simulator.stdout), "the close code 1000")

    def test_odd_reason(self):
        """Whatever a reason holds, lines are JSON and the terminal is left alone."""
        simulator = self.simulate(
            self.scenario('< {"op":10,"d":{"heartbeat_interval":41250}}', '> {"op":2,"d":"*"}', "! closed 4014 \x1b[7m\x1fend")
        )
        listener = self.listen(simulator, "--lifecycle")
        self.assert_ends(listener, 1)
        self.assertEqual(listener.lifecycle("disconnected")[0]["reason"], "\x1b[7m\x1fend")
        self.assertNotIn(b"\x1b", b"".join(listener.stderr))

    def test_wrong_token_is_final(self):
        """CC-4004, CC-01"""
        simulator = self.simulate("--token=another")
        listener = self.listen(simulator, "--lifecycle")
        self.assert_ends(listener, 1)
        self.assertEqual(listener.lifecycle("failed")[0]["error"], "authentication-failed")
        self.assertEqual(len(listener.stderr), 1)

    def test_no_reconnect(self):
        simulator = self.simulate("--rate=50", "--cut=close:1")
        listener = self.listen(simulator, "--no-reconnect", "--lifecycle")
        self.assert_ends(listener, 1)
        self.assertFalse(listener.lifecycle("disconnected")[0]["will_reconnect"])
        self.assertEqual(len(listener.lifecycle("failed")), 1)

    def test_token_is_never_shown(self):
        """ID-14, peers D: debug output of others prints the identify payload."""
        simulator = self.simulate("--rate=200", "--cut=mix:1")
        listener = self.listen(simulator, "--lifecycle", "--verbose", "--duration=4", environment={"G_MESSAGES_DEBUG": "all"})
        self.assert_ends(listener, 0)
        self.assertGreater(len(listener.stderr), 10)
        secret = dgw_process.TOKEN.rpartition(".")[2].encode()
        for line in listener.stdout + listener.stderr:
            self.assertNotIn(secret, line)
        

    def test_address_is_asked_for(self):
        """CON-01: without --url the address comes from the REST API."""
        simulator = self.simulate("--rate=100")
        listener = self.run_dgw("listen", "--json", "--api-url", simulator.api_url, "--count=3")
        self.assert_ends(listener, 0)

    def test_nobody_there(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        listener = self.run_dgw("listen", "--json", "--lifecycle", "--url", f"ws://127.0.0.1:{port}")
        listener.wait_until(lambda: len(listener.lifecycle("reconnecting")) >= 2, "two attempts")
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)

    def test_bad_address_is_refused(self):
        """CON-11"""
        for words, says in (
            (["--url=ws://gateway.example.org"], b"insecure"),
            (["--api-url=http://gateway.example.org/api"], b"insecure"),
            (["--url=nonsense"], b"nonsense"),
            (["--url=https://"], b"no host"),
        ):
            with self.subTest(words=words):
                listener = self.run_dgw("listen", "--json", "--lifecycle", *words)
                self.assert_ends(listener, 2)
                self.assertEqual(listener.stdout, [])
                self.assertEqual(len(listener.stderr), 1)
                self.assertIn(says, listener.stderr[0])


if __name__ == "__main__":
    dgw_process.main()
