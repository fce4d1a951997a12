# SPDX-License-Identifier: LGPL-2.1-or-later
"""Opcodes, close codes, intents, limits and the table of events."""

from layout import boolean, enum_members, enum_values, member_docs, nick, notice, number_rows, table_rows

OUTPUTS = (
    "dgw-protocol-enums.h",
    "dgw-protocol-enums.c",
    "dgw-event-table-private.h",
    "dgw-event-table-private.c",
    "dgw-protocol-table-private.h",
    "dgw-protocol-table-private.c",
)
SOURCES = "dgw/schema/protocol.toml and events.toml"


def opcode_values(model):
    members = [(f"DGW_OPCODE_{op.name}", op) for op in model.opcodes]
    return {
        "opcode_docs": member_docs((constant, op.doc) for constant, op in members),
        "opcode_members": enum_members((constant, op.code) for constant, op in members),
        "opcode_values": enum_values("ENUM", ((constant, nick(op.name)) for constant, op in members)),
    }


def close_code_values(model):
    codes = sorted(model.close_codes, key=lambda close: close.code)
    members = [(f"DGW_CLOSE_CODE_{close.name}", close) for close in codes]
    return {
        "close_code_docs": member_docs((constant, f"{close.code}. {close.doc}") for constant, close in members),
        "close_code_members": enum_members((constant, close.code) for constant, close in members),
        "close_code_values": enum_values("ENUM", ((constant, nick(close.name)) for constant, close in members)),
        "close_code_rows": table_rows(
            [
                (
                    constant,
                    f'"{nick(close.name)}"',
                    boolean(close.reconnect),
                    boolean(close.resume),
                    f"DGW_GATEWAY_ERROR_{close.error}",
                )
                for constant, close in members
            ]
        ),
    }


def intent_doc(model, intent):
    text = intent.doc + (" Privileged." if intent.privileged else "")
    events = [event.name for event in model.events if intent.name in event.intents]
    return f"{text} Events: {', '.join(events)}." if events else text


def intent_values(model):
    intents = sorted(model.intents, key=lambda intent: intent.bit)
    none, *groups = sorted(model.intent_groups, key=model.group_mask)
    prefix = "DGW_INTENTS_"
    docs = [(prefix + none.name, none.doc)]
    docs += [(prefix + intent.name, intent_doc(model, intent)) for intent in intents]
    docs += [(prefix + group.name, group.doc) for group in groups]
    members = [(prefix + none.name, 0)]
    members += [(prefix + intent.name, f"1 << {intent.bit}") for intent in intents]
    members += [(prefix + group.name, f"0x{model.group_mask(group):x}") for group in groups]
    names = [(intent.name, prefix + intent.name, "TRUE") for intent in intents]
    names += [(alias, prefix + intent.name, "FALSE") for intent in intents for alias in intent.aliases]
    names += [(group.name, prefix + group.name, "FALSE") for group in (none, *groups)]
    return {
        "intent_docs": member_docs(docs),
        "intent_members": enum_members(members),
        "intent_values": enum_values(
            "FLAGS", ((constant, nick(constant.removeprefix(prefix))) for constant, _ in members)
        ),
        "intent_rows": table_rows([(f'"{name}"', constant, own) for name, constant, own in names]),
    }


def event_doc(event):
    parts = [event.doc, event.note]
    if event.status == "draft":
        parts.append("A draft of Discord's documentation: it may change.")
    return " ".join(part for part in parts if part)


def event_values(model):
    prefix = "DGW_EVENT_TYPE_"
    by_length = sorted(model.events, key=lambda event: (len(event.name), event.name))
    longest = len(by_length[-1].name)
    starts = [sum(len(event.name) < length for event in by_length) for length in range(longest + 2)]
    rows = [
        (
            f'"{event.name}"',
            f'"{event.signal}"',
            str(len(event.name)),
            prefix + event.name,
            " | ".join(f"DGW_INTENTS_{name}" for name in event.intents) or "0",
        )
        for event in model.events
    ]
    return {
        "event_docs": member_docs((prefix + event.name, event_doc(event)) for event in model.events),
        "event_members": enum_members((prefix + event.name, event.number) for event in model.events),
        "event_values": enum_values("ENUM", ((prefix + event.name, event.signal) for event in model.events)),
        "event_rows": table_rows(rows),
        "event_count": len(model.events),
        "event_longest_name": longest,
        "event_types_by_length": number_rows([event.number for event in by_length]),
        "event_length_starts": number_rows(starts),
    }


def limit_values(model):
    return {
        "limits": "\n\n".join(f"/* {limit.doc} */\n#define DGW_LIMIT_{limit.name} {limit.value}" for limit in model.limits)
    }

def render(model, templates):
    """Name and text of every output."""
    values = {"notice": notice(SOURCES)}
    for part in (opcode_values, close_code_values, intent_values, event_values, limit_values):
        values |= part(model)
    return {name: templates.fill(name, **values) for name in OUTPUTS}
