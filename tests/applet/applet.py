# SPDX-License-Identifier: LGPL-2.1-or-later
"""examples/applet on a screen of its own, connected to a simulator."""

import contextlib
import json
import os
import subprocess
import sys

import desktop
from gi.repository import Atspi

FOLDER = os.path.dirname(os.path.abspath(__file__))
SCENARIO = os.path.join(FOLDER, "..", "..", "examples", "harbour.scenario")
BUTTON = ("push button", "button")  # the name has changed
SETTINGS = "[Settings]\ngtk-font-name=Cantarell 11\ngtk-enable-animations=0\n"


def payloads():
    """What the gateway of the scenario sends."""
    with open(SCENARIO, encoding="utf-8") as stream:
        return [json.loads(line[2:]) for line in stream if line.startswith("< ")]


def messages():
    """(name, time, content) of each message of the scenario, newest first."""
    events = [payload["d"] for payload in payloads() if payload.get("t") == "MESSAGE_CREATE"]
    return [(event["author"]["global_name"], event["timestamp"][11:16], event["content"]) for event in reversed(events)]


class Simulator:
    def __init__(self, *words):
        self.popen = subprocess.Popen(
            [os.environ["DGW"], "simulate", *words], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.url = self.popen.stdout.readline().strip().removeprefix("listening on ")

    def end(self):
        self.popen.terminate()
        self.popen.stdout.close()
        self.popen.wait()


class Applet:
    """The program, what it is connected to, and what it shows."""

    def __init__(self, program, *simulator, dark=False):
        with contextlib.ExitStack() as started:
            self.simulator = Simulator(*simulator)
            started.callback(self.simulator.end)
            self.screen = desktop.Screen(440, 680)
            started.callback(self.screen.end)
            self.write_settings()
            self.program = self.start(program, dark)
            started.callback(self.program.end)
            self.program.wait_for_window()
            self.end = started.pop_all().close

    def start(self, program, dark):
        interpreter = [sys.executable] if program.endswith(".py") else []
        return desktop.Program(
            [*interpreter, program, "--url=" + self.simulator.url],
            self.screen,
            DISCORD_TOKEN="any.token.will-do",
            XDG_CONFIG_HOME=self.screen.folder.name,
            ADW_DEBUG_COLOR_SCHEME="prefer-dark" if dark else "prefer-light",
            LC_ALL="C.UTF-8",
            TZ="UTC",
        )

    def write_settings(self):
        path = os.path.join(self.screen.folder.name, "gtk-4.0", "settings.ini")
        os.makedirs(os.path.dirname(path))
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(SETTINGS)

    def labels(self):
        return desktop.names(self.program.root, Atspi.Role.LABEL)

    def rows(self):
        items = desktop.nodes(self.program.root, Atspi.Role.LIST_ITEM)
        return [tuple(desktop.names(item, Atspi.Role.LABEL)) for item in items]

    def button(self, name):
        for node in desktop.nodes(self.program.root):
            if node.get_name() == name and node.get_role_name() in BUTTON:
                return node
        return None

    def press(self, name):
        Atspi.Action.do_action(self.button(name), 0)

    def wait_for_label(self, text):
        desktop.wait_until(lambda: text in self.labels(), "“%s”" % text)

    def wait_for_rows(self):
        desktop.wait_until(lambda: self.rows() == messages(), "the rows of the scenario")
