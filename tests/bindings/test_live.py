#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A gateway in Python against a simulator in another process, and in this one."""

import json
import os
import sys
import weakref

import bindings
from bindings import Dgw, DgwTesting, GLib, Json, call, wait_until
from gi.repository import Gio


class CommandTest(bindings.Case):
    """Against `dgw simulate`."""

    def start_command(self, *words):
        command = bindings.Command(*words)
        self.addCleanup(command.end)
        return command

    def test_events(self):
        command = self.start_command("--rate=200", "--count=200", "--seed=1")
        gateway = self.make_gateway(command.url)
        names, sequences, messages = [], [], []

        def on_event(gateway, event):
            names.append(event.props.name)
            sequences.append(event.props.sequence)

        gateway.connect("event", on_event)
        gateway.connect("event::MESSAGE_CREATE", lambda gateway, event: messages.append(event))
        self.assertTrue(call(gateway, "open"))
        self.assertEqual(gateway.props.status, Dgw.Status.READY)
        wait_until(lambda: len(messages) >= 5, "five messages")
        call(gateway, "close")

        self.assertEqual(names[0], "READY")
        self.assertEqual(sequences, list(range(1, len(sequences) + 1)))
        self.assertEqual({event.props.name for event in messages}, {"MESSAGE_CREATE"})
        for event in messages:
            payload = json.loads(event.get_text())
            self.assertEqual((payload["t"], payload["s"]), (event.props.name, event.props.sequence))
            self.assertEqual(json.loads(Json.to_string(event.dup_json(), False)), payload["d"])
            self.assertEqual(event.props.event_type, int(Dgw.EventType.MESSAGE_CREATE))
            self.assertGreater(event.props.received_at, 0)
            self.assertIsInstance(event.props.data, Dgw.Message)

    def test_address_from_rest(self):
        command = self.start_command()
        gateway = Dgw.Gateway.new(bindings.TOKEN, Dgw.Intents.GUILDS)
        gateway.props.api_url = command.api_url
        info = call(gateway, "fetch_info")
        self.assertTrue(info.get_url().startswith("ws://127.0.0.1:"))
        self.assertGreaterEqual(info.get_shards(), 1)
        call(gateway, "open")
        call(gateway, "close")
        self.assertEqual(gateway.props.status, Dgw.Status.UNCONNECTED)

    def test_session_over_two_gateways(self):
        command = self.start_command("--rate=200", "--seed=1")
        seen = []
        first = self.make_gateway(command.url)
        first.connect("event", lambda gateway, event: seen.append(event.props.sequence))
        call(first, "open")
        wait_until(lambda: len(seen) > 10)
        stored = call(first, "suspend").to_variant().print_(True)

        second = self.make_gateway(command.url)
        second.connect(
            "event", lambda gateway, event: event.props.name != "RESUMED" and seen.append(event.props.sequence)
        )
        second.props.session = Dgw.Session.from_variant(GLib.Variant.parse(None, stored, None, None))
        call(second, "open")
        length = len(seen)
        wait_until(lambda: len(seen) > length + 10)
        call(second, "close")
        self.assertEqual(seen, sorted(set(seen)))
        self.assertEqual(second.dup_metrics().get_resumes_won(), 1)


class InProcessTest(bindings.Case):
    """Against DgwTesting.Simulator, in the same main context."""

    def setUp(self):
        self.simulator = DgwTesting.Simulator.new()
        call(self.simulator, "start")
        self.gateway = self.make_gateway(self.simulator.props.url)
        self.addCleanup(self.stop)

    def stop(self):
        if self.gateway:
            call(self.gateway, "close")
        call(self.simulator, "stop")

    def test_json_both_ways(self):
        received, commands = [], []
        data = '{"text":"\\u00e4\\ud83d\\ude00","id":"9007199254740993","number":9007199254740993,"list":[true,null,1.5]}'
        self.gateway.connect("event::SOMETHING_NEW", lambda gateway, event: received.append(event))
        self.simulator.connect("command", lambda simulator, opcode, node: commands.append((opcode, node.copy())))
        call(self.gateway, "open")

        self.simulator.dispatch("SOMETHING_NEW", Json.from_string(data))
        wait_until(lambda: received)
        self.assertEqual(received[0].props.event_type, int(Dgw.EventType.UNKNOWN))
        self.assertEqual(json.loads(Json.to_string(received[0].dup_json(), False)), json.loads(data))

        voice = '{"guild_id":"1","channel_id":null,"self_mute":false,"self_deaf":false}'
        self.assertTrue(call(self.gateway, "send", 4, Json.from_string(voice)))
        wait_until(lambda: commands)
        self.assertEqual(commands[0][0], 4)
        self.assertEqual(json.loads(Json.to_string(commands[0][1], False)), json.loads(voice))

    def test_command_that_waits_too_long(self):
        """SND-07: what could not be sent within command-timeout is dropped, and not sent later."""

        def move(channel_id):
            return Json.from_string(json.dumps({"guild_id": "1", "channel_id": channel_id, "self_mute": False, "self_deaf": False}))

        commands, results = [], []
        self.simulator.connect("command", lambda simulator, opcode, node: commands.append(Json.to_string(node, False)))
        self.simulator.props.hold_hello = True
        self.gateway.props.command_timeout = 50
        self.gateway.open_async(None, None)
        with self.assertRaises(GLib.Error) as context:
            call(self.gateway, "send", 4, move("1"))
        self.assert_error(context, Dgw.GatewayError.TIMED_OUT)

        # Without the limit what waits goes out, and shows that the other did not.
        self.gateway.props.command_timeout = 0
        self.gateway.send_async(4, move("2"), None, lambda gateway, result: results.append(result))
        self.simulator.props.hold_hello = False
        self.simulator.drop_clients()
        wait_until(lambda: commands and results)
        self.assertTrue(self.gateway.send_finish(results[0]))
        self.assertEqual([json.loads(command)["channel_id"] for command in commands], ["2"])

    def test_errors_can_be_told_apart(self):
        failures = []
        self.simulator.props.token = "another"
        self.gateway.connect("failed", lambda gateway, error: failures.append(error))
        with self.assertRaises(GLib.Error) as context:
            call(self.gateway, "open")
        self.assert_error(context, Dgw.GatewayError.AUTHENTICATION_FAILED)
        error = failures[0]
        matches = error.matches(Dgw.gateway_error_quark(), Dgw.GatewayError.AUTHENTICATION_FAILED)
        self.assertTrue(matches)
        self.assertNotIn(bindings.TOKEN, error.message)
        self.assertEqual(self.gateway.props.last_error.message, error.message)

    def test_other_errors(self):
        call(self.gateway, "open")
        with self.assertRaises(GLib.Error) as context:
            call(self.gateway, "open")
        self.assert_error(context, Dgw.GatewayError.ALREADY_OPEN)
        with self.assertRaises(GLib.Error) as context:
            call(self.gateway, "send", 2, Json.from_string("{}"))
        self.assertTrue(context.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT))
        with self.assertRaises(GLib.Error) as context:
            call(self.gateway, "send", 4, Json.from_string('{"guild_id":"%s"}' % ("1" * 5000)))
        self.assert_error(context, Dgw.GatewayError.PAYLOAD_TOO_LARGE)

    def test_cancel(self):
        self.simulator.props.hold_hello = True
        cancellable = Gio.Cancellable.new()
        errors = []

        def on_opened(gateway, result):
            try:
                gateway.open_finish(result)
            except GLib.Error as error:
                errors.append(error)

        self.gateway.open_async(cancellable, on_opened)
        wait_until(lambda: self.gateway.props.status == Dgw.Status.WAITING_FOR_HELLO)
        cancellable.cancel()
        wait_until(lambda: errors)
        self.assertTrue(errors[0].matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))
        self.assertEqual(self.gateway.props.status, Dgw.Status.UNCONNECTED)

    def test_lifecycle(self):
        heard = []
        for name in ("hello", "session-invalidated", "disconnected", "reconnecting"):
            self.gateway.connect(name, lambda gateway, *arguments: heard.append(arguments[:-1]), name)
            self.gateway.connect(name, lambda gateway, *arguments: heard.append(arguments[-1]), name)
        self.gateway.connect("notify::status", lambda gateway, pspec: heard.append(gateway.props.status.value_nick))
        call(self.gateway, "open")
        session_id = self.gateway.props.session_id
        self.assertEqual(
            heard, ["connecting", "waiting-for-hello", "identifying", (41250,), "hello", "waiting-for-ready", "ready"]
        )

        heard.clear()
        self.simulator.close_clients(4000, "so it goes")
        wait_until(lambda: "ready" in heard, "the resume")
        self.assertEqual(heard[:3], ["disconnected", (4000, "so it goes", True), "disconnected"])
        self.assertEqual(heard[4], "reconnecting")
        self.assertEqual(heard[3][0], 1)
        self.assertLessEqual(heard[3][1], 1000)
        self.assertIn("resuming", heard)
        self.assertEqual(self.gateway.props.session_id, session_id)
        self.assertEqual(self.simulator.get_n_resumes(), 1)

    def test_scenario(self):
        ends = []
        with open(os.environ["DGW_SCENARIO"], encoding="utf-8") as file:
            self.simulator.load_scenario(file.read())
        self.simulator.connect("scenario-ended", lambda simulator, failure: ends.append(failure))
        call(self.gateway, "open")
        wait_until(lambda: ends, "the end of the scenario")
        self.assertEqual(ends, [None])

    def test_presence(self):
        commands = []
        self.simulator.connect("command", lambda simulator, opcode, node: commands.append(Json.to_string(node, False)))
        presence = Dgw.Presence.new()
        presence.set_status("dnd")
        call(self.gateway, "open")
        self.assertTrue(call(self.gateway, "update_presence", presence))
        wait_until(lambda: commands)
        self.assertEqual(json.loads(commands[0])["status"], "dnd")
        self.assertIs(self.gateway.props.presence, presence)

    def test_members(self):
        chunks = []
        self.simulator.props.member_count = 2500
        self.gateway.props.intents = Dgw.Intents.GUILDS | Dgw.Intents.GUILD_MEMBERS
        self.gateway.connect(
            "event::GUILD_MEMBERS_CHUNK", lambda gateway, event: chunks.append(json.loads(event.get_text())["d"]["nonce"])
        )
        call(self.gateway, "open")

        query = Dgw.MemberQuery.new_for_all("1")
        query.props.nonce = "everybody"
        result = call(self.gateway, "request_guild_members", query)
        self.assertEqual(chunks, ["everybody"] * 3)
        members = result.props.members
        self.assertEqual(members.get_n_items(), 2500)
        self.assertEqual(members.get_item(2499).props.user.props.id, "900000000000102499")
        self.assertEqual(result.props.presences.get_n_items(), 0)

    def test_some_members(self):
        call(self.gateway, "open")
        query = Dgw.MemberQuery.new_for_users("1", ["900000000000100000", "77"])
        result = call(self.gateway, "request_guild_members", query)
        self.assertEqual(result.props.members.get_n_items(), 1)
        self.assertEqual(result.props.not_found, ["77"])

        query = Dgw.MemberQuery.new("1")
        with self.assertRaises(GLib.Error) as context:
            call(self.gateway, "request_guild_members", query)
        self.assertTrue(context.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.INVALID_ARGUMENT))
        query.props.user_ids = ["900000000000100001"]
        self.assertEqual(call(self.gateway, "request_guild_members", query).props.members.get_n_items(), 1)

    def test_sounds_and_channel_info(self):
        call(self.gateway, "open")
        sounds = call(self.gateway, "request_soundboard_sounds", ["2", "1"])
        self.assertEqual([sounds.get_item(i).props.guild_id for i in range(sounds.get_n_items())], ["2", "1"])
        info = call(self.gateway, "request_channel_info", "1", ["status", "voice_start_time"])
        channel = info.props.channels.get_item(0)
        self.assertEqual((channel.props.status, channel.props.voice_start_time), ("raid at nine", 1772236618))

    def test_voice_state(self):
        events, commands = [], []
        for name in ("VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE"):
            self.gateway.connect("event::" + name, lambda gateway, event: events.append(event.props.name))
        self.simulator.connect("command", lambda simulator, opcode, node: commands.append(Json.to_string(node, False)))
        call(self.gateway, "open")
        flags = Dgw.VoiceStateFlags.SELF_MUTE | Dgw.VoiceStateFlags.SELF_DEAF
        self.assertTrue(call(self.gateway, "update_voice_state", "1", "2", flags))
        wait_until(lambda: len(events) == 2)
        self.assertTrue(call(self.gateway, "update_voice_state", "1", None, Dgw.VoiceStateFlags.NONE))
        wait_until(lambda: len(events) == 3)
        expected = {"guild_id": "1", "channel_id": None, "self_mute": False, "self_deaf": False}
        self.assertEqual(json.loads(commands[1]), expected)

    def test_detail_of_one_takes_nothing_from_another(self):
        """A name that somebody asked for by its detail still comes to those who ask for all."""
        all_events, messages = [], []
        other = self.make_gateway(self.simulator.props.url)
        other.connect("event::MESSAGE_CREATE", lambda gateway, event: messages.append(event))
        self.gateway.connect("event", lambda gateway, event: all_events.append(event.props.name))
        call(self.gateway, "open")
        self.simulator.dispatch_text("MESSAGE_CREATE", '{"content":"hello"}')
        wait_until(lambda: "MESSAGE_CREATE" in all_events)
        self.assertEqual(messages, [])

    def test_dropped_in_a_handler(self):
        call(self.gateway, "open")
        calls, gone = [], []

        def on_event(*_):
            calls.append(True)
            self.gateway = None

        self.gateway.weak_ref(lambda: gone.append(True))
        self.gateway.connect("event", on_event)
        for _ in range(100):
            self.simulator.dispatch_text("MESSAGE_CREATE", '{"content":"hello"}')
        wait_until(lambda: gone, "the end of the gateway")
        wait_until(lambda: self.simulator.get_n_clients() == 0, "the end of the connection")
        self.assertEqual(len(calls), 1)

    def test_handlers_that_raise(self):
        """Peers I9: what goes wrong in a handler harms neither the other handlers nor the connection."""
        raised, received, states = [], [], []
        hook, sys.excepthook = sys.excepthook, lambda kind, *_: raised.append(kind)
        self.addCleanup(setattr, sys, "excepthook", hook)

        def fail(*_):
            raise ZeroDivisionError

        for name in ("event", "event::SAID", "notify::status", "hello", "disconnected", "reconnecting"):
            self.gateway.connect(name, fail)
        self.gateway.connect("event::SAID", lambda gateway, event: received.append(event.props.sequence))
        self.gateway.connect("notify::status", lambda gateway, pspec: states.append(gateway.props.status))
        call(self.gateway, "open")
        self.simulator.dispatch_text("SAID", "{}")
        wait_until(lambda: received == [2])
        self.simulator.drop_clients()
        wait_until(lambda: states.count(Dgw.Status.READY) == 2)
        self.simulator.dispatch_text("SAID", "{}")
        wait_until(lambda: received == [2, 4])
        self.assertEqual(set(raised), {ZeroDivisionError})
        self.assertGreater(len(raised), 10)

    def test_event_outlives_the_gateway(self):
        events = []
        self.gateway.connect("event::MESSAGE_CREATE", lambda gateway, event: events.append(event))
        call(self.gateway, "open")
        self.simulator.dispatch_text("MESSAGE_CREATE", '{"content":"hello"}')
        wait_until(lambda: events)
        call(self.gateway, "close")
        self.gateway = None
        self.assertEqual(events[0].dup_json().get_object().get_string_member("content"), "hello")

    def test_nothing_leaks(self):
        """Handlers that know the gateway only through their arguments do not keep it."""
        reference = weakref.ref(self.gateway)
        self.gateway.connect("event", lambda gateway, event: None)
        call(self.gateway, "open")
        call(self.gateway, "close")
        self.gateway = None
        wait_until(lambda: reference() is None, "the end of the gateway")


if __name__ == "__main__":
    bindings.main()
