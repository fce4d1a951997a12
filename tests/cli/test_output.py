#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What `dgw listen` writes to stdout, and to whom: programs, people, pipes that nobody reads."""

import base64
import hashlib
import json
import os
import signal
import socket
import subprocess
import threading
import time

import dgw_process

FACTOR = float(os.environ.get("DGW_TEST_TIMEOUT_FACTOR", "1"))
COLOUR = b"\033["


def send_texts(server, texts):
    """Opens one WebSocket, sends the texts and waits for the client's close frame."""
    connection, _ = server.accept()
    with connection, connection.makefile("rwb") as stream:
        key = b""
        while (line := stream.readline()) not in (b"\r\n", b""):
            if line.lower().startswith(b"sec-websocket-key:"):
                key = line.partition(b":")[2].strip()
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        stream.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
        stream.write(b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        for text in map(str.encode, texts):
            size = bytes([len(text)]) if len(text) < 126 else b"\x7e" + len(text).to_bytes(2, "big")
            stream.write(b"\x81" + size + text)
        stream.flush()
        while (data := connection.recv(4096)) and data[0] != 0x88:
            pass


class Forms(dgw_process.Case):
    def play(self, *lines):
        return self.simulate(self.scenario(dgw_process.HELLO, dgw_process.IDENTIFY, dgw_process.READY, *lines))

    def on_terminal(self, simulator, *words, **options):
        terminal = self.terminal()
        listener = self.run_dgw("listen", "--url", simulator.url, *words, stdout=terminal.slave, **options)
        self.assert_ends(listener, 0)
        return terminal.read_rest()

    def test_json_is_the_default_without_a_terminal(self):
        simulator = self.simulate("--rate=100")
        listener = self.run_dgw("listen", "--url", simulator.url, "--count=3")
        self.assert_ends(listener, 0)
        self.assertEqual([line["op"] for line in listener.documents()], [0, 0, 0])
        self.assertEqual(listener.stderr, [])

    def test_pretty(self):
        simulator = self.simulate("--rate=100")
        listener = self.run_dgw("listen", "--pretty", "--url", simulator.url, "--count=5", "--event=MESSAGE_CREATE")
        self.assert_ends(listener, 0)
        self.assertEqual(len(listener.stdout), 5)
        for line in listener.stdout:
            self.assertRegex(line.decode(), r"^\d\d:\d\d:\d\d MESSAGE_CREATE +\S")
            self.assertNotIn(COLOUR, line)

    def test_pretty_and_coloured_is_the_default_on_a_terminal(self):
        text = self.on_terminal(self.simulate("--rate=100"), "--count=3")
        self.assertRegex(text, rb"\d\d:\d\d:\d\d")
        self.assertIn(COLOUR, text)
        self.assertNotIn(b'{"', text)

    def test_no_color(self):
        text = self.on_terminal(self.simulate("--rate=100"), "--count=3", environment={"NO_COLOR": "1"})
        self.assertRegex(text, rb"\d\d:\d\d:\d\d READY")
        self.assertNotIn(COLOUR, text)

    def test_json_on_a_terminal(self):
        text = self.on_terminal(self.simulate("--rate=100"), "--json", "--count=3")
        self.assertEqual(len([json.loads(line) for line in text.splitlines()]), 3)

    def test_lifecycle_for_people(self):
        simulator = self.simulate("--rate=100")
        listener = self.run_dgw("listen", "--pretty", "--lifecycle", "--url", simulator.url, "--count=2")
        self.assert_ends(listener, 0)
        self.assertTrue(any(line.endswith(b" ready") for line in listener.stdout), listener.stdout)

    def test_text_of_others_cannot_move_the_cursor(self):
        simulator = self.play(
            '< {"op":0,"s":2,"t":"MESSAGE_CREATE","d":{"id":"1","author":{"username":"a\\u001b[2J"},'
            '"content":"one\\ntwo\\rthree\\u202efour\\u0007"}}'
        )
        listener = self.run_dgw("listen", "--pretty", "--url", simulator.url, "--count=2")
        self.assert_ends(listener, 0)
        self.assertEqual(len(listener.stdout), 2)
        line = listener.stdout[1].decode()
        self.assertIn("one two three four", line)
        self.assertFalse([c for c in line if ord(c) < 32 or c == "\u202e"], line)

        self.assertTrue(line[9:].startswith("MESSAGE_CREATE"))

    def test_name_cannot_either(self):
        simulator = self.play('< {"op":0,"s":2,"t":"A\\u001b[2J","d":{}}')
        listener = self.run_dgw("listen", "--pretty", "--url", simulator.url, "--count=2")
        self.assert_ends(listener, 0)
        self.assertNotIn(b"\033", listener.stdout[1])

    def test_payload_is_one_line(self):
        """Line breaks between tokens go, those in strings are escapes and stay."""
        simulator = self.play('< {"op":0,\r\r "s":2,"t":"A_NEW_EVENT","d":{\r"text":"a\\r\\nb"}\r}')
        listener = self.listen(simulator, "--count=2")
        self.assert_ends(listener, 0)
        self.assertEqual(listener.stdout[1], b'{"op":0, "s":2,"t":"A_NEW_EVENT","d":{"text":"a\\r\\nb"}}')

    def test_payload_with_line_feeds_is_one_line(self):
        """The same with line feeds, which no scenario can hold."""
        hello, ready = dgw_process.HELLO.removeprefix("< "), dgw_process.READY.removeprefix("< ")
        event = '{\n  "op": 0, "s": 2,\r\n  "t": "A_NEW_EVENT",\n\n  "d": {"text": "a\\nb"}\n}\n'
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)
        thread = threading.Thread(target=send_texts, args=(server, (hello, ready, event)), daemon=True)
        thread.start()
        listener = self.run_dgw(
            "listen", "--json", "--url", f"ws://127.0.0.1:{server.getsockname()[1]}", "--compress=none", "--count=2"
        )
        self.assert_ends(listener, 0)
        thread.join()
        self.assertEqual(listener.stdout[1], b'{  "op": 0, "s": 2,  "t": "A_NEW_EVENT",  "d": {"text": "a\\nb"}}')

    def test_long_lines_stay_whole(self):
        """Longer than a pipe is, and to a reader that takes its time."""
        sizes = (70_000, 1_000_000, 3)
        simulator = self.play(
            *(f'< {{"op":0,"s":{2 + i},"t":"A_NEW_EVENT","d":{{"text":"${{x*{size}}}"}}}}' for i, size in enumerate(sizes))
        )
        listener = self.listen(simulator, f"--count={1 + len(sizes)}", read_stdout=False)
        text = b""
        while piece := os.read(listener.popen.stdout.fileno(), 3000):
            text += piece
        self.assert_ends(listener, 0)
        texts = [json.loads(line)["d"].get("text") for line in text.splitlines()]
        self.assertEqual(texts[1:], ["x" * size for size in sizes])

    def test_verbose_is_on_stderr(self):
        simulator = self.simulate("--rate=100")
        quiet = self.listen(simulator, "--count=2")
        self.assert_ends(quiet, 0)
        self.assertEqual(quiet.stderr, [])
        loud = self.listen(simulator, "--count=2", "-v")
        self.assert_ends(loud, 0)
        self.assertGreater(len(loud.stderr), 3)
        self.assertEqual(len(loud.dispatches()), 2)
        self.assertEqual(len(loud.stdout), 2)


class Readers(dgw_process.Case):
    @staticmethod
    def n_beats(simulator):
        return sum(b"heartbeat" in line for line in simulator.stdout)

    def test_reader_that_stops_reading(self):
        """Heartbeats go on, nothing is lost, and a signal still ends it."""
        simulator = self.simulate("--rate=2000", "--heartbeat-interval=600")
        listener = self.listen(simulator, read_stdout=False)
        simulator.wait_until(lambda: self.n_beats(simulator) > 5, "heartbeats")
        listener.read_stdout()
        listener.wait_for_lines(3000)
        self.assert_complete(simulator, listener.dispatches()[:3000])
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)

    def test_signal_while_nobody_reads(self):
        simulator = self.simulate("--rate=5000", "--heartbeat-interval=600")
        listener = self.listen(simulator, read_stdout=False)
        simulator.wait_until(lambda: self.n_beats(simulator) > 1, "heartbeats")
        started = time.monotonic()
        listener.signal(signal.SIGTERM)
        self.assertEqual(listener.popen.wait(dgw_process.DEADLINE), 0)
        self.assertLess(time.monotonic() - started, 3 * FACTOR)

    def test_reader_that_goes_away(self):
        simulator = self.simulate("--rate=500")
        listener = self.listen(simulator, read_stdout=False)
        listener.popen.stdout.readline()
        listener.popen.stdout.close()
        self.assertEqual(listener.popen.wait(dgw_process.DEADLINE), 0)

    def test_reader_that_goes_away_before_a_lifecycle_line(self):
        simulator = self.simulate("--rate=0", "--heartbeat-interval=300")
        listener = self.listen(simulator, "--lifecycle", read_stdout=False)
        listener.popen.stdout.readline()
        listener.popen.stdout.close()
        self.assertEqual(listener.popen.wait(dgw_process.DEADLINE), 0)
        self.assertEqual(listener.stderr, [])

    def test_second_signal_does_not_wait(self):
        """The simulator is stopped, so that the close frame gets no answer."""
        simulator = self.simulate("--rate=0")
        listener = self.listen(simulator)
        listener.wait_for_lines(1)
        simulator.signal(signal.SIGSTOP)
        listener.signal(signal.SIGINT)
        started = time.monotonic()
        while listener.popen.poll() is None:
            # One that is still pending is not added to: it is repeated until it counts.
            listener.signal(signal.SIGINT)
            try:
                listener.popen.wait(0.02)
            except subprocess.TimeoutExpired:
                self.assertLess(time.monotonic() - started, dgw_process.DEADLINE)
        self.assertLess(time.monotonic() - started, 1.5 * FACTOR)
        self.assert_ends(listener, 0)

    def test_peer_that_does_not_answer_the_close(self):
        simulator = self.simulate("--rate=0")
        listener = self.listen(simulator)
        listener.wait_for_lines(1)
        simulator.signal(signal.SIGSTOP)
        started = time.monotonic()
        listener.signal(signal.SIGTERM)
        self.assert_ends(listener, 0)
        self.assertLess(time.monotonic() - started, 3 * FACTOR)


class Descriptors(dgw_process.Case):
    """A stdout that takes nothing is a failure, and is told once."""

    def shell(self, script, *words):
        """Runs dgw with these words under a redirection of the shell."""
        environment = dict(os.environ, DISCORD_TOKEN=dgw_process.TOKEN)
        return subprocess.run(
            ["/bin/sh", "-c", f'exec "$0" "$@" {script}', dgw_process.DGW, *words],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=dgw_process.DEADLINE,
        )

    def test_full_disk(self):
        simulator = self.simulate("--rate=100")
        for words in (["listen", "--url", simulator.url], ["info", "--api-url", simulator.api_url], ["demo"], ["--help"]):
            with self.subTest(words=words):
                result = self.shell(">/dev/full", *words)
                self.assertEqual(result.returncode, 1)
                self.assertIn(b"output", result.stderr.splitlines()[-1])

    def test_closed_at_the_start(self):
        simulator = self.simulate("--rate=100")
        for words in (["listen", "--url", simulator.url], ["info", "--api-url", simulator.api_url]):
            with self.subTest(words=words):
                result = self.shell(">&-", *words)
                self.assertEqual(result.returncode, 1)
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)

    def test_all_closed(self):
        simulator = self.simulate("--rate=100")
        result = self.shell("<&- >&- 2>&-", "listen", "--url", simulator.url)
        self.assertEqual(result.returncode, 1)

    def test_closed_stdin(self):
        simulator = self.simulate("--rate=100")
        result = self.shell("<&-", "listen", "--url", simulator.url, "--count=3")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(len(result.stdout.splitlines()), 3)


if __name__ == "__main__":
    dgw_process.main()
