#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Keeps its session in a file: ended with Ctrl+C and started again, it misses no event.

DISCORD_TOKEN=... keep-session.py FILE [URL]
"""

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


def main():
    if len(sys.argv) < 2 or not os.environ.get("DISCORD_TOKEN"):
        sys.exit(__doc__)
    path = sys.argv[1]
    loop = GLib.MainLoop()
    gateway = Dgw.Gateway.new(os.environ["DISCORD_TOKEN"], Dgw.Intents.GUILD_MESSAGES)
    gateway.props.url = sys.argv[2] if len(sys.argv) > 2 else os.environ.get("DGW_URL")
    gateway.props.session = load_session(path)

    def on_suspended(gateway, result):
        session = gateway.suspend_finish(result)
        if session:
            save_session(path, session)
        loop.quit()

    def on_signal():
        gateway.suspend_async(None, on_suspended)
        return GLib.SOURCE_REMOVE

    def on_opened(gateway, result):
        try:
            gateway.open_finish(result)
        except GLib.Error as error:
            print(error.message, file=sys.stderr)
            loop.quit()

    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGINT, on_signal)
    GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, signal.SIGTERM, on_signal)
    gateway.connect("event", lambda gateway, event: print(event.props.sequence, event.props.name, flush=True))
    gateway.open_async(None, on_opened)
    loop.run()


main()
