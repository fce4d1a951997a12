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


def on_reconnecting(gateway, attempt, delay):
    reason = gateway.last_error.message if gateway.last_error else "Connecting again"
    print(f"{reason} (attempt {attempt} in {delay} ms)", file=sys.stderr)


async def listen(gateway, count):
    seen = 0

    def on_message(gateway, message):
        nonlocal seen
        print(f"{message.author.username}: {message.content}", flush=True)
        seen += 1
        if seen == count:  # no event comes after this call
            gateway.close_async()

    gateway.connect("message-create", on_message)
    gateway.connect("reconnecting", on_reconnecting)
    await gateway.open()
    await gateway.wait_closed()


def main():
    token = os.environ.get("DISCORD_TOKEN")
    if not token:
        sys.exit("Put the bot's token into DISCORD_TOKEN")
    gateway = Dgw.Gateway(token=token, intents=Dgw.Intents.GUILD_MESSAGES | Dgw.Intents.MESSAGE_CONTENT)
    gateway.url = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DGW_URL")
    try:
        Dgw.run(listen(gateway, int(sys.argv[2]) if len(sys.argv) > 2 else 0))
    except GLib.Error as error:
        sys.exit(error.message)


main()
