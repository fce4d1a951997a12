#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Renders the pages of the reference on the catalogue: generate_pages.py SCHEMA-FOLDER OUTPUT-FOLDER

One for each family, and the list of them. The text around the tables stands in templates/.
"""

import pathlib
import sys

import model as schema
from families import events_of, load_families, objects_of
from generate import write_if_changed
from layout import Templates, code, sentence

# Short, since all of them stand in a table.
DRAFT = "*Draft: it may change.*"
SHARD_ZERO = "To shard 0 only."


def row(cells):
    return f"| {' | '.join(cells)} |"


def table(head, rows):
    """Without the columns that have nothing in any row."""
    used = [index for index in range(len(head)) if any(cells[index] for cells in rows)]
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(row([cells[index] for index in used]) for cells in lines)


def signal_link(event):
    return f"[{event.signal}][signal@Gateway::{event.signal}]"


def page_link(family):
    return f"[{family.title}](family-{family.name}.html)"


def when_cell(event):
    content = f"Parts are empty without `{event.content_intent}`." if event.content_intent else None
    facts = [
        code(event.doc),
        code(event.note) or None,
        content,
        SHARD_ZERO if event.shard_zero_only else None,
        DRAFT if event.status == "draft" else None,
    ]
    return " ".join(fact for fact in facts if fact)


def permissions_cell(event):
    def linked(names, last):
        return sentence([f"[{name}][const@PERMISSIONS_{name}]" for name in names], last)

    parts = [
        linked(event.permissions_all, "and") if event.permissions_all else None,
        f"one of {linked(event.permissions_any, 'or')}" if event.permissions_any else None,
    ]
    return ", and ".join(part for part in parts if part)


def intents_cell(event):
    if event.intents:
        return sentence([f"`{name}`" for name in event.intents], "or")
    return "not known" if event.status == "draft" else "none"


def event_row(event):
    brings = f"[class@{event.payload or 'Event'}]"
    return [signal_link(event), when_cell(event), intents_cell(event), permissions_cell(event), brings]


def event_table(events):
    return table(["signal", "when it comes", "intents", "permissions", "brings"], [event_row(event) for event in events])


def object_row(item):
    draft = f" {DRAFT}" if item.status == "draft" else ""
    return [f"[class@{item.name}]", f"{code(item.doc)}{draft}"]


def family_page(model, templates, family):
    events = events_of(model, family)
    return templates.fill(
        "family.md",
        name=family.name,
        title=family.title,
        doc=family.doc,
        events=templates.fill("family-events.md", events=event_table(events)) if events else "",
        objects=table(["class", "what it is"], [object_row(item) for item in objects_of(model, family)]),
    )


def family_row(model, family):
    counts = (len(events_of(model, family)), len(objects_of(model, family)))
    return [page_link(family), family.doc, *map(str, counts)]


def intent_row(model, intent):
    events = sorted((event for event in model.events if intent.name in event.intents), key=lambda event: event.name)
    links = ", ".join(map(signal_link, events))
    privileged = " (privileged)" if intent.privileged else ""
    return [f"`{intent.name}`{privileged}", str(intent.bit), links or intent.doc]


def catalogue_page(model, templates, families):
    events = sorted(model.events, key=lambda event: event.name)
    drafts = [signal_link(event) for event in events if event.status == "draft"]
    free = [signal_link(event) for event in events if not event.intents and event.status != "draft"]
    note = f"\nDrafts are in no release of Discord's documentation, and may change: {sentence(drafts, 'and')}.\n"
    return templates.fill(
        "catalogue.md",
        families=table(
            ["family", "what is in it", "events", "objects"], [family_row(model, family) for family in families]
        ),
        intents=table(
            ["intent", "bit", "events"],
            [intent_row(model, intent) for intent in sorted(model.intents, key=lambda item: item.bit)],
        ),
        free=sentence(free, "and"),
        drafts=note if drafts else "",
    )


def render(model, families, folder):
    """Name and text of every page."""
    templates = Templates(folder)
    pages = {f"family-{family.name}.md": family_page(model, templates, family) for family in families}
    return {"catalogue.md": catalogue_page(model, templates, families)} | pages


def main(folder, output_folder):
    folder = pathlib.Path(folder)
    try:
        model = schema.load(folder)
        families = load_families(folder, model)
    except schema.SchemaError as error:
        return f"{folder}/{error}"
    for name, text in render(model, families, folder / "templates").items():
        write_if_changed(pathlib.Path(output_folder) / name, text)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
