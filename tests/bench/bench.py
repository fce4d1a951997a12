#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the benchmarks and prints a table; it judges nothing.

CPU is user and system time of the client's whole process. Runs are
interleaved and medians are taken: the ratios hold where the times drift.
"""

import os
import statistics
import subprocess
import sys

DGW, FLOOR, EVENTS, IDLE, STALL = sys.argv[1:6]
ROUNDS = int(os.environ.get("DGW_BENCH_ROUNDS", "5"))
N_EVENTS = int(os.environ.get("DGW_BENCH_EVENTS", "200000"))
LIMITS = {"zlib-stream": 1.3, "zstd-stream": 1.6}
PACE = 2000
PACED_EVENTS = 2 * PACE


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
    with Simulator(f"--count={count}", "--seed=1", *words) as simulator:
        output = subprocess.run([program, simulator.url, compression, str(count)], check=True, stdout=subprocess.PIPE)
    return float(output.stdout)


def compare(name, limit, *load):
    floors, whole, ratios = [], [], []
    for _ in range(ROUNDS):
        floors.append(cpu_per_event(FLOOR, *load))
        whole.append(cpu_per_event(EVENTS, *load))
        ratios.append(whole[-1] / floors[-1])
    print(
        f"{name:<18}{statistics.median(floors):>14.2f}{statistics.median(whole):>15.2f}"
        f"{statistics.median(ratios):>8.2f}{limit:>8}",
        flush=True,
    )


def events():
    print(f"CPU per event, chat profile, {N_EVENTS} events, median of {ROUNDS}, microseconds")
    print(f"{'compression':<18}{'libsoup floor':>14}{'event handler':>15}{'ratio':>8}{'wanted':>8}")
    for compression in ("none", "zlib-stream", "zstd-stream"):
        limit = f"{LIMITS[compression]:.2f}" if compression in LIMITS else "-"
        compare(compression, limit, compression, N_EVENTS)
    compare(f"zlib, {PACE} a second", "-", "zlib-stream", PACED_EVENTS, f"--rate={PACE}")


def number(*words):
    return float(subprocess.run(words, check=True, stdout=subprocess.PIPE).stdout)


def main():
    events()
    with Simulator("--rate=0") as simulator:
        print(f"\nan idle gateway, zlib-stream, no TLS: {number(IDLE, simulator.url):.0f} KiB (wanted: under 400)")
    stalls = [number(STALL) for _ in range(ROUNDS)]
    print(f"a GUILD_CREATE of 10 MiB keeps the application's loop for {statistics.median(stalls):.2f} ms (wanted: under 5)")


if __name__ == "__main__":
    main()
