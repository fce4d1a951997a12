# SPDX-License-Identifier: LGPL-2.1-or-later
"""The families of the catalogue, which each have a page in the reference."""

import dataclasses

from schema_file import FIELD_NAME, Place, SchemaFile, check_known, read_member

FILE = "families.toml"


@dataclasses.dataclass(frozen=True)
class Family:
    name: str
    title: str
    doc: str
    events: tuple[str, ...] = ()


def load_families(folder, model):
    """All of them, in the order of the reference; each object and each event is in one."""
    file = SchemaFile(folder, FILE)
    families = tuple(
        read_member(Place(file, name), Family, name, values, FIELD_NAME) for name, values in file.tables.items()
    )
    known = {item.family for item in model.objects}
    bare = {event.name for event in model.events if event.payload is None}
    for family in families:
        if family.name not in known:
            raise file.error("has no file in objects/", family.name)
        check_known(Place(file, family.name), "events", family.events, bare)
        bare -= set(family.events)
        known.remove(family.name)
    for name in sorted(known):
        raise file.error(f"the family of objects/{name}.toml is missing", name)
    for name in sorted(bare):
        raise file.error(f"the event {name} carries no object and is in no family", name)
    return families


def events_of(model, family):
    """The events of a family by name: those whose data is one of its objects."""
    names = {item.name for item in model.objects if item.family == family.name}
    found = [event for event in model.events if event.payload in names or event.name in family.events]
    return sorted(found, key=lambda event: event.name)


def objects_of(model, family):
    return sorted((item for item in model.objects if item.family == family.name), key=lambda item: item.name)
