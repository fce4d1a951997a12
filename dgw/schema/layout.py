# SPDX-License-Identifier: LGPL-2.1-or-later
"""Text as the house style wants it: comments, members, tables; and the templates that it fills."""

import pathlib
import re
import string
import textwrap

NOTICE = "/* Made from $sources by dgw/schema/generate.py: edit those instead. */"
WIDTH = 90
GLUE = "\0"  # a space at which no line is broken
# Names as on the wire, of events and intents say, that are no part of a link and not marked yet.
WIRE_NAMES = re.compile(r"(?<![\w`@\[])(?:[A-Z]+(?:_[A-Z0-9]+)+|READY|RESUMED|GUILDS)(?![\w`\]])")


class Templates:
    """The files of a folder, each read once."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.texts = {}

    def fill(self, name, /, **values):
        if name not in self.texts:
            self.texts[name] = string.Template((self.folder / f"{name}.in").read_text(encoding="utf-8"))
        return self.texts[name].substitute(values)


def later(*releases):
    """The last of some releases."""
    return max(releases, key=lambda text: tuple(map(int, text.split("."))))


def notice(sources):
    return string.Template(NOTICE).substitute(sources=sources)


def nick(name):
    return name.lower().replace("_", "-")


def boolean(value):
    return "TRUE" if value else "FALSE"


def link(text, url):
    return f"[{text.replace(' ', GLUE)}]({url})"


def code(text):
    """With its names as on the wire marked as such."""
    return WIRE_NAMES.sub(r"`\g<0>`", text)


def wrapped(text, first, following):
    lines = textwrap.wrap(
        code(text),
        WIDTH,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.replace(GLUE, " ") for line in lines]


def doc_lines(paragraphs):
    """The body of a comment: its paragraphs, empty ones left out; a paragraph of several lines is a list."""
    return "\n *\n".join(
        "\n".join(
            line
            for item in text.splitlines()
            for line in wrapped(item, " * ", " *   " if item.startswith("- ") else " * ")
        )
        for text in paragraphs
        if text
    )


def returns_lines(text):
    return "\n".join(wrapped(f"Returns: {text}", " * ", " *   "))


def member_docs(members):
    """The "@MEMBER: text" lines of an enum's comment, from (constant, text)."""
    return "\n".join("\n".join(wrapped(f"@{constant}: {text}", " * ", " *   ")) for constant, text in members)


def sentence(items, last):
    """`a, b or c`."""
    *head, tail = items
    return f"{', '.join(head)} {last} {tail}" if head else tail


def enum_members(members):
    """The members of an enum, from (constant, value)."""
    return "\n".join(f"  {constant} = {value}," for constant, value in members)


def enum_values(kind, members):
    """The last arguments of G_DEFINE_ENUM_TYPE or _FLAGS_TYPE, from (constant, nick)."""
    indent = " " * len(f"G_DEFINE_{kind}_TYPE (")
    return ",\n".join(f'{indent}G_DEFINE_ENUM_VALUE ({constant}, "{name}")' for constant, name in members)


def table_rows(rows):
    """Initialisers with their columns aligned as clang-format aligns them."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows)]
    lines = []
    for row in rows:
        cells = [f"{cell},".ljust(width + 2) for cell, width in zip(row[:-1], widths)]
        lines.append("  {" + "".join(cells) + row[-1].ljust(widths[-1]) + "},")
    return "\n".join(lines)


def number_rows(numbers, per_line=16):
    """The elements of an array of numbers."""
    chunks = [numbers[i : i + per_line] for i in range(0, len(numbers), per_line)]
    return ",\n".join("  " + ", ".join(str(number) for number in chunk) for chunk in chunks)