#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints the members of a guild whose names begin with PREFIX.

DISCORD_TOKEN=... member-search.py GUILD_ID PREFIX
"""

import os
import sys

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw, GLib

LIMIT = 20


async def search(guild_id, prefix):
    gateway = Dgw.Gateway(
        token=os.environ["DISCORD_TOKEN"],
        intents="guilds",
        url=os.environ.get("DGW_URL"),  # None: Discord is asked for it
    )
    async with gateway:
        query = Dgw.MemberQuery.new_for_prefix(guild_id, prefix, LIMIT)
        return await gateway.request_guild_members(query)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        result = Dgw.run(search(*sys.argv[1:]))
    except GLib.Error as error:
        sys.exit(error.message)
    for member in result.members:
        print(member.user.username)
    print(len(result.members), "found")


main()
