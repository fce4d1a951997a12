#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows a bot with a status and what it does, for as long as this runs.

DISCORD_TOKEN=... set-presence.py [--url=URL] [--seconds=N] online|idle|dnd|invisible [TEXT]
"""

import argparse
import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


def make_presence(status, text):
    presence = Dgw.Presence.new()
    presence.set_status(status)
    if text:
        presence.add_activity(Dgw.PresenceActivity.new_custom(text))
    return presence


def show(gateway, presence, seconds):
    loop = GLib.MainLoop()
    errors = []

    def on_failed(gateway, error):
        errors.append(error)
        loop.quit()

    def on_set(gateway, result):
        try:
            gateway.update_presence_finish(result)
            print("the presence is set", flush=True)
        except GLib.Error as error:
            on_failed(gateway, error)

    def on_opened(gateway, result):
        try:
            gateway.open_finish(result)
        except GLib.Error as error:
            on_failed(gateway, error)

    # Discord forgets the presence with the connection; the gateway sets it again each time.
    gateway.connect("failed", on_failed)
    gateway.open_async(None, on_opened)
    gateway.update_presence_async(presence, None, on_set)
    if seconds:
        GLib.timeout_add(1000 * seconds, loop.quit)
    loop.run()
    return errors[0].message if errors else None


def main():
    parser = argparse.ArgumentParser(description="Shows a bot with a status and what it does.")
    parser.add_argument("--url", default=os.environ.get("DGW_URL"), help="gateway address; default: Discord is asked")
    parser.add_argument("--seconds", type=int, default=0, help="end after so long")
    parser.add_argument("status", choices=["online", "idle", "dnd", "invisible"])
    parser.add_argument("text", nargs="?", help="shown beside the name")
    options = parser.parse_args()
    token = os.environ.get("DISCORD_TOKEN")
    if not token:
        sys.exit("Put the bot's token into DISCORD_TOKEN")

    gateway = Dgw.Gateway.new(token, Dgw.Intents.NONE)
    gateway.props.url = options.url
    sys.exit(show(gateway, make_presence(options.status, options.text), options.seconds))


main()
