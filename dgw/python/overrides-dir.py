# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints where PyGObject looks for overrides, below a prefix: overrides-dir.py PREFIX

meson's own idea of the folder, with /usr/local, is one that Debian's Python does not read.
"""

import importlib.util
import os
import site
import sys
import sysconfig


def is_below(path, prefix):
    return os.path.commonpath([path, prefix]) == prefix


def site_folders():
    gi = importlib.util.find_spec("gi")
    if gi and gi.origin:
        yield os.path.dirname(os.path.dirname(gi.origin))
    yield from site.getsitepackages()


def find(prefix):
    local = os.path.join(prefix, "local")
    for folder in site_folders():
        if is_below(folder, prefix) and not is_below(folder, local):
            return folder
    # None that Python reads by itself: PYTHONPATH will have to name it.
    return os.path.join(prefix, "lib", "python" + sysconfig.get_python_version(), "site-packages")


print(os.path.join(find(os.path.abspath(sys.argv[1])), "gi", "overrides"))
