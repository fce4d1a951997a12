# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the schema files and checks them; every mistake names its file and line."""

import dataclasses
import pathlib
import re
import tomllib
import typing

WIRE_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*\Z")
TYPE_NAME = re.compile(r"[A-Z][A-Za-z0-9]*\Z")
SCOPES = ("guild", "direct", "content")
STATUSES = ("released", "draft")
GUILD_PLACES = ("id", "guild_id", "id?", "guild_id?")


class SchemaError(Exception):
    """A mistake in a schema file: "events.toml:12: ..."."""


@dataclasses.dataclass(frozen=True)
class Opcode:
    name: str
    code: int
    sends: bool
    receives: bool
    doc: str


@dataclasses.dataclass(frozen=True)
class CloseCode:
    name: str
    code: int
    reconnect: bool
    resume: bool
    error: str
    doc: str


@dataclasses.dataclass(frozen=True)
class Intent:
    name: str
    bit: int
    scope: str
    doc: str
    privileged: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def value(self):
        return 1 << self.bit


@dataclasses.dataclass(frozen=True)
class IntentGroup:
    name: str
    doc: str
    scopes: tuple[str, ...] = SCOPES
    privileged: bool | None = None

    def holds(self, intent):
        if intent.scope not in self.scopes:
            return False
        return self.privileged is None or self.privileged == intent.privileged


@dataclasses.dataclass(frozen=True)
class Limit:
    name: str
    value: int
    doc: str


@dataclasses.dataclass(frozen=True)
class Event:
    name: str
    number: int
    doc: str
    payload: str | None = None
    payload_alternative: str | None = None
    intents: tuple[str, ...] = ()
    permissions_all: tuple[str, ...] = ()
    permissions_any: tuple[str, ...] = ()
    content_intent: str | None = None
    shard_zero_only: bool = False
    guild_id: str | None = None
    status: str = "released"
    note: str = ""

    @property
    def signal(self):
        return self.name.lower().replace("_", "-")


@dataclasses.dataclass(frozen=True)
class Model:
    opcodes: tuple[Opcode, ...]
    close_codes: tuple[CloseCode, ...]
    intents: tuple[Intent, ...]
    intent_groups: tuple[IntentGroup, ...]
    limits: tuple[Limit, ...]
    events: tuple[Event, ...]

    def intent_mask(self, names):
        return sum(intent.value for intent in self.intents if intent.name in names)

    def group_mask(self, group):
        return sum(intent.value for intent in self.intents if group.holds(intent))


class SchemaFile:
    """One TOML file that still knows where its tables and keys stand: tomllib does not."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.text = self.path.read_text(encoding="utf-8")
        try:
            self.tables = tomllib.loads(self.text)
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            where = f":{line[1]}" if line else ""
            raise SchemaError(f"{self.path.name}{where}: {error}") from error

    def line_of(self, table, key=None):
        """Line of "key =" in [table], or of [table] itself."""
        found = 1
        inside = False
        for number, line in enumerate(self.text.splitlines(), 1):
            header = re.match(r"\s*\[([^\[\]]+)\]", line)
            if header:
                inside = header[1].strip() == table
                found = number if inside else found
            elif inside and key and re.match(rf"\s*{re.escape(key)}\s*=", line):
                return number
        return found

    def error(self, message, table, key=None):
        return SchemaError(f"{self.path.name}:{self.line_of(table, key)}: [{table}] {message}")


def _type_matches(value, annotation):
    for choice in typing.get_args(annotation) if isinstance(annotation, type(int | None)) else (annotation,):
        if typing.get_origin(choice) is tuple:
            if isinstance(value, list) and all(isinstance(item, str) for item in value):
                return True
        elif type(value) is choice:
            return True
    return False


def read_member(file, table, kind, name, values):
    """One table as a `kind`; its dataclass says which keys there are and of which type."""
    if not isinstance(values, dict):
        raise file.error("is no table", table)
    if not WIRE_NAME.match(name):
        raise file.error("is no name as on the wire", table)
    fields = {field.name: field for field in dataclasses.fields(kind) if field.name != "name"}
    for key, value in values.items():
        if key not in fields:
            raise file.error(f"unknown key '{key}'", table, key)
        if not _type_matches(value, fields[key].type):
            raise file.error(f"'{key}' has the wrong type", table, key)
    for key, field in fields.items():
        if key not in values and field.default is dataclasses.MISSING:
            raise file.error(f"'{key}' is missing", table)
    if not values["doc"].strip().endswith("."):
        raise file.error("doc is no full sentence", table, "doc")
    plain = {key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
    return kind(name=name, **plain)


def read_members(file, section, kind):
    """Every table below `section`, or every table of the file when it is None."""
    if section is None:
        return tuple(read_member(file, name, kind, name, values) for name, values in file.tables.items())
    tables = file.tables.get(section, {})
    return tuple(read_member(file, f"{section}.{name}", kind, name, values) for name, values in tables.items())


def check_unique(file, prefix, members, key):
    seen = {}
    for member in members:
        value = getattr(member, key)
        if value in seen:
            raise file.error(f"{key} {value} is {seen[value]}'s already", prefix + member.name, key)
        seen[value] = member.name


def check_known(file, table, key, values, known):
    for value in values:
        if value not in known:
            raise file.error(f"'{key}' names '{value}', which does not exist", table, key)


def check_intents(file, intents, groups):
    names = {intent.name for intent in intents} | {group.name for group in groups}
    if len(names) != len(intents) + len(groups):
        raise SchemaError(f"{file.path.name}: an intent and a group have the same name")
    for intent in intents:
        table = f"intents.{intent.name}"
        check_known(file, table, "scope", [intent.scope], SCOPES)
        if not 0 <= intent.bit < 32:
            raise file.error("bit is not in 0 to 31", table, "bit")
        for alias in intent.aliases:
            if alias in names or not WIRE_NAME.match(alias):
                raise file.error(f"alias '{alias}' is taken or no name", table, "aliases")
            names.add(alias)
    for group in groups:
        check_known(file, f"intent_groups.{group.name}", "scopes", group.scopes, SCOPES)


def check_events(file, events, intents):
    names = {intent.name for intent in intents}
    for event in events:
        check_known(file, event.name, "intents", event.intents, names)
        check_known(file, event.name, "status", [event.status], STATUSES)
        if event.content_intent is not None:
            check_known(file, event.name, "content_intent", [event.content_intent], names)
        if event.guild_id is not None and event.guild_id not in GUILD_PLACES:
            raise file.error("guild_id is none of " + ", ".join(GUILD_PLACES), event.name, "guild_id")
        for key in ("payload", "payload_alternative"):
            value = getattr(event, key)
            if value is not None and not TYPE_NAME.match(value):
                raise file.error(f"'{value}' is no object name", event.name, key)
    check_unique(file, "", events, "number")
    numbers = sorted(event.number for event in events)
    if numbers != list(range(1, len(events) + 1)):
        raise SchemaError(f"{file.path.name}: the numbers do not run from 1 without a gap")


def load(folder):
    """The checked model of the schema files in `folder`."""
    folder = pathlib.Path(folder)
    protocol = SchemaFile(folder / "protocol.toml")
    sections = {
        "opcodes": Opcode,
        "close_codes": CloseCode,
        "intents": Intent,
        "intent_groups": IntentGroup,
        "limits": Limit,
    }
    for name in protocol.tables:
        if name not in sections:
            raise protocol.error("unknown section", name)
    parts = {name: read_members(protocol, name, kind) for name, kind in sections.items()}
    for section, key in (("opcodes", "code"), ("close_codes", "code"), ("intents", "bit")):
        check_unique(protocol, section + ".", parts[section], key)
    check_intents(protocol, parts["intents"], parts["intent_groups"])

    events_file = SchemaFile(folder / "events.toml")
    events = read_members(events_file, None, Event)
    check_events(events_file, events, parts["intents"])
    return Model(events=tuple(sorted(events, key=lambda event: event.number)), **parts)
