#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Words on the command line: help, mistakes, the token."""

import dgw_process

COMMANDS = ("listen", "info", "check", "simulate", "demo")


class Usage(dgw_process.Case):
    def assert_mistake(self, *words, token=dgw_process.TOKEN, says=""):
        process = self.run_dgw(*words, token=token)
        self.assert_ends(process, 2)
        self.assertEqual(process.stdout, [])
        self.assertEqual(len(process.stderr), 1, process.stderr)
        self.assertIn(says, process.stderr[0].decode())

    def test_version(self):
        process = self.run_dgw("--version")
        self.assert_ends(process, 0)
        self.assertRegex(process.stdout[0].decode(), r"^dgw \d+\.\d+\.\d+$")

    def test_help(self):
        process = self.run_dgw("--help")
        self.assert_ends(process, 0)
        text = b"\n".join(process.stdout).decode()
        for command in COMMANDS:
            self.assertIn(command, text)
            with self.subTest(command=command):
                own = self.run_dgw(command, "--help")
                self.assert_ends(own, 0)
                self.assertIn(f"dgw {command}", own.stdout[1].decode() + own.stdout[0].decode())

    def test_no_command(self):
        self.assert_mistake(says="dgw demo")

    def test_unknown_command(self):
        self.assert_mistake("dance", says="dance")

    def test_unknown_option(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.assert_mistake(command, "--dance", says="--dance")

    def test_left_over_word(self):
        for command in COMMANDS:
            with self.subTest(command=command):
                self.assert_mistake(command, "dance", says="dance")

    def test_listen_values(self):
        for words, says in (
            (["--count=0"], "--count"),
            (["--count=many"], "many"),
            (["--duration=-3"], "--duration"),
            (["--large-threshold=49"], "50 to 250"),  # ID-05
            (["--large-threshold=251"], "50 to 250"),
            (["--compress=lzma"], "lzma"),
            (["--shard=1"], "0:4"),
            (["--shard=4:4"], "4:4"),  # SHD-01
            (["--shard=-1:4"], "-1:4"),
            (["--intents=guilds,cats"], "cats"),
            (["--intents=1", "--all-intents"], "intents"),
            (["--status=asleep"], "asleep"),
            (["--json", "--pretty"], "--json"),
            (["--ca-file=/no/such/file"], "/no/such/file"),
            (["--event="], "--event"),
            (["--session-file="], "--session-file"),
        ):
            with self.subTest(words=words):
                self.assert_mistake("listen", *words, says=says)

    def test_no_token(self):
        for command in ("listen", "info", "check"):
            with self.subTest(command=command):
                self.assert_mistake(command, token="", says="DISCORD_TOKEN")
                self.assert_mistake(command, "--env-token=MY_TOKEN", says="MY_TOKEN")


if __name__ == "__main__":
    dgw_process.main()
