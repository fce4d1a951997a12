#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints who gets a role and who loses one. DISCORD_TOKEN=... role-watcher.py"""

import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


class Watcher:
    def __init__(self, gateway):
        self.role_names = {}  # by id
        self.roles = {}  # ids of the roles a member had, by id of the user
        gateway.connect("guild-create", self.on_guild)
        gateway.connect("guild-member-update", self.on_member)

    def on_guild(self, gateway, guild):
        self.role_names.update((role.id, role.name) for role in guild.roles or [])
        self.roles.update((member.user.id, member.roles) for member in guild.members or [])

    def on_member(self, gateway, member):
        old = self.roles.get(member.user.id) or []
        new = self.roles[member.user.id] = member.roles or []
        for role_id in new:
            if role_id not in old:
                print(member.user.username, "gets", self.role_names[role_id], flush=True)
        for role_id in old:
            if role_id not in new:
                print(member.user.username, "loses", self.role_names[role_id], flush=True)


async def main():
    gateway = Dgw.Gateway(
        token=os.environ["DISCORD_TOKEN"],
        intents=["guilds", "guild-members"],  # the latter is to be switched on in the developer portal
        url=os.environ.get("DGW_URL"),  # None: Discord is asked for it
    )
    Watcher(gateway)
    async with gateway:
        await gateway.wait_closed()


try:
    Dgw.run(main())
except KeyboardInterrupt:
    pass
except GLib.Error as error:
    sys.exit(error.message)
