#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logs what people write, what they change of it and what they delete. DISCORD_TOKEN=... log-messages.py"""

import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


def log_message(message, note=""):
    time = message.timestamp.to_local().format("%H:%M")
    print(f"{time} {message.author.username}{note}: {message.content}", flush=True)


def on_update(gateway, message):
    if message.edited_timestamp:  # it also comes when Discord has added a preview of a link
        log_message(message, " (edited)")


def on_delete(gateway, event):
    print("deleted:", event.id, flush=True)


async def main():
    gateway = Dgw.Gateway(
        token=os.environ["DISCORD_TOKEN"],
        intents=["guild-messages", "message-content"],
        url=os.environ.get("DGW_URL"),  # None: Discord is asked for it
    )
    gateway.connect("message-create", lambda gateway, message: log_message(message))
    gateway.connect("message-update", on_update)
    gateway.connect("message-delete", on_delete)
    async with gateway:
        await gateway.wait_closed()


try:
    Dgw.run(main())
except KeyboardInterrupt:
    pass
except GLib.Error as error:
    sys.exit(error.message)
