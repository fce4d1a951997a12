# SPDX-License-Identifier: LGPL-2.1-or-later
"""Values for the fields of payloads: telling ones, those at the edges of a type, and those that JSON parsers differ on."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Raw:
    """A JSON value that has to be spelled so."""

    text: str

    def __bool__(self):
        return True


LARGE = 2**63 + 2**60  # 20 digits, past what a signed number holds
STRINGS = ["", "ä\U0001f600 \\ \" / \n\t\x7f", Raw('"\\u00e4\\ud83d\\ude00\\/\\b"'), "null", " 1 "]
NUMBERS = [0, -1, 2**31 - 1, -(2**31), 2**31, -(2**31) - 1, 2**32 + 5, 2**53, 2**63 - 1, 1.5, -0.25]
SPELLINGS = [Raw("1.0"), Raw("1e3"), Raw("-2.5E-3"), Raw("9007199254740992.0"), Raw("1e300"), Raw("-0")]
TIMES = [
    "2026-02-27T18:16:58.123000+00:00",
    "2026-02-27T18:16:58Z",
    "2026-02-27T18:16:58.5Z",
    "2026-02-27T18:16:58.999999+05:30",
    "2024-02-29T23:59:59.000001-08:00",
    "1970-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59.000000+00:00",
    "2015-05-01T12:00:00.123456",
    "2026-02-30T00:00:00+00:00",
    "2026-02-27",
    "soon",
    "",
]
PERMISSIONS = ["18446744073709551615", "0", "18446744073709551616", "99999999999999999999", "-1", "+1", "1 ", "0x10", ""]
EDGES = {
    "string": STRINGS + ["18446744073709551615", "9223372036854775808"],
    "id": ["18446744073709551615", 5, 0, -5, 2**63 - 1, 1.5, ""],
    "boolean": [],
    "presence": [None, True, False],
    "int": NUMBERS + SPELLINGS,
    "int64": NUMBERS + SPELLINGS,
    "double": NUMBERS + SPELLINGS,
    "uint": [0, 2**31, 2**32 - 1, 2**32 + 5, 2**63 - 1, -1, 1.5, Raw("8.0")],
    "uint64": PERMISSIONS + [0, 2**32 + 5, 2**63 - 1, -1, 1.5, Raw("8.0")],
    "time": TIMES,
    "time_ms": [0, 1, 999, 1772216218123, 253402300799999, 2**62, 1.5, Raw("1772216218123.0")],
    "object": [{}, {"unknown": 1}],
    "list": [[], [{}, {}], [1, {}, "a", None, {"id": "5"}, [{}]]],
    "strings": [[], ["b", "a", "b"], ["a", 1, None, "", ["b"], {"c": "d"}, True, "z"]],
    "ints": [[], [3, 1, 3], [0, -1, 2**31 - 1, 2**31, -(2**31), 1.5, Raw("2.0"), "4", None, [5], 6]],
    "map": [{}, {"b": {}, "a": {}}, {"b": 1, "a": {"id": "5"}, "": {}, "c": [{}], "d": None}],
    "string_map": [{}, {"1": "a", "0": "b"}, {"b": 1, "a": "x", "": "", "c": ["y"], "d": None}],
    "node": [None, True, 0, -1, 2**63 - 1, 1.5, "", "text", [], [[1, "a", None]], {}, {"a": {"b": [False]}}],
}
N_EDGES = max(map(len, EDGES.values()))
# json-glib 1.6 takes U+0000 for the end, refuses lone surrogates, and has no numbers past a signed 64-bit one.
ODD = [
    Raw('"a\\u0000b"'),
    Raw('"\\ud83dx"'),
    Raw('"\\ude00\\ud83d"'),
    Raw("9223372036854775808"),
    Raw("18446744073709551615"),
    Raw("18446744073709551616"),
    Raw("-9223372036854775808"),
    Raw("-9223372036854775809"),
    Raw("123456789012345678901234567890"),
    Raw("1e400"),
]


class Values:
    """Values for the fields of one object. `nested` makes an object by its name."""

    def __init__(self, catalogue, version, nested):
        self.catalogue = catalogue
        self.version = version
        self.nested = nested
        self.serial = 10 * version

    def of(self, item, field):
        self.serial += 1
        return self.of_shape(item, field, field.parsed_type)

    def of_shape(self, item, field, shape):
        if shape.kind == "object":
            return self.nested(shape.name)
        if shape.kind == "array":
            length = (2, 1, 0, 3)[self.version % 4]
            return [self.next_of(item, field, shape.item) for _ in range(length)]
        if shape.kind == "map":
            keys = [str(LARGE + self.serial), str(self.serial)] if not field.keys else ["1", "0"]
            return {key: self.next_of(item, field, shape.item) for key in keys}
        return getattr(self, f"make_{shape.kind}")(item, field, shape)

    def next_of(self, item, field, shape):
        self.serial += 1
        return self.of_shape(item, field, shape)

    def make_string(self, item, field, shape):
        if field.name == "resume_gateway_url":  # others are warned about
            return f"wss://127.0.0.1/{self.serial}"
        return f"{item.name}.{field.name} {self.serial}"

    def make_snowflake(self, item, field, shape):
        return str(LARGE + self.serial)

    def make_int(self, item, field, shape):
        return self.serial if self.version % 2 == 0 else -1000 - self.serial

    def make_int64(self, item, field, shape):
        return 2**40 + self.serial

    def make_double(self, item, field, shape):
        return self.serial + 0.125

    def make_boolean(self, item, field, shape):
        if field.presence_means_true:
            return None if self.version % 2 == 0 else self.version % 4 == 1
        number = [other.name for other in item.fields if other.parsed_type.kind == "boolean"].index(field.name) + 1
        return bool(number >> self.version % 5 & 1)

    def make_timestamp(self, item, field, shape):
        zone = ("+00:00", "Z", "-03:30")[self.version % 3]
        return f"2026-03-{self.serial % 28 + 1:02}T{self.serial % 24:02}:{self.serial % 60:02}:09.{self.serial:06}{zone}"

    def make_unix_ms(self, item, field, shape):
        return 1772216218000 + self.serial

    def make_raw(self, item, field, shape):
        return (str(self.serial), self.serial, {"a": [self.serial, None]}, [True], 0.5, False)[self.version % 6]

    def make_enum(self, item, field, shape):
        """In turn the members and a value of tomorrow."""
        enum = self.catalogue.enums.get(shape.name)
        if enum is None:
            return self.serial
        values = [member.value for member in enum.members]
        values.append("OF_TOMORROW" if enum.kind == "string" else 5000 + self.serial)
        return values[(self.serial + self.version) % len(values)]

    def make_flags(self, item, field, shape):
        """A bit of the set, one that is in none, and one that tells the field."""
        flags = self.catalogue.flags.get(shape.name)
        known = flags.members[self.serial % len(flags.members)].value if flags else 1
        wide = self.catalogue.is_wide(field)
        bits = known | 1 << (62 if wide else 30) | self.serial << 8
        if not self.catalogue.is_text_flags(field):
            return bits
        return str(bits | 1 << 63)  # 20 digits
