# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests in Python share: simulators in other processes, and main loops that run until something is so."""

import json
import os
import subprocess
import sys
import unittest

import gi

gi.require_version("Dgw", "1")
gi.require_version("DgwTesting", "1")
gi.require_version("Json", "1.0")
from gi.repository import Dgw, DgwTesting, GLib, Json

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GtesTt.secret-part-of-the-token-0123456789"
DEADLINE_S = 30
FOLDER = os.path.dirname(os.path.abspath(__file__))


class Deadline(Exception):
    pass


def wait_until(condition, what="a condition", deadline_s=DEADLINE_S, look_ms=1000):
    """Runs the main loop until the condition holds, which is looked at after each turn of it, and every look_ms."""
    over = []
    source = GLib.timeout_source_new_seconds(deadline_s)
    source.set_callback(lambda *_: over.append(True))
    source.attach(None)
    looks = GLib.timeout_source_new(look_ms)
    looks.set_callback(lambda *_: True)
    looks.attach(None)
    try:
        while not condition():
            if over:
                raise Deadline("waited in vain for " + what)
            GLib.MainContext.default().iteration(True)
    finally:
        source.destroy()
        looks.destroy()


def call(instance, name, *arguments):
    """Calls NAME_async and waits; returns what NAME_finish returns, or raises its error."""
    results = []
    getattr(instance, name + "_async")(*arguments, None, lambda source, result: results.append(result))
    wait_until(lambda: results, name)
    return getattr(instance, name + "_finish")(results[0])


class Simulator:
    """simulator.py as a process."""

    def __init__(self, **properties):
        words = ["%s=%s" % (name.replace("_", "-"), json.dumps(value)) for name, value in properties.items()]
        self.popen = subprocess.Popen(
            [sys.executable, os.path.join(FOLDER, "simulator.py"), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.url = self.popen.stdout.readline().strip().removeprefix("listening on ")

    def ask(self, method="count", *arguments):
        """Calls a method of the simulator and returns its counters."""
        print(method, *(json.dumps(argument) for argument in arguments), file=self.popen.stdin, flush=True)
        return json.loads(self.popen.stdout.readline())

    def end(self):
        self.popen.stdin.close()
        self.popen.wait(DEADLINE_S)
        self.popen.stdout.close()


class Command:
    """`dgw simulate` as a process."""

    def __init__(self, *words):
        self.popen = subprocess.Popen(
            [os.environ["DGW"], "simulate", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.url = self.popen.stdout.readline().strip().removeprefix("listening on ")
        self.api_url = self.url.replace("ws://", "http://") + "/api/v10"

    def end(self):
        self.popen.terminate()
        self.popen.stdout.read()
        self.popen.stdout.close()
        return self.popen.wait(DEADLINE_S)


class Case(unittest.TestCase):
    def start_simulator(self, **properties):
        simulator = Simulator(**properties)
        self.addCleanup(simulator.end)
        return simulator

    def make_gateway(self, url, intents=Dgw.Intents.NON_PRIVILEGED):
        gateway = Dgw.Gateway.new(TOKEN, intents)
        gateway.props.url = url
        return gateway

    def assert_error(self, context, code):
        error = context.exception
        self.assertTrue(error.matches(Dgw.gateway_error_quark(), code), error)


def main():
    unittest.main(verbosity=2)
