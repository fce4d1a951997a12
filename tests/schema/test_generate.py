# SPDX-License-Identifier: LGPL-2.1-or-later
"""The generator: its output for a tiny schema is kept in golden/, and stays in house style.

DGW_UPDATE_GOLDEN=1 writes the golden files anew.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SCHEMA = ROOT / "dgw" / "schema"
sys.path.insert(0, str(SCHEMA))
sys.dont_write_bytecode = True

import generate
import layout
import model as schema

GOLDEN = (
    "dgw-protocol-enums.h",
    "dgw-event-table-private.c",
    "dgw-protocol-table-private.c",
    "dgw-enums.h",
    "dgw-enums.c",
    "dgw-entity-types.h",
    "dgw-entities-chest.h",
    "dgw-entities-chest.c",
    "dgw-entities-house.c",
    "dgw-entities-room.c",
    "dgw-event-payload-private.c",
    "dgw-event-signals.c",
)
# Of the real schema, to see what a change of the generator does to it.
REAL = ("dgw-entities-session.h", "dgw-entities-session.c")


class Output(unittest.TestCase):
    maxDiff = None

    def compare(self, outputs, names, folder):
        for name in names:
            path = folder / name
            if "DGW_UPDATE_GOLDEN" in os.environ:
                path.write_text(outputs[name], encoding="utf-8")
            self.assertEqual(outputs[name], path.read_text(encoding="utf-8"), name)

    def test_golden(self):
        outputs = generate.render(schema.load(HERE / "fixture"), SCHEMA / "templates")
        self.compare(outputs, GOLDEN, HERE / "golden")

    def test_golden_of_a_real_family(self):
        outputs = generate.render(schema.load(SCHEMA), SCHEMA / "templates")
        self.compare(outputs, REAL, HERE / "golden" / "real")

    def test_same_every_time(self):
        once = generate.render(schema.load(SCHEMA), SCHEMA / "templates")
        self.assertEqual(once, generate.render(schema.load(SCHEMA), SCHEMA / "templates"))

    @unittest.skipUnless(shutil.which("clang-format-14"), "clang-format-14 is not installed")
    def test_house_style(self):
        style = f"--style=file:{ROOT / '.clang-format'}"
        for name, text in generate.render(schema.load(SCHEMA), SCHEMA / "templates").items():
            command = ["clang-format-14", style, f"--assume-filename={name}"]
            formatted = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
            self.assertEqual(text, formatted.stdout, name)


class Parts(unittest.TestCase):
    def test_table_columns(self):
        self.assertEqual(layout.table_rows([("1", "22", "3"), ("11", "2", "33")]), "  {1,  22, 3 },\n  {11, 2,  33},")

    def test_docs_are_wrapped(self):
        lines = layout.member_docs([("A", "word " * 40)]).splitlines()
        self.assertGreater(len(lines), 1)
        self.assertTrue(all(len(line) <= layout.WIDTH for line in lines))
        self.assertTrue(lines[0].startswith(" * @A: word") and lines[1].startswith(" *   word"))


class Program(unittest.TestCase):
    def run_it(self, folder):
        output = tempfile.TemporaryDirectory()
        self.addCleanup(output.cleanup)
        command = [sys.executable, "-B", str(SCHEMA / "generate.py"), str(folder), output.name]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        return result, sorted(os.listdir(output.name))

    def test_writes_every_output(self):
        result, names = self.run_it(SCHEMA)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(names, sorted(generate.render(schema.load(SCHEMA), SCHEMA / "templates")))

    def test_what_stays_the_same_keeps_its_time(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.h"
            generate.write_if_changed(path, "one")
            os.utime(path, (1, 1))
            generate.write_if_changed(path, "one")
            self.assertEqual(path.stat().st_mtime, 1)
            generate.write_if_changed(path, "two")
            self.assertEqual(path.read_text(encoding="utf-8"), "two")
            self.assertGreater(path.stat().st_mtime, 1)

    def test_mistake_fails(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(HERE / "fixture", folder, dirs_exist_ok=True)
            with open(pathlib.Path(folder) / "events.toml", "a", encoding="utf-8") as events:
                events.write("colour = 1\n")
            result, names = self.run_it(folder)
        self.assertEqual(result.returncode, 1)
        self.assertIn("events.toml:31: [LID_MOVED] unknown key 'colour'", result.stderr)
        self.assertEqual(names, [])


if __name__ == "__main__":
    unittest.main()
