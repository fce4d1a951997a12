/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints the messages that a bot sees, and ends after COUNT of them.
 *
 *   DISCORD_TOKEN=... listener-vala [URL [COUNT]]
 *
 * Without a URL, here or in DGW_URL, Discord is asked for it. */

class Listener : Object {
    private Dgw.Gateway gateway;
    private uint64 count;
    private uint64 seen = 0;
    private Error? failure = null;
    private SourceFunc? over = null;

    public Listener (string token, string? url, uint64 count) {
        this.count = count;
        gateway = new Dgw.Gateway (token, Dgw.Intents.GUILD_MESSAGES | Dgw.Intents.MESSAGE_CONTENT);
        gateway.url = url;
        gateway.message_create.connect (on_message);
        gateway.reconnecting.connect (on_reconnecting);
        gateway.failed.connect (on_failed);
    }

    /* Returns when so many messages were printed. */
    public async void run () throws Error {
        yield gateway.open_async (null);
        while (failure == null && (count == 0 || seen < count)) {
            over = run.callback;
            yield;
        }
        if (failure != null)
            throw failure;
        yield gateway.close_async (null);
    }

    private void on_message (Dgw.Message message) {
        if (count > 0 && seen == count)
            return;

        print ("%s: %s\n", message.author.username, message.content);
        seen++;
        if (seen == count)
            go_on ();
    }

    private void on_reconnecting (uint attempt, uint delay) {
        var reason = gateway.last_error != null ? gateway.last_error.message : "Connecting again";
        printerr ("%s (attempt %u in %u ms)\n", reason, attempt, delay);
    }

    private void on_failed (Error error) {
        failure = error;
        go_on ();
    }

    private void go_on () {
        if (over != null)
            Idle.add ((owned) over);
    }
}

int main (string[] args) {
    var token = Environment.get_variable ("DISCORD_TOKEN") ?? "";
    var url = args.length > 1 ? args[1] : Environment.get_variable ("DGW_URL");
    var loop = new MainLoop ();
    var status = 0;

    if (token == "") {
        printerr ("Put the bot's token into DISCORD_TOKEN\n");
        return 2;
    }

    var listener = new Listener (token, url, args.length > 2 ? uint64.parse (args[2]) : 0);
    listener.run.begin ((object, result) => {
        try {
            listener.run.end (result);
        } catch (Error error) {
            printerr ("%s\n", error.message);
            status = 1;
        }
        loop.quit ();
    });
    loop.run ();
    return status;
}
