# SPDX-License-Identifier: LGPL-2.1-or-later
"""A system bus of the test's own, with logind and NetworkManager played by python-dbusmock."""

import os
import signal
import subprocess
import sys

try:
    import dbus
    import dbusmock
except ImportError:
    print("python3-dbusmock is not installed", file=sys.stderr)
    sys.exit(77)

DAEMON = ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1"]


class Bus:
    def __init__(self):
        self.popen = subprocess.Popen(DAEMON, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.address = self.popen.stdout.readline().strip()
        self.environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=self.address, DGW_TEST_BUS=self.address)

    def end(self):
        self.popen.send_signal(signal.SIGCONT)
        self.popen.kill()
        self.popen.wait()
        self.popen.stdout.close()


if "DGW_TEST_BUS" not in os.environ:
    # The library must find it from the start.
    bus = Bus()
    try:
        sys.exit(subprocess.run([sys.executable, *sys.argv], env=bus.environment, check=False).returncode)
    finally:
        bus.end()

class Service:
    """A template of dbusmock as a process, on a bus with this address."""

    def __init__(self, template, name, path, interface, address=os.environ["DGW_TEST_BUS"]):
        self.template, self.name, self.path, self.interface = template, name, path, interface
        self.environment = dict(os.environ, DBUS_SYSTEM_BUS_ADDRESS=address)
        self.connection = dbus.bus.BusConnection(address)
        self.connection.set_exit_on_disconnect(False)
        self.start()

    def start(self):
        self.popen = subprocess.Popen(
            [sys.executable, "-m", "dbusmock", "--system", "--template", self.template],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self.is_there():
            pass
        self.proxy = self.connection.get_object(self.name, self.path)

    def is_there(self):
        try:
            self.connection.get_object(self.name, self.path).Introspect(dbus_interface=dbus.INTROSPECTABLE_IFACE)
        except dbus.DBusException:
            return False
        return True

    def kill(self):
        self.popen.send_signal(signal.SIGCONT)
        self.popen.kill()
        self.popen.wait()

    def stop_answering(self):
        self.popen.send_signal(signal.SIGSTOP)

    def answer_again(self):
        self.popen.send_signal(signal.SIGCONT)


class Logind(Service):
    def __init__(self, **options):
        name = "org.freedesktop.login1"
        super().__init__("logind", name, "/org/freedesktop/login1", name + ".Manager", **options)

    def list_locks(self):
        return [str(lock[3]) for lock in self.proxy.ListInhibitors(dbus_interface=self.interface)]

    def prepare_for_sleep(self, is_going):
        self.proxy.EmitSignal(self.interface, "PrepareForSleep", "b", [is_going], dbus_interface=dbusmock.MOCK_IFACE)


class NetworkManager(Service):
    DISCONNECTED, SITE, GLOBAL = 20, 60, 70
    UNKNOWN, PORTAL, FULL = 0, 2, 4

    def __init__(self, **options):
        name = "org.freedesktop.NetworkManager"
        super().__init__("networkmanager", name, "/org/freedesktop/NetworkManager", name, **options)

    def set(self, **properties):
        self.proxy.UpdateProperties(self.interface, properties, dbus_interface=dbusmock.MOCK_IFACE)

    def set_state(self, state, connectivity=None):
        if connectivity is None:
            connectivity = self.FULL if state == self.GLOBAL else self.UNKNOWN
        self.set(State=dbus.UInt32(state), Connectivity=dbus.UInt32(connectivity))

    def set_route(self, number):
        """Not a property of the template's; it cannot wrap its type either."""
        path = dbus.ObjectPath("/org/freedesktop/NetworkManager/ActiveConnection/%u" % number, variant_level=1)
        changed = dbus.Dictionary({"PrimaryConnection": path}, signature="sv")
        arguments = [self.interface, changed, dbus.Array([], signature="s")]
        self.proxy.EmitSignal(
            dbus.PROPERTIES_IFACE, "PropertiesChanged", "sa{sv}as", arguments, dbus_interface=dbusmock.MOCK_IFACE
        )
