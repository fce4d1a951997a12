# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Python adds to DgwTesting: what it adds to Dgw."""

import gi
from gi.module import get_introspection_module

gi.require_version("Dgw", "1")
from gi.repository import Dgw  # loads its override
from gi.overrides.Dgw import add_representation, complete

DgwTesting = get_introspection_module("DgwTesting")
__all__ = []

complete(DgwTesting.Simulator)
add_representation(DgwTesting.Simulator, "url")
