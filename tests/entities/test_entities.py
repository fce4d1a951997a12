#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every payload of a file goes through a socket to Python, and there every field is read: test_entities.py FILE"""

import collections
import json
import os
import sys
import unittest

FOLDER = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(FOLDER, "..", "bindings"))

import bindings
from bindings import Dgw, DgwTesting, Json, call, wait_until
from catalogue import FITTING, Catalogue
from gi.repository import Gio
from python_oracle import EXPECTED, MISSING, plain_node, plain_strings, plain_time, plain_variant

N_AT_ONCE = 64
MAX_MESSAGES = 40
STATES = ("fitting", "wrong", "null", "absent")
JSON_KINDS = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
PLAIN = {
    "time": plain_time,
    "time_ms": plain_time,
    "ints": plain_variant,
    "string_map": plain_variant,
    "node": lambda node: plain_node(node, Json.to_string),
    "strings": plain_strings,
}


def kind_of(what):
    """`wrong` of `User wrong id array`, `edge` of `User edge-3`."""
    first, second = what.split()[:2]
    return first if first in ("event", "captured") else second.partition("-")[0] if second[-1].isdigit() else second


class Reader:
    """Reads entities and counts."""

    def __init__(self, catalogue):
        self.catalogue = catalogue
        self.seen = {(reading.owner, reading.name): set() for reading in catalogue.all_readings()}
        self.n_checks = 0
        self.failures = []
        self.what = ""
        self.compare = {"object": self.compare_objects, "list": self.compare_lists, "map": self.compare_maps}

    def expect(self, expected, got, *what):
        self.n_checks += 1
        if expected != got or type(expected) is bool and type(got) is not bool:
            self.failures.append(f"{self.what}: {'.'.join(what)} is {got!r}, and by json {expected!r}")

    def note(self, reading, value):
        state = "absent" if value is MISSING else "null"
        if value is not MISSING and value is not None:
            state = "fitting" if JSON_KINDS[type(value)] in FITTING[reading.kind] else "wrong"
        self.seen[reading.owner, reading.name].add(state)

    def read(self, entity, name, value):
        """All fields of an entity against the object that it came from."""
        self.expect(name, type(entity).__name__, "class")
        if type(entity).__name__ != name:
            return
        for reading in self.catalogue.readings[name]:
            part = value.get(reading.key, MISSING)
            self.note(reading, part)
            got = getattr(entity, reading.getter)()
            by_property = getattr(entity, reading.name)
            compare = self.compare.get(reading.kind)
            if compare:
                self.expect(True, got is by_property, name, reading.name, "property")
                compare(entity, reading, part, got)
            else:
                self.compare_values(reading, part, got, by_property)

    def compare_values(self, reading, value, got, by_property):
        expected = EXPECTED[reading.kind](value, reading.missing)
        plain = PLAIN.get(reading.kind)
        if plain:
            got, by_property = plain(got), plain(by_property)
        self.expect(expected, got, reading.owner, reading.getter)
        self.expect(expected, by_property, reading.owner, reading.name)

    def compare_objects(self, entity, reading, value, got):
        self.expect(isinstance(value, dict), got is not None, reading.owner, reading.name)
        if isinstance(value, dict) and got is not None:
            self.read(got, reading.item, value)

    def compare_items(self, reading, values, got):
        items = [got.get_item(i) for i in range(got.get_n_items())]
        self.expect(len(values), len(items), reading.owner, reading.name, "length")
        for value, item in zip(values, items):
            self.read(item, reading.item, value)
        return items

    def compare_lists(self, entity, reading, value, got):
        self.expect(isinstance(value, list), isinstance(got, Gio.ListModel), reading.owner, reading.name)
        if isinstance(value, list) and got is not None:
            self.compare_items(reading, [part for part in value if isinstance(part, dict)], got)

    def compare_maps(self, entity, reading, value, got):
        self.expect(isinstance(value, dict), isinstance(got, Gio.ListModel), reading.owner, reading.name)
        keys = plain_strings(getattr(entity, f"dup_{reading.name}_keys")())
        if not isinstance(value, dict) or got is None:
            self.expect([], keys, reading.owner, reading.name, "keys")
            return
        values = {key: part for key, part in value.items() if isinstance(part, dict)}
        self.expect(list(values), keys, reading.owner, reading.name, "keys")
        items = self.compare_items(reading, list(values.values()), got)
        for key, item in zip(keys, items):
            found = getattr(entity, f"lookup_{reading.name}")(key)
            self.expect(True, found is item, reading.owner, reading.name, key)

    def gaps(self):
        """Fields that were never read in one of the states that they can be in."""
        for reading in self.catalogue.all_readings():
            missing = set(STATES) - self.seen[reading.owner, reading.name]
            if not reading.can_be_wrong:
                missing.discard("wrong")
            if reading.is_vital:
                missing &= {"fitting"}
            for state in sorted(missing):
                yield f"{reading.owner}.{reading.name} was never read when {state}"


class EntityTest(bindings.Case):
    def setUp(self):
        self.catalogue = Catalogue()
        self.payload_of = {event.name: event.payload for event in self.catalogue.model.events}
        self.reader = Reader(self.catalogue)
        with open(PATH, encoding="utf-8") as file:
            self.payloads = [line.rstrip("\n").split("\t") for line in file]
        self.n_heard = 0
        self.n_typed = 0
        self.is_due = False
        self.entity = None
        self.simulator = DgwTesting.Simulator.new()
        call(self.simulator, "start")
        self.gateway = self.make_gateway(self.simulator.props.url, Dgw.Intents.ALL)
        call(self.gateway, "open")

    def on_event(self, gateway, event):
        what, name, data = self.payloads[self.n_heard]
        self.reader.what = what
        self.reader.expect(False, self.is_due, "the signal before")
        self.reader.expect(name, event.get_name(), "name")
        self.n_heard += 1
        self.is_due = data.startswith("{") or name == "RESUMED"
        self.entity = event if name == "RESUMED" else event.get_entity()

    def on_typed(self, gateway, entity, event):
        what, name, data = self.payloads[self.n_heard - 1]
        self.n_typed += 1
        self.reader.expect(True, self.is_due, "turn")
        self.reader.expect(name, event.name, "signal")
        self.reader.expect(True, entity is self.entity, "data")
        self.is_due = False
        if event.payload:
            self.reader.read(entity, event.payload, json.loads(data))

    def send_all(self):
        for number, (_, name, data) in enumerate(self.payloads):
            self.simulator.dispatch_text(name, data)
            if self.n_heard + N_AT_ONCE <= number:
                wait_until(lambda: self.n_heard + N_AT_ONCE > number, "events")
        wait_until(lambda: self.n_heard == len(self.payloads), "the last event")

    def test_fields(self):
        for event in self.catalogue.model.events:
            self.gateway.connect(f"event::{event.name}", self.on_event)
            self.gateway.connect(event.signal, self.on_typed, event)
        self.send_all()
        call(self.gateway, "close")
        call(self.simulator, "stop")

        reader = self.reader
        for failure in reader.failures[:MAX_MESSAGES]:
            print("#", failure)
        kinds = collections.Counter(kind_of(what) for what, _, _ in self.payloads)
        print("#", ", ".join(f"{kind} {number}" for kind, number in kinds.items()))
        print(f"# payloads: {self.n_heard}, typed signals: {self.n_typed}, fields: {len(reader.seen)}")
        print(f"# checks: {reader.n_checks}, failures: {len(reader.failures)}")
        self.assertEqual(reader.failures[:1], [])
        self.assertEqual(list(reader.gaps()), [])


PATH = sys.argv.pop(1)

if __name__ == "__main__":
    unittest.main(verbosity=2)
