#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`dgw simulate`: what it is told, and what it tells."""

import json
import os
import signal
import urllib.error
import urllib.request

import dgw_process

KEY = os.path.join(dgw_process.CERTIFICATES, "localhost.pem")  # holds the certificate as well
AUTHORITY = os.path.join(dgw_process.CERTIFICATES, "authority.pem")
STRANGER = os.path.join(dgw_process.CERTIFICATES, "stranger.pem")


class Simulate(dgw_process.Case):
    def texts(self, *words, count=30):
        """Events as some client sees them."""
        simulator = self.simulate(*words)
        listener = self.listen(simulator, f"--count={count}")
        self.assert_ends(listener, 0)
        return listener.stdout[1:]

    def test_first_line(self):
        simulator = self.simulate()
        self.assertEqual(simulator.stdout[0], f"listening on ws://127.0.0.1:{simulator.port}".encode())

    def test_port(self):
        first = self.simulate()
        second = self.run_dgw("simulate", f"--port={first.port}")
        self.assert_ends(second, 1)
        self.assertEqual(second.stdout, [])
        self.assertEqual(len(second.stderr), 1)
        first.end()
        again = self.simulate(f"--port={first.port}")
        self.assertEqual(again.port, first.port)

    def test_rest_base(self):
        simulator = self.simulate()
        with urllib.request.urlopen(f"{simulator.api_url}/gateway", timeout=dgw_process.DEADLINE) as answer:
            self.assertTrue(json.load(answer)["url"].startswith(simulator.url))

    def test_log(self):
        simulator = self.simulate("--heartbeat-interval=100")
        listener = self.listen(simulator)
        simulator.wait_until(lambda: b"heartbeat" in simulator.stdout, "a heartbeat")
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)
        simulator.wait_until(lambda: any(b"gone, code 1000" in line for line in simulator.stdout), "the close")
        for word in (b"connected", b"identified"):
            self.assertTrue(any(word in line for line in simulator.stdout), word)

    def test_ends_with_signals(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(signal=number):
                simulator = self.simulate("--rate=100")
                listener = self.listen(simulator)
                listener.wait_for_lines(3)
                simulator.signal(number)
                self.assert_ends(simulator, 0)

    def test_log_that_nobody_reads(self):
        """More than a pipe holds, and clients are served all the same."""
        simulator = self.run_dgw("simulate", read_stdout=False)
        url = simulator.popen.stdout.readline().decode().strip().removeprefix("listening on ")
        long_path = f"{url.replace('ws:', 'http:')}/{'x' * 2000}"
        for _ in range(60):
            with self.assertRaisesRegex(urllib.error.HTTPError, "404"):
                urllib.request.urlopen(long_path, timeout=dgw_process.DEADLINE)
        listener = self.run_dgw("listen", "--json", "--url", url, "--count=1")
        self.assert_ends(listener, 0)
        simulator.signal(signal.SIGTERM)
        simulator.read_stdout()
        self.assert_ends(simulator, 0)
        self.assertGreater(len(b"\n".join(simulator.stdout)), 50_000, "the pipe was not even full")

    def test_log_that_is_cut_off(self):
        simulator = self.run_dgw("simulate", read_stdout=False)
        url = simulator.popen.stdout.readline().decode().strip().removeprefix("listening on ")
        simulator.popen.stdout.close()
        listener = self.run_dgw("listen", "--json", "--url", url, "--count=1")
        self.assert_ends(listener, 0)
        simulator.signal(signal.SIGTERM)
        self.assert_ends(simulator, 0)

    def test_count_then_idle(self):
        simulator = self.simulate("--count=25", "--heartbeat-interval=100")
        listener = self.listen(simulator, "--lifecycle")
        listener.wait_until(lambda: len(listener.dispatches()) == 26, "READY and 25 events")
        n_beats = len(listener.lifecycle("latency"))
        listener.wait_until(lambda: len(listener.lifecycle("latency")) > n_beats + 3, "heartbeats")
        self.assertEqual(len(listener.dispatches()), 26)
        self.assert_complete(simulator, listener.dispatches())

    def test_seed(self):
        first = self.texts("--count=30", "--seed=7")
        self.assertEqual(self.texts("--count=30", "--seed=7"), first)
        self.assertNotEqual(self.texts("--count=30", "--seed=8"), first)

    def test_rate(self):
        """The rate is one of time: fewer events in the same time."""
        listeners = []
        for rate in (20, 400):
            simulator = self.simulate(f"--rate={rate}")
            listeners.append(self.listen(simulator, "--duration=1"))
        for listener in listeners:
            self.assert_ends(listener, 0)
        self.assertLess(5 * len(listeners[0].stdout), len(listeners[1].stdout))

    def test_scenario(self):
        simulator = self.simulate(
            self.scenario(dgw_process.HELLO, dgw_process.IDENTIFY, dgw_process.READY, '< {"op":0,"s":2,"t":"X","d":null}')
        )
        listener = self.listen(simulator, "--count=2")
        self.assert_ends(listener, 0)
        self.assert_played(simulator)
        self.assertEqual(listener.stdout[1], b'{"op":0,"s":2,"t":"X","d":null}')

    def test_scenario_that_goes_otherwise(self):
        simulator = self.simulate(self.scenario(dgw_process.HELLO, '> {"op":2,"d":{"token":"another","...":"*"}}'))
        self.listen(simulator)
        simulator.wait_until(lambda: any(b"scenario failed" in line for line in simulator.stdout), "the failure")

    def test_tls(self):
        simulator = self.simulate(f"--tls-cert={KEY}", f"--tls-key={KEY}", "--rate=100")
        self.assertEqual(simulator.stdout[0], f"listening on wss://localhost:{simulator.port}".encode())
        for words in (["--url", simulator.url], ["--api-url", simulator.api_url]):
            with self.subTest(words=words):
                listener = self.run_dgw("listen", "--json", *words, f"--ca-file={AUTHORITY}", "--count=3")
                self.assert_ends(listener, 0)
                self.assertEqual(len(listener.stdout), 3)

    # Security: TLS-VERIFY
    def test_tls_is_checked(self):
        """CON-12"""
        simulator = self.simulate(f"--tls-cert={KEY}", f"--tls-key={KEY}")
        for words in ([], [f"--ca-file={STRANGER}"]):
            with self.subTest(words=words):
                listener = self.listen(simulator, "--no-reconnect", "--lifecycle", *words)
                self.assert_ends(listener, 1)
                self.assertEqual(listener.dispatches(), [])
                self.assertIn("ertificate", listener.lifecycle("failed")[0]["message"])

    def test_token(self):
        simulator = self.simulate("--token=made-up", "--rate=100")
        self.assert_ends(self.listen(simulator, "--count=1", token="made-up"), 0)
        self.assert_ends(self.listen(simulator, "--count=1", token="another"), 1)


if __name__ == "__main__":
    dgw_process.main()
