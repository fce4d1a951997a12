#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// The API as GJS sees it, against a simulator in the same process and one in another (DGW). Prints TAP.

import Dgw from 'gi://Dgw?version=1';
import DgwTesting from 'gi://DgwTesting?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import GObject from 'gi://GObject';
import Json from 'gi://Json?version=1.0';
import System from 'system';

const TOKEN = 'MTIzNDU2Nzg5MDEyMzQ1Njc4.GtesTt.secret-part-of-the-token-0123456789';

for (const name of ['open', 'close', 'suspend', 'send', 'probe', 'wait_for_event', 'update_presence', 'update_voice_state', 'request_guild_members',
    'request_soundboard_sounds', 'request_channel_info', 'fetch_info'])
    Gio._promisify(Dgw.Gateway.prototype, `${name}_async`, `${name}_finish`);
for (const name of ['start', 'stop'])
    Gio._promisify(DgwTesting.Simulator.prototype, `${name}_async`, `${name}_finish`);
Gio._promisify(Gio.DataInputStream.prototype, 'read_line_async', 'read_line_finish_utf8');

const VOICE = '{"guild_id":"1","channel_id":null,"self_mute":false,"self_deaf":false}';
const GUILD = '{"id":"7","name":"Harbour","features":null,"channels":[{"id":"8","name":"general"},{"id":"9","name":"café"}]}';
const DEADLINE_S = 30;

function assert(condition, message) {
    if (!condition)
        throw new Error(message ?? 'it does not hold');
}

function assertEqual(actual, expected) {
    const [a, b] = [actual, expected].map(value => JSON.stringify(value));
    assert(a === b, `${a} is not ${b}`);
}

function assertThrows(func, message) {
    try {
        func();
    } catch {
        return;
    }
    throw new Error(`${message ?? func} did not throw`);
}

async function assertRejects(promise, domain, code) {
    let error = null;
    try {
        await promise;
    } catch (e) {
        error = e;
    }
    assert(error, 'it succeeded');
    assert(error.matches(domain, code), `another error: ${error}`);
    return error;
}

function signal(object, name) {
    return new Promise(resolve => {
        const id = object.connect(name, (...args) => {
            object.disconnect(id);
            resolve(args);
        });
    });
}

function makeGateway(url) {
    const gateway = Dgw.Gateway.new(TOKEN, Dgw.Intents.NON_PRIVILEGED);
    gateway.url = url;
    return gateway;
}

async function withSimulator(func) {
    const simulator = DgwTesting.Simulator.new();
    await simulator.start_async(null);
    const gateway = makeGateway(simulator.url);
    try {
        await func(simulator, gateway);
    } finally {
        await gateway.close_async(null);
        await simulator.stop_async(null);
    }
}

const tests = {
    'constants'() {
        assertEqual(Dgw.Intents.GUILDS, 1);
        assertEqual(Dgw.CloseCode.AUTHENTICATION_FAILED, 4004);
        assertEqual(Dgw.Opcode.HELLO, 10);
        assertEqual(Dgw.Intents.ALL, Dgw.Intents.NON_PRIVILEGED | Dgw.Intents.PRIVILEGED);
    },

    'every property can be read'() {
        const gateway = makeGateway('ws://127.0.0.1:1');
        for (const pspec of GObject.Object.list_properties.call(Dgw.Gateway)) {
            if (pspec.flags & GObject.ParamFlags.READABLE)
                assert(gateway[pspec.get_name().replaceAll('-', '_')] !== undefined, pspec.get_name());
        }
        assertEqual(gateway.status, Dgw.Status.UNCONNECTED);
        assertEqual(gateway.latency, -1);
        assertEqual(gateway.session, null);
    },

    'integers past 2^53'() {
        const gateway = makeGateway('ws://127.0.0.1:1');
        gateway.max_payload_size = 2n ** 53n + 2n;
        assertEqual(gateway.max_payload_size, 2 ** 53 + 2);
        gateway.max_backlog_bytes = 2n ** 60n;
        assertEqual(gateway.max_backlog_bytes, 2 ** 60);
        const session = Dgw.Session.new('S1', 2n ** 60n, null, 0, 1);
        assertEqual(session.get_sequence(), 2 ** 60);
        assertEqual(Dgw.snowflake_to_uint64('1152921504606846976'), 2 ** 60);
    },

    'wrong arguments throw'() {
        const gateway = makeGateway('ws://127.0.0.1:1');
        assertThrows(() => Dgw.Gateway.new(null, 0), 'a token of null');
        assertThrows(() => gateway.send_async(4, 'text', null, null), 'a string for a node');
        assertThrows(() => gateway.open_finish(null), 'a result of null');
        assertThrows(() => (gateway.status = Dgw.Status.READY), 'setting the status');
        assertThrows(() => Dgw.Intents.from_string('no-such-intent'), 'an intent that does not exist');
    },

    'a session is stored'() {
        const session = Dgw.Session.new('S1', 5, 'wss://resume.example/', 3, 16);
        const text = session.to_variant().print(true);
        const back = Dgw.Session.from_variant(GLib.Variant.parse(null, text, null, null));
        assert(back.equal(session));
        assertEqual(Dgw.Session.from_variant(new GLib.Variant('s', 'else')), null);
    },

    'objects keep their own methods'() {
        for (const kind of [Dgw.Gateway, Dgw.Event, DgwTesting.Simulator]) {
            for (const name of ['connect', 'disconnect', 'emit', 'notify'])
                assert(kind.prototype[name] === GObject.Object.prototype[name], `${kind.name}.${name}`);
        }
    },

    async 'events, promises and JSON'() {
        await withSimulator(async (simulator, gateway) => {
            assertEqual(await gateway.open_async(null), true);
            assertEqual(gateway.status, Dgw.Status.READY);

            const arrival = signal(gateway, 'event::SOMETHING_NEW');
            const data = {id: '9007199254740993', list: [true, null, 1.5], text: 'ä😀'};
            simulator.dispatch('SOMETHING_NEW', Json.from_string(JSON.stringify(data)));
            const [, event] = await arrival;
            assertEqual(event.name, 'SOMETHING_NEW');
            assertEqual(event.event_type, Dgw.EventType.UNKNOWN);
            assertEqual(JSON.parse(event.get_text()).d, data);
            assertEqual(JSON.parse(Json.to_string(event.dup_json(), false)), data);

            const command = signal(simulator, 'command');
            await gateway.send_async(4, Json.from_string(VOICE), null);
            const [, opcode, node] = await command;
            assertEqual(opcode, 4);
            assertEqual(node.get_object().get_string_member('guild_id'), '1');
        });
    },

    async 'requests'() {
        await withSimulator(async (simulator, gateway) => {
            await gateway.open_async(null);
            const query = Dgw.MemberQuery.new_for_prefix('1', 'user_9', 2);
            const result = await gateway.request_guild_members_async(query, null);
            assertEqual(result.members.get_n_items(), 2);
            assertEqual(result.members.get_item(1).user.id, '900000000000100001');
            assertEqual(result.not_found, []);

            const sounds = await gateway.request_soundboard_sounds_async(['1', '2'], null);
            assertEqual(sounds.get_item(1).guild_id, '2');
            const info = await gateway.request_channel_info_async('1', ['status'], null);
            assertEqual(info.channels.get_item(0).status, 'raid at nine');

            const command = signal(simulator, 'command');
            await gateway.update_voice_state_async('1', null, Dgw.VoiceStateFlags.SELF_DEAF, null);
            const [, , node] = await command;
            assertEqual(node.get_object().get_boolean_member('self_deaf'), true);
            assert(node.get_object().get_null_member('channel_id'));
        });
    },

    async 'a guild and its channels'() {
        await withSimulator(async (simulator, gateway) => {
            await gateway.open_async(null);
            const arrived = signal(gateway, 'guild-create');
            simulator.dispatch_text('GUILD_CREATE', GUILD);
            const [, guild] = await arrived;
            const {channels} = guild;
            const names = Array.from({length: channels.get_n_items()}, (_, i) => channels.get_item(i).name);
            assertEqual(names, ['general', 'café']);
            assertEqual(guild.voice_states, null);
            assertEqual(gateway.get_guild_arrival(guild.id), Dgw.GuildArrival.JOINED);
            assertEqual(guild.channels.get_item(1).get_event_guild_id(), '7');
            assert(guild.has_field('features'));
            assertEqual(guild.features, []); // GJS makes no difference for strings
        });
    },

    async 'errors can be told apart'() {
        await withSimulator(async (simulator, gateway) => {
            simulator.token = 'another';
            const failure = signal(gateway, 'failed');
            const error = await assertRejects(
                gateway.open_async(null), Dgw.GatewayError, Dgw.GatewayError.AUTHENTICATION_FAILED);
            const [, failed] = await failure;
            assertEqual(failed.message, error.message);
            assertEqual(gateway.last_error.message, error.message);
            const matches = error.matches(Dgw.GatewayError, Dgw.GatewayError.AUTHENTICATION_FAILED);
            assert(matches);
            assert(!error.message.includes(TOKEN));
        });
    },

    async 'a cancelled open'() {
        await withSimulator(async (simulator, gateway) => {
            const cancellable = new Gio.Cancellable();
            simulator.hold_hello = true;
            const opening = gateway.open_async(cancellable);
            await signal(simulator, 'client-connected');
            cancellable.cancel();
            await assertRejects(opening, Gio.IOErrorEnum, Gio.IOErrorEnum.CANCELLED);
        });
    },

    async 'a lost connection'() {
        await withSimulator(async (simulator, gateway) => {
            await gateway.open_async(null);
            const id = gateway.session_id;
            const end = signal(gateway, 'disconnected');
            const resumed = signal(gateway, 'event::RESUMED');
            simulator.close_clients(4000, 'so it goes');
            const [, code, reason, willReconnect] = await end;
            assertEqual([code, reason, willReconnect], [4000, 'so it goes', true]);
            await resumed;
            assertEqual(gateway.session_id, id);
        });
    },

    async 'a simulator in another process'() {
        const process = Gio.Subprocess.new(
            [GLib.getenv('DGW'), 'simulate', '--rate=200', '--seed=1'],
            Gio.SubprocessFlags.STDOUT_PIPE | Gio.SubprocessFlags.STDERR_SILENCE);
        const lines = Gio.DataInputStream.new(process.get_stdout_pipe());
        const [line] = await lines.read_line_async(GLib.PRIORITY_DEFAULT, null);
        const gateway = makeGateway(line.replace('listening on ', ''));
        const sequences = [];

        const enough = new Promise(resolve => {
            gateway.connect('event', (_gateway, event) => {
                const payload = JSON.parse(event.get_text());
                sequences.push(payload.s);
                if (sequences.length === 50)
                    resolve();
            });
        });
        await gateway.open_async(null);
        await enough;
        const session = await gateway.suspend_async(null);
        assertEqual(session.get_sequence(), sequences.at(-1));
        assertEqual(sequences, sequences.map((_, i) => i + 1));
        process.force_exit();
    },
};

function deadline() {
    return new Promise((_resolve, reject) => {
        const fail = () => {
            reject(new Error(`not done within ${DEADLINE_S} s`));
            return GLib.SOURCE_REMOVE;
        };
        GLib.timeout_add_seconds(GLib.PRIORITY_DEFAULT, DEADLINE_S, fail);
    });
}

async function run() {
    let number = 0, failed = 0;
    print(`1..${Object.keys(tests).length}`);
    for (const [name, test] of Object.entries(tests)) {
        number++;
        try {
            await Promise.race([test(), deadline()]);
            print(`ok ${number} ${name}`);
        } catch (error) {
            failed++;
            print(`not ok ${number} ${name}`);
            print(`# ${error}\n# ${(error.stack ?? '').trim().replaceAll('\n', '\n# ')}`);
        }
    }
    return failed;
}

const loop = new GLib.MainLoop(null, false);
let failed = 1;
run().then(count => (failed = count)).finally(() => loop.quit());
loop.run();
System.exit(failed ? 1 : 0);
