#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Coroutines of the override module, under an asyncio loop that runs on GLib."""

import asyncio
import json
import gc
import os
import signal
import subprocess
import sys
import weakref

import bindings
from bindings import Dgw, DgwTesting, GLib, Json
from gi.repository import Gio

INTERRUPTED = """
import asyncio, gi
gi.require_version("Dgw", "1")
from gi.repository import Dgw

async def main():
    print("waiting", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        print("cancelled", flush=True)

try:
    Dgw.run(main())
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


class LoopCase(bindings.Case):
    """Each test is run as a program runs: in Dgw.run()."""

    def run(self, result=None):
        test = getattr(self, self._testMethodName)

        async def within_deadline():
            async with asyncio.timeout(bindings.DEADLINE_S):
                await self.prepare()
                try:
                    await test()
                finally:
                    await self.clean_up()

        setattr(self, self._testMethodName, lambda: Dgw.run(within_deadline()))
        return super().run(result)

    async def prepare(self):
        self.simulator = DgwTesting.Simulator()
        await self.simulator.start()
        self.gateway = Dgw.Gateway(token=bindings.TOKEN, intents=Dgw.Intents.NON_PRIVILEGED, url=self.simulator.url)

    async def clean_up(self):
        await self.gateway.close()
        await self.simulator.stop()


class MethodsTest(LoopCase):
    async def test_open_and_close(self):
        self.assertTrue(await self.gateway.open())
        self.assertEqual(self.gateway.status, Dgw.Status.READY)
        self.assertEqual(repr(self.gateway), "<Dgw.Gateway status=ready shard_id=0 shard_count=1>")
        self.assertTrue(await self.gateway.close_async())
        self.assertEqual(self.gateway.status, Dgw.Status.UNCONNECTED)

    async def test_open_async_with_its_arguments(self):
        self.assertTrue(await self.gateway.open_async(None))
        self.assertTrue(await self.gateway.close_async(cancellable=Gio.Cancellable()))

    async def test_async_with(self):
        with self.assertRaises(ZeroDivisionError):
            async with self.gateway as gateway:
                self.assertIs(gateway, self.gateway)
                self.assertEqual(gateway.status, Dgw.Status.READY)
                raise ZeroDivisionError
        self.assertEqual(self.gateway.status, Dgw.Status.UNCONNECTED)

    async def test_send(self):
        commands = []
        self.simulator.connect("command", lambda simulator, opcode, node: commands.append((opcode, node)))
        await self.gateway.open()
        data = Json.from_string('{"guild_id":"1","channel_id":null,"self_mute":false,"self_deaf":false}')
        await self.gateway.send(4, data)
        await self.gateway.send(opcode=4, data=data)
        await self.gateway.update_presence(Dgw.Presence(status="dnd"))
        while len(commands) < 3:
            await asyncio.sleep(0.01)
        self.assertEqual([opcode for opcode, node in commands], [4, 4, 3])
        self.assertEqual(commands[2][1].get_object().get_string_member("status"), "dnd")

    async def test_suspend(self):
        await self.gateway.open()
        session = await self.gateway.suspend()
        self.assertEqual((session.sequence, session.shard_count), (1, 1))
        self.gateway.session = session
        await self.gateway.open()
        self.assertEqual(self.simulator.get_n_resumes(), 1)

    async def test_fetch_info(self):
        self.gateway.api_url = self.simulator.api_url
        info = await self.gateway.fetch_info()
        self.assertEqual(info.url, self.simulator.url)
        self.assertTrue(repr(info).startswith("<Dgw.GatewayInfo url="))

    async def test_several_at_once(self):
        gateways = [Dgw.Gateway(token=bindings.TOKEN, url=self.simulator.url) for _ in range(4)]
        await asyncio.gather(*(gateway.open() for gateway in gateways))
        self.assertEqual({gateway.status for gateway in gateways}, {Dgw.Status.READY})
        await asyncio.gather(*(gateway.close() for gateway in gateways))

    async def test_shards(self):
        limiter = Dgw.LocalIdentifyLimiter(window=1)
        manager = Dgw.ShardManager(
            token=bindings.TOKEN, shard_count=2, url=self.simulator.url, identify_limiter=limiter
        )
        async with manager:
            self.assertEqual(manager.status, Dgw.Status.READY)
            self.assertEqual([gateway.shard_id for gateway in manager], [0, 1])
            await manager.close_shard(1)
            self.assertEqual(await manager.open_shard(1), True)
            self.assertEqual([session.shard_count for session in await manager.suspend()], [2, 2])

    async def test_shard_commands(self):
        limiter = Dgw.LocalIdentifyLimiter(window=0)
        manager = Dgw.ShardManager(
            token=bindings.TOKEN, shard_count=2, url=self.simulator.url, identify_limiter=limiter
        )
        async with manager:
            self.assertTrue(await manager.update_presence(Dgw.Presence(status="idle")))
            self.assertEqual(manager.presence.get_status(), "idle")
            sounds = await manager.request_soundboard_sounds(["4194304", "8388608"])
            self.assertEqual([answer.guild_id for answer in sounds], ["4194304", "8388608"])

    async def test_probe(self):
        await self.gateway.open()
        self.assertGreaterEqual(await self.gateway.probe(), 0)

    async def test_wait_for(self):
        gateway, simulator = self.gateway, self.simulator
        await gateway.open()

        async def next_answer(author):
            message = await gateway.wait_for("message-create", lambda m: m.author.id == author, timeout=60)
            return message.content

        waiting = asyncio.create_task(next_answer("7"))
        await asyncio.sleep(0)
        for author, content in ("6", "no"), ("7", "yes"), ("7", "late"):
            simulator.dispatch_text("MESSAGE_CREATE", json.dumps({"content": content, "author": {"id": author}}))
        self.assertEqual(await waiting, "yes")
        with self.assertRaises(TimeoutError):
            await gateway.wait_for("message-create", timeout=0.01)

        waiting = asyncio.create_task(gateway.wait_for("message-create", lambda m: m.nonsense))
        await asyncio.sleep(0)
        simulator.dispatch_text("MESSAGE_CREATE", "{}")
        with self.assertRaises(AttributeError):
            await waiting

        waiting = asyncio.create_task(gateway.wait_for("message-create"))
        await asyncio.sleep(0)
        await gateway.close()
        with self.assertRaises(GLib.Error) as context:
            await waiting
        self.assertTrue(context.exception.matches(Dgw.gateway_error_quark(), Dgw.GatewayError.CLOSED))

    async def test_members_of_each_guild(self):
        gateway, simulator = self.gateway, self.simulator
        loaded, members, tasks = asyncio.Event(), {}, set()
        gateway.intents = "guilds,guild-members"
        simulator.guild_count = 3

        async def load(guild):
            result = await gateway.request_guild_members(Dgw.MemberQuery.new_for_all(guild.id))
            members[guild.id] = {member.user.id: member for member in result.members}
            if len(members) == simulator.guild_count:
                loaded.set()

        def on_guild_create(gateway, guild):
            if guild.large or guild.member_count > len(guild.members or []):
                task = asyncio.create_task(load(guild))
                tasks.add(task)
                task.add_done_callback(tasks.discard)

        gateway.connect("guild-create", on_guild_create)
        await gateway.open()
        await asyncio.wait_for(loaded.wait(), 10)
        self.assertEqual({len(found) for found in members.values()}, {simulator.member_count})

    async def test_members(self):
        await self.gateway.open()
        found = await self.gateway.request_guild_members(Dgw.MemberQuery.new_for_prefix("1", "user_", 3))
        self.assertEqual(repr(found), "<Dgw.MemberResult members=3 not_found=[]>")
        self.assertTrue(found.members[0].user.username.startswith("user_"))

    async def test_events(self):
        arrived = asyncio.get_running_loop().create_future()
        self.gateway.connect("event::MESSAGE_CREATE", lambda gateway, event: arrived.set_result(event))
        await self.gateway.open()
        self.simulator.dispatch_text("MESSAGE_CREATE", '{"content":"hello"}')
        self.assertEqual(repr(await arrived), "<Dgw.Event name='MESSAGE_CREATE' sequence=2>")


class ErrorsTest(LoopCase):
    async def test_errors_match(self):
        self.simulator.token = "another"
        with self.assertRaises(GLib.Error) as context:
            await self.gateway.open()
        self.assert_error(context, Dgw.GatewayError.AUTHENTICATION_FAILED)
        self.assertNotIn(bindings.TOKEN, str(context.exception))

    async def test_wrong_arguments(self):
        with self.assertRaises(TypeError):
            await self.gateway.send(3, "{}")
        with self.assertRaises(TypeError):
            await self.gateway.open(None, None, None, None, None)

    async def test_wait_closed(self):
        await self.gateway.open()
        waiting = asyncio.create_task(self.gateway.wait_closed())
        await asyncio.sleep(0)
        self.assertFalse(waiting.done())
        await self.gateway.close()
        self.assertIsNone(await waiting)
        self.assertIsNone(await self.gateway.wait_closed())

    async def test_wait_closed_fails(self):
        await self.gateway.open()
        waiting = asyncio.create_task(self.gateway.wait_closed())
        await asyncio.sleep(0)
        self.simulator.close_clients(4014, "not for you")
        with self.assertRaises(GLib.Error) as context:
            await waiting
        self.assert_error(context, Dgw.GatewayError.DISALLOWED_INTENTS)
        with self.assertRaises(GLib.Error):
            await self.gateway.wait_closed()


class CancellationTest(LoopCase):
    async def prepare(self):
        await super().prepare()
        self.simulator.hold_hello = True

    async def connecting(self):
        while self.gateway.status != Dgw.Status.WAITING_FOR_HELLO:
            await asyncio.sleep(0.01)

    async def test_cancelled_task(self):
        task = asyncio.create_task(self.gateway.open())
        await self.connecting()
        task.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await task
        self.assertEqual(self.gateway.status, Dgw.Status.UNCONNECTED)

    async def test_timeout(self):
        for start in (self.gateway.open, self.gateway.open_async):
            with self.assertRaises(TimeoutError):
                await asyncio.wait_for(start(), 0.1)
            self.assertEqual(self.gateway.status, Dgw.Status.UNCONNECTED)

    async def test_cancelled_operation(self):
        operation = self.gateway.open_async()
        await self.connecting()
        operation.cancel()
        with self.assertRaises(asyncio.CancelledError):
            await operation
        operation.cancel()

    async def test_cancellable_of_the_program(self):
        """Who did not cancel the task gets GIO's error, as with callbacks."""
        cancellable = Gio.Cancellable()
        task = asyncio.create_task(self.gateway.open(cancellable))
        await self.connecting()
        cancellable.cancel()
        with self.assertRaises(GLib.Error) as context:
            await task
        self.assertTrue(context.exception.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED))


class SharedLoopTest(LoopCase):
    async def test_busy_tasks_do_not_starve_sources(self):
        over = []
        GLib.timeout_add(20, lambda: over.append(True))
        while not over:
            await asyncio.sleep(0)

    async def test_busy_sources_do_not_starve_tasks(self):
        source = GLib.idle_add(lambda: GLib.SOURCE_CONTINUE, priority=GLib.PRIORITY_DEFAULT)
        await asyncio.sleep(0.05)
        GLib.source_remove(source)

    async def test_callbacks_wake_tasks(self):
        event = asyncio.Event()
        GLib.timeout_add(20, lambda: event.set())
        await event.wait()

    async def test_sockets_and_threads(self):
        async def echo(reader, writer):
            writer.write(await reader.readline())
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        async with server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"there and back\n")
            self.assertEqual(await reader.readline(), b"there and back\n")
            writer.close()
        self.assertEqual(await asyncio.to_thread(os.getpid), os.getpid())

    async def test_processes(self):
        process = await asyncio.create_subprocess_exec("echo", "here", stdout=subprocess.PIPE)
        output, _ = await process.communicate()
        self.assertEqual((output, process.returncode), (b"here\n", 0))

    async def test_nothing_keeps_the_gateway(self):
        await self.gateway.open()
        await self.gateway.close()
        reference = weakref.ref(self.gateway)
        self.gateway = Dgw.Gateway(token="any")
        while reference():
            gc.collect()
            await asyncio.sleep(0.01)


class OutsideTest(bindings.Case):
    def test_no_loop(self):
        with self.assertRaisesRegex(RuntimeError, "Dgw.run"):
            Dgw.Gateway(token="any").open().send(None)

    def test_foreign_loop(self):
        with self.assertRaisesRegex(RuntimeError, "Dgw.run"):
            asyncio.run(Dgw.Gateway(token="any").open())

    def test_one_run_after_another(self):
        async def close():
            return await Dgw.Gateway(token="any").close()

        self.assertEqual([Dgw.run(close()) for _ in range(3)], [True] * 3)

    def test_result_and_exception(self):
        async def fail():
            raise ZeroDivisionError

        async def succeed():
            return 7

        self.assertEqual(Dgw.run(succeed()), 7)
        with self.assertRaises(ZeroDivisionError):
            Dgw.run(fail())

    def test_loop_of_its_own(self):
        with asyncio.Runner(loop_factory=Dgw.new_event_loop) as runner:
            self.assertTrue(runner.run(self.close_one()))

    async def close_one(self):
        return await Dgw.Gateway(token="any").close()

    def test_interrupt(self):
        program = subprocess.Popen([sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True)
        self.assertEqual(program.stdout.readline(), "waiting\n")
        program.send_signal(signal.SIGINT)
        output, _ = program.communicate(timeout=bindings.DEADLINE_S)
        self.assertEqual((output, program.returncode), ("cancelled\ninterrupted\n", 0))


if __name__ == "__main__":
    bindings.main()
