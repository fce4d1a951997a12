#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A bot that shares its limits with other processes: identifies several times over, and says how it went.

identifier.py URL FOLDER WINDOW_MS TIMES
"""

import sys

import bindings
from bindings import Dgw, call


def main():
    url, folder, window, times = sys.argv[1:]
    limiter = Dgw.FileIdentifyLimiter(token=bindings.TOKEN, folder=folder, window=int(window))
    invalidated = []
    for _ in range(int(times)):
        gateway = Dgw.Gateway.new(bindings.TOKEN, Dgw.Intents.GUILDS)
        gateway.props.url = url
        gateway.props.identify_limiter = limiter
        gateway.connect("session-invalidated", lambda gateway, resumable: invalidated.append(resumable))
        call(gateway, "open")
        call(gateway, "close")
    print(len(invalidated))


main()
