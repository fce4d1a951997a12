# SPDX-License-Identifier: LGPL-2.1-or-later
"""The schema's model: what it reads, and that each mistake is named with file and line."""

import unittest

from schema_case import SCHEMA, SpoiltSchema, schema


class Mistakes(SpoiltSchema):
    def test_fixture_is_sound(self):
        model = schema.load(self.folder)
        self.assertEqual([event.name for event in model.events], ["AWAKE", "DOOR_OPEN", "DOOR_SHUT", "LID_MOVED"])

    def test_unknown_key(self):
        self.spoil("events.toml", "payload =", "payloads =")
        self.assert_refused("events.toml:5: [DOOR_OPEN]", "unknown key 'payloads'")

    def test_unknown_section(self):
        self.spoil("protocol.toml", "[limits.WORDS]", "[bounds.WORDS]")
        self.assert_refused("protocol.toml:", "unknown section")

    def test_missing_doc(self):
        self.spoil("events.toml", 'doc = "The session has begun."\n', "")
        self.assert_refused("events.toml:11: [AWAKE]", "'doc' is missing")

    def test_empty_doc(self):
        self.spoil("protocol.toml", 'doc = "An event."', 'doc = ""')
        self.assert_refused("protocol.toml:7: [opcodes.DISPATCH]", "doc is no full sentence")

    def test_wrong_type(self):
        self.spoil("protocol.toml", "code = 10", 'code = "10"')
        self.assert_refused("protocol.toml:10: [opcodes.SAY_HELLO]", "'code' has the wrong type")
        self.spoil("protocol.toml", 'code = "10"', "code = true")
        self.assert_refused("'code' has the wrong type")

    def test_dangling_intent(self):
        self.spoil("events.toml", '["ROOMS"]', '["HALLS"]')
        self.assert_refused("events.toml:18: [DOOR_SHUT]", "'HALLS', which does not exist")

    def test_unknown_scope_and_status(self):
        self.spoil("events.toml", '"draft"', '"rumour"')
        self.assert_refused("'rumour'")
        self.spoil("protocol.toml", 'scope = "direct"', 'scope = "sideways"')
        self.assert_refused("[intents.WHISPERS]", "'sideways'")

    def test_same_code_twice(self):
        self.spoil("protocol.toml", "code = 10", "code = 0")
        self.assert_refused("protocol.toml:10:", "code 0 is DISPATCH's already")

    def test_alias_taken(self):
        self.spoil("protocol.toml", '["CHAMBERS"]', '["WHISPERS"]')
        self.assert_refused("alias 'WHISPERS'")

    def test_group_named_like_an_intent(self):
        self.spoil("protocol.toml", "[intent_groups.NONE]", "[intent_groups.ROOMS]")
        self.assert_refused("protocol.toml", "same name")

    def test_bit_out_of_range(self):
        self.spoil("protocol.toml", "bit = 3", "bit = 32")
        self.assert_refused("[intents.WHISPERS]", "bit is not in 0 to 31")

    def test_event_numbers_have_no_gap(self):
        self.spoil("events.toml", "number = 3", "number = 5")
        self.assert_refused("events.toml", "gap")
        self.spoil("events.toml", "number = 5", "number = 2")
        self.assert_refused("number 2 is DOOR_OPEN's already")

    def test_bad_name(self):
        self.spoil("events.toml", "[DOOR_SHUT]", "[door-shut]")
        self.assert_refused("events.toml:15: [door-shut]", "no name as on the wire")

    def test_bad_guild_place(self):
        self.spoil("events.toml", '"guild_id?"', '"d.guild"')
        self.assert_refused("events.toml:7:", "guild_id is none of")

    def test_dangling_payload(self):
        self.spoil("events.toml", 'payload = "Door"', 'payload = "Gate"')
        self.assert_refused("events.toml:5: [DOOR_OPEN] 'payload' names 'Gate', which does not exist")

    def test_dangling_permission(self):
        self.spoil("events.toml", '["PAINT", "ENTER"]', '["PAINT", "DANCE"]')
        self.assert_refused("events.toml:26: [LID_MOVED] 'permissions_any' names 'DANCE', which does not exist")

    def test_broken_toml(self):
        self.spoil("events.toml", "number = 2", "number = ")
        self.assert_refused("events.toml:4:")


class Catalogue(unittest.TestCase):
    """What the schema says of the gateway, by the rules of the protocol."""

    @classmethod
    def setUpClass(cls):
        cls.model = schema.load(SCHEMA)
        cls.events = {event.name: event for event in cls.model.events}

    def test_counts(self):
        """INT-02: as many members as Discord documents."""
        self.assertEqual(len(self.model.opcodes), 13)
        self.assertEqual(len([close for close in self.model.close_codes if close.code >= 4000]), 14)
        self.assertEqual(sorted(i.bit for i in self.model.intents), [*range(17), 20, 21, 24, 25])
        self.assertEqual(len(self.events), 82)
        self.assertEqual(sum(event.status == "draft" for event in self.model.events), 3)

    def test_guild_only_events(self):
        """INT-06: no direct-message intent brings these."""
        self.assertEqual(self.events["MESSAGE_DELETE_BULK"].intents, ("GUILD_MESSAGES",))
        self.assertEqual(self.events["THREAD_CREATE"].intents, ("GUILDS",))

    def test_events_without_intent(self):
        """INT-10: these always come."""
        free = {event.name for event in self.model.events if not event.intents and event.status == "released"}
        self.assertEqual(
            free,
            {
                "APPLICATION_COMMAND_PERMISSIONS_UPDATE",
                "CHANNEL_INFO",
                "ENTITLEMENT_CREATE",
                "ENTITLEMENT_DELETE",
                "ENTITLEMENT_UPDATE",
                "GUILD_MEMBERS_CHUNK",
                "INTERACTION_CREATE",
                "RATE_LIMITED",
                "READY",
                "RESUMED",
                "SOUNDBOARD_SOUNDS",
                "SUBSCRIPTION_CREATE",
                "SUBSCRIPTION_DELETE",
                "SUBSCRIPTION_UPDATE",
                "USER_UPDATE",
                "VOICE_SERVER_UPDATE",
            },
        )

    def test_permissions(self):
        """INT-11: events that need a permission besides the intent say so."""
        self.assertEqual(self.events["AUTO_MODERATION_RULE_CREATE"].permissions_all, ("MANAGE_GUILD",))
        self.assertEqual(self.events["GUILD_BAN_ADD"].permissions_any, ("BAN_MEMBERS", "VIEW_AUDIT_LOG"))

    def test_shard_zero(self):
        """SHD-03: what belongs to no guild comes to shard 0 only."""
        for name in ("ENTITLEMENT_CREATE", "SUBSCRIPTION_UPDATE"):
            self.assertTrue(self.events[name].shard_zero_only)


if __name__ == "__main__":
    unittest.main()
