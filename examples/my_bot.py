# SPDX-License-Identifier: LGPL-2.1-or-later
"""A small application: counts who says how much. test_my_bot.py tests it."""

import collections

import gi

gi.require_version("Dgw", "1")
from gi.repository import Dgw


class MessageCounter:
    """Takes any gateway: whoever makes it says where it connects to."""

    def __init__(self, gateway):
        self.messages = collections.Counter()
        self.losses = 0
        gateway.connect("message-create", self._on_message)
        gateway.connect("disconnected", self._on_disconnected)

    @staticmethod
    def intents():
        return Dgw.Intents.GUILD_MESSAGES

    def _on_message(self, gateway, message):
        self.messages[message.author.username] += 1

    def _on_disconnected(self, gateway, code, reason, will_reconnect):
        self.losses += 1
