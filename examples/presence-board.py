#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints who is online and what they do, as it changes. DISCORD_TOKEN=... presence-board.py"""

import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


class Board:
    def __init__(self, gateway):
        self.names = {}  # by id: a presence has of its user nothing but that
        gateway.connect("guild-create", self.on_guild)
        gateway.connect("presence-update", lambda gateway, presence: self.show(presence))

    def on_guild(self, gateway, guild):
        self.names.update((member.user.id, member.user.username) for member in guild.members or [])
        for presence in guild.presences or []:
            self.show(presence)

    def show(self, presence):
        name = self.names.get(presence.user.id, "somebody")
        doing = f" ({presence.activities[0].name})" if presence.activities else ""
        print(f"{name}: {presence.status}{doing}", flush=True)


async def main():
    gateway = Dgw.Gateway(
        token=os.environ["DISCORD_TOKEN"],
        intents=["guilds", "guild-presences"],  # the latter is to be switched on in the developer portal
        url=os.environ.get("DGW_URL"),  # None: Discord is asked for it
    )
    Board(gateway)
    async with gateway:
        await gateway.wait_closed()


try:
    Dgw.run(main())
except KeyboardInterrupt:
    pass
except GLib.Error as error:
    sys.exit(error.message)
