#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the benchmarks and prints a table; it judges nothing.

CPU is user and system time of the client's whole process. Runs are
interleaved and medians are taken: the ratios hold where the times drift.
"""

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile

DGW, FLOOR, EVENTS, IDLE, STALL, MEMORY = sys.argv[1:7]
ROUNDS = int(os.environ.get("DGW_BENCH_ROUNDS", "5"))
N_EVENTS = int(os.environ.get("DGW_BENCH_EVENTS", "200000"))
# What the handlers do, and how many times the floor may be spent at most.
LIMITS = {
    "event": {"zlib-stream": 1.3, "zstd-stream": 1.6},
    "typed": {"zlib-stream": 1.4, "zstd-stream": 1.4},
    "none": {"zlib-stream": 1.15, "zstd-stream": 1.15},
}
PACE = 2000
PACED_EVENTS = 2 * PACE
LARGE_BYTES = 50 * 1024 * 1024
# A payload's peak as a multiple of its size, by who reads it.
PEAKS = {"unread": 1.2, "read": 4.0}


class Simulator:
    """`dgw simulate` in a process of its own, so that its CPU time is not the client's."""

    def __init__(self, *words):
        self.popen = subprocess.Popen([DGW, "simulate", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        first = self.popen.stdout.readline().decode().strip()
        self.url = first.removeprefix("listening on ")

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.popen.terminate()
        self.popen.wait()


def cpu_per_event(program, compression, count, *words):
    """`program` is a path and what follows URL, compression and count."""
    path, *mode = program
    with Simulator(f"--count={count}", "--seed=1", *words) as simulator:
        command = [path, simulator.url, compression, str(count), *mode]
        output = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    return float(output.stdout)


def compare(name, *load):
    """The floor and each kind of handlers in turn, so that all see the same machine."""
    floors = []
    spent = {mode: [] for mode in LIMITS}
    for _ in range(ROUNDS):
        floors.append(cpu_per_event([FLOOR], *load))
        for mode, values in spent.items():
            values.append(cpu_per_event([EVENTS, mode], *load))
    for mode, values in spent.items():
        ratio = statistics.median(value / floor for value, floor in zip(values, floors))
        limit = LIMITS[mode].get(name)
        print(
            f"{name:<18}{mode:<10}{statistics.median(floors):>14.2f}{statistics.median(values):>10.2f}"
            f"{ratio:>8.2f}{f'{limit:.2f}' if limit else '-':>8}",
            flush=True,
        )


def events():
    print(f"CPU per event, chat profile, {N_EVENTS} events, median of {ROUNDS}, microseconds")
    print(f"{'compression':<18}{'handlers':<10}{'libsoup floor':>14}{'dgw':>10}{'ratio':>8}{'wanted':>8}")
    for compression in ("none", "zlib-stream", "zstd-stream"):
        compare(compression, compression, N_EVENTS)
    compare(f"zlib, {PACE} a second", "zlib-stream", PACED_EVENTS, f"--rate={PACE}")


def write_large_guild(path):
    """A scenario with a GUILD_CREATE of many members, each like the service's."""
    user = {"username": "member", "global_name": "A Member", "discriminator": "0", "public_flags": 0, "clan": None}
    member = {"roles": ["900000000000000005", "900000000000000006"], "nick": None, "mute": False, "deaf": False}
    members = []
    size = 0
    while size < LARGE_BYTES:
        number = len(members)
        own = {"id": str(10**17 + number), "avatar": hashlib.md5(str(number).encode()).hexdigest()}
        members.append(json.dumps({"user": user | own} | member, separators=(",", ":")))
        size += len(members[-1]) + 1
    ready = '{"session_id":"S1","resume_gateway_url":"wss://gateway.example","user":{"id":"1"},"guilds":[]}'
    with open(path, "w", encoding="utf-8") as file:
        file.write('! opened\n< {"op":10,"d":{"heartbeat_interval":40000}}\n> {"op":2,"d":{"token":"*","...":"*"}}\n')
        file.write('< {"op":0,"s":1,"t":"READY","d":%s}\n' % ready)
        file.write('< {"op":0,"s":2,"t":"GUILD_CREATE","d":{"id":"1","members":[%s]}}\n@ +60s\n' % ",".join(members))


def memory():
    with tempfile.TemporaryDirectory() as folder:
        scenario = os.path.join(folder, "large.scenario")
        write_large_guild(scenario)
        for compression in ("none", "zlib-stream", "zstd-stream"):
            for mode, limit in PEAKS.items():
                with Simulator(f"--scenario={scenario}") as simulator:
                    peak, size = pair(MEMORY, simulator.url, compression, mode)
                print(
                    f"a GUILD_CREATE of {size / 2**20:.0f} MiB, {compression}, {mode}: "
                    f"the peak is {peak:.2f} times its size (wanted: at most {limit})"
                )
        with Simulator(f"--scenario={scenario}") as simulator:
            spent, cost = pair(MEMORY, simulator.url, "zstd-stream", "list")
        print(
            f"a list costs {spent:.1f} us for 1000 members of which none is read; "
            f"one that is wrapped costs {cost:.0f} bytes (wanted: at most 200)"
        )
    with Simulator("--count=100000", "--seed=1") as simulator:
        cost, size = pair(MEMORY, simulator.url, "zstd-stream", "kept")
    print(f"10000 messages that are kept: {cost:.0f} bytes each, payloads of {size:.0f} bytes")


def pair(*words):
    output = subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout
    return tuple(float(word) for word in output.split())


def number(*words):
    return float(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)


def main():
    events()
    with Simulator("--rate=0") as simulator:
        print(f"\nan idle gateway, zlib-stream, no TLS: {number(IDLE, simulator.url):.0f} KiB (wanted: under 400)")
    stalls = [number(STALL) for _ in range(ROUNDS)]
    print(f"a GUILD_CREATE of 10 MiB keeps the application's loop for {statistics.median(stalls):.2f} ms (wanted: under 5)")
    memory()


if __name__ == "__main__":
    main()
