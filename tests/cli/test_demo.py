#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`dgw demo`, which a newcomer runs first: it must work wherever it is run."""

import signal
import time

import dgw_process


class Demo(dgw_process.Case):
    def demo(self, *words, **options):
        return self.run_dgw("demo", *words, token=None, **options)

    def test_for_people_also_in_a_pipe(self):
        demo = self.demo("--count=4", "--rate=100")
        self.assert_ends(demo, 0)
        self.assertEqual(len(demo.stdout), 4)
        self.assertRegex(demo.stdout[0].decode(), r"^\d\d:\d\d:\d\d READY ")
        self.assertTrue(demo.stderr)

    def test_json(self):
        demo = self.demo("--count=4", "--rate=100", "--json")
        self.assert_ends(demo, 0)
        dispatches = demo.dispatches()
        self.assertEqual([line["s"] for line in dispatches], [1, 2, 3, 4])
        self.assertEqual([line["d"]["simulator_index"] for line in dispatches[1:]], [0, 1, 2])

    def test_duration(self):
        started = time.monotonic()
        demo = self.demo("--duration=1", "--rate=20", "--json")
        self.assert_ends(demo, 0)
        self.assertGreaterEqual(time.monotonic() - started, 1)
        self.assertGreater(len(demo.stdout), 3)

    def test_rate(self):
        """The default is one that a person can read."""
        demo = self.demo("--duration=1", "--json")
        self.assert_ends(demo, 0)
        self.assertTrue(1 <= len(demo.stdout) <= 8, len(demo.stdout))

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number):
                demo = self.demo("--rate=100")
                demo.wait_for_lines(2)
                demo.signal(number)
                self.assert_ends(demo, 0)

    def test_proxy_is_not_asked(self):
        """What happens in one process is no proxy's business."""
        proxy = "http://127.0.0.1:9"
        variables = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
        environment = {**dict.fromkeys(variables, proxy), "no_proxy": "", "GIO_USE_PROXY_RESOLVER": ""}
        demo = self.demo("--count=2", "--rate=100", environment=environment)
        self.assert_ends(demo, 0)


if __name__ == "__main__":
    dgw_process.main()
