#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs a bot on several shards and prints which shard each message came from; ends after COUNT of them.

DISCORD_TOKEN=... sharded-bot.py [SHARDS [COUNT]]

Without a number, or with 0, Discord is asked how many shards to use. With a URL in DGW_URL the number has to be given.
"""

import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib


class Bot:
    def __init__(self, token, shards, count):
        self.loop = GLib.MainLoop()
        self.count = count
        self.error = None
        self.manager = Dgw.ShardManager.new(token, Dgw.Intents.GUILDS | Dgw.Intents.GUILD_MESSAGES)
        self.manager.props.shard_count = shards
        self.manager.props.url = os.environ.get("DGW_URL")
        self.manager.connect("shard-added", self.on_shard_added)
        self.manager.connect("event::READY", lambda manager, shard, event: print("shard", shard.props.shard_id, "is ready"))
        self.manager.connect("event::MESSAGE_CREATE", self.on_message)

    def run(self):
        self.manager.open_async(None, self.on_opened)
        self.loop.run()

    def on_shard_added(self, manager, shard):
        """The place to set up each shard before it opens."""
        presence = Dgw.Presence.new()
        presence.add_activity(Dgw.PresenceActivity.new_playing(f"on shard {shard.props.shard_id}"))
        shard.props.presence = presence

    def on_opened(self, manager, result):
        try:
            manager.open_finish(result)
            print(f"all {len(manager)} shards are ready", flush=True)
        except GLib.Error as error:
            self.error = error
            self.loop.quit()

    def on_message(self, manager, shard, event):
        guild = event.dup_json().get_object().get_string_member_with_default("guild_id", "")
        print(f"shard {shard.props.shard_id}: a message in guild {guild}", flush=True)
        self.count -= 1
        if self.count == 0:
            manager.close_async(None, self.on_closed)

    def on_closed(self, manager, result):
        manager.close_finish(result)
        self.loop.quit()


def main():
    token = os.environ.get("DISCORD_TOKEN")
    if not token:
        sys.exit("Put the bot's token into DISCORD_TOKEN")
    shards, count = (int(word) for word in (sys.argv[1:] + ["0", "0"][len(sys.argv) - 1 :]))
    bot = Bot(token, shards, count)
    bot.run()
    if bot.error:
        sys.exit(bot.error.message)


main()
