# SPDX-License-Identifier: LGPL-2.1-or-later
"""The classes of the objects: a header and a source for each family."""

from accessors import count_slots
from docs import FieldDocs, object_paragraphs
from layout import doc_lines, later, notice, returns_lines, table_rows
from names import phrase, snake


def families(model):
    """Objects by family, in the order of the catalogue."""
    found = {}
    for item in model.objects:
        found.setdefault(item.family, []).append(item)
    return found


def class_values(item):
    lower = snake(item.name)
    return {
        "type": f"Dgw{item.name}",
        "name": item.name,
        "prefix": f"dgw_{lower}",
        "lower": lower,
        "upper": lower.upper(),
        "a_class": phrase(item.name),
        "since": item.since,
        "available": item.since.replace(".", "_"),
    }


def accessor_values(catalogue, item, accessor):
    docs = FieldDocs(catalogue, item, accessor)
    space = "" if accessor.c_type.endswith("*") else " "
    since = later(item.since, accessor.field.since)
    return class_values(item) | {
        "method": accessor.method,
        "property": accessor.property,
        "field": accessor.field.name,
        "index": index_name(item, accessor),
        "reader": accessor.row.reader,
        "nothing": accessor.nothing,
        "c_type": accessor.c_type,
        "declared_type": accessor.c_type + space,
        "value_type": f"Dgw{accessor.item} *" if accessor.item else "const char *",
        "property_doc": doc_lines(docs.property_paragraphs()),
        "getter_doc": doc_lines(docs.paragraphs()),
        "returns": returns_lines(docs.returns()),
        "since": since,
        "available": since.replace(".", "_"),
    }


def index_name(item, accessor):
    return f"{snake(item.name)}_field_{accessor.property.replace('-', '_')}".upper()


def field_rows(accessors):
    return table_rows(
        [
            (
                f'"{accessor.field.name}"',
                f'"{accessor.property}"',
                f"DGW_FIELD_{accessor.kind}",
                str(accessor.missing),
                str(accessor.slot),
                f"dgw_{snake(accessor.item)}_get_type" if accessor.item else "NULL",
            )
            for accessor in accessors
        ]
    )


def declarations(catalogue, templates, item):
    values = class_values(item)
    parts = [templates.fill("entity.h", **values)]
    for accessor in catalogue.accessors_of(item):
        of_accessor = accessor_values(catalogue, item, accessor)
        parts.append(templates.fill("getter.h", **of_accessor))
        if accessor.is_map:
            parts.append(templates.fill("getter-map.h", **of_accessor))
    return "\n".join(parts)


def definitions(catalogue, templates, item):
    accessors = catalogue.accessors_of(item)
    values = class_values(item) | {
        "doc": doc_lines(object_paragraphs(catalogue, item)),
        "indices": "\n".join(f"  {index_name(item, accessor)}," for accessor in accessors),
        "rows": field_rows(accessors),
        "n_slots": count_slots(accessors),
    }
    parts = [templates.fill("entity.c", **values)]
    for accessor in accessors:
        of_accessor = accessor_values(catalogue, item, accessor)
        parts.append(templates.fill("getter.c", **of_accessor))
        if accessor.is_map:
            parts.append(templates.fill("getter-map.c", **of_accessor))
    return "\n".join(parts)


def other_families(catalogue, family, items):
    """Those whose types the rows of a family name."""
    by_name = {item.name: item.family for item in catalogue.model.objects}
    held = {accessor.item for item in items for accessor in catalogue.accessors_of(item) if accessor.item}
    return sorted({by_name[name] for name in held} - {family})


def includes(names):
    return "".join(f'#include "dgw-entities-{name}.h"\n' for name in names)


def render_family(catalogue, templates, family, items):
    values = {
        "notice": notice(f"dgw/schema/objects/{family}.toml"),
        "family": family,
        "includes": includes(other_families(catalogue, family, items)),
    }
    header = "\n".join(declarations(catalogue, templates, item) for item in items)
    source = "\n".join(definitions(catalogue, templates, item) for item in items)
    return {
        f"dgw-entities-{family}.h": templates.fill("dgw-entities.h", classes=header, **values),
        f"dgw-entities-{family}.c": templates.fill("dgw-entities.c", classes=source.rstrip("\n"), **values),
    }


def render_types(model, templates):
    names = sorted(f"Dgw{item.name}" for item in model.objects)
    width = max(len(name) for name in names)
    types = "\n".join(f"typedef struct _{name:{width}} {name};" for name in names)
    values = {"notice": notice("dgw/schema/objects"), "types": types}
    return {"dgw-entity-types.h": templates.fill("dgw-entity-types.h", **values)}


def render(catalogue, templates):
    outputs = render_types(catalogue.model, templates)
    for family, items in families(catalogue.model).items():
        outputs |= render_family(catalogue, templates, family, items)
    return outputs
