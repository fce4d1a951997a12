#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A simulator in a process of its own, with everything that `dgw simulate` has no option for.

simulator.py NAME=VALUE...        properties; a value is JSON

Lines on stdin are calls, such as `start_traffic 0 50 10 1` or `request_heartbeat`, with JSON arguments. Each is
answered with a line of the simulator's counters as JSON. The first line on stdout is `listening on URL`.
"""

import json
import sys

import gi

gi.require_version("DgwTesting", "1")
gi.require_version("Json", "1.0")
from gi.repository import DgwTesting, GLib

COUNTERS = ("clients", "sessions", "connections", "identifies", "resumes", "requests")


def count(simulator):
    return {name: getattr(simulator, "get_n_" + name)() for name in COUNTERS}


def main():
    loop = GLib.MainLoop()
    simulator = DgwTesting.Simulator.new()
    for word in sys.argv[1:]:
        name, _, value = word.partition("=")
        simulator.set_property(name, json.loads(value))

    def on_started(simulator, result):
        simulator.start_finish(result)
        print("listening on", simulator.props.url, flush=True)

    def on_line(channel, condition):
        line = sys.stdin.readline()
        if not line:
            loop.quit()
            return GLib.SOURCE_REMOVE
        method, *arguments = line.split()
        if method != "count":
            getattr(simulator, method)(*(json.loads(argument) for argument in arguments))
        print(json.dumps(count(simulator)), flush=True)
        return GLib.SOURCE_CONTINUE

    simulator.start_async(None, on_started)
    GLib.io_add_watch(GLib.IOChannel.unix_new(0), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, on_line)
    loop.run()


main()
