#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Discord says of the contents of single events, from the simulator to the typed signal."""

import json

import bindings
from bindings import Dgw, DgwTesting, call, wait_until

OBFUSCATED = 1 << 17


class FactsTest(bindings.Case):
    @classmethod
    def setUpClass(cls):
        cls.simulator = DgwTesting.Simulator.new()
        call(cls.simulator, "start")
        cls.gateway = Dgw.Gateway.new(bindings.TOKEN, int(Dgw.Intents.GUILDS))
        cls.gateway.props.url = cls.simulator.props.url
        call(cls.gateway, "open")

    @classmethod
    def tearDownClass(cls):
        call(cls.gateway, "close")
        call(cls.simulator, "stop")

    def dispatch(self, name, *payloads):
        """Returns the objects with which the event's own signal came."""
        received = []
        handler = self.gateway.connect(name.lower().replace("_", "-"), lambda gateway, data: received.append(data))
        for payload in payloads:
            self.simulator.dispatch_text(name, json.dumps(payload))
        wait_until(lambda: len(received) == len(payloads), name)
        self.gateway.disconnect(handler)
        return received if len(received) > 1 else received[0]

    def test_message_without_content(self):
        """INT-07: without MESSAGE_CONTENT an event comes all the same, with empty fields."""
        empty = {"id": "1", "channel_id": "2", "content": "", "embeds": [], "attachments": [], "components": []}
        message = self.dispatch("MESSAGE_CREATE", empty)
        self.assertEqual(message.props.content, "")
        for name in ("embeds", "attachments", "components"):
            self.assertEqual(message.get_property(name).get_n_items(), 0)
        self.assertIsNone(message.props.poll)

    def test_moderation_without_content(self):
        """INT-08: the same with what automatic moderation acted upon."""
        event = self.dispatch("AUTO_MODERATION_ACTION_EXECUTION", {"guild_id": "1", "content": "", "matched_content": ""})
        self.assertEqual((event.props.content, event.props.matched_content), ("", ""))

    def test_own_member_without_intent(self):
        """INT-09: with no more than GUILDS some events of members come for the bot itself."""
        member = self.dispatch("GUILD_MEMBER_UPDATE", {"guild_id": "1", "user": {"id": "9"}, "nick": "Harbour", "roles": []})
        self.assertEqual(member.props.nick, "Harbour")
        event = self.dispatch("THREAD_MEMBERS_UPDATE", {"id": "3", "guild_id": "1", "member_count": 2, "removed_member_ids": ["9"]})
        self.assertEqual(event.props.removed_member_ids, ["9"])
        self.assertIsNone(event.props.added_members)

    def test_ephemeral_message(self):
        """INT-13: a message that one user sees has neither guild nor member."""
        message = self.dispatch("MESSAGE_CREATE", {"id": "1", "channel_id": "2", "content": "psst", "flags": 64})
        self.assertEqual(message.props.flags, 64)
        self.assertFalse(message.has_field("guild_id") or message.has_field("member"))

    def test_guild_of_any_size(self):
        """GLD-04: of a large guild only some members come, and no presences without the intent."""
        small = {"id": "1", "member_count": 2, "large": False, "members": [{"user": {"id": "8"}}, {"user": {"id": "9"}}], "presences": []}
        large = {"id": "2", "member_count": 80000, "large": True, "members": [{"user": {"id": "9"}}]}
        first, second = self.dispatch("GUILD_CREATE", small, large)
        self.assertEqual((first.props.members.get_n_items(), second.props.members.get_n_items()), (2, 1))
        self.assertEqual((first.props.presences.get_n_items(), second.props.presences), (0, None))
        self.assertEqual((second.props.member_count, second.props.large), (80000, True))

    def test_thread_that_goes(self):
        """EVT-04: a deleted thread has four fields, and one that comes back is an update."""
        gone = self.dispatch("THREAD_DELETE", {"id": "3", "guild_id": "1", "parent_id": "2", "type": 11})
        self.assertEqual((gone.props.id, gone.props.guild_id, gone.props.parent_id, gone.props.type), ("3", "1", "2", 11))
        self.assertEqual(self.dispatch("THREAD_UPDATE", {"id": "3", "thread_metadata": {"archived": False}}).props.id, "3")
        self.assertEqual(self.dispatch("THREAD_MEMBER_UPDATE", {"id": "3", "user_id": "9", "guild_id": "1"}).props.user_id, "9")

    def test_thread_members(self):
        """EVT-05: who was added comes with member and presence, which may be null; in a guild without ids."""
        added = [{"id": "3", "user_id": "9", "member": {"user": {"id": "9"}}, "presence": None}]
        event = self.dispatch("THREAD_MEMBERS_UPDATE", {"id": "3", "guild_id": "1", "added_members": added})
        member = event.props.added_members.get_item(0)
        self.assertEqual(member.props.member.props.user.props.id, "9")
        self.assertIsNone(member.props.presence)
        self.assertTrue(member.has_field("presence"))
        guild = self.dispatch("GUILD_CREATE", {"id": "1", "threads": [{"id": "3", "member": {"flags": 1}}]})
        member = guild.props.threads.get_item(0).props.member
        self.assertEqual((member.props.flags, member.props.id, member.props.user_id), (1, None, None))

    def test_member_comes_twice(self):
        """EVT-06: whoever is a member may be added once more."""
        first, second = self.dispatch("GUILD_MEMBER_ADD", *[{"guild_id": "1", "user": {"id": "9"}}] * 2)
        self.assertTrue(first.equal(second))

    def test_message_changes_and_goes(self):
        """EVT-07: an update may be whole or in part, a deletion has ids only."""
        whole, part = self.dispatch(
            "MESSAGE_UPDATE", {"id": "1", "channel_id": "2", "content": "new", "tts": False}, {"id": "1", "channel_id": "2"}
        )
        self.assertEqual((whole.props.content, whole.props.tts, part.props.content), ("new", False, None))
        gone = self.dispatch("MESSAGE_DELETE", {"id": "1", "channel_id": "2", "guild_id": "3"})
        self.assertEqual((gone.props.id, gone.props.channel_id, gone.props.guild_id), ("1", "2", "3"))

    def test_votes_and_messages_of_nowhere(self):
        """EVT-10: a vote for two answers is two events; a message may come from a channel nobody has heard of."""
        votes = [{"user_id": "9", "channel_id": "2", "message_id": "1", "answer_id": answer} for answer in (1, 2)]
        self.assertEqual([vote.props.answer_id for vote in self.dispatch("MESSAGE_POLL_VOTE_ADD", *votes)], [1, 2])
        self.assertEqual(self.dispatch("MESSAGE_CREATE", {"id": "1", "channel_id": "777"}).props.channel_id, "777")

    def test_subscriptions(self):
        """EVT-11: what their states are."""
        states = Dgw.SubscriptionStatus
        self.assertEqual((int(states.ACTIVE), int(states.INACTIVE), int(states.ENDING)), (0, 1, 2))
        self.assertEqual(self.dispatch("SUBSCRIPTION_UPDATE", {"id": "1", "status": 2}).props.status, 2)
        self.assertTrue(self.dispatch("ENTITLEMENT_UPDATE", {"id": "1", "ends_at": "2026-11-22T10:00:00+00:00"}).props.ends_at)

    def test_overwrite_of_nobody(self):
        """EVT-12: a channel may speak of roles that are gone."""
        channel = self.dispatch("CHANNEL_UPDATE", {"id": "2", "permission_overwrites": [{"id": "404", "type": 0, "deny": "1024"}]})
        self.assertEqual(channel.props.permission_overwrites.get_item(0).props.id, "404")

    def test_join_requests(self):
        """EVT-13: events that Discord sends and does not document."""
        request = {"guild_id": "1", "status": "SUBMITTED", "request": {"id": "5", "user_id": "9"}}
        for name in ("GUILD_JOIN_REQUEST_CREATE", "GUILD_JOIN_REQUEST_UPDATE"):
            self.assertEqual(self.dispatch(name, request).props.request.props.user_id, "9")
        self.assertEqual(self.dispatch("GUILD_JOIN_REQUEST_DELETE", {"guild_id": "1", "user_id": "9"}).props.user_id, "9")

    def test_flags_of_the_application(self):
        """DAT-06: the old field of flags has 31 bits, the new one all of them, as text."""
        application = {"id": "1", "flags": 8, "flags_new": "1099511627784"}
        message = self.dispatch("MESSAGE_CREATE", {"id": "1", "channel_id": "2", "application": application})
        read = message.props.application
        self.assertEqual((read.props.flags, read.props.flags_new, read.get_flags_new_string()), (8, (1 << 40) + 8, "1099511627784"))

    def test_channel_without_application(self):
        """DAT-07: nobody's webhook, and null is not absent."""
        channel = self.dispatch("CHANNEL_UPDATE", {"id": "2", "application_id": None})
        self.assertIsNone(channel.props.application_id)
        self.assertTrue(channel.has_field("application_id"))

    def test_access_to_a_channel(self):
        """CAP-04, CAP-05: a channel that was hidden comes whole in an update, and is whole in an interaction before."""
        hidden = {"id": "2", "type": 0, "position": 1, "parent_id": "4", "flags": OBFUSCATED, "name": "___hidden___"}
        whole = {"id": "2", "type": 0, "position": 1, "parent_id": "4", "flags": 0, "name": "harbour", "topic": "boats"}
        guild = self.dispatch("GUILD_CREATE", {"id": "1", "channels": [hidden]})
        self.assertTrue(guild.props.channels.get_item(0).props.flags & OBFUSCATED)
        interaction = self.dispatch("INTERACTION_CREATE", {"id": "5", "channel": whole})
        self.assertEqual(interaction.props.channel.props.name, "harbour")
        channel = self.dispatch("CHANNEL_UPDATE", whole)
        self.assertEqual((channel.props.flags, channel.props.topic), (0, "boats"))


bindings.main()
