#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keeps its session in a file: ended with Ctrl+C and started again, it misses no event.

DISCORD_TOKEN=... keep-session.py FILE [URL]
"""

import asyncio
import os
import signal
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


def load_session(path):
    try:
        with open(path, encoding="utf-8") as file:
            variant = GLib.Variant.parse(GLib.VariantType.new("a{sv}"), file.read(), None, None)
    except (OSError, GLib.Error):
        return None  # the first start, or nothing of use: a new session is as good
    return Dgw.Session.from_variant(variant)


def save_session(path, session):
    # Who has the session and the token can take over the connection: nobody else may read it.
    descriptor = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(session.to_variant().print_(True))
    os.replace(path + ".new", path)


async def listen(path, gateway):
    ending = asyncio.current_task()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.cancel)
    try:
        await gateway.open()
        await gateway.wait_closed()
    except asyncio.CancelledError:
        session = await gateway.suspend()
        if session:
            save_session(path, session)


def main():
    if len(sys.argv) < 2 or not os.environ.get("DISCORD_TOKEN"):
        sys.exit(__doc__)
    path = sys.argv[1]
    gateway = Dgw.Gateway(token=os.environ["DISCORD_TOKEN"], intents="guild-messages")
    gateway.url = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("DGW_URL")
    gateway.session = load_session(path)
    gateway.connect("event", lambda gateway, event: print(event.sequence, event.name, flush=True))
    try:
        Dgw.run(listen(path, gateway))
    except GLib.Error as error:
        sys.exit(error.message)


main()
