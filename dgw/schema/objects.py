# SPDX-License-Identifier: LGPL-2.1-or-later
"""The objects that events carry, and the enums and flags of their fields: read and checked."""

import dataclasses
import pathlib
import re

from schema_file import (
    FIELD_NAME,
    FIRST_RELEASE,
    STATUSES,
    TYPE_NAME,
    WIRE_NAME,
    Place,
    SchemaFile,
    check_known,
    check_since,
    read_entries,
    read_member,
)

SCALARS = ("string", "snowflake", "int", "int64", "double", "boolean", "timestamp", "unix_ms", "raw")
REFERENCES = ("enum", "flags", "object")
CONTAINERS = (("array-of ", "array"), ("map-of ", "map"))
JSON_KINDS = ("string", "number", "boolean", "null")
UNITS = ("unix_s",)
WIRES = ("number", "string")
WIDTHS = (32, 64)
# These stand in protocol.toml and have C types of their own.
PROTOCOL_TYPES = {"enum": ("Opcode", "CloseCode"), "flags": ("Intents",)}
PAGE = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*(#[a-z0-9-]+)?\Z")
PAGE_ROOT = "https://discord.com/developers/docs/"


@dataclasses.dataclass(frozen=True)
class FieldType:
    """A type of the grammar: a scalar, a reference with its name, or a container with its item."""

    kind: str
    name: str = ""
    item: "FieldType | None" = None

    @property
    def leaf(self):
        return self.item.leaf if self.item else self


def parse_type(text):
    """`array-of object:User` as a FieldType; ValueError when it is none."""
    for prefix, kind in CONTAINERS:
        if text.startswith(prefix):
            return FieldType(kind, item=parse_type(text.removeprefix(prefix)))
    kind, colon, name = text.partition(":")
    if colon and kind in REFERENCES and TYPE_NAME.match(name):
        return FieldType(kind, name)
    if text not in SCALARS:
        raise ValueError(f"'{text}' is no type")
    return FieldType(text)


@dataclasses.dataclass(frozen=True)
class Field:
    """One line of an object; doc/design/schema.md says what the keys mean."""

    name: str
    type: str
    doc: str
    optional: bool = False
    nullable: bool = False
    in_all_variants: bool = False
    wire: str | None = None
    width: int | None = None
    unit: str | None = None
    keys: str | None = None
    length: int | None = None
    json: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()
    partial: bool = False
    content_gated: bool = False
    presence_means_true: bool = False
    deprecated: bool = False
    undocumented: bool = False
    since: str = FIRST_RELEASE

    @property
    def parsed_type(self):
        return parse_type(self.type)


class Documented:
    """What has a page in Discord's documentation, or has none."""

    @property
    def page_url(self):
        return PAGE_ROOT + self.page if self.page else None


@dataclasses.dataclass(frozen=True)
class Object(Documented):
    name: str
    doc: str
    family: str
    fields: tuple[Field, ...]
    variants: dict[str, tuple[str, ...]]
    page: str | None = None
    status: str = "released"
    union: bool = False
    discriminator: str | None = None
    since: str = FIRST_RELEASE

    def field(self, name):
        return next((field for field in self.fields if field.name == name), None)

    def variant_fields(self, variant):
        """Names of the fields that may come when the discriminator has this value."""
        special = {name for names in self.variants.values() for name in names}
        own = self.variants[variant]
        return tuple(field.name for field in self.fields if field.name in own or field.name not in special)


@dataclasses.dataclass(frozen=True)
class EnumMember:
    name: str
    value: int | str
    doc: str
    aliases: tuple[str, ...] = ()
    undocumented: bool = False
    since: str = FIRST_RELEASE


@dataclasses.dataclass(frozen=True)
class Enum(Documented):
    name: str
    kind: str
    doc: str
    members: tuple[EnumMember, ...]
    page: str | None = None
    status: str = "released"
    since: str = FIRST_RELEASE


@dataclasses.dataclass(frozen=True)
class FlagMember:
    name: str
    bit: int
    doc: str
    aliases: tuple[str, ...] = ()
    undocumented: bool = False
    since: str = FIRST_RELEASE

    @property
    def value(self):
        return 1 << self.bit


@dataclasses.dataclass(frozen=True)
class Flags(Documented):
    name: str
    doc: str
    members: tuple[FlagMember, ...]
    width: int = 32
    wire: str = "number"
    page: str | None = None
    status: str = "released"
    since: str = FIRST_RELEASE


# Which types a key of a field has a meaning for.
APPLIES = {
    "wire": (lambda shape: shape.kind == "flags", "flags"),
    "width": (lambda shape: shape.kind == "flags", "flags"),
    "unit": (lambda shape: shape.kind == "int64", "int64"),
    "keys": (lambda shape: shape.kind == "map", "a map"),
    "length": (lambda shape: shape.kind == "array", "an array"),
    "json": (lambda shape: shape.leaf.kind in ("raw", "snowflake"), "raw or a snowflake"),
    "partial": (lambda shape: shape.leaf.kind == "object", "an object"),
    "presence_means_true": (lambda shape: shape.kind == "boolean", "boolean"),
}
CHOICES = {"wire": WIRES, "width": WIDTHS, "unit": UNITS}


def check_choice(place, member, key, choices):
    value = getattr(member, key)
    if value is not None and value not in choices:
        raise place.error(f"'{key}' is none of {', '.join(map(str, choices))}", key)


def check_head(place, item):
    check_choice(place, item, "status", STATUSES)
    if item.page is not None and not PAGE.match(item.page):
        raise place.error("page is no path below " + PAGE_ROOT, "page")
    check_since(place, item)


def read_object(file, family, name, values):
    place = Place(file, name)
    if not isinstance(values, dict):
        raise place.error("is no table")
    values = dict(values)
    fields = read_entries(file, name, "fields", values.pop("fields", None), Field, FIELD_NAME)
    variants = values.pop("variants", {})
    if not isinstance(variants, dict):
        raise place.error("'variants' is no table", "variants")
    for variant, names in variants.items():
        if not isinstance(names, list) or not all(isinstance(field, str) for field in names):
            raise file.error(f"'{variant}' is no list of names", f"{name}.variants", variant)
    variants = {variant: tuple(names) for variant, names in variants.items()}
    item = read_member(place, Object, name, values, TYPE_NAME, family=family, fields=fields, variants=variants)
    check_head(place, item)
    return item


def read_sets(file, kind, member_kind, check):
    """Every enum or set of flags of a file."""
    sets = []
    for name, values in file.tables.items():
        place = Place(file, name)
        if not isinstance(values, dict):
            raise place.error("is no table")
        values = dict(values)
        members = read_entries(file, name, "members", values.pop("members", None), member_kind)
        item = read_member(place, kind, name, values, TYPE_NAME, members=members)
        check_head(place, item)
        check(file, item)
        check_names(file, item)
        sets.append(item)
    return tuple(sets)


def check_names(file, item):
    """No name or value twice, the aliases counted as names."""
    values = {}
    names = {member.name for member in item.members}
    for member in item.members:
        place = Place(file, f"{item.name}.members", member.name)
        check_since(place, member)
        if member.value in values:
            raise place.error(f"{member.value} is {values[member.value]}'s already")
        values[member.value] = member.name
        for alias in member.aliases:
            if alias in names or not WIRE_NAME.match(alias):
                raise place.error(f"alias '{alias}' is taken or no name")
            names.add(alias)


def check_enum(file, enum):
    check_choice(Place(file, enum.name), enum, "kind", ("int", "string"))
    for member in enum.members:
        if isinstance(member.value, str) != (enum.kind == "string"):
            raise file.error(f"{member.name}: value is no {enum.kind}", f"{enum.name}.members", member.name)


def check_flags(file, flags):
    check_choice(Place(file, flags.name), flags, "width", WIDTHS)
    check_choice(Place(file, flags.name), flags, "wire", WIRES)
    for member in flags.members:
        if not 0 <= member.bit < flags.width:
            raise file.error(f"{member.name}: bit is not in 0 to {flags.width - 1}", f"{flags.name}.members", member.name)


def check_field(place, field, known):
    """`known` are the names of each kind of reference, and of events."""
    try:
        shape = field.parsed_type
        keys = parse_type(field.keys) if field.keys else None
    except ValueError as error:
        raise place.error(str(error)) from error
    for kind, name in ((part.kind, part.name) for part in (shape.leaf, keys) if part and part.name):
        if name not in known[kind]:
            raise place.error(f"{kind}:{name} does not exist")
    for key, (applies, wanted) in APPLIES.items():
        if getattr(field, key) and not applies(shape):
            raise place.error(f"'{key}' is for {wanted}, and this is {field.type}")
    for key, choices in CHOICES.items():
        check_choice(place, field, key, choices)
    if keys and keys.kind != "enum":
        raise place.error("'keys' is no enum")
    if field.presence_means_true and not (field.optional and field.nullable):
        raise place.error("'presence_means_true' is for what may be absent or null")
    check_since(place, field)
    check_known(place, "json", field.json, JSON_KINDS)
    check_known(place, "only_in", field.only_in, known["event"])


def check_union(file, item, enums):
    place = Place(file, item.name)
    if not item.union:
        if item.discriminator or item.variants or any(field.in_all_variants for field in item.fields):
            raise place.error("has variants and is no union")
        return
    for field in item.fields:
        if not field.optional:
            raise Place(file, f"{item.name}.fields", field.name).error("a field of a union is optional")
    if item.discriminator is None:
        if item.variants:
            raise place.error("has variants and no discriminator")
        return
    field = item.field(item.discriminator)
    if field is None or field.parsed_type.kind != "enum" or field.type.removeprefix("enum:") not in enums:
        raise place.error(f"discriminator '{item.discriminator}' is no field that is an enum", "discriminator")
    members = {member.name for member in enums[field.parsed_type.name].members}
    for variant, names in item.variants.items():
        check_variant(Place(file, f"{item.name}.variants", variant), item, variant, names, members)


def check_variant(place, item, variant, names, members):
    if variant not in members:
        raise place.error(f"is no member of {item.field(item.discriminator).type}")
    if len(set(names)) != len(names):
        raise place.error("names a field twice")
    for name in names:
        field = item.field(name)
        if field is None:
            raise place.error(f"names '{name}', which does not exist")
        if field.in_all_variants:
            raise place.error(f"names '{name}', which is in all variants")


def read_catalogue(folder):
    """Pairs of a file and what it holds: objects by family, then enums, then flags."""
    parts = []
    for path in sorted((pathlib.Path(folder) / "objects").glob("*.toml")):
        file = SchemaFile(folder, f"objects/{path.name}")
        parts.append((file, tuple(read_object(file, path.stem, *entry) for entry in file.tables.items())))
    enums = SchemaFile(folder, "enums.toml")
    parts.append((enums, read_sets(enums, Enum, EnumMember, check_enum)))
    flags = SchemaFile(folder, "flags.toml")
    parts.append((flags, read_sets(flags, Flags, FlagMember, check_flags)))
    return parts


def check_one_namespace(parts):
    """Objects, enums and flags become C types next to each other."""
    seen = {name: "protocol.toml" for names in PROTOCOL_TYPES.values() for name in names}
    for file, items in parts:
        for item in items:
            if item.name in seen:
                raise file.error(f"stands in {seen[item.name]} already", item.name)
            seen[item.name] = file.name


def load_catalogue(folder, event_names):
    """(objects, enums, flags) of `folder`, checked against each other and the events."""
    parts = read_catalogue(folder)
    check_one_namespace(parts)
    *families, (_, enums), (_, flags) = parts
    known = {
        "object": {item.name for _, items in families for item in items},
        "enum": {*(enum.name for enum in enums), *PROTOCOL_TYPES["enum"]},
        "flags": {*(item.name for item in flags), *PROTOCOL_TYPES["flags"]},
        "event": set(event_names),
    }
    by_name = {enum.name: enum for enum in enums}
    for file, items in families:
        for item in items:
            for field in item.fields:
                check_field(Place(file, f"{item.name}.fields", field.name), field, known)
            check_union(file, item, by_name)
    return tuple(item for _, items in families for item in items), enums, flags
