# SPDX-License-Identifier: LGPL-2.1-or-later
"""The way to a gateway elsewhere: a SOCKS proxy that leads every name to one address, and loses what a network loses."""

import select
import socket
import threading

from gi.repository import Gio

PIECE = 65536


def receive(client, size):
    data = b""
    while len(data) < size:
        piece = client.recv(size - len(data))
        if not piece:
            raise ConnectionError
        data += piece
    return data


def shake_hands(client):
    _, n_methods = receive(client, 2)
    receive(client, n_methods)
    client.sendall(b"\5\0")
    _, _, _, kind = receive(client, 4)
    length = {1: 4, 3: None, 4: 16}[kind]
    receive(client, (length if length else receive(client, 1)[0]) + 2)
    client.sendall(b"\5\0\0\1\0\0\0\0\0\0")


class Router:
    def __init__(self, url):
        host, port = url.removeprefix("ws://").rstrip("/").split(":")
        self.target = (host, int(port))
        self.is_open = True
        self.n_attempts = 0
        self.epoch = 0  # connections of an earlier one are half open
        self.sockets = []
        self.resolver = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    def lead(self, gateway):
        """To an address that is neither here nor anywhere."""
        gateway.props.url = "ws://gateway.example/"
        gateway.props.allow_insecure = True
        gateway.props.use_resume_url = False
        self.resolver = Gio.SimpleProxyResolver.new("socks5://127.0.0.1:%u" % self.listener.getsockname()[1], None)
        gateway.set_proxy_resolver(self.resolver)

    def lose(self):
        """The connections that there are go nowhere from now on, and nobody tells."""
        self.epoch += 1

    def end(self):
        self.lose()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for client in self.sockets:
            client.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.sockets.append(client)
            self.n_attempts += 1
            if self.is_open:
                threading.Thread(target=self.carry, args=(client, self.epoch), daemon=True).start()
            else:
                client.close()

    def carry(self, client, epoch):
        try:
            shake_hands(client)
            with socket.create_connection(self.target) as server:
                self.pump(client, server, epoch)
        except OSError:
            pass
        if self.epoch == epoch:
            client.close()
        # Half open: the other end is to hear nothing.

    def pump(self, client, server, epoch):
        while self.epoch == epoch:
            for source in select.select([client, server], [], [], 0.05)[0]:
                data = source.recv(PIECE)
                if self.epoch != epoch:
                    return
                if not data:
                    return
                (server if source is client else client).sendall(data)
