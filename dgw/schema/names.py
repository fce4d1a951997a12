# SPDX-License-Identifier: LGPL-2.1-or-later
"""What things of the catalogue are called in C and in bindings, and that no two are called the same."""

import pathlib
import re

from schema_file import Place, SchemaFile

# Of GObject.Object, PyGObject's and GJS's objects: something of ours by such a name would hide theirs.
TAKEN = frozenset(
    """
    bind_property bind_property_full block_signal_handler chain compat_control connect connect_after
    connect_data connect_object connect_object_after constructor disconnect disconnect_by_func disconnect_object
    emit emit_stop_by_name find_property find_with_properties force_floating freeze_notify get_data get_properties
    get_property get_qdata get_type getv handler_block handler_block_by_func handler_disconnect
    handler_is_connected handler_unblock handler_unblock_by_func init install_properties install_property
    interface_find_property interface_install_property interface_list_properties is_floating list_properties
    newv notify notify_by_pspec override_property props ref ref_count ref_sink replace_data replace_qdata
    run_dispose set set_data set_properties set_property signal_connect signal_connect_after
    signal_handler_block signal_handler_disconnect signal_handler_is_connected signal_handler_unblock
    signal_handlers_block_matched signal_handlers_disconnect_matched signal_handlers_unblock_matched steal_data
    steal_qdata stop_emission stop_emission_by_name thaw_notify toString unblock_signal_handler unref valueOf
    hasOwnProperty watch_closure weak_ref
    """.split()
)
KEYWORDS = frozenset(
    """
    and as assert async await break class case catch const continue debugger def del delete do elif else enum
    except export extends finally for from function global if import in instanceof is lambda new nonlocal not or
    pass print raise return super switch this throw try typeof var void while with yield
    """.split()
)
# Methods of the base class of all objects.
INHERITED = frozenset(("dup_json", "equal", "get_event_guild_id", "has_field", "to_string"))
# Getters of fields whose own name is TAKEN.
GETTERS = {"type": "get_kind", "data": "get_entity"}
# Where the capitals mislead about where a word begins.
WORDS = {"OAuth": "Oauth"}
HANDWRITTEN = ("base", "codec", "values", "worker", "engine", "gateway")


def snake(name):
    """`GuildMFALevel` as guild_mfa_level."""
    for odd, plain in WORDS.items():
        name = name.replace(odd, plain)
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def constant(item, member=None):
    """`DGW_MESSAGE_TYPE_DEFAULT`, or only the prefix of an enum or set of flags."""
    return f"DGW_{snake(item.name).upper()}_{member.name if member else ''}"


def getter(field_name):
    return GETTERS.get(field_name, f"get_{field_name}")


def phrase(name):
    """`a voice state`, in a sentence."""
    words = snake(name).replace("_", " ")
    return f"{'an' if words[0] in 'aeio' else 'a'} {words}"


def handwritten(folder):
    """Upper-case names of the types and constants that the headers around the schema define, with their file."""
    found = {}
    for layer in HANDWRITTEN:
        for path in sorted((pathlib.Path(folder).resolve().parent / layer).glob("*.h")):
            text = path.read_text(encoding="utf-8")
            names = re.findall(r"^#define (DGW_[A-Z0-9_]+)\b|^\} Dgw(\w+);", text, re.MULTILINE)
            for macro, kind in names:
                found[macro or f"DGW_TYPE_{snake(kind).upper()}"] = f"{layer}/{path.name}"
    return found


class Names:
    """Names that are in use, and by whom."""

    def __init__(self, folder):
        self.folder = folder
        self.users = handwritten(folder)

    def take(self, name, user, place):
        if name in self.users:
            raise place().error(f"{name} is in use by {self.users[name]}")
        self.users[name] = user

    def place(self, file, table, entry=None):
        """A file is read again only to say where the mistake is."""
        return lambda: Place(SchemaFile(self.folder, file), table, entry)


def check_sets(names, file, sets):
    for item in sets:
        place = names.place(file, item.name)
        names.take(f"DGW_TYPE_{snake(item.name).upper()}", item.name, place)
        for member in item.members:
            entry = names.place(file, f"{item.name}.members", member.name)
            names.take(constant(item, member), f"{item.name}.{member.name}", entry)


def check_methods(place, accessors):
    """Each name once, and none that bindings use already."""
    methods = {}
    properties = {}
    for accessor in accessors:
        where = place(accessor.field.name)
        name = accessor.property.replace("-", "_")
        if name in TAKEN:
            raise where().error(f"'{name}' hides what objects have by that name")
        if accessor.property in properties:
            raise where().error(f"property '{accessor.property}' is {properties[accessor.property]}'s already")
        properties[accessor.property] = accessor.field.name
        for method in accessor.methods:
            if f"_{method}".endswith("_get_type"):
                raise where().error(f"'{method}' reads as the function of a GType")
            if method in TAKEN | KEYWORDS | INHERITED:
                raise where().error(f"'{method}' hides what objects have by that name")
            if method in methods:
                raise where().error(f"'{method}' is {methods[method]}'s already")
            methods[method] = accessor.field.name
    return methods


def check_objects(names, catalogue):
    for item in catalogue.model.objects:
        file = f"objects/{item.family}.toml"
        upper = snake(item.name).upper()
        for name in (f"DGW_TYPE_{upper}", f"DGW_{upper}", f"DGW_IS_{upper}"):
            names.take(name, item.name, names.place(file, item.name))

        def place(entry, file=file, table=f"{item.name}.fields"):
            return names.place(file, table, entry)

        for field in item.fields:
            try:
                catalogue.kind(field)
            except ValueError as error:
                raise place(field.name)().error(str(error)) from error
        for method, field in check_methods(place, catalogue.accessors_of(item)).items():
            names.take(f"dgw_{snake(item.name)}_{method}", f"{item.name}.{field}", place(field))


def check_c_names(folder, catalogue):
    names = Names(folder)
    check_sets(names, "enums.toml", catalogue.model.enums)
    check_sets(names, "flags.toml", catalogue.model.flags)
    check_objects(names, catalogue)
