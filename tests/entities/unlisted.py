#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Lists the keys of captured payloads that the catalogue lacks, for the documentation.

unlisted.py --check|--write PAGE CAPTURED...

The rows of the table in PAGE are what this prints; what is known of a key stands in unlisted.toml.
"""

import json
import pathlib
import sys
import tomllib

from catalogue import Catalogue

NOTES = pathlib.Path(__file__).with_name("unlisted.toml")
UNKNOWN = "Unknown."


class Finder:
    def __init__(self, catalogue):
        self.catalogue = catalogue
        self.payload_of = {event.name: event.payload for event in catalogue.model.events}
        self.found = {}

    def look_into(self, name, value, event):
        item = self.catalogue.objects[name]
        for key, part in value.items():
            field = item.field(key)
            if field is None:
                self.found.setdefault((name, key), set()).add(event)
            elif field.parsed_type.leaf.kind == "object":
                self.look_into_parts(field.parsed_type, part, event)

    def look_into_parts(self, shape, value, event):
        values = [value]
        if shape.kind == "array":
            values = value if isinstance(value, list) else []
        elif shape.kind == "map":
            values = value.values() if isinstance(value, dict) else []
        for part in values:
            if isinstance(part, dict):
                self.look_into(shape.leaf.name, part, event)

    def look_into_file(self, path):
        for payload in json.loads(pathlib.Path(path).read_text(encoding="utf-8")):
            if payload["op"] == 0:
                self.look_into(self.payload_of[payload["t"]], payload["d"], payload["t"])


def rows(found, notes):
    lines = []
    for (name, key), events in sorted(found.items()):
        note = notes.get(name, {}).get(key, UNKNOWN)
        lines.append(f"| [class@{name}] | `{key}` | {', '.join(f'`{event}`' for event in sorted(events))} | {note} |")
    return lines


def superfluous(found, notes):
    return [f"{name}.{key}" for name, keys in notes.items() for key in keys if (name, key) not in found]


def main(mode, page, *captured):
    finder = Finder(Catalogue())
    for path in captured:
        finder.look_into_file(path)
    notes = tomllib.loads(NOTES.read_text(encoding="utf-8"))
    lines = rows(finder.found, notes)
    text = pathlib.Path(page).read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(text) if line.startswith("| object | key |")) + 2
    end = next((number for number in range(start, len(text)) if not text[number].startswith("|")), len(text))
    if superfluous(finder.found, notes):
        return f"{NOTES.name}: no payload has {', '.join(superfluous(finder.found, notes))}"
    if mode == "--write":
        text[start:end] = lines
        pathlib.Path(page).write_text("\n".join(text) + "\n", encoding="utf-8")
    elif text[start:end] != lines:
        odd = sorted(set(text[start:end]) ^ set(lines))
        return f"{page} is not up to date (unlisted.py --write): {odd[0] if odd else 'the order'}"
    print(f"# {len(lines)} keys that the catalogue lacks")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
