# SPDX-License-Identifier: LGPL-2.1-or-later
"""Names in C and in bindings: how they are made, and that none is in use twice."""

import pathlib
import unittest

from schema_case import SCHEMA, SpoiltSchema, schema

import names

CHEST = "objects/chest.toml"
HOUSE = "objects/house.toml"


class Spelling(unittest.TestCase):
    def test_snake(self):
        for name, snake in (
            ("VoiceState", "voice_state"),
            ("GuildMFALevel", "guild_mfa_level"),
            ("RecurrenceRuleNWeekday", "recurrence_rule_n_weekday"),
            ("OAuth2Scopes", "oauth2_scopes"),
            ("URL", "url"),
        ):
            self.assertEqual(names.snake(name), snake)

    def test_phrase(self):
        self.assertEqual(names.phrase("VoiceState"), "a voice state")
        self.assertEqual(names.phrase("AuditLogEntry"), "an audit log entry")
        self.assertEqual(names.phrase("User"), "a user")


class Methods(SpoiltSchema):
    def test_getter_of_another_name(self):
        self.spoil(HOUSE, "rail = {", "type = {")
        self.spoil(HOUSE, '["rail"]', '["type"]')
        self.assert_refused("objects/house.toml:17: [Door.fields] type: 'get_kind' is kind's already")

    def test_function_of_a_type(self):
        self.spoil(CHEST, "weight =", "lid_get_type =")
        self.assert_refused("objects/chest.toml:15: [Chest.fields] lid_get_type:", "reads as the function of a GType")

    def test_getter_is_taken(self):
        self.spoil(CHEST, "weight =", "qdata =")
        self.assert_refused("objects/chest.toml:15: [Chest.fields] qdata: 'get_qdata' hides")

    def test_property_is_taken(self):
        self.spoil(CHEST, "weight =", "notify =")
        self.assert_refused("objects/chest.toml:15: [Chest.fields] notify: 'notify' hides")

    def test_method_of_the_base_class(self):
        self.spoil(CHEST, "weight =", "event_guild_id =")
        self.assert_refused("[Chest.fields] event_guild_id: 'get_event_guild_id' hides")

    def test_string_form_of_flags(self):
        self.spoil(HOUSE, "hinges =", "marks_string =")
        self.spoil(HOUSE, '["hinges"]', '["marks_string"]')
        self.assert_refused("objects/house.toml:18: [Door.fields] marks_string: property 'marks-string' is marks's already")

    def test_type_without_accessor(self):
        self.spoil(CHEST, "map-of object:Chest", "map-of double")
        self.assert_refused("objects/chest.toml:19: [Chest.fields] chests: there is no accessor for map-of double")


class Types(SpoiltSchema):
    def write_header(self, text):
        layer = self.folder.parent / "values"
        layer.mkdir()
        (layer / "dgw-chest.h").write_text(text, encoding="utf-8")

    def test_same_in_c(self):
        self.spoil(CHEST, "[Chest]", "[COLOUR]")
        self.spoil(CHEST, "[Chest.fields]", "[COLOUR.fields]")
        self.spoil(CHEST, "object:Chest", "object:COLOUR")
        self.spoil("events.toml", '"Chest"', '"COLOUR"')
        self.assert_refused("objects/chest.toml:3: [COLOUR] DGW_TYPE_COLOUR is in use by Colour")

    def test_handwritten_class(self):
        self.write_header("#define DGW_TYPE_CHEST (dgw_chest_get_type ())\n")
        self.assert_refused("objects/chest.toml:3: [Chest] DGW_TYPE_CHEST is in use by values/dgw-chest.h")

    def test_handwritten_struct(self):
        self.write_header("typedef struct\n{\n  int size;\n} DgwChest;\n")
        self.assert_refused("objects/chest.toml:3: [Chest] DGW_TYPE_CHEST is in use by values/dgw-chest.h")

    def test_handwritten_constant(self):
        self.write_header('#define DGW_COLOUR_RED "red"\n')
        self.assert_refused("enums.toml:17: [Colour.members] RED: DGW_COLOUR_RED is in use by values/dgw-chest.h")

    def test_same_constant(self):
        with open(self.folder / "enums.toml", "a", encoding="utf-8") as enums:
            enums.write('\n[DOOR]\nkind = "string"\ndoc = "Doors."\n\n[DOOR.members]\nKIND_HINGED = { value = "x", doc = "X." }\n')
        self.assert_refused("enums.toml:24: [DOOR.members] KIND_HINGED: DGW_DOOR_KIND_HINGED is in use by DoorKind.HINGED")

    def test_since(self):
        self.spoil(CHEST, 'since = "0.2"', 'since = "soon"')
        self.assert_refused("objects/chest.toml:6: [Chest] since is no release")
        self.spoil(CHEST, 'since = "soon"', 'since = "0.2"')
        self.spoil(CHEST, 'since = "0.3"', 'since = "3"')
        self.assert_refused("objects/chest.toml:10: [Chest.fields] data: since is no release")
        self.spoil("flags.toml", 'since = "0.10"', 'since = "v1"')
        self.assert_refused("flags.toml:8: [DoorMarks.members] PAINTED: since is no release")


class Catalogue(unittest.TestCase):
    def test_handwritten_types_are_found(self):
        found = names.handwritten(SCHEMA)
        self.assertEqual(found["DGW_TYPE_EVENT"], "values/dgw-event.h")
        self.assertEqual(found["DGW_TYPE_FIELD"], "values/dgw-entity-private.h")
        self.assertEqual(found["DGW_TYPE_STATUS"], "base/dgw-status.h")

    def test_names_of_bindings_are_shared(self):
        """The lint over the GIR looks for the same."""
        lint = pathlib.Path(__file__).resolve().parent.parent / "lint" / "check-names"
        self.assertIn("from names import KEYWORDS, TAKEN", lint.read_text(encoding="utf-8"))

    def test_renamed_getters(self):
        """No more fields than those of the design have a getter of another name."""
        fields = {field.name for item in schema.load(SCHEMA).objects for field in item.fields}
        self.assertEqual({name for name in fields if names.getter(name) != f"get_{name}"}, {"type", "data"})


if __name__ == "__main__":
    unittest.main()
