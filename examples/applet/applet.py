#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A window that shows how a bot is connected, and the latest messages that it sees.

DISCORD_TOKEN=... applet.py [--url=URL]

Without a URL, here or in DGW_URL, Discord is asked for it.
"""

import gettext
import os
import sys

import gi

gi.require_version("Adw", "1")
gi.require_version("Dgw", "1")
gi.require_version("Gtk", "4.0")
from gi.repository import Adw, Dgw, Gio, GLib, GObject, Gtk

MAX_MESSAGES = 100
FOLDER = os.path.dirname(os.path.abspath(__file__))

_ = gettext.translation("dgw-1", fallback=True).gettext

# Text, icon and a style class of libadwaita.
CONNECTING = (_("Connecting…"), "content-loading-symbolic", "dim-label")
SIGNING_IN = (_("Signing In…"), "content-loading-symbolic", "dim-label")
LOOKS = {
    Dgw.Status.UNCONNECTED: (_("Not Connected"), "network-offline-symbolic", "dim-label"),
    Dgw.Status.CONNECTING: CONNECTING,
    Dgw.Status.WAITING_FOR_HELLO: CONNECTING,
    Dgw.Status.IDENTIFYING: SIGNING_IN,
    Dgw.Status.RESUMING: (_("Catching Up…"), "content-loading-symbolic", "accent"),
    Dgw.Status.WAITING_FOR_READY: SIGNING_IN,
    Dgw.Status.READY: (_("Connected"), "emblem-ok-symbolic", "success"),
    Dgw.Status.DISCONNECTED: (_("Waiting to Reconnect…"), "network-error-symbolic", "warning"),
}


class Texts:
    """The closures of window.ui: they put what is known of the gateway and of its messages into words."""

    def status_text(window, status):
        return LOOKS[status][0]

    def status_icon(window, status):
        return LOOKS[status][1]

    def status_classes(window, status):
        return [LOOKS[status][2]]

    def toggle_label(window, status):
        return _("Connect") if status == Dgw.Status.UNCONNECTED else _("Disconnect")

    def latency_text(window, latency_us):
        latency_ms = latency_us / 1000
        if latency_us < 0:
            return ""
        # Translators: latency in milliseconds
        return _("%.*f ms") % (1 if latency_ms < 10 else 0, latency_ms)

    def user_name(window, user):
        return user.global_name or user.username if user else ""

    def account_name(window, user):
        return Texts.user_name(window, user) or _("No Account")

    def time_text(item, time):
        return time.to_local().format("%H:%M") if time else ""

    def error_text(window, error):
        return error.message if error else ""

    def is_set(window, error):
        return error is not None

    def page_name(window, n_messages):
        return "messages" if n_messages else "empty"


# The types that window.ui speaks of, which are known from their first use on.
for kind in Dgw.Gateway, Dgw.Message, Dgw.User:
    GObject.type_ensure(kind)


@Gtk.Template(filename=os.path.join(FOLDER, "window.ui"))
class Window(Adw.ApplicationWindow):
    __gtype_name__ = "AppletWindow"

    gateway = GObject.Property(type=Dgw.Gateway)
    list = Gtk.Template.Child()
    messages = Gtk.Template.Child()
    scroller = Gtk.Template.Child()
    toasts = Gtk.Template.Child()

    def __init__(self, **properties):
        super().__init__(**properties)
        toggle = Gio.SimpleAction(name="toggle")
        toggle.connect("activate", self.on_toggle)
        self.add_action(toggle)
        self.gateway.connect("message-create", self.on_message)

    def on_message(self, gateway, message):
        if len(self.messages) == MAX_MESSAGES:
            self.messages.remove(MAX_MESSAGES - 1)
        is_at_top = self.scroller.get_vadjustment().get_value() == 0
        self.messages.insert(0, message)
        if is_at_top:  # where a list stays with the row that it shows
            self.list.activate_action("list.scroll-to-item", GLib.Variant("u", 0))

    def on_toggle(self, action, parameter):
        if self.gateway.status == Dgw.Status.UNCONNECTED:
            self.gateway.open_async(None, self.on_opened)
        else:
            self.gateway.close_async(None, None)

    def on_opened(self, gateway, result):
        try:
            gateway.open_finish(result)
        except GLib.Error as error:
            if not gateway.last_error and not error.matches(Dgw.gateway_error_quark(), Dgw.GatewayError.CLOSED):
                self.toasts.add_toast(Adw.Toast(custom_title=Gtk.Label(label=error.message, wrap=True)))

    def do_close_request(self):
        """The account is to go offline at once, not when Discord misses its heartbeats."""
        self.set_visible(False)
        self.gateway.close_async(None, lambda gateway, result: self.destroy())
        return True


# Instead of the decorator's, which knows methods of the window only.
Window.set_template_scope(Gtk.Builder.BuilderScope(Texts))


class Applet(Adw.Application):
    def __init__(self):
        super().__init__(application_id="org.example.DgwApplet")
        self.url = os.environ.get("DGW_URL")
        self.add_main_option("url", 0, GLib.OptionFlags.NONE, GLib.OptionArg.STRING, _("Gateway to connect to"), "URL")
        self.set_accels_for_action("win.toggle", ["<Control>d"])
        self.set_accels_for_action("window.close", ["<Control>q", "<Control>w"])

    def do_handle_local_options(self, options):
        url = options.lookup_value("url")
        if url:
            self.url = url.get_string()
        return -1

    def do_activate(self):
        window = self.get_active_window()
        if not window:
            gateway = Dgw.Gateway(
                token=os.environ.get("DISCORD_TOKEN", ""),
                intents=Dgw.Intents.GUILD_MESSAGES | Dgw.Intents.MESSAGE_CONTENT,
                url=self.url,
            )
            window = Window(application=self, gateway=gateway)
            window.activate_action("win.toggle", None)
        window.present()


sys.exit(Applet().run(sys.argv))
