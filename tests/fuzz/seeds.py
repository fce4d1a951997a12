#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes what the fuzzers start from, of the transcripts and the payloads: seeds.py STAMP TESTS ENTITY-PAYLOADS

A folder for each target beside the stamp, in which a file is an input.
"""

import hashlib
import json
import pathlib
import re
import shutil
import struct
import sys
import zlib

# Of each event's payloads; libFuzzer reads them all before it begins.
MAX_OF_EVENT = 12
MAX_SIZE = 16384

# The order of Input in fuzz-engine.c.
ENGINE_INPUTS = (
    "sensible frame pass-time deadline start stop opened answer lookup-failed connect-failed closed cut alive "
    "bad-payload permit command request cancel presence hold release network woke options session"
).split()
STATUSES = (0, 0, 200, 401, 403, 404, 429, 500, 503, 520)
UNITS = {"us": 1, "ms": 1000, "s": 1000000, "min": 60000000}
GATEWAY, RESUME = "wss://gateway.example", "wss://resume.example"

IDENTIFY = '{"op":2,"d":{"token":"good","intents":%d,"properties":{"os":"linux","browser":"dgw","device":"dgw"}%s}}'
CLIENT_LINES = [
    '{"op":1,"d":null}',
    IDENTIFY % (513, ""),
    IDENTIFY % (513, ',"shard":[0,2],"compress":true,"large_threshold":250'),
    '{"op":6,"d":{"token":"good","session_id":"\x7f","seq":1}}',
    '{"op":3,"d":{"since":null,"activities":[{"name":"x","type":0}],"status":"online","afk":false}}',
    '{"op":4,"d":{"guild_id":"900000000000000001","channel_id":"900000000000000002","self_mute":false,"self_deaf":false}}',
    '{"op":8,"d":{"guild_id":"900000000000000001","query":"","limit":0,"presences":true,"nonce":"a"}}',
    '{"op":8,"d":{"guild_id":"900000000000000001","user_ids":["900000000000100001","5"],"nonce":"b"}}',
    '{"op":31,"d":{"guild_ids":["900000000000000001","2"]}}',
    '{"op":43,"d":{"guild_id":"900000000000000001","fields":["status","voice_start_time"]}}',
]


class Seeds:
    def __init__(self, root):
        self.root = root

    def add(self, target, data):
        if isinstance(data, str):
            data = data.encode()
        if not data or len(data) > MAX_SIZE:
            return
        folder = self.root / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)


def read_lines(path):
    """The lines of a transcript, with repeats once and what stands for other text put in."""
    for line in path.read_text().splitlines():
        line = line.strip().replace("$gateway", GATEWAY).replace("$resume", RESUME).replace("$n", "1")
        yield re.sub(r"\$\{(.*?)\*(\d+)\}", lambda match: match[1] * min(int(match[2]), 20), line)


def time_us(text):
    match = re.match(r"\+?([0-9.]+)(us|ms|s|min)$", text)
    return int(float(match[1]) * UNITS[match[2]]) if match else 0


def op(name, data=b""):
    return bytes([ENGINE_INPUTS.index(name)]) + (data.encode() if isinstance(data, str) else data)


def root_of(number):
    return struct.pack(">H", min(int(number**0.5), 65535))


def engine_failure(name, words):
    status = int(words[0]) if words and words[0].isdigit() else 0
    seconds = min(time_us(words[1]) // 1000000, 255) if len(words) > 1 else 0
    return op(name, bytes([STATUSES.index(status) if status in STATUSES else 0, seconds]))


def engine_happening(words):
    word, rest = words[0], words[1:]
    if word == "closed":
        return op("closed", struct.pack(">H", int(rest[0]))) if rest else op("cut")
    if word == "answer":
        return op("answer", bytes([1 + 8 * 5])) if rest[0].startswith("{") else engine_failure("lookup-failed", rest)
    if word == "refused":
        return engine_failure("connect-failed", rest)
    return {"opened": op("opened"), "error": op("cut"), "alive": op("alive")}.get(word, op("bad-payload", b"\1"))


def engine_call(words, text):
    data = text.split(" ", 4)[4] + "\n"
    opcode = int(words[2])
    if words[0] == "request":
        return op("request", bytes([{8: 0, 31: 1, 43: 2}[opcode]]) + data.encode())
    return op("command", bytes([opcode]) + data.encode())


def engine_application(words, text):
    word = words[0]
    if word in ("command", "request"):
        return engine_call(words, text)
    if word == "stop":
        code = int(words[2]) if len(words) > 2 and words[2].isdigit() else 1000
        return op("stop", struct.pack(">BH", ("close", "suspend", "cancel").index(words[1]), code))
    if word == "woke":
        return op("woke", struct.pack(">H", time_us(words[1]) // 1000000))
    if word == "network":
        return op("network", bytes([("available", "unavailable", "portal").index(words[1])]))
    numbers = {"cancel": 0, "presence": 1, "permit": 1, "session": 6, "set": 0}
    if word == "set":
        return op("options", b"\0\2\0")
    return op(word, bytes([numbers[word]]) if word in numbers else b"")


def engine_input(lines):
    parts = []
    for line in lines:
        kind, text = line[:1], line[2:]
        words = text.split()
        if kind == "<":
            parts.append(op("frame", text + "\n"))
        elif kind == "!":
            parts.append(engine_happening(words))
        elif kind == "*":
            parts.append(engine_application(words, line))
        elif kind == "@" and words[0] == "until":
            parts.append(op("deadline"))
        elif kind == "@":
            parts.append(op("pass-time", root_of(time_us(words[-1]))))
    return b"".join(parts)


def frame_of(opcode, data, is_final=True):
    first = bytes([opcode | (0x80 if is_final else 0)])
    if len(data) < 126:
        return first + bytes([len(data)]) + data
    return first + bytes([126]) + struct.pack(">H", len(data)) + data


def masked_frame_of(opcode, data, is_final=True):
    frame = frame_of(opcode, data, is_final)
    header = len(frame) - len(data)
    return frame[:1] + bytes([frame[1] | 0x80]) + frame[2:header] + b"\0\0\0\0" + data


def add_frames(seeds, target, start, frame):
    """Messages as RFC 6455 has them, and some as it has not."""
    text = b'{"op":11,"d":"\xf0\x9f\x98\x80"}'
    streams = [
        [frame(1, text[:16], False), frame(9, b"ping"), frame(0, text[16:], False), frame(0, b"")],
        [frame(2, text), frame(10, b"pong"), frame(9, b""), frame(8, b"")],
        [frame(1, b"x" * 126), frame(1, b"y" * 700), frame(8, b"\x03\xe8" + b"z" * 123)],
        [frame(1, text), frame(0, text)],
        [frame(1, text[:5], False), frame(1, text)],
        [frame(1, b"\xff"), frame(1, text)],
        [frame(8, b"\x03"), frame(1, text)],
        [frame(8, b"\x03\xed"), frame(1, text)],
        [frame(3, text)],
        [frame(9, b"x" * 126)],
        [frame(9, text, False)],
        [frame(1, b""), frame(1, text)[:10]],
        [frame(1, b"x" * 3000)],
        [frame(0x41, text)],
        [b"\x81\x7f\0\0\0\0\0\0\0\x05abcde", b"\x82\xff\0\0\0\0\0\0\0\2\0\0\0\0ab"],
        [b"\x81\x7f\xff\0\0\0\0\0\0\x05"],
    ]
    for number, stream in enumerate(streams):
        seeds.add(target, start(number) + b"".join(stream))


def add_transcripts(seeds, folder):
    for path in sorted(folder.glob("*.txt")):
        lines = list(read_lines(path))
        sent = [line[2:].encode() for line in lines if line.startswith("< ")]
        answers = [line[9:] for line in lines if line.startswith("! answer {")]
        seeds.add("engine", engine_input(lines))
        # What is written out often is left out by the target.
        seeds.add("scenario", re.sub(r"(% repeat +|\$\{.*?\*)\d+", r"\g<1>3", path.read_text()))
        seeds.add("simulator", bytes([0x10, 0]) + "\n".join(lines).encode() + b"\n\n" + CLIENT_LINES[1].encode())
        seeds.add("websocket", b"\x07\xff\0" + b"".join(frame_of(1, text) for text in sent) + frame_of(8, b"\x0f\xa9bye"))
        for text in sent:
            seeds.add("frame", text)
            seeds.add("json", text)
        for answer in answers:
            seeds.add("gateway-answer", answer)


def add_sockets(seeds):
    for line in CLIENT_LINES:
        seeds.add("simulator", bytes([0, 0]) + line.encode())
    for flags in (0, 2, 4, 8, 32, 64):
        seeds.add("simulator", bytes([flags, 40]) + "\n".join([CLIENT_LINES[1]] + CLIENT_LINES[4:]).encode())
    seeds.add("simulator", bytes([64, 0]) + "\n".join([CLIENT_LINES[3], CLIENT_LINES[1], "!d", "!o", "!c"]).encode())
    seeds.add("simulator", bytes([64, 9]) + "\n".join([CLIENT_LINES[1], "!d", "!r", "!d"]).encode())
    seeds.add("simulator", bytes([0, 0]) + "\n".join([CLIENT_LINES[1], "!h", CLIENT_LINES[0]]).encode())
    lines = [CLIENT_LINES[1]] + CLIENT_LINES[4:7] * 8
    seeds.add("simulator", bytes([0, 0]) + "\n".join(lines).encode())
    seeds.add("simulator", bytes([0, 0]) + (CLIENT_LINES[1] + " " * 4096).encode())
    seeds.add("simulator", bytes([72, 0]) + CLIENT_LINES[2].encode())
    for intents, more in ((2, ""), (1 << 30, ""), (1, ',"shard":[2,2]'), (1, ',"shard":[0]')):
        seeds.add("simulator", bytes([0, 0]) + (IDENTIFY % (intents, more)).encode())
    seeds.add("simulator", b"\1\0" + b"".join(masked_frame_of(1, line.encode()) for line in CLIENT_LINES))
    add_frames(seeds, "simulator", lambda number: bytes([1, 5 * number % 16]), masked_frame_of)
    add_frames(seeds, "websocket", lambda number: bytes([7 * number % 16, 1, 0]), frame_of)
    add_frames(seeds, "websocket", lambda number: bytes([3, 40, 2 + number]), frame_of)


def add_payload(seeds, payload):
    text = json.dumps(payload, separators=(",", ":"))
    seeds.add("json", text)
    seeds.add("frame", text)
    if payload.get("t"):
        seeds.add("entity", payload["t"] + "\n" + json.dumps(payload["d"], separators=(",", ":")))
    # zlib-stream in two messages, and zlib-payload; the first byte is told in fuzz-inflater.c.
    packer = zlib.compressobj()
    packed = b"".join(packer.compress(part.encode()) + packer.flush(zlib.Z_SYNC_FLUSH) for part in (text, text[:200]))
    seeds.add("inflater", b"\2" + packed)
    seeds.add("inflater", b"\1" + zlib.compress(text.encode()))


def add_sizes(seeds):
    """About the limit of fuzz-inflater.c, to be compressed there, of each kind, in each of two ways."""
    for size in (4095, 4096, 4097, 9000):
        text = b'{"d":"' + b"x" * (size - 8) + b'"}'
        for kind in range(4):
            seeds.add("inflater", bytes([4 + kind]) + text)
            seeds.add("inflater", bytes([100 + kind]) + text)


def add_payloads(seeds, folder):
    for path in sorted(folder.glob("gateway_*.json")):
        payloads = json.loads(path.read_text())
        for payload in payloads if isinstance(payloads, list) else [payloads]:
            add_payload(seeds, payload)
    for path in sorted(folder.glob("rest_*.json")):
        seeds.add("gateway-answer", json.dumps(json.loads(path.read_text())))


def add_entities(seeds, path):
    counts = {}
    for line in path.read_text().splitlines():
        _, event, data = line.split("\t", 2)
        counts[event] = counts.get(event, 0) + 1
        # Those that come later are ever more of the same.
        if counts[event] <= MAX_OF_EVENT or counts[event] % 41 == 0:
            seeds.add("entity", event + "\n" + data)


def add_floods(seeds):
    """More than may be sent in a minute, and what may not be asked for so often."""
    up = op("start") + op("opened") + op("sensible", b"\xa4") * 4
    command = op("command", b"\4" + b'{"a":1}\n')
    beat = op("frame", b'{"op":1}\n')
    later = op("pass-time", root_of(7000000))
    for parts in (command * 150 + later * 20, beat * 150 + later * 20, (command + beat) * 80 + (later + command * 3) * 20):
        seeds.add("engine", up + parts)
    for text in ("op", "d", "a"):
        seeds.add("engine", up + op("request", b"\0" + b'{"guild_id":"1","query":"","limit":0,"nonce":"%s"}\n' % text.encode()) * 12)


def main():
    stamp, tests, entities = (pathlib.Path(word) for word in sys.argv[1:])
    root = stamp.parent / "seeds"
    shutil.rmtree(root, ignore_errors=True)
    seeds = Seeds(root)
    add_transcripts(seeds, tests / "transcripts")
    add_payloads(seeds, tests / "payloads")
    add_sizes(seeds)
    add_entities(seeds, entities)
    add_sockets(seeds)
    add_floods(seeds)
    stamp.write_text("".join(sorted("%s\n" % path.relative_to(root) for path in root.glob("*/*"))))


main()
