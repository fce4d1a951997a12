#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Makes payloads from the catalogue, for each event and each object: payloads.py OUTPUT CAPTURED...

One line each: what it is, the event's name, the text of `d`; tabs between. Every value is one that no other
field of the payload has, as far as its type allows, so that fields that are mixed up show.
"""

import json
import pathlib
import sys

from catalogue import FITTING, JSON_KINDS, VITAL, Catalogue
from values import EDGES, N_EDGES, ODD, Raw, Values

N_ALL = 6  # boolean fields of one object get the bits of their number, one bit for each payload
DEPTH = 2
STRANGERS = {"": 1, "Id": "x", "id ": "x", "unknown_key": {"id": "5", "deeper": [None, {"id": 6}]}, "ünknown": [1.5]}
WRONG = {
    "boolean": True,
    "number": 3,
    "string": "wrong",
    "array": ["wrong", 7, {"id": "8"}],
    "object": {"id": "wrong", "name": "wrong", "0": "wrong"},
}
NO_OBJECTS = (None, True, 5, "text", [], [{"id": "5"}])


class Maker:
    """Objects of the catalogue, filled in several ways."""

    def __init__(self, catalogue):
        self.catalogue = catalogue

    def objects(self, item, version, depth, fields=None):
        """All fields, or those of `fields`; the objects in them down to `depth`."""
        values = Values(self.catalogue, version, lambda name: self.nested(name, version, depth))
        return {field.name: values.of(item, field) for field in fields or item.fields}

    def nested(self, name, version, depth):
        item = self.catalogue.objects[name]
        if depth > 0:
            return self.objects(item, version, depth - 1)
        plain = [field for field in item.fields if field.parsed_type.leaf.kind != "object"]
        return self.objects(item, version, 0, plain) if plain else {}

    def narrow(self, item):
        """All fields, and in the objects in them one."""
        return {name: one_field(value) for name, value in self.objects(item, 1, 0).items()}

    def required(self, item):
        fields = [field for field in item.fields if field.in_all_variants or not field.optional]
        values = Values(self.catalogue, 0, lambda name: self.required(self.catalogue.objects[name]))
        return {field.name: values.of(item, field) for field in fields}

    def nulls(self, item):
        made = self.objects(item, 0, 0)
        return made | {field.name: None for field in item.fields if field.nullable}

    def variant(self, item, name):
        """As it is with one value of the discriminator, which is `name`'s or unknown."""
        field = item.field(item.discriminator)
        enum = self.catalogue.enums[field.parsed_type.name]
        number = next((member.value for member in enum.members if member.name == name), 9999)
        names = item.variant_fields(name) if name in item.variants else [other.name for other in item.fields]
        made = self.objects(item, 1, 0, [other for other in item.fields if other.name in names])
        return made | {field.name: number}

    def edges(self, item, number):
        values = Values(self.catalogue, 0, lambda name: {})
        made = {}
        for field in item.fields:
            edges = EDGES[self.catalogue.kind_of(field)]
            made[field.name] = edges[number % len(edges)] if edges else values.of(item, field)
        return made


def one_field(value):
    if isinstance(value, list):
        return [one_field(part) for part in value]
    return dict(list(value.items())[:1]) if isinstance(value, dict) else value


def wrong_values(catalogue, item):
    """Each field with each kind of JSON that it should not have."""
    for field in item.fields:
        kind = catalogue.kind_of(field)
        for json_kind in JSON_KINDS:
            if json_kind not in FITTING[kind] and (item.name, field.name) != VITAL:
                yield field, json_kind, WRONG[json_kind]


def object_payloads(catalogue, maker, item):
    """What and the object."""
    for version in range(N_ALL):
        yield f"all-{version}", maker.objects(item, version, DEPTH if version == 0 else 1)
    yield "required", maker.required(item)
    yield "empty", {}
    yield "nulls", maker.nulls(item)
    yield "all-null", {field.name: None for field in item.fields}
    for field in item.fields:
        yield f"only {field.name}", maker.objects(item, 0, 0, [field])
    for number in range(N_EDGES):
        yield f"edge-{number}", maker.edges(item, number)
    if item.discriminator:
        enum = catalogue.enums[item.field(item.discriminator).parsed_type.name]
        for name in [*(member.name for member in enum.members), "of-tomorrow"]:
            yield f"variant {name}", maker.variant(item, name)
    yield "extras", STRANGERS | maker.objects(item, 0, 0) | {"zzz": STRANGERS}
    for field, json_kind, value in wrong_values(catalogue, item):
        yield f"wrong {field.name} {json_kind}", maker.narrow(item) | {field.name: value}
    for number, value in enumerate(ODD):
        fields = [field for field in item.fields if field.parsed_type.kind in ("string", "int64", "double", "raw", "flags")]
        if fields and (item.name, fields[0].name) != VITAL:
            yield f"odd-{number}", {field.name: value for field in fields if (item.name, field.name) != VITAL}


def wrap(fields, made):
    """The object at the end of a way of fields."""
    for field in reversed(fields):
        container = field.parsed_type.kind
        made = {field.name: [made] if container == "array" else {"1": made} if container == "map" else made}
    return made


def completed(event, made):
    """READY without a session is no event."""
    if event == "READY" and not (isinstance(made.get("session_id"), (str, Raw)) and made.get("session_id")):
        return made | {"session_id": "session"}
    return made


def to_text(value):
    """JSON, with the texts of Raw as they are."""
    if isinstance(value, Raw):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(f"{to_text(key)}:{to_text(part)}" for key, part in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(to_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def payloads(catalogue):
    maker = Maker(catalogue)
    paths = catalogue.paths()
    for name, (event, fields) in paths.items():
        for what, made in object_payloads(catalogue, maker, catalogue.objects[name]):
            yield f"{name} {what}", event, completed(event, wrap(fields, made))
    for event in catalogue.model.events:
        item = catalogue.objects.get(event.payload)
        if item:
            yield "event all", event.name, completed(event.name, maker.objects(item, 3, DEPTH))
        if event.payload_alternative:
            other = catalogue.objects[event.payload_alternative]
            yield "event alternative", event.name, maker.objects(other, 0, DEPTH)
        for value in NO_OBJECTS if event.name != "READY" else ():
            yield "event no-object", event.name, value


def captured(paths):
    for path in paths:
        for number, payload in enumerate(json.loads(pathlib.Path(path).read_text(encoding="utf-8"))):
            if payload["op"] == 0:
                yield f"captured {pathlib.Path(path).stem} {number}", payload["t"], payload["d"]


def main(output, *paths):
    lines = []
    for what, event, data in [*payloads(Catalogue()), *captured(paths)]:
        lines.append(f"{what}\t{event}\t{to_text(data)}\n")
    pathlib.Path(output).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
