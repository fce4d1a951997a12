#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs many shards in one process and prints what they cost; it judges nothing.

The simulator is another process, and only the client's user and system time
counts. Runs are interleaved and medians are taken.
"""

import os
import statistics
import subprocess
import sys

SERVER, SHARDS = sys.argv[1:3]
ROUNDS = int(os.environ.get("DGW_BENCH_ROUNDS", "3"))
COUNTS = (1, 10, 100, 1000)
COMPRESSION = "zlib-stream"
HEARTBEAT_MS = 41250
# So long that no heartbeat falls among the events.
NO_HEARTBEAT_MS = 3600 * 1000
# In sum over the shards. The client counts none of the first ones.
WARM_UP = 2000
N_FLOOD = 400000
N_PACED = 6000
PACE = 1000
WANTED_GROWTH = 1.25


def run(n_shards, heartbeat_ms, mode, number, order=""):
    """What opening took and each shard holds, and then what `mode` tells."""
    server = subprocess.Popen(
        [SERVER, str(heartbeat_ms)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    url = server.stdout.readline().strip()
    command = [SHARDS, url, str(n_shards), COMPRESSION, mode, str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as client:
        opened = [float(word) for word in client.stdout.readline().split()]
        server.stdin.write(order + "\n")
        server.stdin.flush()
        rest = float(client.stdout.readline())
    server.communicate()
    return (*opened, rest)


def idle():
    seconds, kib, percent = run(COUNTS[-1], HEARTBEAT_MS, "idle", HEARTBEAT_MS / 1000)
    print(f"{COUNTS[-1]} shards in one process, {COMPRESSION}, no TLS, heartbeats each {HEARTBEAT_MS} ms")
    print(f"all READY, 16 at once in 50 ms: {seconds:.1f} s (wanted: under 60)")
    print(f"memory per idle shard: {kib:.0f} KiB (wanted: at most 250)")
    print(f"CPU while idle, the heartbeats of all: {percent:.2f} % of a core (wanted: under 3)", flush=True)


def table(title, measure):
    """One row for each count of shards: CPU per event, and how it compares with a single shard."""
    spent = {n_shards: [] for n_shards in COUNTS}
    for _ in range(ROUNDS):
        for n_shards, values in spent.items():
            values.append(measure(n_shards))
    print(f"\n{title}, median of {ROUNDS}")
    print(f"{'shards':>8}{'us per event':>14}{'ratio to 1':>12}{'wanted':>8}")
    for n_shards, values in spent.items():
        ratio = statistics.median(value / one for value, one in zip(values, spent[1]))
        print(f"{n_shards:>8}{statistics.median(values):>14.2f}{ratio:>12.2f}{WANTED_GROWTH:>8.2f}", flush=True)


def flood(n_shards):
    each = (WARM_UP + N_FLOOD) // n_shards
    return run(n_shards, NO_HEARTBEAT_MS, "events", N_FLOOD, f"flood {each}")[-1]


def pace(n_shards):
    return run(n_shards, NO_HEARTBEAT_MS, "events", N_PACED, f"pace {PACE} {n_shards}")[-1]


def main():
    idle()
    table(f"CPU per event, {N_FLOOD} events in sum, as fast as they are read", flood)
    table(f"CPU per event, {PACE} a second in sum, one by one", pace)


if __name__ == "__main__":
    main()
