#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints the messages that a bot sees, and ends after COUNT of them.

DISCORD_TOKEN=... listener.py [URL [COUNT]]

Without a URL, here or in DGW_URL, Discord is asked for it.
"""

import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


class Listener:
    def __init__(self, token, url, count):
        self.loop = GLib.MainLoop()
        self.count = count
        self.seen = 0
        self.error = None
        self.gateway = Dgw.Gateway.new(token, Dgw.Intents.GUILD_MESSAGES | Dgw.Intents.MESSAGE_CONTENT)
        self.gateway.props.url = url
        self.gateway.connect("event::MESSAGE_CREATE", self.on_message)
        self.gateway.connect("reconnecting", self.on_reconnecting)
        self.gateway.connect("failed", self.on_failed)

    def run(self):
        self.gateway.open_async(None, self.on_opened)
        self.loop.run()

    def on_opened(self, gateway, result):
        try:
            gateway.open_finish(result)
        except GLib.Error as error:
            self.on_failed(gateway, error)

    def on_message(self, gateway, event):
        message = event.dup_json().get_object()
        author = message.get_object_member("author")
        print(f"{author.get_string_member('username')}: {message.get_string_member('content')}", flush=True)
        self.seen += 1
        if self.seen == self.count:  # no event comes after this call
            gateway.close_async(None, self.on_closed)

    def on_closed(self, gateway, result):
        gateway.close_finish(result)
        self.loop.quit()

    def on_reconnecting(self, gateway, attempt, delay):
        error = gateway.props.last_error
        reason = error.message if error else "Connecting again"
        print(f"{reason} (attempt {attempt} in {delay} ms)", file=sys.stderr)

    def on_failed(self, gateway, error):
        self.error = error
        self.loop.quit()


def main():
    token = os.environ.get("DISCORD_TOKEN")
    if not token:
        sys.exit("Put the bot's token into DISCORD_TOKEN")
    url = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DGW_URL")
    listener = Listener(token, url, int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    listener.run()
    if listener.error:
        sys.exit(listener.error.message)


main()
