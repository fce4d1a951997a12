#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The smallest program: prints the name of each event. DISCORD_TOKEN=... hello.py"""

import os

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib

gateway = Dgw.Gateway(token=os.environ["DISCORD_TOKEN"], intents="guild-messages")
gateway.url = os.environ.get("DGW_URL")  # None: Discord is asked for it
gateway.connect("event", lambda gateway, event: print(event.name, flush=True))
gateway.open_async(None, lambda gateway, result: gateway.open_finish(result))
GLib.MainLoop().run()
