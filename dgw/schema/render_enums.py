# SPDX-License-Identifier: LGPL-2.1-or-later
"""Enums and flags of the fields: C types for those of numbers up to 32 bits, constants for the others."""

import json

from docs import DRAFT, UNDOCUMENTED, page_link, uses
from layout import doc_lines, enum_members, enum_values, later, member_docs, nick, notice, sentence
from names import constant, snake

OPEN = {
    "ENUM": "Fields with such a value are integers, since Discord adds new ones: these are the ones that this version knows.",
    "FLAGS": "Fields with such bits are integers, since Discord adds new ones: these are the ones that this version knows.",
}


def member_doc(member, since=None):
    """Its text; with the release, when it is newer than its type."""
    aliases = sentence([f"`{alias}`" for alias in member.aliases], "and") if member.aliases else None
    parts = [
        member.doc,
        f"Also called {aliases}." if aliases else None,
        UNDOCUMENTED if member.undocumented else None,
        f"Since {member.since}." if since and later(since, member.since) != since else None,
    ]
    return " ".join(part for part in parts if part)


def set_values(item):
    return {
        "type": f"Dgw{item.name}",
        "prefix": f"dgw_{snake(item.name)}",
        "upper": snake(item.name).upper(),
        "since": item.since,
        "available": item.since.replace(".", "_"),
    }


def type_values(model, kind, item):
    """For an enum or flags that are a C type."""
    members = [(constant(item, member), member) for member in item.members]
    value = (lambda member: f"1 << {member.bit}") if kind == "FLAGS" else (lambda member: member.value)
    about = " ".join(part for part in (OPEN[kind], uses(model, item)) if part)
    paragraphs = [item.doc, about, DRAFT if item.status == "draft" else None, page_link(item.page_url)]
    return set_values(item) | {
        "kind": kind,
        "member_docs": member_docs((name, member_doc(member, item.since)) for name, member in members),
        "doc": doc_lines(paragraphs),
        "members": enum_members((name, value(member)) for name, member in members),
        "indent": " " * len(f"G_DEFINE_{kind}_TYPE ("),
        "values": enum_values(kind, [(name, nick(member.name)) for name, member in members]),
    }


def literal(member):
    if isinstance(member.value, str):
        return json.dumps(member.value, ensure_ascii=False)
    return f"G_GUINT64_CONSTANT (0x{member.value:x})"


def constants(model, templates, item):
    """For strings, and for more bits than a C enum has."""
    about = " ".join(part for part in (f"`{item.name}`: {item.doc}", uses(model, item)) if part)
    return "\n".join(
        templates.fill(
            "constant.h",
            constant=constant(item, member),
            doc=doc_lines([member_doc(member), about, page_link(item.page_url)]),
            literal=literal(member),
            since=later(item.since, member.since),
        )
        for member in item.members
    )


def is_type(item):
    return getattr(item, "kind", "int") == "int" and getattr(item, "width", 32) == 32


def render(model, templates):
    kinds = [("ENUM", item) for item in model.enums] + [("FLAGS", item) for item in model.flags]
    header = []
    source = []
    for kind, item in kinds:
        if is_type(item):
            values = type_values(model, kind, item)
            header.append(templates.fill("enum.h", **values))
            source.append(templates.fill("enum.c", **values))
        else:
            header.append(constants(model, templates, item))
    values = {"notice": notice("dgw/schema/enums.toml and flags.toml")}
    return {
        "dgw-enums.h": templates.fill("dgw-enums.h", enums="\n".join(header), **values),
        "dgw-enums.c": templates.fill("dgw-enums.c", enums="\n".join(source).rstrip("\n"), **values),
    }
