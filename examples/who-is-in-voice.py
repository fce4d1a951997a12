#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints who is in a voice channel, each time somebody comes or goes. DISCORD_TOKEN=... who-is-in-voice.py"""

import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


class Voice:
    def __init__(self, gateway):
        self.names = {}  # of users and channels, by id
        self.places = {}  # id of the channel, by id of the user
        gateway.connect("guild-create", self.on_guild)
        gateway.connect("voice-state-update", self.on_voice_state)

    def on_guild(self, gateway, guild):
        for channel in guild.channels or []:
            self.names[channel.id] = channel.name
        for member in guild.members or []:
            self.names[member.user.id] = member.user.username
        for state in guild.voice_states or []:
            self.take(state)

    def on_voice_state(self, gateway, state):
        if state.member:
            self.names[state.member.user.id] = state.member.user.username
        self.take(state)

    def take(self, state):
        old = self.places.pop(state.user_id, None)
        if state.channel_id:  # None: in no channel
            self.places[state.user_id] = state.channel_id
        if old != state.channel_id:  # else muted, for example
            self.show(old)
            self.show(state.channel_id)

    def show(self, channel_id):
        if channel_id:
            users = sorted(user_id for user_id, place in self.places.items() if place == channel_id)
            names = ", ".join(self.names[user_id] for user_id in users)
            print(f"{self.names[channel_id]}: {names or 'nobody'}", flush=True)


async def main():
    gateway = Dgw.Gateway(
        token=os.environ["DISCORD_TOKEN"],
        intents=["guilds", "guild-voice-states"],
        url=os.environ.get("DGW_URL"),  # None: Discord is asked for it
    )
    Voice(gateway)
    async with gateway:
        await gateway.wait_closed()


try:
    Dgw.run(main())
except KeyboardInterrupt:
    pass
except GLib.Error as error:
    sys.exit(error.message)
