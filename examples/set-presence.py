#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Shows a bot with a status and what it does, for as long as this runs.

DISCORD_TOKEN=... set-presence.py [--url=URL] [--seconds=N] online|idle|dnd|invisible [TEXT]
"""

import argparse
import asyncio
import contextlib
import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


def make_presence(status, text):
    presence = Dgw.Presence(status=status)
    if text:
        presence.add_activity(Dgw.PresenceActivity.new_custom(text))
    return presence


async def show(gateway, presence, seconds):
    # Discord forgets the presence with the connection; the gateway sets it again each time.
    async with gateway:
        await gateway.update_presence(presence)
        print("the presence is set", flush=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(gateway.wait_closed(), seconds)


def main():
    parser = argparse.ArgumentParser(description="Shows a bot with a status and what it does.")
    parser.add_argument("--url", default=os.environ.get("DGW_URL"), help="gateway address; default: Discord is asked")
    parser.add_argument("--seconds", type=float, help="end after so long")
    parser.add_argument("status", choices=["online", "idle", "dnd", "invisible"])
    parser.add_argument("text", nargs="?", help="shown beside the name")
    options = parser.parse_args()
    token = os.environ.get("DISCORD_TOKEN")
    if not token:
        sys.exit("Put the bot's token into DISCORD_TOKEN")

    gateway = Dgw.Gateway(token=token, url=options.url)
    try:
        Dgw.run(show(gateway, make_presence(options.status, options.text), options.seconds))
    except KeyboardInterrupt:
        pass
    except GLib.Error as error:
        sys.exit(error.message)


main()
