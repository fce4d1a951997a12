# SPDX-License-Identifier: LGPL-2.1-or-later
"""A copy of the small schema in fixture/, to be spoilt and then refused."""

import pathlib
import shutil
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
SCHEMA = HERE.parent.parent / "dgw" / "schema"
sys.path.insert(0, str(SCHEMA))
sys.dont_write_bytecode = True

import model as schema


class SpoiltSchema(unittest.TestCase):
    def setUp(self):
        parent = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, parent)
        self.folder = pathlib.Path(shutil.copytree(HERE / "fixture", pathlib.Path(parent) / "schema"))

    def spoil(self, name, old, new):
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def assert_refused(self, *parts):
        with self.assertRaises(schema.SchemaError) as caught:
            schema.load(self.folder)
        for part in parts:
            self.assertIn(part, str(caught.exception))
