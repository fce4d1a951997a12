#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the options of `dgw listen` make it say to the gateway."""

import json

import dgw_process

STANDARD = 53575421 & ~(1 << 15)  # all but members, presences and message content


class Identify(dgw_process.Case):
    def assert_identifies(self, words, members, token=dgw_process.TOKEN, environment=None):
        expected = json.dumps({"op": 2, "d": {**members, "...": "*"}})
        simulator = self.simulate(self.scenario(dgw_process.HELLO, f"> {expected}", dgw_process.READY))
        listener = self.listen(simulator, "--count=1", *words, token=token, environment=environment)
        self.assert_ends(listener, 0)
        self.assert_played(simulator)
        return simulator

    def test_intents(self):
        for words, intents in (
            ([], STANDARD),
            (["--standard-intents"], STANDARD),
            (["--no-intents"], 0),
            (["--all-intents"], STANDARD | 1 << 1 | 1 << 8 | 1 << 15),
            (["--intents=GUILDS,guild-messages,Direct_Messages"], 1 << 0 | 1 << 9 | 1 << 12),
            (["--intents=513"], 513),
            (["--intents=0x201"], 513),
            (["--intents=0x40000000"], 1 << 30),
        ):
            with self.subTest(words=words):
                self.assert_identifies(words, {"intents": intents})

    def test_compress(self):
        for compression in ("zlib-stream", "zstd-stream", "none", "zlib-payload"):
            with self.subTest(compression=compression):
                members = {"compress": True} if compression == "zlib-payload" else {}
                simulator = self.assert_identifies([f"--compress={compression}"], members)
                connected = next(line for line in simulator.stdout if b"connected" in line)
                asked = f"compress={compression}".encode()
                self.assertEqual(asked in connected, compression.endswith("stream"))

    def test_default_compression(self):
        simulator = self.assert_identifies([], {})
        self.assertIn(b"compress=zstd-stream", next(line for line in simulator.stdout if b"connected" in line))

    def test_shard(self):
        self.assert_identifies(["--shard=2:5"], {"shard": [2, 5]})

    def test_large_threshold(self):
        self.assert_identifies(["--large-threshold=250"], {"large_threshold": 250})

    def test_presence(self):
        """ID-12"""
        self.assert_identifies(["--status=dnd"], {"presence": {"status": "dnd", "...": "*"}})
        self.assert_identifies(
            ["--activity=chess ♞"],
            {"presence": {"status": "online", "activities": [{"name": "chess ♞", "type": 0, "...": "*"}], "...": "*"}},
        )

    def test_token(self):
        self.assert_identifies([], {"token": dgw_process.TOKEN})
        self.assert_identifies([], {"token": dgw_process.TOKEN}, token=f"Bot {dgw_process.TOKEN}")
        self.assert_identifies(
            ["--env-token=OTHER"], {"token": "of-the-other"}, environment={"OTHER": "of-the-other"}
        )


if __name__ == "__main__":
    dgw_process.main()
