#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the override module adds to the API in Python, without a connection."""

import asyncio
import inspect
import json

import gi

import bindings
from bindings import Dgw, DgwTesting, GLib
from gi.repository import GObject

NAMESPACES = {"Dgw": Dgw, "DgwTesting": DgwTesting}


def kinds(*wanted):
    """Every class of our namespaces of these kinds of GObject Introspection, with its description."""
    for name, module in NAMESPACES.items():
        for info in gi.Repository.get_default().get_infos(name):
            if type(info).__name__ in wanted:
                yield getattr(module, info.get_name()), info


class ConstructorTest(bindings.Case):
    def test_intents(self):
        both = int(Dgw.Intents.GUILDS | Dgw.Intents.GUILD_MESSAGES)
        for intents in (
            both,
            Dgw.Intents.GUILDS | Dgw.Intents.GUILD_MESSAGES,
            "guilds,GUILD_MESSAGES",
            ["guilds", "guild-messages"],
            (Dgw.Intents.GUILDS, "guild_messages"),
            {1, 512},
        ):
            with self.subTest(intents=intents):
                gateway = Dgw.Gateway(token=bindings.TOKEN, intents=intents)
                self.assertEqual(gateway.intents, both)
                gateway.intents = 0
                gateway.intents = intents
                self.assertEqual(gateway.props.intents, both)

    def test_intents_of_the_future(self):
        self.assertEqual(Dgw.Gateway(token="any", intents=1 << 31 | 1).intents, 0x80000001)

    def test_wrong_intents(self):
        with self.assertRaises(GLib.Error):
            Dgw.Gateway(token="any", intents="no-such-intent")
        with self.assertRaises(TypeError):
            Dgw.Gateway(token="any", intents=object())

    def test_other_ways(self):
        self.assertEqual(Dgw.Gateway("any", 5).intents, 5)
        self.assertEqual(Dgw.Gateway.new("any", 5).intents, 5)
        self.assertEqual(Dgw.Gateway(token="any").intents, 0)
        self.assertEqual(Dgw.Gateway(token="any", shard_id=2, shard_count=4, url="ws://127.0.0.1:1").shard_id, 2)
        with self.assertRaises(TypeError):
            Dgw.Gateway(token="any", no_such_property=1)


    def test_shard_manager(self):
        manager = Dgw.ShardManager(token=bindings.TOKEN, intents="guilds", shard_count=2)
        self.assertEqual((manager.intents, manager.shard_count, len(manager), list(manager)), (1, 2, 0, []))
        self.assertTrue(manager)
        manager.intents = ["guilds", "guild-messages"]
        self.assertEqual(manager.get_intents(), 1 | 1 << 9)
        self.assertEqual(repr(manager), "<Dgw.ShardManager status=unconnected shard_count=2>")
        self.assertEqual(Dgw.ShardManager("any", 5).intents, 5)


class AttributeTest(bindings.Case):
    def test_every_property_is_an_attribute(self):
        count = 0
        for kind, info in kinds("ObjectInfo", "InterfaceInfo"):
            for prop in info.get_properties():
                name = prop.get_name().replace("-", "_")
                with self.subTest(f"{kind.__name__}.{name}"):
                    if prop.get_flags() & GObject.ParamFlags.READABLE:
                        self.assertIsInstance(inspect.getattr_static(kind, name), property)
                        count += 1
                    else:
                        self.assertFalse(hasattr(kind, name))
        self.assertGreater(count, 50)

    def test_read_and_write(self):
        gateway = Dgw.Gateway(token=bindings.TOKEN)
        heard = []
        gateway.connect("notify::shard-count", lambda *_: heard.append(True))
        gateway.shard_count = 4
        self.assertEqual((gateway.shard_count, gateway.props.shard_count, heard), (4, 4, [True]))
        self.assertEqual(gateway.status, Dgw.Status.UNCONNECTED)
        self.assertIsNone(gateway.last_error)
        with self.assertRaises(AttributeError):
            gateway.status = Dgw.Status.READY
        with self.assertRaises(TypeError):
            gateway.shard_count = "four"
        self.assertFalse(hasattr(gateway, "token"))
        gateway.note = "an attribute of the program's own"
        self.assertEqual(gateway.note, "an attribute of the program's own")

    def test_session_and_metrics(self):
        session = Dgw.Session.new("S1", 1 << 60, None, 3, 16)
        self.assertEqual(
            (session.id, session.sequence, session.resume_url, session.shard_id, session.shard_count),
            ("S1", 1 << 60, None, 3, 16),
        )
        other = Dgw.Session.new("S1", 1 << 60, None, 3, 16)
        self.assertEqual(session, other)
        self.assertEqual(hash(session), hash(other))
        self.assertNotEqual(session, Dgw.Session.new("S1", 5, None, 3, 16))
        self.assertNotEqual(session, "S1")
        self.assertEqual(Dgw.Gateway(token="any").dup_metrics().events, 0)

    def test_lists(self):
        presence = Dgw.Presence(status="idle")
        self.assertEqual((len(presence.activities), list(presence.activities)), (0, []))
        for name in ("one", "two", "three"):
            presence.add_activity(Dgw.PresenceActivity.new_playing(name))
        activities = presence.activities
        self.assertEqual([activity.name for activity in activities], ["one", "two", "three"])
        self.assertEqual((activities[0].name, activities[-1].name), ("one", "three"))
        self.assertEqual([activity.name for activity in activities[1:]], ["two", "three"])
        self.assertIn(activities[1], activities)
        with self.assertRaises(IndexError):
            activities[3]

    def test_flags_contain(self):
        intents = Dgw.Intents(Dgw.Gateway(token="any", intents="guilds,guild-messages").intents)
        self.assertIn(Dgw.Intents.GUILDS, intents)
        self.assertIn(Dgw.Intents.GUILDS | Dgw.Intents.GUILD_MESSAGES, intents)
        self.assertNotIn(Dgw.Intents.GUILDS | Dgw.Intents.GUILD_MEMBERS, intents)
        for kind, info in kinds("EnumInfo"):
            self.assertEqual(hasattr(kind, "__contains__"), info.is_flags(), kind)


class RepresentationTest(bindings.Case):
    def test_representations(self):
        presence = Dgw.Presence(status="idle")
        presence.add_activity(Dgw.PresenceActivity.new_watching("a film that is too long to be shown in one line"))
        gateway = Dgw.Gateway(token=bindings.TOKEN, shard_id=1, shard_count=2)
        for value, text in (
            (gateway, "<Dgw.Gateway status=unconnected shard_id=1 shard_count=2>"),
            (presence, "<Dgw.Presence status='idle' activities=1>"),
            (presence.activities[0], "<Dgw.PresenceActivity type=3 name='a film that is too long to be shown in …'>"),
            (Dgw.Session.new("S1", 5, None, 0, 1), "<Dgw.Session sequence=5 shard_id=0 shard_count=1>"),
            (gateway.dup_metrics(), "<Dgw.Metrics events=0 connects=0 bytes_in=0>"),
            (DgwTesting.Simulator(), "<DgwTesting.Simulator>"),
        ):
            self.assertEqual(repr(value), text)
            self.assertEqual(str(value), text)

    def test_no_secrets(self):
        gateway = Dgw.Gateway(token=bindings.TOKEN, session=Dgw.Session.new("S1-secret", 5, None, 0, 1))
        self.assertNotIn(bindings.TOKEN, repr(gateway))
        self.assertNotIn("S1-secret", repr(gateway) + repr(gateway.session))


MESSAGE = {
    "id": "175928847299117063",
    "content": "héllo",
    "author": {"id": "5", "username": "ada"},
    "mentions": [{"id": "6", "username": "grace"}, {"id": "7", "username": "linus"}],
    "mention_roles": ["8", "9"],
    "attachments": [],
    "flags": 1 << 30 | 1,
    "timestamp": "2026-03-04T09:31:00.000000+00:00",
    "field_of_the_future": [1, {"key": None}],
}


class EntityTest(bindings.Case):
    def receive(self, *texts, name="MESSAGE_CREATE"):
        """The entities that these texts arrive as."""

        async def receive():
            simulator = DgwTesting.Simulator()
            await simulator.start()
            gateway = Dgw.Gateway(token=bindings.TOKEN, intents=Dgw.Intents.ALL, url=simulator.url)
            events = []
            gateway.connect("event::" + name, lambda gateway, event: events.append(event.data))
            async with gateway, asyncio.timeout(bindings.DEADLINE_S):
                for text in texts:
                    simulator.dispatch_text(name, text if isinstance(text, str) else json.dumps(text))
                while len(events) < len(texts):
                    await asyncio.sleep(0.01)
            await simulator.stop()
            return events

        return Dgw.run(receive())

    def test_attributes(self):
        (message,) = self.receive(MESSAGE)
        self.assertIsInstance(message, Dgw.Message)
        self.assertEqual((message.id, int(message.id)), ("175928847299117063", 175928847299117063))
        self.assertEqual((message.content, message.author.username), ("héllo", "ada"))
        self.assertEqual(message.timestamp.format_iso8601(), "2026-03-04T09:31:00Z")
        self.assertTrue(message.flags & Dgw.MessageFlags.CROSSPOSTED)
        self.assertEqual(message.mention_roles, ["8", "9"])
        self.assertIsNone(message.edited_timestamp)
        self.assertIsNone(message.poll)
        self.assertIs(message.author, message.author)
        self.assertEqual(message.get_content(), message.content)
        with self.assertRaises(AttributeError):
            message.content = "something else"
        with self.assertRaises(AttributeError):
            message.no_such_field

    def test_lists(self):
        (message,) = self.receive(MESSAGE)
        self.assertEqual([user.username for user in message.mentions], ["grace", "linus"])
        self.assertEqual((len(message.mentions), message.mentions[-1].username), (2, "linus"))
        self.assertEqual([user.id for user in message.mentions[:1]], ["6"])
        self.assertIn(message.mentions[1], message.mentions)
        self.assertNotIn(message.author, message.mentions)
        self.assertFalse(message.attachments)
        self.assertEqual(list(message.attachments), [])
        self.assertIsNone(message.embeds)

    def test_dictionary(self):
        (message,) = self.receive(MESSAGE)
        self.assertEqual(message.to_dict(), MESSAGE)
        self.assertEqual(message.author.to_dict(), MESSAGE["author"])

    def test_representation(self):
        (message,) = self.receive(MESSAGE)
        self.assertEqual(repr(message), "<Dgw.Message id='175928847299117063' content='héllo' author='ada'>")
        self.assertEqual(repr(message.author), "<Dgw.User id='5' username='ada'>")
        (member,) = self.receive({"user": MESSAGE["author"], "guild_id": "3"}, name="GUILD_MEMBER_ADD")
        self.assertEqual(repr(member), "<Dgw.GuildMember user='ada' guild_id='3'>")

    def test_secrets_are_not_shown(self):
        (server,) = self.receive({"token": "secret", "guild_id": "3", "endpoint": "e"}, name="VOICE_SERVER_UPDATE")
        self.assertEqual(server.token, "secret")
        self.assertNotIn("secret", repr(server))

    def test_equality(self):
        message, same, edited = self.receive(MESSAGE, dict(reversed(MESSAGE.items())), {**MESSAGE, "content": "bye"})
        self.assertEqual(message, same)
        self.assertEqual(hash(message), hash(same))
        self.assertNotEqual(message, edited)
        self.assertEqual({message, same, edited}, {same, edited})
        self.assertNotEqual(message, MESSAGE)
        self.assertNotEqual(message, message.author)
        self.assertNotEqual(message, None)

    def test_equality_without_an_id(self):
        """Equal ones have one hash however they are written."""
        texts = (
            '{"user": {"id": "5"}, "status": "idle", "n": [1, {"a": "\\u00e9\\ud800\\u0000"}]}',
            '{"n": [1, {"a": "é\\ufffd\\ufffd"}], "status": "idle", "user": {"id": "5"}}',
            '{"n": [1, {"a": "é"}], "status": "idle", "user": {"id": "5"}}',
        )
        one, same, other = self.receive(*texts, name="PRESENCE_UPDATE")
        self.assertEqual(one, same)
        self.assertEqual(hash(one), hash(same))
        self.assertNotEqual(one, other)

    def test_no_entity(self):
        self.assertEqual(self.receive("null", "[]", name="NO_SUCH_EVENT"), [None, None])


class MethodTest(bindings.Case):
    def test_every_asynchronous_method_has_a_coroutine(self):
        count = 0
        for kind, info in kinds("ObjectInfo", "InterfaceInfo"):
            names = {method.get_name() for method in info.get_methods()}
            for name in names:
                stem = name.removesuffix("_async")
                if stem != name and stem + "_finish" in names:
                    with self.subTest(f"{kind.__name__}.{stem}"):
                        self.assertTrue(inspect.iscoroutinefunction(getattr(kind, stem)))
                        self.assertEqual(getattr(kind, name).__name__, name)
                        count += 1
        self.assertGreaterEqual(count, 9)

    def test_callbacks_as_ever(self):
        gateway = Dgw.Gateway(token="any")
        results = []
        for arguments, named in (
            ((None, lambda gateway, result: results.append(result)), {}),
            ((None, lambda gateway, result, data: results.append(result), "data"), {}),
            ((), {"callback": lambda gateway, result: results.append(result)}),
        ):
            self.assertIsNone(gateway.close_async(*arguments, **named))
        bindings.wait_until(lambda: len(results) == 3)
        for result in results:
            self.assertTrue(gateway.close_finish(result))

    def test_no_callback_at_all(self):
        gateway = Dgw.Gateway(token="any")
        self.assertIsNone(gateway.close_async())
        self.assertIsNone(gateway.close_async(None, None))

    def test_snowflakes_are_numbers_on_request(self):
        snowflake = "175928847299117063"
        self.assertEqual(int(snowflake), Dgw.snowflake_to_uint64(snowflake))
        self.assertEqual(Dgw.snowflake_get_time(snowflake).get_year(), 2016)


if __name__ == "__main__":
    bindings.main()
