# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads TOML tables into dataclasses; every mistake names its file and line."""

import dataclasses
import pathlib
import re
import tomllib
import typing

WIRE_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*\Z")
TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
FIELD_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
STATUSES = ("released", "draft")
RELEASE = re.compile(r"\d+\.\d+\Z")
FIRST_RELEASE = "0.1"


class SchemaError(Exception):
    """A mistake in a schema file: "events.toml:12: ..."."""


class SchemaFile:
    """One TOML file that still knows where its tables and keys stand: tomllib does not."""

    def __init__(self, folder, name):
        self.name = name
        self.text = (pathlib.Path(folder) / name).read_text(encoding="utf-8")
        try:
            self.tables = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            where = f":{line[1]}" if line else ""
            raise SchemaError(f"{self.name}{where}: {error}") from error

    def line_of(self, table, key=None):
        """Line of "key =" in [table], or of [table] itself."""
        found = 1
        inside = False
        for number, line in enumerate(self.text.splitlines(), 1):
            header = re.match(r"\s*\[([^\[\]]+)\]\s*(#|\Z)", line)
            if header:
                inside = header[1].strip() == table
                found = number if inside else found
            elif inside and key and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return found

    def error(self, message, table, key=None):
        return SchemaError(f"{self.name}:{self.line_of(table, key)}: [{table}] {message}")


@dataclasses.dataclass(frozen=True)
class Place:
    """Where an entry stands: a table of its own, or one line of a table."""

    file: SchemaFile
    table: str
    entry: str | None = None

    def error(self, message, key=None):
        if self.entry is None:
            return self.file.error(message, self.table, key)
        return self.file.error(f"{self.entry}: {message}", self.table, self.entry)


def _type_matches(value, annotation):
    for choice in typing.get_args(annotation) if isinstance(annotation, type(int | None)) else (annotation,):
        if typing.get_origin(choice) is tuple:
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                return True
        elif type(value) is choice:
            return True
    return False


def read_member(place, kind, name, values, pattern=WIRE_NAME, **made):
    """One entry as a `kind`; its dataclass says which keys there are and of which type.

    `made` are the parts that are no plain keys and have been read already.
    """
    if not isinstance(values, dict):
        raise place.error("is no table")
    if not pattern.match(name):
        raise place.error("is no name as on the wire")
    fields = {field.name: field for field in dataclasses.fields(kind) if field.name not in ("name", *made)}
    for key, value in values.items():
        if key not in fields:
            raise place.error(f"unknown key '{key}'", key)
        if not _type_matches(value, fields[key].type):
            raise place.error(f"'{key}' has the wrong type", key)
    for key, field in fields.items():
        if key not in values and field.default is dataclasses.MISSING:
            raise place.error(f"'{key}' is missing")
    if not values["doc"].strip().endswith("."):
        raise place.error("doc is no full sentence", "doc")
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return kind(name=name, **plain, **made)


def read_members(file, section, kind):
    """Every table below `section`, or every table of the file when it is None."""
    tables = file.tables if section is None else file.tables.get(section, {})
    prefix = "" if section is None else section + "."
    return tuple(read_member(Place(file, prefix + name), kind, name, values) for name, values in tables.items())


def read_entries(file, owner, section, entries, kind, pattern=WIRE_NAME):
    """Every line of [owner.section], each an inline table."""
    if not isinstance(entries, dict) or not entries:
        raise file.error(f"'{section}' is missing or empty", owner)
    table = f"{owner}.{section}"
    return tuple(
        read_member(Place(file, table, name), kind, name, values, pattern) for name, values in entries.items()
    )


def check_unique(file, prefix, members, key):
    seen = {}
    for member in members:
        value = getattr(member, key)
        if value in seen:
            raise file.error(f"{key} {value} is {seen[value]}'s already", prefix + member.name, key)
        seen[value] = member.name


def check_known(place, key, values, known):
    for value in values:
        if value not in known:
            raise place.error(f"'{key}' names '{value}', which does not exist", key)


def check_since(place, item):
    if not RELEASE.match(item.since):
        raise place.error("since is no release such as 0.2", "since")
