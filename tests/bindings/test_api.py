#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The API as Python sees it, without a connection."""

import inspect
import weakref

import bindings
from bindings import Dgw, DgwTesting, GLib, Json
from gi.repository import Gio, GObject

SIGNALS = {
    "event": ("DgwEvent",),
    "hello": ("guint",),
    "heartbeat-acked": ("gint64",),
    "disconnected": ("guint", "gchararray", "gboolean"),
    "reconnecting": ("guint", "guint"),
    "session-invalidated": ("gboolean",),
    "failed": ("GError",),
    "application-stalled": ("gint64",),
}

# Name: default, another valid value.
OPTIONS = {
    "intents": (1, 1 << 40 & 0xFFFFFFFF | 0x80000001),
    "shard-id": (0, 3),
    "shard-count": (1, 8),
    "compression": (Dgw.Compression.ZSTD_STREAM, Dgw.Compression.NONE),
    "url": (None, "wss://gateway.example/"),
    "allow-insecure": (False, True),
    "presence": (None, Dgw.Presence.new()),
    "auto-reconnect": (True, False),
    "use-resume-url": (True, False),
    "large-threshold": (50, 250),
    "capabilities": (0, 1 << 15),
    "os": ("linux", "gnome"),
    "browser": ("dgw", "mine"),
    "device": ("dgw", "mine"),
    "tls-database": (None, Gio.TlsFileDatabase.new("/etc/ssl/certs/ca-certificates.crt")),
    "tls-interaction": (None, Gio.TlsInteraction()),
    "session-store": (None, Dgw.FileSessionStore.new()),
    "identify-limiter": (None, Dgw.LocalIdentifyLimiter.new(1)),
    "proxy-resolver": (None, Gio.SimpleProxyResolver.new(None, None)),
    "connect-timeout": (10000, 20000),
    "hello-timeout": (10000, 20000),
    "ready-timeout": (30000, 40000),
    "resume-timeout": (30000, 40000),
    "commands-per-minute": (120, 60),
    "reserved-commands": (3, 5),
    "max-payload-size": (256 << 20, 1 << 60 | 1),
    "max-backlog-bytes": (64 << 20, 1 << 60 | 1),
    "max-backlog-events": (100000, 7),
    "deaf-timeout": (0, 60000),
    "command-timeout": (0, 5000),
    "session": (None, Dgw.Session.new("S1", 5, None, 0, 1)),
}

FACTS = {
    "status": Dgw.Status.UNCONNECTED,
    "latency": -1,
    "average-latency": -1,
    "session-id": None,
    "resume-url": None,
    "sequence": -1,
    "reconnect-attempts": 0,
    "next-retry": -1,
    "last-error": None,
    "user": None,
}

ASYNC = {
    Dgw.Gateway: (
        "open",
        "close",
        "close_with_code",
        "suspend",
        "send",
        "probe",
        "wait_for_event",
        "update_presence",
        "update_voice_state",
        "request_guild_members",
        "request_soundboard_sounds",
        "request_channel_info",
        "fetch_info",
    ),
    DgwTesting.Simulator: ("start", "stop"),
}


class ApiTest(bindings.Case):
    def setUp(self):
        self.gateway = Dgw.Gateway.new(bindings.TOKEN, Dgw.Intents.GUILDS)

    def test_constants(self):
        self.assertEqual(int(Dgw.Intents.GUILDS), 1)
        self.assertEqual(int(Dgw.Intents.MESSAGE_CONTENT), 1 << 15)
        self.assertEqual(int(Dgw.Intents.NONE), 0)
        self.assertEqual(Dgw.Intents.ALL, Dgw.Intents.NON_PRIVILEGED | Dgw.Intents.PRIVILEGED)
        self.assertEqual(int(Dgw.CloseCode.AUTHENTICATION_FAILED), 4004)
        self.assertEqual(int(Dgw.Opcode.HELLO), 10)
        self.assertEqual(Dgw.Status.WAITING_FOR_HELLO.value_nick, "waiting-for-hello")
        self.assertNotEqual(int(Dgw.EventType.MESSAGE_CREATE), int(Dgw.EventType.UNKNOWN))

    def test_helpers(self):
        self.assertEqual(Dgw.Intents.from_string("guilds,GUILD_MESSAGES"), 1 | 1 << 9)
        self.assertFalse(Dgw.CloseCode.can_reconnect(4004))
        self.assertTrue(Dgw.CloseCode.can_resume(4000))
        self.assertTrue(Dgw.Status.is_connected(Dgw.Status.RESUMING))
        self.assertEqual(Dgw.snowflake_to_uint64("18446744073709551615"), 18446744073709551615)

    def test_options(self):
        for name, (default, other) in OPTIONS.items():
            with self.subTest(name):
                heard = []
                handler = self.gateway.connect("notify::" + name, lambda *_: heard.append(True))
                self.assertEqual(self.gateway.get_property(name), default)
                self.gateway.set_property(name, other)
                self.compare(self.gateway.get_property(name), other)
                self.gateway.set_property(name, other)
                self.assertEqual(len(heard), 1)
                self.gateway.disconnect(handler)

    def compare(self, value, expected):
        if isinstance(expected, Dgw.Session):
            self.assertTrue(value.equal(expected))
        else:
            self.assertEqual(value, expected)

    def test_facts(self):
        for name, value in FACTS.items():
            with self.subTest(name):
                self.assertEqual(self.gateway.get_property(name), value)
                with self.assertRaises(TypeError):
                    self.gateway.set_property(name, value)
        self.assertIn(self.gateway.props.network_available, (True, False))
        self.assertTrue(self.gateway.props.api_url.startswith("https://"))
        self.assertTrue(self.gateway.props.user_agent.startswith("DiscordBot ("))

    def test_every_property_is_known_here(self):
        names = {pspec.name for pspec in self.gateway.list_properties()}
        known = {*OPTIONS, *FACTS, "token", "api-url", "user-agent", "network-available"}
        self.assertEqual(known - names, set())
        for name in names - known:
            self.fail(name + " is not tested")

    # Security: PROP-TOKEN
    def test_token_is_write_only(self):
        with self.assertRaises(TypeError):
            self.gateway.get_property("token")

    def test_constructor_takes_properties(self):
        gateway = Dgw.Gateway(token="any", intents=Dgw.Intents.GUILDS, shard_id=1, shard_count=2)
        self.assertEqual((gateway.props.shard_id, gateway.props.intents), (1, 1))

    def test_signals(self):
        for name, arguments in SIGNALS.items():
            with self.subTest(name):
                query = GObject.signal_query(name, Dgw.Gateway)
                self.assertEqual(tuple(t.name for t in query.param_types), arguments)

    def test_objects_keep_their_own_methods(self):
        for kind in (Dgw.Gateway, DgwTesting.Simulator, Dgw.Event, Dgw.Presence):
            for name in ("connect", "disconnect", "emit", "notify", "ref"):
                self.assertIs(getattr(kind, name), getattr(GObject.Object, name), f"{kind}.{name}")

    def test_asynchronous_methods_are_paired(self):
        for kind, names in ASYNC.items():
            for name in names:
                with self.subTest(name):
                    self.assertTrue(callable(getattr(kind, name + "_async")))
                    self.assertTrue(callable(getattr(kind, name + "_finish")))

    def test_wrong_arguments_raise(self):
        for call in (
            lambda: Dgw.Gateway.new(None, 0),
            lambda: Dgw.Gateway.new(5, 0),
            lambda: Dgw.Gateway.new("token", "guilds"),
            lambda: self.gateway.set_shard_id("first"),
            lambda: self.gateway.open_finish(None),
            lambda: self.gateway.send_async(3, "{}", None, None),
            lambda: Dgw.Session.new(None, 0, None, 0, 1),
        ):
            with self.subTest(inspect.getsource(call)), self.assertRaises(TypeError):
                call()
        for call in (lambda: Dgw.Gateway.new("token", -1), lambda: self.gateway.set_shard_id(1 << 32)):
            with self.assertRaises(OverflowError):
                call()
        with self.assertRaises(GLib.Error):
            Dgw.Intents.from_string("no-such-intent")

    def test_session(self):
        session = Dgw.Session.new("S1", 1 << 60, "wss://resume.example/", 3, 16)
        variant = session.to_variant()
        self.assertEqual(variant.get_type_string(), "a{sv}")
        text = variant.print_(True)
        back = Dgw.Session.from_variant(GLib.Variant.parse(None, text, None, None))

        self.assertTrue(back.equal(session))
        self.assertEqual(
            (back.get_id(), back.get_sequence(), back.get_resume_url(), back.get_shard_id(), back.get_shard_count()),
            ("S1", 1 << 60, "wss://resume.example/", 3, 16),
        )
        self.assertIsNone(Dgw.Session.from_variant(GLib.Variant("s", "something else")))

    def test_presence(self):
        presence = Dgw.Presence.new()
        presence.props.status = "idle"
        presence.add_activity(Dgw.PresenceActivity.new_streaming("a film", "https://twitch.tv/someone"))
        presence.add_activity(Dgw.PresenceActivity.new(Dgw.ActivityType.LISTENING, "music"))
        activities = presence.get_activities()

        self.assertEqual([activity.props.name for activity in activities], ["a film", "music"])
        self.assertEqual([activity.props.type for activity in activities], [1, 2])
        self.assertEqual(len(activities), 2)

    def test_metrics(self):
        metrics = self.gateway.dup_metrics()
        self.assertEqual((metrics.get_events(), metrics.get_connects()), (0, 0))
        self.assertIsInstance(metrics.to_variant(), GLib.Variant)

    def test_gateway_is_freed(self):
        gateway = Dgw.Gateway.new("token", 0)
        gateway.connect("event", lambda *_: None)
        reference = weakref.ref(gateway)
        gone = []
        gateway.weak_ref(lambda: gone.append(True))
        del gateway
        self.assertIsNone(reference())
        self.assertEqual(gone, [True])

    def test_not_open(self):
        with self.assertRaises(GLib.Error) as context:
            bindings.call(self.gateway, "send", 3, Json.from_string("{}"))
        self.assert_error(context, Dgw.GatewayError.NOT_READY)
        self.assertIsNone(bindings.call(self.gateway, "suspend"))
        self.assertTrue(bindings.call(self.gateway, "close"))


if __name__ == "__main__":
    bindings.main()
