# SPDX-License-Identifier: LGPL-2.1-or-later
"""Objects, enums and flags: what is read, and that each mistake is named with file and line."""

import re
import unittest

from schema_case import SCHEMA, SpoiltSchema, schema

import objects

HOUSE = "objects/house.toml"
ROOM = "objects/room.toml"


class Fixture(SpoiltSchema):
    def setUp(self):
        super().setUp()
        model = schema.load(self.folder)
        _, self.door, self.room = model.objects
        self.enums = {enum.name: enum for enum in model.enums}
        self.flags = {flags.name: flags for flags in model.flags}

    def test_objects(self):
        self.assertEqual((self.door.name, self.door.family, self.door.status), ("Door", "house", "released"))
        self.assertEqual((self.room.name, self.room.family, self.room.status), ("Room", "room", "draft"))
        self.assertEqual(self.door.page_url, "https://discord.com/developers/docs/house/door#door-object")
        self.assertIsNone(self.room.page_url)

    def test_fields(self):
        rail = self.door.field("rail")
        self.assertTrue(rail.optional and rail.nullable and not rail.in_all_variants)
        marks = self.door.field("marks")
        self.assertEqual((marks.wire, marks.width), ("string", 64))
        word = self.room.field("word")
        self.assertEqual((word.json, word.only_in), (("string", "number"), ("DOOR_OPEN",)))
        self.assertFalse(word.optional or word.nullable)

    def test_variants(self):
        self.assertEqual(self.door.variant_fields("SLIDING"), ("id", "kind", "marks", "rail", "rooms"))
        self.assertEqual(self.door.variant_fields("HINGED"), ("id", "kind", "marks", "hinges", "rooms"))

    def test_types(self):
        rooms = self.door.field("rooms").parsed_type
        self.assertEqual((rooms.kind, rooms.item.kind, rooms.leaf.name), ("array", "object", "Room"))
        nested = objects.parse_type("map-of array-of enum:Colour")
        self.assertEqual((nested.kind, nested.item.kind, nested.leaf.name), ("map", "array", "Colour"))

    def test_sets(self):
        hinged, sliding = self.enums["DoorKind"].members
        self.assertEqual((hinged.value, hinged.aliases, sliding.undocumented), (1, ("ORDINARY",), True))
        self.assertEqual(self.enums["Colour"].members[0].value, "red")
        self.assertEqual(self.flags["DoorMarks"].members[1].value, 32)
        self.assertEqual((self.flags["Permissions"].width, self.flags["Permissions"].wire), (64, "string"))


class ObjectMistakes(SpoiltSchema):
    def test_unknown_key(self):
        self.spoil(HOUSE, "union = true", "onion = true")
        self.assert_refused("objects/house.toml:6: [Door] unknown key 'onion'")

    def test_unknown_key_of_field(self):
        self.spoil(HOUSE, "nullable = true", "nulable = true")
        self.assert_refused("objects/house.toml:17: [Door.fields] rail: unknown key 'nulable'")

    def test_made_parts_are_no_keys(self):
        self.spoil(ROOM, 'status = "draft"', 'family = "house"')
        self.assert_refused("objects/room.toml:5: [Room] unknown key 'family'")

    def test_missing_doc(self):
        self.spoil(ROOM, 'doc = "A room."\n', "")
        self.assert_refused("objects/room.toml:3: [Room] 'doc' is missing")

    def test_missing_doc_of_field(self):
        self.spoil(ROOM, ', doc = "Name of the room."', "")
        self.assert_refused("objects/room.toml:8: [Room.fields] name: 'doc' is missing")

    def test_doc_is_a_sentence(self):
        self.spoil(ROOM, "Name of the room.", "the name")
        self.assert_refused("objects/room.toml:8: [Room.fields] name: doc is no full sentence")

    def test_missing_type(self):
        self.spoil(ROOM, 'type = "string", ', "")
        self.assert_refused("objects/room.toml:8: [Room.fields] name: 'type' is missing")

    def test_wrong_type_of_key(self):
        self.spoil(HOUSE, "length = 2", 'length = "2"')
        self.assert_refused("objects/house.toml:19: [Door.fields] rooms: 'length' has the wrong type")

    def test_object_without_fields(self):
        self.spoil(ROOM, "[Room.fields]", "[Room.feels]")
        self.assert_refused("objects/room.toml:3: [Room] 'fields' is missing or empty")

    def test_field_is_no_table(self):
        self.spoil(ROOM, '{ type = "string", doc = "Name of the room." }', '"string"')
        self.assert_refused("objects/room.toml:8: [Room.fields] name: is no table")

    def test_no_table(self):
        for name in (HOUSE, "enums.toml", "flags.toml"):
            with self.subTest(name):
                self.setUp()
                self.spoil(name, "\n[", "\nstray = 1\n\n[")
                self.assert_refused(name + ":", "[stray] is no table")

    def test_bad_names(self):
        self.spoil(ROOM, "built_at", "builtAt")
        self.assert_refused("objects/room.toml:9: [Room.fields] builtAt: is no name as on the wire")
        self.spoil(ROOM, "builtAt", "built_at")
        self.spoil(ROOM, "[Room]", "[a_room]")
        self.spoil(ROOM, "[Room.fields]", "[a_room.fields]")
        self.assert_refused("objects/room.toml:3: [a_room] is no name as on the wire")

    def test_duplicate_field(self):
        self.spoil(ROOM, "built_at", "name")
        self.assert_refused("objects/room.toml:9: ")

    def test_duplicate_object(self):
        self.spoil(ROOM, "[Room]", "[Door]")
        self.spoil(ROOM, "[Room.fields]", "[Door.fields]")
        self.assert_refused("objects/room.toml:3: [Door] stands in objects/house.toml already")

    def test_name_taken_by_another_kind(self):
        self.spoil("enums.toml", "[Colour]", "[Room]")
        self.spoil("enums.toml", "[Colour.members]", "[Room.members]")
        self.assert_refused("enums.toml:12: [Room] stands in objects/room.toml already")

    def test_name_taken_by_the_protocol(self):
        self.spoil("enums.toml", "[Colour]", "[Opcode]")
        self.spoil("enums.toml", "[Colour.members]", "[Opcode.members]")
        self.assert_refused("enums.toml:12: [Opcode] stands in protocol.toml already")

    def test_type_grammar(self):
        for bad in ("text", "array-of", "array-of text", "object", "object:room", "list:Room", "none", "array-ofstring", ""):
            with self.subTest(bad):
                self.setUp()
                self.spoil(ROOM, '"string"', f'"{bad}"')
                self.assert_refused("objects/room.toml:8: [Room.fields] name: ", "is no type")

    def test_dangling_references(self):
        for name, old, new, where in (
            (HOUSE, "object:Room", "object:Hall", "objects/house.toml:19: [Door.fields] rooms: object:Hall does not exist"),
            (HOUSE, "enum:DoorKind", "enum:DoorSort", "objects/house.toml:15: [Door.fields] kind: enum:DoorSort does not exist"),
            (HOUSE, "flags:DoorMarks", "flags:Room", "objects/house.toml:16: [Door.fields] marks: flags:Room does not exist"),
            (ROOM, "enum:DoorKind", "enum:Permissions", "objects/room.toml:10: [Room.fields] guests: enum:Permissions does not exist"),
            (ROOM, "DOOR_OPEN", "DOOR_LOST", "objects/room.toml:12: [Room.fields] word: 'only_in' names 'DOOR_LOST'"),
        ):
            with self.subTest(new):
                self.setUp()
                self.spoil(name, old, new)
                self.assert_refused(where)

    def test_types_of_the_protocol_exist(self):
        self.spoil(ROOM, '"string"', '"enum:Opcode"')
        schema.load(self.folder)

    def test_keys_that_do_not_apply(self):
        for key, wanted in (
            ('wire = "string"', "flags"),
            ("width = 64", "flags"),
            ('unit = "unix_s"', "int64"),
            ('keys = "enum:Colour"', "a map"),
            ("length = 2", "an array"),
            ('json = ["string"]', "raw or a snowflake"),
            ("partial = true", "an object"),
            ("presence_means_true = true", "boolean"),
        ):
            with self.subTest(key):
                self.setUp()
                self.spoil(ROOM, '"string", doc', f'"string", {key}, doc')
                self.assert_refused("objects/room.toml:8: [Room.fields] name: ", f"is for {wanted}, and this is string")

    def test_values_of_keys(self):
        for name, old, new in (
            (HOUSE, 'wire = "string"', 'wire = "pigeon"'),
            (HOUSE, "width = 64", "width = 53"),
            (ROOM, '"unix_s"', '"fortnights"'),
            (ROOM, '["string", "number"]', '["string", "smoke"]'),
            (ROOM, '"draft"', '"rumour"'),
            (ROOM, 'keys = "enum:DoorKind"', 'keys = "snowflake"'),
            (ROOM, "nullable = true, presence", "presence"),
            (HOUSE, "house/door#", "https://example.org/door#"),
        ):
            with self.subTest(new):
                self.setUp()
                self.spoil(name, old, new)
                self.assert_refused(name + ":")


class UnionMistakes(SpoiltSchema):
    def test_required_field(self):
        self.spoil(HOUSE, "optional = true, doc = \"How", 'doc = "How')
        self.assert_refused("objects/house.toml:18: [Door.fields] hinges: a field of a union is optional")

    def test_variants_without_union(self):
        self.spoil(HOUSE, "union = true\n", "")
        self.assert_refused("objects/house.toml:3: [Door] has variants and is no union")

    def test_variants_without_discriminator(self):
        self.spoil(HOUSE, 'discriminator = "kind"\n', "")
        self.assert_refused("objects/house.toml:3: [Door] has variants and no discriminator")

    def test_discriminator_is_an_enum(self):
        for name in ("sort", "rail"):
            with self.subTest(name):
                self.setUp()
                self.spoil(HOUSE, 'discriminator = "kind"', f'discriminator = "{name}"')
                self.assert_refused(f"objects/house.toml:7: [Door] discriminator '{name}' is no field that is an enum")

    def test_variants(self):
        for old, new, message in (
            ("SLIDING =", "FALLING =", "FALLING: is no member of enum:DoorKind"),
            ('["rail"]', '["track"]', "SLIDING: names 'track', which does not exist"),
            ('["rail"]', '["rail", "rail"]', "SLIDING: names a field twice"),
            ('["rail"]', '["id"]', "SLIDING: names 'id', which is in all variants"),
            ('["rail"]', '"rail"', "'SLIDING' is no list of names"),
        ):
            with self.subTest(new):
                self.setUp()
                self.spoil(HOUSE, old, new)
                self.assert_refused("objects/house.toml:10: [Door.variants] " + message)

    def test_variants_are_a_table(self):
        self.spoil(HOUSE, "[Door.variants]\nSLIDING", "variants = 1\n[Unused]\nSLIDING")
        self.assert_refused("objects/house.toml:9: [Door] 'variants' is no table")


class SetMistakes(SpoiltSchema):
    def test_unknown_keys(self):
        self.spoil("enums.toml", 'page = "house', 'pages = "house')
        self.assert_refused("enums.toml:6: [DoorKind] unknown key 'pages'")
        self.setUp()
        self.spoil("flags.toml", "bit = 5", "mask = 32")
        self.assert_refused("flags.toml:8: [DoorMarks.members] PAINTED: unknown key 'mask'")

    def test_missing_docs(self):
        self.spoil("enums.toml", ', doc = "Turns on hinges."', "")
        self.assert_refused("enums.toml:9: [DoorKind.members] HINGED: 'doc' is missing")
        self.setUp()
        self.spoil("flags.toml", 'doc = "Marks on a door."\n', "")
        self.assert_refused("flags.toml:3: [DoorMarks] 'doc' is missing")

    def test_no_members(self):
        self.spoil("enums.toml", 'RED = { value = "red", doc = "Red." }\n', "")
        self.assert_refused("enums.toml:12: [Colour] 'members' is missing or empty")

    def test_kinds_of_values(self):
        self.spoil("enums.toml", "value = 1", 'value = "1"')
        self.assert_refused("enums.toml:9: [DoorKind.members] HINGED: value is no int")
        self.setUp()
        self.spoil("enums.toml", '"red"', "1")
        self.assert_refused("enums.toml:17: [Colour.members] RED: value is no string")
        self.setUp()
        self.spoil("enums.toml", 'kind = "string"', 'kind = "shape"')
        self.assert_refused("enums.toml:13: [Colour] 'kind' is none of int, string")

    def test_value_twice(self):
        self.spoil("enums.toml", "value = 2", "value = 1")
        self.assert_refused("enums.toml:10: [DoorKind.members] SLIDING: 1 is HINGED's already")
        self.setUp()
        self.spoil("flags.toml", "bit = 5", "bit = 0")
        self.assert_refused("flags.toml:8: [DoorMarks.members] PAINTED: 1 is SCRATCHED's already")

    def test_alias_taken(self):
        for alias in ("SLIDING", "ordinary door"):
            with self.subTest(alias):
                self.setUp()
                self.spoil("enums.toml", "ORDINARY", alias)
                self.assert_refused(f"enums.toml:9: [DoorKind.members] HINGED: alias '{alias}' is taken or no name")

    def test_bit_out_of_range(self):
        self.spoil("flags.toml", "bit = 5", "bit = 32")
        self.assert_refused("flags.toml:8: [DoorMarks.members] PAINTED: bit is not in 0 to 31")
        self.setUp()
        self.spoil("flags.toml", "bit = 40", "bit = -1")
        self.assert_refused("flags.toml:16: [Permissions.members] ENTER: bit is not in 0 to 63")

    def test_width_and_wire(self):
        self.spoil("flags.toml", "width = 64", "width = 48")
        self.assert_refused("flags.toml:11: [Permissions] 'width' is none of 32, 64")
        self.setUp()
        self.spoil("flags.toml", '"string"', '"pigeon"')
        self.assert_refused("flags.toml:12: [Permissions] 'wire' is none of number, string")


class Catalogue(unittest.TestCase):
    """What the schema says of Discord's objects; the numbers are those of its documentation and types."""

    @classmethod
    def setUpClass(cls):
        cls.model = schema.load(SCHEMA)
        cls.objects = {item.name: item for item in cls.model.objects}
        cls.enums = {enum.name: enum for enum in cls.model.enums}
        cls.flags = {flags.name: flags for flags in cls.model.flags}

    def fields(self, holds):
        return [f"{item.name}.{field.name}" for item in self.model.objects for field in item.fields if holds(field)]

    def test_counts(self):
        # The catalogue without the five objects, two enums and one set of flags that are no types of ours.
        self.assertEqual(len(self.objects), 139 - 5)
        self.assertEqual(sum(len(item.fields) for item in self.model.objects), 925 - 15)
        self.assertEqual(len(self.enums), 68 - 2)
        self.assertEqual(sum(len(enum.members) for enum in self.model.enums), 496 - 13 - 14)
        self.assertEqual(len(self.flags), 16 - 1)
        self.assertEqual(sum(len(flags.members) for flags in self.model.flags), 177 - 21)

    def test_what_has_no_class(self):
        names = {"HelloEvent", "IdentifyProperties", "PresenceUpdateCommand", "GatewayBotInfo", "GatewaySessionStartLimit"}
        self.assertFalse(names & set(self.objects))
        self.assertFalse({"GatewayOpcode", "GatewayCloseCode"} & set(self.enums))
        self.assertNotIn("GatewayIntents", self.flags)

    def test_unions_and_drafts(self):
        self.assertEqual(sum(item.union for item in self.model.objects), 13)
        self.assertEqual(sum(item.discriminator is not None for item in self.model.objects), 8)
        self.assertEqual(len(self.fields(lambda field: field.in_all_variants)), 39)
        self.assertEqual(sum(item.status == "draft" for item in self.model.objects), 4)
        self.assertEqual(sum(enum.status == "draft" for enum in self.model.enums), 2)

    def test_marks_of_fields(self):
        self.assertEqual(len(self.fields(lambda field: field.parsed_type.leaf.kind == "raw")), 7)
        self.assertEqual(len(self.fields(lambda field: field.undocumented)), 12)
        self.assertEqual(len(self.fields(lambda field: field.deprecated)), 11)
        self.assertEqual(len(self.fields(lambda field: field.content_gated)), 7)
        self.assertEqual(len(self.fields(lambda field: field.only_in)), 26)
        self.assertEqual(len(self.fields(lambda field: field.presence_means_true)), 3)
        self.assertEqual(len(self.fields(lambda field: field.unit)), 3)
        self.assertEqual(len(self.fields(lambda field: field.keys)), 3)
        self.assertEqual(self.fields(lambda field: field.width), ["Application.flags_new"])

    def test_undocumented_members(self):
        sets = (*self.model.enums, *self.model.flags)
        self.assertEqual(sum(member.undocumented for item in sets for member in item.members), 35)

    def test_wide_flags(self):
        self.assertEqual({name for name, flags in self.flags.items() if flags.width == 64}, {"Permissions", "UserFlags"})
        self.assertEqual({name for name, flags in self.flags.items() if flags.wire == "string"}, {"Permissions"})

    def test_every_object_is_in_some_event(self):
        found = set()
        ahead = {name for event in self.model.events for name in (event.payload, event.payload_alternative) if name}
        while ahead:
            found |= ahead
            leaves = [field.parsed_type.leaf for name in ahead for field in self.objects[name].fields]
            ahead = {leaf.name for leaf in leaves if leaf.kind == "object"} - found
        self.assertEqual(found, set(self.objects))

    def test_pages(self):
        """Only drafts have no page in Discord's documentation."""
        without = {item.name for item in self.model.objects if item.page is None}
        self.assertEqual(without, {item.name for item in self.model.objects if item.status == "draft"})

    def test_variants(self):
        voice = self.objects["Channel"].variant_fields("GUILD_VOICE")
        self.assertIn("bitrate", voice)
        self.assertNotIn("topic", voice)
        self.assertEqual(
            set(self.objects["Channel"].variant_fields("GUILD_DIRECTORY")),
            {"id", "type", "name", "permissions", "app_permissions"},
        )

    def test_build_knows_every_family(self):
        """Else an edit would not lead to a new build."""
        text = (SCHEMA / "meson.build").read_text(encoding="utf-8")
        families = re.search(r"dgw_families = \[(.*?)\]", text, re.DOTALL)[1]
        self.assertEqual(set(re.findall(r"'(\w+)'", families)), {item.family for item in self.model.objects})

    def test_one_line_each(self):
        """A field or member is one line, so that a change is one line of a diff."""
        for path in sorted(SCHEMA.glob("objects/*.toml")):
            lines = path.read_text(encoding="utf-8").splitlines()
            fields = sum(len(item.fields) for item in self.model.objects if item.family == path.stem)
            self.assertEqual(sum(" = { type = " in line for line in lines), fields, path.name)
            self.assertLessEqual(len(lines), 400, path.name)


if __name__ == "__main__":
    unittest.main()
