#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command against those who want the token, or the terminal: see doc/security.md."""

import base64
import hashlib
import json
import os
import re
import socket
import stat
import threading

import dgw_process

SECRET = dgw_process.TOKEN.encode()
# Any part of it that is long enough to be of use.
PARTS = [SECRET[i : i + 16] for i in range(len(SECRET) - 15)]
WHOLE_LOG = {"G_MESSAGES_DEBUG": "all", "SOUP_DEBUG": "all"}
MESS = b"\n\x1b[31mDgw-WARNING: all is well\xe2\x80\xae\xc2\x9b1m"


class Parrot:
    """A server that says again what it was told, wherever it can: `how` is where."""

    def __init__(self, how):
        self.how = how
        self.n_told = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "ws://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.api_url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def close(self):
        self.listener.close()

    def run(self):
        try:
            while True:
                threading.Thread(target=self.serve, args=self.listener.accept()[:1], daemon=True).start()
        except OSError:
            pass

    def serve(self, connection):
        with connection, connection.makefile("rwb") as stream:
            try:
                head = {}
                stream.readline()
                while (line := stream.readline()) not in (b"\r\n", b""):
                    name, _, value = line.partition(b":")
                    head[name.lower()] = value.strip()
                if b"authorization" in head:
                    self.n_told += 1
                    self.answer(stream, head[b"authorization"].removeprefix(b"Bot "))
                elif b"sec-websocket-key" in head:
                    self.gateway(stream, head[b"sec-websocket-key"])
            except OSError:
                pass

    def answer(self, stream, token):
        status, headers, body = {
            "phrase": (b"500 " + token, b"", b""),
            "unauthorized": (b"401 " + token, b'WWW-Authenticate: Basic realm="' + token + b'"\r\n', token),
            "redirect": (b"302 Found", b"Location: https://" + token + b".example/" + token + b"?" + token + b"\r\n", b""),
            "long-redirect": (b"302 Found", b"Location: /" + b"a" * 160 + token + b"\r\n", b""),
            "body": (b"200 OK", b"Content-Type: text/plain\r\n", token),
            "url": (b"200 OK", b"", b'{"url":"wss://' + token + b'.example/"}'),
            "odd-url": (b"200 OK", b"", b'{"url":"ftp://' + token + b'\\u001b[31m"}'),
            "retry": (b"429 Slow", b"Retry-After: " + token + b"\r\n", b""),
        }[self.how]
        stream.write(b"HTTP/1.1 %s\r\n%sContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (status, headers, len(body), body))
        stream.flush()

    @staticmethod
    def send(stream, opcode, content):
        size = bytes([len(content)]) if len(content) < 126 else b"\x7e" + len(content).to_bytes(2, "big")
        stream.write(bytes([0x80 | opcode]) + size + content)
        stream.flush()

    @staticmethod
    def receive(stream):
        first, second = stream.read(2)
        length = second & 0x7F
        if length > 125:
            length = int.from_bytes(stream.read(2 if length == 126 else 8), "big")
        mask = stream.read(4)
        return first & 0x0F, bytes(byte ^ mask[i % 4] for i, byte in enumerate(stream.read(length)))

    def gateway(self, stream, key):
        accept = base64.b64encode(hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest())
        stream.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
        stream.write(b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
        self.send(stream, 1, b'{"op":10,"d":{"heartbeat_interval":41250}}')
        token = json.loads(self.receive(stream)[1])["d"]["token"]
        self.n_told += 1
        session = {
            "session": {"session_id": token},
            "resume-url": {"session_id": "abc", "resume_gateway_url": f"ws://{token}.example/"},
        }.get(self.how, {"session_id": "abc", "resume_gateway_url": self.url})
        ready = {"op": 0, "s": 1, "t": "READY", "d": {"v": 10, "user": {"id": "1"}, "guilds": [], **session}}
        self.send(stream, 1, json.dumps(ready).encode())
        if self.how == "payload":
            self.send(stream, 1, b'{"op":0,"' + token.encode())
        if self.how == "terminal":
            # The envelope can be read; what it holds cannot.
            self.send(stream, 1, b'{"t":"ODD","s":2,"op":0,"d":{"text":"\x1b]0;gone\x07\x1b[2J\xc2\x9b1m"x}}')
            self.send(stream, 1, '{"t":"ODD","s":3,"op":0,"d":{"text":"\x7f\u202e\u2066\u2028\U000e0041é"}}'.encode())
        reason = {"close": b"you are " + token.encode() + MESS, "payload": b""}.get(self.how, b"no")[:123]
        self.send(stream, 8, (4004).to_bytes(2, "big") + reason)
        while self.receive(stream)[0] != 8:
            pass


class Echo(dgw_process.Case):
    def parrot(self, how):
        parrot = Parrot(how)
        self.addCleanup(parrot.close)
        return parrot

    def assert_kept(self, parrot, process):
        process.wait()
        self.assertGreater(parrot.n_told, 0)
        output = b"\n".join(process.stdout + process.stderr)
        for part in PARTS:
            self.assertNotIn(part, output)
        self.assertFalse(re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", output), output)
        self.assertFalse(re.search(rb"\xe2\x80\xae|\xc2\x9b", b"".join(process.stderr)))
        self.assertNotIn(b"\nDgw-WARNING: all is well", output)

    def test_answers(self):
        """Security: ERR-TOKEN, LOG-TOKEN. ID-14: errors and logs of REST"""
        for how in ("phrase", "unauthorized", "redirect", "long-redirect", "body", "url", "odd-url", "retry"):
            for words in (("info",), ("info", "--json"), ("check",), ("listen", "--no-reconnect", "--lifecycle", "-v")):
                with self.subTest(how=how, words=words):
                    if (how, words[0]) == ("url", "info") or (how, words[0]) == ("odd-url", "info"):
                        continue  # what it says is what was asked for
                    parrot = self.parrot(how)
                    process = self.run_dgw(*words, "--api-url", parrot.api_url, environment=WHOLE_LOG)
                    self.assert_kept(parrot, process)

    def test_gateway(self):
        """Security: ERR-TOKEN, LOG-TOKEN, LOG-LINES. Errors, reasons and logs of the connection"""
        for how in ("close", "payload", "resume-url", "session"):
            for form in ("--json", "--pretty"):
                with self.subTest(how=how, form=form):
                    parrot = self.parrot(how)
                    process = self.run_dgw(
                        "listen", form, "--no-reconnect", "--lifecycle", "-v", "--event=NONE", "--url", parrot.url, environment=WHOLE_LOG
                    )
                    self.assert_kept(parrot, process)

    def test_session_file(self):
        """Security: STATE-TOKEN. Not even a server that names the session after it brings it into the file"""
        parrot = self.parrot("session")
        path = self.path("session")
        self.run_dgw("listen", "--json", "--duration=1", f"--session-file={path}", "--url", parrot.url).wait()
        for name in os.listdir(self.folder):
            with open(self.path(name), "rb") as file:
                self.assertNotIn(SECRET, file.read())

    def test_json_on_a_terminal(self):
        """Security: TERMINAL. The same JSON, but nothing in it drives the terminal"""
        parrot = self.parrot("terminal")
        terminal = self.terminal()
        listener = self.run_dgw("listen", "--json", "--count=3", "--compress=none", "--url", parrot.url, stdout=terminal.slave)
        self.assert_ends(listener, 0)
        lines = terminal.read_rest().splitlines()
        for line in lines:
            self.assertFalse([c for c in line.decode() if not c.isprintable()], line)
        self.assertIn(rb"\u001b[2J\u009b1m", lines[1])
        self.assertEqual(json.loads(lines[2])["d"]["text"], "\x7f\u202e\u2066\u2028\U000e0041é")

    def test_pretty(self):
        """Security: TERMINAL. Nor in a summary"""
        parrot = self.parrot("terminal")
        listener = self.run_dgw("listen", "--pretty", "--count=3", "--compress=none", "--url", parrot.url)
        self.assert_ends(listener, 0)
        for line in listener.stdout:
            self.assertFalse([c for c in line.decode() if not c.isprintable()], line)


class Process(dgw_process.Case):
    def eavesdrop(self):
        """A server's address, and what it hears."""
        heard = []

        def listen(server):
            try:
                while True:
                    connection = server.accept()[0]
                    heard.append(connection.recv(4096))
                    connection.close()
            except OSError:
                pass

        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)
        threading.Thread(target=listen, args=(server,), daemon=True).start()
        return "http://127.0.0.1:%d" % server.getsockname()[1], heard

    def test_redirects(self):
        """Security: NO-REDIRECT. Neither the question for the address nor the upgrade goes where a server sends it"""
        for status in (b"301", b"302", b"303", b"307", b"308"):
            for option in ("--api-url", "--url"):
                with self.subTest(status=status, option=option):
                    address, heard = self.eavesdrop()
                    parrot = Parrot("away")
                    self.addCleanup(parrot.close)
                    parrot.answer = parrot.gateway = lambda stream, _: stream.write(
                        b"HTTP/1.1 %s Moved\r\nLocation: %s/\r\nContent-Length: 0\r\n\r\n" % (status, address.encode())
                    )
                    url = parrot.api_url if option == "--api-url" else parrot.url
                    process = self.run_dgw("listen", "--no-reconnect", option, url)
                    self.assert_ends(process, 1)
                    self.assertIn(b"redirect", process.stderr[-1])
                    self.assertEqual(heard, [])

    def read_proc(self, process, name):
        with open(f"/proc/{process.popen.pid}/{name}", "rb") as file:
            return file.read()

    def test_others_of_the_user(self):
        """Security: CLI-ENV, CLI-CORE. What ps and /proc show of a running command has no token"""
        simulator = self.simulate("--rate=100")
        listener = self.listen(simulator)
        listener.wait_for_lines(1)
        environment = self.read_proc(listener, "environ")
        self.assertIn(b"DISCORD_TOKEN=\0", environment)
        for part in PARTS:
            self.assertNotIn(part, environment)
            self.assertNotIn(part, self.read_proc(listener, "cmdline"))
        self.assertRegex(self.read_proc(listener, "limits"), rb"Max core file size +0 ")

    def test_not_as_an_argument(self):
        """Security: CLI-ARGV. A token on the command line is refused, and not shown once more"""
        token = dgw_process.TOKEN
        for words in (
            [token],
            ["listen", token],
            ["listen", "--token", token],
            ["listen", f"--token={token}"],
            ["listen", "--token=short"],
            ["listen", "--url", f"wss://gateway.example/?token={token}"],
            ["info", "--token", "short"],
            ["check", f"--env-token={token}"],
            ["simulate", f"--token={token}"],
            ["listen", "Bot " + token],
        ):
            with self.subTest(words=words):
                process = self.run_dgw(*words)
                self.assert_ends(process, 2)
                self.assertEqual(len(process.stderr), 1)
                self.assertIn(b"command line", process.stderr[0])
                self.assertEqual(process.stdout, [])
                for part in PARTS:
                    self.assertNotIn(part, process.stderr[0])

    def test_proxy_of_the_environment(self):
        """Security: LOOPBACK-DIRECT. What goes to this host without TLS is sent to no proxy"""
        address, heard = self.eavesdrop()
        environment = {name: address for name in ("http_proxy", "https_proxy", "all_proxy")}
        environment.update(no_proxy="", NO_PROXY="", GIO_USE_PROXY_RESOLVER="libproxy")
        simulator = self.simulate("--rate=100")
        listener = self.run_dgw("listen", "--json", "--count=2", "--api-url", simulator.api_url, environment=environment)
        self.assert_ends(listener, 0)
        self.assertEqual(heard, [])

    def test_files(self):
        """Security: FILE-MODE, FILE-TOKEN. The session file is for nobody else, and has no token"""
        simulator = self.simulate("--rate=100")
        path = self.path("session")
        before = os.umask(0)
        try:
            listener = self.listen(simulator, "--count=20", f"--session-file={path}")
        finally:
            os.umask(before)
        self.assert_ends(listener, 0)
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        self.assertEqual(os.listdir(self.folder), ["session"])
        with open(path, "rb") as file:
            text = file.read()
        for part in PARTS:
            self.assertNotIn(part, text)


if __name__ == "__main__":
    dgw_process.main()
