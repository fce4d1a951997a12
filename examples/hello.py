#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The smallest program: prints the messages that a bot sees. DISCORD_TOKEN=... hello.py"""

import os

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


def on_message(gateway, message):
    print(f"{message.author.username}: {message.content}", flush=True)


gateway = Dgw.Gateway(token=os.environ["DISCORD_TOKEN"], intents="guild-messages,message-content")
gateway.url = os.environ.get("DGW_URL")  # None: Discord is asked for it
gateway.connect("message-create", on_message)
gateway.open_async(None, lambda gateway, result: gateway.open_finish(result))
GLib.MainLoop().run()
