#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`dgw listen` outlives what a network does: no event is lost, none comes twice."""

import signal

import dgw_process


class Outages(dgw_process.Case):
    def test_cuts(self):
        """HB-07, HB-09: all kinds side by side, since they are mostly waiting.

        A connection that lasts no longer than a second is no stable one, and
        the delays grow: fewer of those.
        """
        runs = []
        for kind, seconds, number in (("close", 1.3, 6), ("reset", 1.3, 6), ("half-open", 1.3, 4), ("mix", 1, 4)):
            simulator = self.simulate("--rate=300", "--heartbeat-interval=300", f"--cut={kind}:{seconds}")
            runs.append((kind, number, simulator, self.listen(simulator, "--lifecycle")))
        for kind, number, simulator, listener in runs:
            with self.subTest(kind=kind):
                listener.wait_until(lambda: len(listener.lifecycle("disconnected")) >= number, f"{number} cuts")
                listener.signal(signal.SIGTERM)
                self.assert_ends(listener, 0)
                dispatches = listener.dispatches()
                self.assertEqual([line["t"] for line in dispatches].count("READY"), 1)
                self.assertGreater(len(dispatches), 100)
                self.assert_complete(simulator, dispatches)

    def test_stopped_for_longer_than_two_heartbeats(self):
        """SIGSTOP: the peer is silent, its sockets stay open."""
        simulator = self.simulate("--rate=300", "--heartbeat-interval=300")
        listener = self.listen(simulator, "--lifecycle")
        listener.wait_until(lambda: len(listener.dispatches()) > 50, "events")
        simulator.signal(signal.SIGSTOP)
        listener.wait_until(lambda: listener.lifecycle("disconnected"), "the loss to be noticed")
        simulator.signal(signal.SIGCONT)
        listener.wait_until(lambda: [line["t"] for line in listener.dispatches()].count("RESUMED") >= 1, "a resume")
        resumed_at = len(listener.stdout)
        listener.wait_for_lines(resumed_at + 50)
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)
        dispatches = listener.dispatches()
        self.assertEqual([line["t"] for line in dispatches].count("READY"), 1)
        self.assert_complete(simulator, dispatches)

    def test_simulator_killed_and_started_again(self):
        """Its sessions are gone: a new one comes without anybody's help."""
        simulator = self.simulate("--rate=300")
        listener = self.listen(simulator, "--lifecycle")
        listener.wait_until(lambda: len(listener.dispatches()) > 50, "events")
        simulator.signal(signal.SIGKILL)
        simulator.wait()
        second = self.simulate("--rate=300", f"--port={simulator.port}")
        listener.wait_until(lambda: [line["t"] for line in listener.dispatches()].count("READY") == 2, "a second session")
        count = len(listener.stdout)
        listener.wait_for_lines(count + 50)
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)
        self.assert_complete(second, listener.dispatches())


if __name__ == "__main__":
    dgw_process.main()
