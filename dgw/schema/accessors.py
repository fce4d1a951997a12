# SPDX-License-Identifier: LGPL-2.1-or-later
"""How each field of an object is read: its row in the class's table, its property, its methods."""

import dataclasses

from names import getter
from objects import Field


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of row: what its getter returns, which reader gives it, and what stands for nothing."""

    c_type: str
    reader: str
    nothing: str | None = None  # None: the row says it, 0 or -1
    slot: bool = False
    annotation: str = ""


OWNED = "(transfer none) (nullable)"
KINDS = {
    "BOOLEAN": Kind("gboolean", "boolean", "FALSE"),
    "PRESENCE": Kind("gboolean", "boolean", "FALSE"),
    "INT": Kind("int", "int"),
    "UINT": Kind("guint", "uint"),
    "UINT64": Kind("guint64", "uint64"),
    "INT64": Kind("gint64", "int64"),
    "DOUBLE": Kind("double", "double"),
    "STRING": Kind("const char *", "string", "NULL", False, OWNED),
    "ID": Kind("const char *", "kept", "NULL", True, OWNED),
    "TIME": Kind("GDateTime *", "kept", "NULL", True, OWNED),
    "TIME_MS": Kind("GDateTime *", "kept", "NULL", True, OWNED),
    "OBJECT": Kind("Dgw{item} *", "kept", "NULL", True, OWNED),
    "LIST": Kind("GListModel *", "kept", "NULL", True, OWNED),
    "MAP": Kind("GListModel *", "kept", "NULL", True, OWNED),
    "STRINGS": Kind("const char *const *", "kept", "NULL", True, OWNED + " (array zero-terminated=1)"),
    "INTS": Kind("GVariant *", "kept", "NULL", True, OWNED),
    "STRING_MAP": Kind("GVariant *", "kept", "NULL", True, OWNED),
    "NODE": Kind("JsonNode *", "kept", "NULL", True, OWNED),
}
SCALARS = {
    "string": "STRING",
    "int": "INT",
    "int64": "INT64",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIME",
    "unix_ms": "TIME_MS",
    "object": "OBJECT",
    "raw": "NODE",
}
ITEMS = {"string": "STRINGS", "snowflake": "STRINGS", "int": "INTS", "object": "LIST", "raw": "NODE"}
VALUES = {"string": "STRING_MAP", "snowflake": "STRING_MAP", "object": "MAP"}


@dataclasses.dataclass(frozen=True)
class Accessor:
    field: Field
    kind: str
    property: str
    method: str
    slot: int = 0
    missing: int = 0
    item: str | None = None  # the object that it holds, or that its items are

    @property
    def row(self):
        return KINDS[self.kind]

    @property
    def is_map(self):
        return self.kind in ("MAP", "STRING_MAP")

    @property
    def is_number(self):
        return self.row.nothing is None

    @property
    def nothing(self):
        """What stands for nothing, in C."""
        return str(self.missing) if self.is_number else self.row.nothing

    @property
    def c_type(self):
        return self.row.c_type.format(item=self.item)

    @property
    def methods(self):
        name = self.field.name
        return (self.method, *((f"lookup_{name}", f"dup_{name}_keys") if self.is_map else ()))


class Catalogue:
    """A model, and how the fields of its objects are read."""

    def __init__(self, model):
        self.model = model
        self.string_enums = {enum.name for enum in model.enums if enum.kind == "string"}
        self.enums = {enum.name: enum for enum in model.enums}
        self.flags = {flags.name: flags for flags in model.flags}

    def is_number_enum(self, shape):
        return shape.kind == "enum" and shape.name not in self.string_enums

    def width(self, field):
        own = self.flags.get(field.parsed_type.name)
        return field.width or (own.width if own else 32)

    def wire(self, field):
        own = self.flags.get(field.parsed_type.name)
        return field.wire or (own.wire if own else "number")

    def kind(self, field):
        shape = field.parsed_type
        if shape.kind == "snowflake":
            return "ID" if "number" in field.json else "STRING"
        if shape.kind == "boolean":
            return "PRESENCE" if field.presence_means_true else "BOOLEAN"
        if shape.kind == "flags":
            return "UINT64" if self.width(field) == 64 else "UINT"
        if shape.kind == "enum":
            return "INT" if self.is_number_enum(shape) else "STRING"
        if shape.kind in SCALARS:
            return SCALARS[shape.kind]
        if shape.item.kind == "enum" and shape.kind == "array":
            return "INTS" if self.is_number_enum(shape.item) else "STRINGS"
        table = ITEMS if shape.kind == "array" else VALUES
        if shape.item.kind not in table:
            raise ValueError(f"there is no accessor for {field.type}")
        return table[shape.item.kind]

    def accessors_of(self, item):
        """One per field, and one more for flags that come as a string: the string."""
        found = []
        slots = 0
        for field in item.fields:
            kind = self.kind(field)
            signed = kind in ("INT", "INT64", "DOUBLE")
            leaf = field.parsed_type.leaf
            found.append(
                Accessor(
                    field=field,
                    kind=kind,
                    property=field.name.replace("_", "-"),
                    method=getter(field.name),
                    slot=slots if KINDS[kind].slot else 0,
                    missing=-1 if signed and (field.optional or field.nullable) else 0,
                    item=leaf.name if leaf.kind == "object" else None,
                )
            )
            slots += KINDS[kind].slot
            if field.parsed_type.kind == "flags" and self.wire(field) == "string":
                name = f"{field.name}_string"
                found.append(
                    Accessor(field=field, kind="STRING", property=name.replace("_", "-"), method=f"get_{name}")
                )
        return tuple(found)


def count_slots(accessors):
    return sum(accessor.row.slot for accessor in accessors)
