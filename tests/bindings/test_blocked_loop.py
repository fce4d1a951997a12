#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A main loop blocked by time.sleep costs neither the session nor an event (HB-10).

60 s at Discord's interval of 41 s are one or two heartbeats; here it is more than ten.
"""

import time

import bindings
from bindings import Dgw, call, wait_until


class BlockedLoopTest(bindings.Case):
    INTERVAL_MS = 300
    BLOCKED_S = 4
    RATE = 300

    def test_session_survives(self):
        simulator = self.start_simulator(heartbeat_interval=self.INTERVAL_MS)
        gateway = self.make_gateway(simulator.url)
        sequences, ends, acks, stalls = [], [], [], []
        gateway.connect("event", lambda gateway, event: sequences.append(event.props.sequence))
        gateway.connect("disconnected", lambda gateway, *reason: ends.append(reason))
        gateway.connect("heartbeat-acked", lambda gateway, latency: acks.append(latency))
        gateway.connect("application-stalled", lambda gateway, duration: stalls.append(duration))
        call(gateway, "open")
        session_id = gateway.props.session_id
        simulator.ask("start_traffic", 0, self.RATE, 0, 1)
        wait_until(lambda: len(sequences) > 10, "traffic")

        before = len(sequences)
        time.sleep(self.BLOCKED_S)

        self.assertEqual(simulator.ask()["clients"], 1)
        wait_until(lambda: len(sequences) > before + self.BLOCKED_S * self.RATE, "what came meanwhile")
        self.assertEqual(sequences, list(range(1, len(sequences) + 1)))
        self.assertEqual(ends, [])
        self.assertEqual(gateway.props.session_id, session_id)
        counters = simulator.ask()
        self.assertEqual((counters["connections"], counters["identifies"], counters["resumes"]), (1, 1, 0))
        self.assertGreater(len(acks), 10)
        self.assertGreater(max(stalls), 2_000_000)
        call(gateway, "close")

    def test_the_simulator_would_notice(self):
        """Without heartbeats on time it does close: the test above can fail."""
        simulator = self.start_simulator(heartbeat_interval=self.INTERVAL_MS, heartbeat_timeout=50)
        gateway = self.make_gateway(simulator.url)
        ends = []
        gateway.connect("disconnected", lambda gateway, *reason: ends.append(reason))
        call(gateway, "open")
        wait_until(lambda: ends, "a close for a missed heartbeat")
        call(gateway, "close")


if __name__ == "__main__":
    bindings.main()
