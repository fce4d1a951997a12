#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`dgw info` and `dgw check`."""

import json
import socket

import dgw_process


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Info(dgw_process.Case):
    def test_json(self):
        simulator = self.simulate()
        info = self.run_dgw("info", "--json", "--api-url", simulator.api_url)
        self.assert_ends(info, 0)
        answer = info.documents()[0]
        self.assertEqual(set(answer), {"url", "shards", "session_start_limit"})
        self.assertEqual(
            set(answer["session_start_limit"]), {"total", "remaining", "reset_after", "max_concurrency"}
        )
        self.assertTrue(answer["url"].startswith(simulator.url))

    def test_text(self):
        simulator = self.simulate()
        info = self.run_dgw("info", "--api-url", simulator.api_url)
        self.assert_ends(info, 0)
        self.assertIn(simulator.url, info.stdout[0].decode())
        self.assertEqual(len(info.stdout), 4)

    def test_wrong_token(self):
        """CON-13"""
        simulator = self.simulate("--token=another")
        info = self.run_dgw("info", "--api-url", simulator.api_url)
        self.assert_ends(info, 1)
        self.assertEqual(len(info.stderr), 1)

    def test_nobody_there(self):
        info = self.run_dgw("info", "--api-url", f"http://127.0.0.1:{free_port()}/api/v10")
        self.assert_ends(info, 1)
        self.assertEqual(info.stdout, [])


class Check(dgw_process.Case):
    def check(self, api_url, status):
        check = self.run_dgw("check", "--json", "--api-url", api_url)
        self.assert_ends(check, status)
        return {line["check"]: line for line in check.documents()}

    def test_all_well(self):
        steps = self.check(self.simulate().api_url, 0)
        self.assertTrue(all(step["ok"] for step in steps.values()))
        self.assertEqual(
            list(steps), ["address", "proxy", "dns", "tls", "token", "budget", "gateway", "intents"]
        )

    def test_wrong_token(self):
        steps = self.check(self.simulate("--token=another").api_url, 1)
        self.assertTrue(steps["tls"]["ok"])
        self.assertFalse(steps["token"]["ok"])

    def test_nobody_there(self):
        steps = self.check(f"http://127.0.0.1:{free_port()}/api/v10", 1)
        self.assertFalse(steps["tls"]["ok"])
        self.assertIn("firewall", steps["tls"]["detail"])

    def test_unknown_host(self):
        steps = self.check("https://gateway.invalid/api/v10", 1)
        self.assertFalse(steps["dns"]["ok"])

    def test_no_address(self):
        steps = self.check("nonsense", 1)
        self.assertFalse(steps["address"]["ok"])


if __name__ == "__main__":
    dgw_process.main()
