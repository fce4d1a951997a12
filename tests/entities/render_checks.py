#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes the C code that calls each getter by its name: render_checks.py TEMPLATE OUTPUT"""

import pathlib
import string
import sys

from catalogue import Catalogue, snake

# C type and its GType, of properties whose type is the same for all fields of a kind.
VALUE_TYPES = {
    "boolean": "BOOLEAN",
    "presence": "BOOLEAN",
    "int": "INT",
    "int64": "INT64",
    "uint": "UINT",
    "uint64": "UINT64",
    "double": "DOUBLE",
    "string": "STRING",
    "id": "STRING",
    "ints": "VARIANT",
    "string_map": "VARIANT",
}
FUNCTIONS = {
    "time": "g_date_time_get_type",
    "time_ms": "g_date_time_get_type",
    "strings": "g_strv_get_type",
    "node": "json_node_get_type",
    "list": "value_type_list",
    "map": "value_type_list",
}


def value_types():
    return "\n".join(
        f"static GType\nvalue_type_{name.lower()} (void)\n{{\n  return G_TYPE_{name};\n}}\n"
        for name in sorted(set(VALUE_TYPES.values()))
    )


def value_type(reading):
    if reading.kind == "object":
        return f"dgw_{snake(reading.item)}_get_type"
    return FUNCTIONS.get(reading.kind) or f"value_type_{VALUE_TYPES[reading.kind].lower()}"


def boolean(value):
    return "TRUE" if value else "FALSE"


def row(reading):
    cells = (
        f'"{reading.owner}"',
        f'"{reading.key}"',
        f'"{reading.property_name}"',
        value_type(reading),
        str(reading.missing),
        boolean(reading.can_be_wrong),
        boolean(reading.is_vital),
    )
    return f"  {{{', '.join(cells)}}},"


def method(reading, name):
    return f"dgw_{snake(reading.owner)}_{name}"


def lookup_name(reading):
    return f"lookup_{snake(reading.owner)}_{reading.name}"


def lookup(reading):
    return (
        f"static gpointer\n{lookup_name(reading)} (gpointer entity, const char *key)\n{{\n"
        f"  return (gpointer){method(reading, f'lookup_{reading.name}')} (entity, key);\n}}\n"
    )


def call(number, reading):
    arguments = [f"&rows[{number}]", f"{method(reading, reading.getter)} (entity)"]
    if reading.item:
        if reading.kind != "object":
            arguments.append(f"dgw_{snake(reading.item)}_get_type ()")
        arguments.append(f"check_{snake(reading.item)}_entity")
    if reading.kind in ("map", "string_map"):
        arguments.append(f"{method(reading, f'dup_{reading.name}_keys')} (entity)")
        arguments.append(lookup_name(reading))
    return f"  check_{reading.kind} (&frame, {', '.join(arguments)});"


def prototype(name):
    return f"static void check_{snake(name)}_entity (Check *check, gpointer entity, JsonObject *json, guint depth)"


def check(name, readings, first):
    calls = "\n".join(call(number, reading) for number, reading in enumerate(readings))
    return (
        f"{prototype(name)}\n{{\n"
        f"  const Row *rows = &entity_rows[{first}];\n"
        f"  Frame frame = {{check, entity, json, depth}};\n\n"
        f"  if (!check_entity (&frame, dgw_{snake(name)}_get_type (), rows, {len(readings)}))\n    return;\n\n"
        f"{calls}\n}}\n"
    )


def checks(catalogue):
    parts = []
    first = 0
    for name, readings in catalogue.readings.items():
        parts.append(check(name, readings, first))
        first += len(readings)
    return "\n".join(parts)


def event(item):
    function = f"check_{snake(item.payload)}_entity" if item.payload else "NULL"
    guild_key = f'"{item.guild_id.removesuffix("?")}"' if item.guild_id else "NULL"
    return f'  {{"{item.name}", "{item.signal}", {function}, {guild_key}}},'


def main(template, output):
    catalogue = Catalogue()
    readings = catalogue.all_readings()
    text = string.Template(pathlib.Path(template).read_text(encoding="utf-8")).substitute(
        value_types=value_types(),
        rows="\n".join(map(row, readings)),
        declarations="\n".join(prototype(name) + ";" for name in catalogue.readings),
        lookups="\n".join(lookup(reading) for reading in readings if reading.kind in ("map", "string_map")),
        checks=checks(catalogue),
        events="\n".join(map(event, catalogue.model.events)),
    )
    pathlib.Path(output).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
