# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the entities know of the catalogue, from its fields alone.

The names and kinds are worked out here once more, from the rules in doc/design/schema.md and not by the
generator's own code: where the two differ, a test fails.
"""

import dataclasses
import os
import re
import sys

TOP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
SCHEMA = os.path.join(TOP, "dgw", "schema")
sys.path.insert(0, SCHEMA)

import model as schema

# Getters that would hide a method of GObject's, or read as the function of a type.
RENAMED = {"type": "get_kind", "data": "get_entity"}
SCALAR_KINDS = {
    "string": "string",
    "int": "int",
    "int64": "int64",
    "double": "double",
    "boolean": "boolean",
    "timestamp": "time",
    "unix_ms": "time_ms",
    "raw": "node",
    "object": "object",
}
# JSON kinds, and those that a value of a kind of field may have; all others read as missing.
JSON_KINDS = ("boolean", "number", "string", "array", "object")
FITTING = {
    "string": ("string",),
    "id": ("string", "number"),
    "int": ("number",),
    "int64": ("number",),
    "double": ("number",),
    "boolean": ("boolean",),
    "presence": ("boolean",),
    "uint": ("number",),
    "uint64": ("number", "string"),
    "time": ("string",),
    "time_ms": ("number",),
    "object": ("object",),
    "list": ("array",),
    "strings": ("array",),
    "ints": ("array",),
    "map": ("object",),
    "string_map": ("object",),
    "node": JSON_KINDS,
}
# READY without it is a protocol error, and so never an event.
VITAL = ("ReadyEvent", "session_id")


def snake(name):
    """`GuildMember` as guild_member, `RecurrenceRuleNWeekday` as recurrence_rule_n_weekday."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


@dataclasses.dataclass(frozen=True)
class Reading:
    """One getter and one property: a field, or its string form."""

    owner: str
    field: object
    kind: str
    name: str
    missing: int = 0

    @property
    def key(self):
        return self.field.name

    @property
    def property_name(self):
        return self.name.replace("_", "-")

    @property
    def getter(self):
        return RENAMED.get(self.name, f"get_{self.name}")

    @property
    def item(self):
        leaf = self.field.parsed_type.leaf
        return leaf.name if leaf.kind == "object" else None

    @property
    def is_vital(self):
        return (self.owner, self.key) == VITAL

    @property
    def can_be_wrong(self):
        return self.kind != "node" and not self.is_vital


class Catalogue:
    def __init__(self, folder=SCHEMA):
        self.model = schema.load(folder)
        self.objects = {item.name: item for item in self.model.objects}
        self.enums = {enum.name: enum for enum in self.model.enums}
        self.flags = {flags.name: flags for flags in self.model.flags}
        self.readings = {item.name: self._readings_of(item) for item in self.model.objects}

    def is_text_enum(self, shape):
        return shape.kind == "enum" and shape.name in self.enums and self.enums[shape.name].kind == "string"

    def is_wide(self, field):
        flags = self.flags.get(field.parsed_type.name)
        return (field.width or (flags.width if flags else 32)) == 64

    def is_text_flags(self, field):
        flags = self.flags.get(field.parsed_type.name)
        return (field.wire or (flags.wire if flags else "number")) == "string"

    def kind_of(self, field):
        shape = field.parsed_type
        if shape.kind == "snowflake":
            return "id" if "number" in field.json else "string"
        if field.presence_means_true:
            return "presence"
        if shape.kind == "flags":
            return "uint64" if self.is_wide(field) else "uint"
        if shape.kind == "enum":
            return "string" if self.is_text_enum(shape) else "int"
        if shape.kind in SCALAR_KINDS:
            return SCALAR_KINDS[shape.kind]
        item = shape.item
        if item.kind == "object":
            return "list" if shape.kind == "array" else "map"
        if shape.kind == "map":
            return "string_map"
        if item.kind == "raw":
            return "node"
        return "strings" if item.kind in ("string", "snowflake") or self.is_text_enum(item) else "ints"

    def _readings_of(self, item):
        readings = []
        for field in item.fields:
            kind = self.kind_of(field)
            signed = kind in ("int", "int64", "double")
            missing = -1 if signed and (field.optional or field.nullable) else 0
            readings.append(Reading(item.name, field, kind, field.name, missing))
            if field.parsed_type.kind == "flags" and self.is_text_flags(field):
                readings.append(Reading(item.name, field, "string", f"{field.name}_string"))
        return tuple(readings)

    def all_readings(self):
        return [reading for readings in self.readings.values() for reading in readings]

    def paths(self):
        """For each object the shortest way to it: an event and the fields to go through."""
        found = {}
        queue = []
        for event in self.model.events:
            if event.payload and event.payload not in found:
                found[event.payload] = (event.name, ())
                queue.append(event.payload)
        for name in queue:
            event, fields = found[name]
            for field in self.objects[name].fields:
                leaf = field.parsed_type.leaf
                if leaf.kind == "object" and leaf.name not in found:
                    found[leaf.name] = (event, (*fields, field))
                    queue.append(leaf.name)
        return found
