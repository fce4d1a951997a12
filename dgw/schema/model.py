# SPDX-License-Identifier: LGPL-2.1-or-later
"""Reads the schema files and checks them; every mistake names its file and line."""

import dataclasses

from accessors import Catalogue
from names import check_c_names
from objects import Enum, Flags, Object, load_catalogue
from schema_file import (
    FIRST_RELEASE,
    STATUSES,
    WIRE_NAME,
    Place,
    SchemaError,
    SchemaFile,
    check_known,
    check_since,
    check_unique,
    read_members,
)

SCOPES = ("guild", "direct", "content")
GUILD_PLACES = ("id", "guild_id", "id?", "guild_id?")


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
    since: str = FIRST_RELEASE

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
    objects: tuple[Object, ...]
    enums: tuple[Enum, ...]
    flags: tuple[Flags, ...]

    def intent_mask(self, names):
        return sum(intent.value for intent in self.intents if intent.name in names)

    def group_mask(self, group):
        return sum(intent.value for intent in self.intents if group.holds(intent))


def check_intents(file, intents, groups):
    names = {intent.name for intent in intents} | {group.name for group in groups}
    if len(names) != len(intents) + len(groups):
        raise SchemaError(f"{file.name}: an intent and a group have the same name")
    for intent in intents:
        table = f"intents.{intent.name}"
        check_known(Place(file, table), "scope", [intent.scope], SCOPES)
        if not 0 <= intent.bit < 32:
            raise file.error("bit is not in 0 to 31", table, "bit")
        for alias in intent.aliases:
            if alias in names or not WIRE_NAME.match(alias):
                raise file.error(f"alias '{alias}' is taken or no name", table, "aliases")
            names.add(alias)
    for group in groups:
        check_known(Place(file, f"intent_groups.{group.name}"), "scopes", group.scopes, SCOPES)


def check_events(file, events, intents):
    names = {intent.name for intent in intents}
    for event in events:
        place = Place(file, event.name)
        check_known(place, "intents", event.intents, names)
        check_known(place, "status", [event.status], STATUSES)
        check_since(place, event)
        if event.content_intent is not None:
            check_known(place, "content_intent", [event.content_intent], names)
        if event.guild_id is not None and event.guild_id not in GUILD_PLACES:
            raise file.error("guild_id is none of " + ", ".join(GUILD_PLACES), event.name, "guild_id")
    check_unique(file, "", events, "number")
    numbers = sorted(event.number for event in events)
    if numbers != list(range(1, len(events) + 1)):
        raise SchemaError(f"{file.name}: the numbers do not run from 1 without a gap")


def check_references(file, events, objects, flags):
    """What events name of the catalogue."""
    names = {item.name for item in objects}
    permissions = {member.name for item in flags if item.name == "Permissions" for member in item.members}
    for event in events:
        for key in ("permissions_all", "permissions_any"):
            check_known(Place(file, event.name), key, getattr(event, key), permissions)
        for key in ("payload", "payload_alternative"):
            value = getattr(event, key)
            if value is not None:
                check_known(Place(file, event.name), key, [value], names)


def load(folder):
    """The checked model of the schema files in `folder`."""
    protocol = SchemaFile(folder, "protocol.toml")
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

    events_file = SchemaFile(folder, "events.toml")
    events = read_members(events_file, None, Event)
    check_events(events_file, events, parts["intents"])
    objects, enums, flags = load_catalogue(folder, [event.name for event in events])
    check_references(events_file, events, objects, flags)
    events = tuple(sorted(events, key=lambda event: event.number))
    model = Model(events=events, objects=objects, enums=enums, flags=flags, **parts)
    check_c_names(folder, Catalogue(model))
    return model
