#!/usr/bin/env -S gjs -m
// SPDX-License-Identifier: LGPL-2.1-or-later
// Prints the messages that a bot sees, and ends after COUNT of them.
//
//   DISCORD_TOKEN=... listener.js [URL [COUNT]]
//
// Without a URL, here or in DGW_URL, Discord is asked for it.

import Dgw from 'gi://Dgw?version=1';
import Gio from 'gi://Gio';
import GLib from 'gi://GLib';
import System from 'system';

Gio._promisify(Dgw.Gateway.prototype, 'open_async', 'open_finish');
Gio._promisify(Dgw.Gateway.prototype, 'close_async', 'close_finish');

// Settles when so many messages were printed, or when the gateway is down for good.
function printMessages(gateway, count) {
    let seen = 0;

    return new Promise((resolve, reject) => {
        gateway.connect('failed', (_gateway, error) => reject(error));
        gateway.connect('message-create', (_gateway, message) => {
            if (count && seen === count)
                return;
            print(`${message.author.username}: ${message.content}`);
            seen++;
            if (seen === count)
                resolve();
        });
    });
}

async function listen(token, url, count) {
    const gateway = new Dgw.Gateway({token, intents: Dgw.Intents.GUILD_MESSAGES | Dgw.Intents.MESSAGE_CONTENT, url});
    gateway.connect('reconnecting', (_gateway, attempt, delay) => {
        const reason = gateway.last_error?.message ?? 'Connecting again';
        printerr(`${reason} (attempt ${attempt} in ${delay} ms)`);
    });

    await Promise.all([printMessages(gateway, count), gateway.open_async(null)]);
    await gateway.close_async(null);
}

const token = GLib.getenv('DISCORD_TOKEN');
const [url, count] = System.programArgs;
const loop = new GLib.MainLoop(null, false);
let status = 0;

if (!token) {
    printerr('Put the bot\'s token into DISCORD_TOKEN');
    System.exit(2);
}
listen(token, url ?? GLib.getenv('DGW_URL'), Number(count ?? 0))
    .catch(error => {
        printerr(error.message);
        status = 1;
    })
    .finally(() => loop.quit());
loop.run();
System.exit(status);
