# SPDX-License-Identifier: LGPL-2.1-or-later
"""The pages on the families: those of a tiny schema are kept in golden/, those of the real one name everything once.

DGW_UPDATE_GOLDEN=1 writes the golden files anew.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest

from schema_case import HERE, SCHEMA, SpoiltSchema

import generate_pages
import model as schema
from families import load_families

GOLDEN = ("catalogue.md", "family-chest.md", "family-house.md", "family-room.md")
FAMILIES = "families.toml"


def render(folder):
    model = schema.load(folder)
    return generate_pages.render(model, load_families(folder, model), SCHEMA / "templates")


class Output(unittest.TestCase):
    maxDiff = None

    def test_golden(self):
        pages = render(HERE / "fixture")
        self.assertEqual(sorted(pages), sorted(GOLDEN))
        for name in GOLDEN:
            path = HERE / "golden" / name
            if "DGW_UPDATE_GOLDEN" in os.environ:
                path.write_text(pages[name], encoding="utf-8")
            self.assertEqual(pages[name], path.read_text(encoding="utf-8"), name)

    def test_every_event_and_object_has_one_row(self):
        model = schema.load(SCHEMA)
        pages = render(SCHEMA)
        families = "".join(text for name, text in pages.items() if name.startswith("family-"))
        signals = re.findall(r"^\| \[[a-z-]+\]\[signal@Gateway::([a-z-]+)\]", families, re.MULTILINE)
        classes = re.findall(r"^\| \[class@(\w+)\]", families, re.MULTILINE)
        self.assertEqual(sorted(signals), sorted(event.signal for event in model.events))
        self.assertEqual(sorted(classes), sorted(item.name for item in model.objects))

    def test_catalogue_names_every_event(self):
        catalogue = render(SCHEMA)["catalogue.md"]
        for event in schema.load(SCHEMA).events:
            self.assertIn(f"signal@Gateway::{event.signal}]", catalogue)

    def test_links_between_pages(self):
        pages = render(SCHEMA)
        for name, text in pages.items():
            for target in re.findall(r"\]\(((?:family-|catalogue)[^)]*)\.html\)", text):
                self.assertIn(f"{target}.md", pages, name)

    def test_tables_are_even(self):
        for name, text in render(SCHEMA).items():
            for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
                self.assertEqual(len({line.count(" | ") for line in table.splitlines()}), 1, name)


class Families(SpoiltSchema):
    def assert_refused(self, *parts):
        with self.assertRaises(schema.SchemaError) as caught:
            load_families(self.folder, schema.load(self.folder))
        for part in parts:
            self.assertIn(part, str(caught.exception))

    def test_unknown_family(self):
        self.spoil(FAMILIES, "[room]", "[garden]")
        self.assert_refused("families.toml:12: [garden] has no file in objects/")

    def test_missing_family(self):
        self.spoil(FAMILIES, '[room]\ntitle = "Rooms"\ndoc = "What is within a house."\n', "")
        self.assert_refused("families.toml", "the family of objects/room.toml is missing")

    def test_event_in_no_family(self):
        self.spoil(FAMILIES, 'events = ["AWAKE"]\n', "")
        self.assert_refused("AWAKE carries no object and is in no family")

    def test_event_with_an_object(self):
        self.spoil(FAMILIES, '["AWAKE"]', '["AWAKE", "DOOR_OPEN"]')
        self.assert_refused("families.toml:6: [house] 'events' names 'DOOR_OPEN'")

    def test_no_sentence(self):
        self.spoil(FAMILIES, "What is within a house.", "Rooms")
        self.assert_refused("[room] doc is no full sentence")


class Program(SpoiltSchema):
    def run_it(self):
        output = tempfile.TemporaryDirectory()
        self.addCleanup(output.cleanup)
        command = [sys.executable, "-B", str(SCHEMA / "generate_pages.py"), str(self.folder), output.name]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        return result, sorted(os.listdir(output.name))

    def setUp(self):
        super().setUp()
        (self.folder / "templates").symlink_to(SCHEMA / "templates")

    def test_writes_every_page(self):
        result, names = self.run_it()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertEqual(names, sorted(GOLDEN))

    def test_mistake_fails(self):
        self.spoil(FAMILIES, "[room]", "[garden]")
        result, names = self.run_it()
        self.assertEqual(result.returncode, 1)
        self.assertIn("families.toml:12: [garden]", result.stderr)
        self.assertEqual(names, [])


if __name__ == "__main__":
    unittest.main()
