#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""`dgw info` and `dgw check`."""

import json
import os
import re
import socket
import threading

import dgw_process

AUTHORITY = os.path.join(dgw_process.CERTIFICATES, "authority.pem")
KEY = os.path.join(dgw_process.CERTIFICATES, "localhost.pem")
TLS = (f"--tls-cert={KEY}", f"--tls-key={KEY}")


def answer(remaining):
    return "! answer " + json.dumps(
        {
            "url": "$gateway",
            "shards": 1,
            "session_start_limit": {"total": 1000, "remaining": remaining, "reset_after": 3600000, "max_concurrency": 1},
        }
    )


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
        self.assertEqual(len(info.stdout), 4)
        fields = [line.decode() for line in info.stdout]
        self.assertEqual(fields[0], f"Gateway                {simulator.url}")
        # One column, whatever the titles.
        self.assertEqual({len(re.match(r".{22} ", field)[0]) for field in fields}, {23})

    def test_env_token(self):
        simulator = self.simulate("--token=of-the-other")
        for command in ("info", "check"):
            with self.subTest(command=command):
                process = self.run_dgw(
                    command, "--api-url", simulator.api_url, "--env-token=OTHER", environment={"OTHER": "of-the-other"}
                )
                self.assert_ends(process, 0)

    def test_ca_file(self):
        simulator = self.simulate(*TLS)
        for command in ("info", "check"):
            with self.subTest(command=command):
                trusting = self.run_dgw(command, "--api-url", simulator.api_url, "--ca-file", AUTHORITY)
                self.assert_ends(trusting, 0)
                process = self.run_dgw(command, "--api-url", simulator.api_url)
                self.assert_ends(process, 1)

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
    def check(self, api_url, status, *words, **options):
        check = self.run_dgw("check", "--json", "--api-url", api_url, *words, **options)
        self.assert_ends(check, status)
        steps = check.documents()
        for step in steps:
            self.assertEqual(set(step), {"check", "ok", "detail"})
        # The first step that fails is the last.
        self.assertEqual([step["ok"] for step in steps[:-1]], [True] * (len(steps) - 1))
        self.assertEqual(steps[-1]["ok"], status == 0)
        return {step["check"]: step for step in steps}

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
        self.assertIn("token", steps["token"]["detail"])

    def test_text(self):
        check = self.run_dgw("check", "--api-url", self.simulate().api_url)
        self.assert_ends(check, 0)
        self.assertEqual(len(check.stdout), 8)
        for line in check.stdout:
            self.assertRegex(line.decode(), r"^✓ [A-Z].{11} \S")
        failing = self.run_dgw("check", "--api-url", "nonsense")
        self.assert_ends(failing, 1)
        self.assertRegex(failing.stdout[-1].decode(), "^✗ ")

    def test_text_without_utf8(self):
        """The two marks stay apart where there is no tick."""
        simulator = self.simulate("--token=another")
        check = self.run_dgw("check", "--api-url", simulator.api_url, environment={"LC_ALL": "C"})
        self.assert_ends(check, 1)
        self.assertEqual({line[:1] for line in check.stdout[:-1]}, {b"+"})
        self.assertEqual(check.stdout[-1][:1], b"-")

    def test_json_without_utf8(self):
        simulator = self.simulate("--token=another")
        self.check(simulator.api_url, 1, environment={"LC_ALL": "C"})

    def test_no_budget(self):
        simulator = self.simulate(self.scenario(answer(0)))
        steps = self.check(simulator.api_url, 1)
        self.assertFalse(steps["budget"]["ok"])
        self.assertIn("60 minutes", steps["budget"]["detail"])

    def test_gateway_that_refuses(self):
        simulator = self.simulate(
            self.scenario(answer(5), answer(5), dgw_process.HELLO, dgw_process.IDENTIFY, "! closed 4014 Disallowed intent(s).")
        )
        steps = self.check(simulator.api_url, 1)
        self.assertFalse(steps["gateway"]["ok"])
        self.assertIn("intents", steps["gateway"]["detail"])

    def test_privileged_intents(self):
        """READY says which are allowed; it is no failure if none is."""
        ready = dgw_process.READY
        for flags, missing in ((0, ("guild-members", "guild-presences", "message-content")), (1 << 15 | 1 << 18, ("guild-presences",))):
            with self.subTest(flags=flags):
                simulator = self.simulate(
                    self.scenario(
                        answer(5), answer(5), dgw_process.HELLO, dgw_process.IDENTIFY, ready.replace('"flags":0', f'"flags":{flags}')
                    )
                )
                detail = self.check(simulator.api_url, 0)["intents"]["detail"].lower().replace("_", "-")
                for name in ("guild-members", "guild-presences", "message-content"):
                    self.assertEqual(name in detail, name in missing, detail)

    def test_untrusted(self):
        steps = self.check(self.simulate(*TLS).api_url, 1)
        self.assertFalse(steps["tls"]["ok"])
        self.assertIn("--ca-file", steps["tls"]["detail"])

    def test_proxy_that_refuses(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            asked = []

            def refuse():
                connection, _ = server.accept()
                with connection:
                    asked.append(connection.recv(4096))
                    connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

            thread = threading.Thread(target=refuse, daemon=True)
            thread.start()
            proxy = f"http://user:secret@127.0.0.1:{server.getsockname()[1]}"
            environment = {"https_proxy": proxy, "HTTPS_PROXY": proxy, "no_proxy": "", "GIO_USE_PROXY_RESOLVER": ""}
            steps = self.check("https://gateway.invalid/api/v10", 1, environment=environment)
            if steps["proxy"]["detail"] == "none":
                self.skipTest("GIO has no resolver that reads the environment here")
            thread.join(dgw_process.DEADLINE)
        self.assertTrue(asked[0].startswith(b"CONNECT gateway.invalid:443"))
        self.assertNotIn("secret", json.dumps(list(steps.values())))
        self.assertFalse(steps["tls"]["ok"])
        self.assertIn("proxy", steps["tls"]["detail"])

    def test_nobody_there(self):
        steps = self.check(f"http://127.0.0.1:{free_port()}/api/v10", 1)
        self.assertFalse(steps["tls"]["ok"])
        self.assertIn("firewall", steps["tls"]["detail"])

    def test_unknown_host(self):
        steps = self.check("https://gateway.invalid/api/v10", 1)
        self.assertFalse(steps["dns"]["ok"])
        self.assertIn("name server", steps["dns"]["detail"])

    def test_plain_address(self):
        """CON-11: a token does not leave the machine unencrypted."""
        for address in ("http://gateway.invalid/api/v10", "http://192.0.2.1/api/v10"):
            with self.subTest(address=address):
                steps = self.check(address, 1)
                self.assertEqual(list(steps), ["address"])
                self.assertIn("https://", steps["address"]["detail"])

    def test_no_address(self):
        steps = self.check("nonsense", 1)
        self.assertFalse(steps["address"]["ok"])


if __name__ == "__main__":
    dgw_process.main()
