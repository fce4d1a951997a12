# SPDX-License-Identifier: LGPL-2.1-or-later
"""Typed events: the class of the data of each, and the signals of DgwGateway."""

from docs import DRAFT, page_link
from layout import doc_lines, notice, sentence
from names import phrase, snake
from objects import PAGE_ROOT
from render_entities import families, includes

SOURCES = "dgw/schema/events.toml"


def payload_rows(model):
    cells = [f"dgw_{snake(event.payload)}_get_type," if event.payload else "NULL," for event in model.events]
    width = max(len(cell) for cell in cells)
    return "\n".join(f"  {cell:{width}} /* {event.name} */" for cell, event in zip(cells, model.events))


def intents_fact(event):
    if not event.intents:
        return None if event.status == "draft" else "It needs no intent."
    names = [f"`DGW_INTENTS_{name}`" for name in event.intents]
    which = "the intent" if len(names) == 1 else "one of the intents"
    return f"It needs {which} {sentence(names, 'or')}, see [flags@Intents]."


def permissions_fact(event):
    def listed(names, last):
        return sentence([f"[const@PERMISSIONS_{name}]" for name in names], last)

    having = [
        listed(event.permissions_all, "and") if event.permissions_all else None,
        f"one of {listed(event.permissions_any, 'or')}" if event.permissions_any else None,
    ]
    having = [part for part in having if part]
    return f"The bot needs the permission {', and '.join(having)}." if having else None


def facts(event):
    content = f"Without the intent `DGW_INTENTS_{event.content_intent}` parts of the data are empty." if event.content_intent else None
    return [
        intents_fact(event),
        permissions_fact(event),
        content,
        "It comes to shard 0 only." if event.shard_zero_only else None,
        event.note or None,
    ]


def signal_values(event):
    text = f"The event `{event.name}`, emitted after [signal@Gateway::event] with the same data."
    released = event.status == "released"
    return {
        "signal": event.signal,
        "argument": f"@{snake(event.payload)}: {phrase(event.payload)}" if event.payload else "@event: (nullable): the event",
        "doc": doc_lines(
            [
                event.doc,
                " ".join(part for part in (text, *facts(event)) if part),
                DRAFT if not released else None,
                page_link(f"{PAGE_ROOT}events/gateway-events#{event.signal}") if released else None,
            ]
        ),
        "since": event.since,
    }


def render(model, templates):
    values = {"notice": notice(SOURCES)}
    signals = "\n".join(templates.fill("event-signal.c", **signal_values(event)) for event in model.events)
    return {
        "dgw-event-payload-private.h": templates.fill("dgw-event-payload-private.h", **values),
        "dgw-event-payload-private.c": templates.fill(
            "dgw-event-payload-private.c", rows=payload_rows(model), includes=includes(families(model)), **values
        ),
        "dgw-event-signals-private.h": templates.fill("dgw-event-signals-private.h", **values),
        "dgw-event-signals.c": templates.fill("dgw-event-signals.c", signals=signals, **values),
    }
