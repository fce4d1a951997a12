# SPDX-License-Identifier: LGPL-2.1-or-later
"""A screen that nobody sees, with what a program shows on it: as a picture, and as a screen reader finds it."""

import os
import struct
import subprocess
import sys
import tempfile
import zlib

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib

IN_SESSION = "DGW_TEST_IN_SESSION"
DEADLINE_S = 30
LOOK_AGAIN_MS = 50
N_ALIKE = 5


def enter_session():
    """Starts the program again on buses of its own: the accessibility bus has its socket in the user's folder."""
    if IN_SESSION in os.environ:
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, XDG_RUNTIME_DIR=folder, **{IN_SESSION: "1"})
        sys.exit(subprocess.call(["dbus-run-session", "--", sys.executable, *sys.argv], env=environment))


def wait_until(condition, what):
    """Runs the main loop, which takes the news of the accessibility bus, until the condition holds."""
    over = []
    timeout = GLib.timeout_add_seconds(DEADLINE_S, lambda: over.append(True) or GLib.SOURCE_CONTINUE)
    ticks = GLib.timeout_add(LOOK_AGAIN_MS, lambda: GLib.SOURCE_CONTINUE)
    try:
        while True:
            result = condition()
            if result:
                return result
            if over:
                raise TimeoutError("waited in vain for " + what)
            GLib.MainContext.default().iteration(True)
    finally:
        GLib.source_remove(timeout)
        GLib.source_remove(ticks)


class Screen:
    """An Xvfb of this size; its server picks a free display."""

    def __init__(self, width, height):
        self.folder = tempfile.TemporaryDirectory()
        self.popen = subprocess.Popen(
            ["Xvfb", "-displayfd", "1", "-screen", "0", "%dx%dx24" % (width, height), "-fbdir", self.folder.name,
             "-nolisten", "tcp", "-noreset"],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.display = ":" + self.popen.stdout.readline().strip()

    def end(self):
        self.popen.terminate()
        self.popen.wait()
        self.popen.stdout.close()
        self.folder.cleanup()

    def take(self):
        with open(os.path.join(self.folder.name, "Xvfb_screen0"), "rb") as stream:
            return Picture.from_xwd(stream.read())


def settled(screen):
    """A picture that stays the same for a moment."""
    last = []

    def is_unchanged():
        picture = screen.take()
        last.append(picture)
        return len(last) > N_ALIKE and all(earlier.rows == picture.rows for earlier in last[-N_ALIKE:])

    wait_until(is_unchanged, "a picture that does not change")
    return last[-1]


class Picture:
    """Rows of bytes, three a pixel."""

    def __init__(self, rows):
        self.rows = rows

    @classmethod
    def from_xwd(cls, data):
        header = struct.unpack(">25I", data[:100])
        header_size, width, height, stride, n_colors = header[0], header[4], header[5], header[12], header[19]
        start = header_size + 12 * n_colors
        rows = []
        for y in range(height):
            line = data[start + y * stride : start + y * stride + 4 * width]
            row = bytearray(3 * width)
            row[0::3], row[1::3], row[2::3] = line[2::4], line[1::4], line[0::4]
            rows.append(bytes(row))
        return cls(rows)

    def without_frame(self, width):
        return Picture([row[3 * width : -3 * width] for row in self.rows[width:-width]])

    def beside(self, other):
        return Picture([mine + theirs for mine, theirs in zip(self.rows, other.rows)])

    def n_colors(self):
        return len({row[x : x + 3] for row in self.rows for x in range(0, len(row), 3)})

    def brightness(self):
        """From 0 to 1."""
        return sum(map(sum, self.rows)) / (255 * sum(map(len, self.rows)))

    def save(self, path):
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

        size = struct.pack(">IIBBBBB", len(self.rows[0]) // 3, len(self.rows), 8, 2, 0, 0, 0)
        lines = b"".join(b"\0" + row for row in self.rows)
        with open(path, "wb") as stream:
            stream.write(b"\x89PNG\r\n\x1a\n")
            stream.write(chunk(b"IHDR", size) + chunk(b"IDAT", zlib.compress(lines, 9)) + chunk(b"IEND", b""))


def children(node):
    """Those that have not gone in the meantime."""
    found = (node.get_child_at_index(index) for index in range(node.get_child_count()))
    return [child for child in found if child]


def nodes(root, role=None):
    """The nodes of the accessibility tree below one, in the order of reading."""
    for node in children(root):
        if role is None or node.get_role() == role:
            yield node
        yield from nodes(node, role)


def names(root, role):
    return [node.get_name() for node in nodes(root, role)]


class Program:
    """A program with a window on the screen, and its node of the accessibility tree once there is one."""

    def __init__(self, words, screen, **environment):
        surroundings = {"DISPLAY": screen.display, "GDK_BACKEND": "x11", "GSK_RENDERER": "cairo", "GTK_A11Y": "atspi"}
        self.popen = subprocess.Popen(words, env={**os.environ, **surroundings, **environment})
        self.root = None

    def wait_for_window(self):
        self.root = wait_until(self.find, "the program's window")

    def find(self):
        if self.popen.poll() is not None:
            raise RuntimeError("the program ended with status %d" % self.popen.returncode)
        for child in children(Atspi.get_desktop(0)):
            if child.get_process_id() == self.popen.pid:
                return child
        return None

    def end(self):
        self.popen.kill()
        self.popen.wait()
