#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders the C files of the schema: generate.py SCHEMA-FOLDER OUTPUT-FOLDER

The C text stands in templates/; the render_* modules only fill in rows. What is written is a
function of the schema files alone, and is formatted as the house style wants it.
"""

import pathlib
import sys

import model as schema
import render_entities
import render_enums
import render_events
import render_protocol
from accessors import Catalogue
from layout import Templates


def render(model, folder):
    """Name and text of every output."""
    templates = Templates(folder)
    return {
        **render_protocol.render(model, templates),
        **render_enums.render(model, templates),
        **render_entities.render(Catalogue(model), templates),
        **render_events.render(model, templates),
    }


def write_if_changed(path, text):
    """What stays the same keeps its time, so that what includes it is not built again."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def main(folder, output_folder):
    folder = pathlib.Path(folder)
    try:
        model = schema.load(folder)
    except schema.SchemaError as error:
        return f"{folder}/{error}"
    for name, text in render(model, folder / "templates").items():
        write_if_changed(pathlib.Path(output_folder) / name, text)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
