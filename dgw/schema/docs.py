# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the reference says of objects and their fields: paragraphs, from the catalogue."""

import re

from layout import link, sentence
from names import constant, snake
from objects import FieldType, parse_type

DRAFT = "A draft of Discord's documentation: it may change."
NEWER = "Discord has deprecated it."
UNDOCUMENTED = "It is not in Discord's documentation and may go without notice."
GATED = (
    "Without the intent `DGW_INTENTS_MESSAGE_CONTENT` it is empty in most messages: only direct messages, those that "
    "mention the bot, and the bot's own have it."
)
SOME_FIELDS = "It has only some of its fields here."
SOME_FIELDS_EACH = "They have only some of their fields here."
NOUNS = {
    "BOOLEAN": "`TRUE` if so",
    "PRESENCE": "`TRUE` if so",
    "UINT": "the bits",
    "UINT64": "the bits",
    "ID": "the snowflake",
    "TIME": "the time",
    "TIME_MS": "the time",
    "LIST": "the items",
    "MAP": "the values",
    "STRINGS": "the strings",
    "INTS": "the numbers",
    "STRING_MAP": "the values by key",
    "NODE": "the JSON, not to be changed",
}
PART_OF_OBJECT = re.compile(r"^[a-z-]+-object-")  # of an anchor, such as guild-object-guild-features
JSON = {"string": "a string", "number": "a number", "boolean": "a boolean", "null": "null"}


def page_link(url):
    """The page by the title of its section."""
    if url is None:
        return None
    title = PART_OF_OBJECT.sub("", re.split(r"[#/]", url)[-1]).replace("-", " ").title()
    return f"Discord's documentation: {link(title, url)}."


def when_missing(field):
    """When there is no value, or None for what always comes."""
    if field.optional and field.nullable:
        return "absent or null in JSON"
    return "absent" if field.optional else "null in JSON" if field.nullable else None


def events(names):
    return sentence([f"[signal@Gateway::{name.lower().replace('_', '-')}]" for name in names], "or")


def constants(item):
    return f"that begin with `{constant(item)}`, such as [const@{constant(item, item.members[0])[4:]}]"


def set_fact(catalogue, shape):
    """Which constants there are for a value of an enum, or for bits."""
    flags = catalogue.flags.get(shape.name)
    if flags and flags.width == 64:
        return f"Bits of the constants {constants(flags)}; others may come."
    if shape.kind == "flags":
        return f"Bits of [flags@{shape.name}]; others may come."
    if shape.name in catalogue.string_enums:
        return f"One of the constants {constants(catalogue.enums[shape.name])}; others may come."
    return f"A constant of [enum@{shape.name}]; others may come."


class FieldDocs:
    """The text of one accessor."""

    def __init__(self, catalogue, item, accessor):
        self.catalogue = catalogue
        self.item = item
        self.accessor = accessor
        self.field = accessor.field
        self.shape = accessor.field.parsed_type

    def string_fact(self):
        """For the other form of flags that come as a string."""
        twin = f"[property@{self.item.name}:{self.field.name.replace('_', '-')}]"
        return f"The decimal number as it came; {twin} has it as bits."

    def item_fact(self):
        leaf = self.shape.leaf
        if leaf.kind == "object":
            return f"The items are [class@{leaf.name}]."
        if leaf.kind in ("enum", "flags"):
            fact = set_fact(self.catalogue, leaf)
            return f"Each item is {fact[0].lower()}{fact[1:]}"
        return {"snowflake": "The items are snowflakes.", "int": "An array of 32-bit integers, `ai`."}.get(leaf.kind)

    def keys(self):
        """What the keys of a map are."""
        if self.field.keys is None:
            return "snowflakes"
        name = parse_type(self.field.keys).name
        if name in self.catalogue.string_enums:
            return f"constants {constants(self.catalogue.enums[name])}"
        return f"the numbers of [enum@{name}]"

    def map_fact(self):
        values = f"The items are [class@{self.accessor.item}]" if self.accessor.item else "Strings by key, `a{ss}`"
        prefix = f"[method@{self.item.name}."
        return (
            f"{values}; the keys are {self.keys()}: {prefix}dup_{self.field.name}_keys] has them, "
            f"{prefix}lookup_{self.field.name}] finds by them."
        )

    def kind_fact(self):
        if self.accessor.kind == "STRING" and self.shape.kind == "flags":
            return self.string_fact()
        if self.shape.kind in ("enum", "flags"):
            return set_fact(self.catalogue, self.shape)
        if self.shape.kind == "array":
            return self.item_fact()
        if self.shape.kind == "map":
            return self.map_fact()
        if self.shape.kind == "snowflake":
            return "A snowflake, see [func@snowflake_get_time]."
        if self.field.unit == "unix_s":
            return "In seconds since 1970."
        return None

    def json_fact(self):
        if self.shape.leaf.kind != "raw":
            return None
        kinds = sentence([JSON[kind] for kind in self.field.json], "or") if self.field.json else "of any type"
        return f"JSON: {'each item is ' if self.shape.kind == 'array' else ''}{kinds}."

    def variants_fact(self):
        having = [name for name, names in self.item.variants.items() if self.field.name in names]
        if not having:
            return None
        kind = self.catalogue.enums[self.item.field(self.item.discriminator).parsed_type.name]
        members = {member.name: member for member in kind.members}
        names = sentence([f"`{constant(kind, members[name])}`" for name in having], "and")
        return f"Only with the {'kind' if len(having) == 1 else 'kinds'} {names}."

    def remarks(self):
        field = self.field
        wire = bool(self.shape.kind == "flags" and self.accessor.kind == "UINT64" and self.catalogue.wire(field) == "string")
        twin = f"[property@{self.item.name}:{self.accessor.property}-string] has them as they came."
        return [
            self.kind_fact(),
            twin if wire else None,
            self.json_fact(),
            f"Discord documents {field.length} items, exactly or at most." if field.length else None,
            (SOME_FIELDS if self.shape.kind == "object" else SOME_FIELDS_EACH) if field.partial else None,
            "On the wire null stands for yes, and no key for no." if field.presence_means_true else None,
            self.variants_fact(),
            f"Only in {events(field.only_in)}." if field.only_in else None,
            GATED if field.content_gated else None,
            NEWER if field.deprecated else None,
            UNDOCUMENTED if field.undocumented else None,
        ]

    def nothing(self):
        """`NULL` if absent, as half a sentence; None for what always comes."""
        when = when_missing(self.field)
        nothing = self.accessor.nothing if self.accessor.is_number else f"`{self.accessor.nothing}`"
        return f"{nothing} if {when}" if when else None

    def paragraphs(self):
        return [self.field.doc, " ".join(fact for fact in self.remarks() if fact)]

    def property_paragraphs(self):
        nothing = self.nothing()
        first, second = self.paragraphs()
        return [first, " ".join(part for part in (second, f"Reads as {nothing}." if nothing else None) if part)]

    def noun(self):
        """What a getter returns."""
        accessor = self.accessor
        if accessor.kind == "OBJECT":
            return f"the {snake(accessor.item).replace('_', ' ')}"
        if accessor.kind in NOUNS:
            return NOUNS[accessor.kind]
        if self.shape.kind == "enum":
            return "the value"
        if accessor.kind == "STRING":
            return "the snowflake" if self.shape.kind == "snowflake" else "the string"
        return "the number"

    def returns(self):
        annotation = self.accessor.row.annotation
        join = "; " if self.accessor.nothing == "FALSE" else ", or "
        return (f"{annotation}: " if annotation else "") + join.join(part for part in (self.noun(), self.nothing()) if part)


def places(model, item):
    """Which events bring an object, and which objects it is part of."""
    bringing = [event for event in model.events if event.payload == item.name]
    leaf = FieldType("object", item.name)
    owners = [owner for owner in model.objects if any(field.parsed_type.leaf == leaf for field in owner.fields)]
    text = []
    if bringing:
        signals = sentence([f"[signal@Gateway::{event.signal}]" for event in bringing], "and")
        text.append(f"It comes with {signals}.")
    if owners:
        classes = sentence([f"[class@{owner.name}]" for owner in owners], "and")
        text.append(f"It is {'also ' if bringing else ''}part of {classes}.")
    return " ".join(text)


def uses(model, item):
    """Which properties have the values of an enum or flags, be it as the keys of a map."""

    def names(field):
        return (field.parsed_type.leaf.name, parse_type(field.keys).name if field.keys else None)

    found = [
        f"[property@{owner.name}:{field.name.replace('_', '-')}]"
        for owner in model.objects
        for field in owner.fields
        if item.name in names(field)
    ]
    return f"Found in {sentence(found, 'and')}." if found else None


def variants(catalogue, item):
    """How to tell the kinds of a union, and what only some of them have."""
    if not item.union:
        return []
    text = "Objects of several kinds in one, so any field may be absent."
    if item.discriminator is None:
        return [text]
    field = item.field(item.discriminator)
    kind = catalogue.enums[field.parsed_type.name]
    members = {member.name: member for member in kind.members}
    fact = set_fact(catalogue, field.parsed_type)
    tells = f"[property@{item.name}:{field.name.replace('_', '-')}] tells the kind: {fact[0].lower()}{fact[1:]}"
    listed = [
        f"- `{constant(kind, members[name])}`: {', '.join(f'`{special}`' for special in names)}"
        for name, names in item.variants.items()
        if names
    ]
    if not listed:
        return [f"{text} {tells}"]
    return [f"{text} {tells} Fields that only some kinds have:", "\n".join(listed)]


def object_paragraphs(catalogue, item):
    return [
        item.doc,
        places(catalogue.model, item),
        *variants(catalogue, item),
        DRAFT if item.status == "draft" else None,
        page_link(item.page_url),
    ]
