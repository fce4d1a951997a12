#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keeps its session in a file: ended or killed and started again, it misses no event.

DISCORD_TOKEN=... keep-session.py FILE [URL]
"""

import asyncio
import os
import signal
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


async def listen(gateway):
    ending = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.cancel)
    try:
        await gateway.open()
        await gateway.wait_closed()
    except asyncio.CancelledError:
        await gateway.suspend()  # and the session is saved


def main():
    if len(sys.argv) < 2 or not os.environ.get("DISCORD_TOKEN"):
        sys.exit(__doc__)
    gateway = Dgw.Gateway(token=os.environ["DISCORD_TOKEN"], intents="guild-messages")
    gateway.url = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("DGW_URL")
    gateway.session_store = Dgw.FileSessionStore.new_for_file(sys.argv[1])
    gateway.connect("event", lambda gateway, event: print(event.sequence, event.name, flush=True))
    try:
        Dgw.run(listen(gateway))
    except GLib.Error as error:
        sys.exit(error.message)


main()
