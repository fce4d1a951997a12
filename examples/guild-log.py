#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints the guilds of a bot, and how they come and go. DISCORD_TOKEN=... guild-log.py"""

import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib

ARRIVALS = {
    Dgw.GuildArrival.LOADED: "is there",
    Dgw.GuildArrival.RECOVERED: "is back",
    Dgw.GuildArrival.JOINED: "was joined",
}


def on_guild_create(gateway, guild):
    if guild.unavailable:  # nothing else is known of it
        print(guild.id, "has an outage", flush=True)
        return
    print(guild.name, ARRIVALS[gateway.get_guild_arrival(guild.id)], flush=True)
    for channel in guild.channels or []:
        if not channel.is_obfuscated():
            print("  " + channel.name, flush=True)


def on_guild_delete(gateway, guild):
    print(guild.id, "has an outage" if guild.unavailable else "was left", flush=True)


async def main():
    gateway = Dgw.Gateway(token=os.environ["DISCORD_TOKEN"], intents="guilds")
    gateway.url = os.environ.get("DGW_URL")  # None: Discord is asked for it
    gateway.connect("guild-create", on_guild_create)
    gateway.connect("guild-delete", on_guild_delete)
    async with gateway:
        await gateway.wait_closed()


try:
    Dgw.run(main())
except KeyboardInterrupt:
    pass
except GLib.Error as error:
    sys.exit(error.message)
