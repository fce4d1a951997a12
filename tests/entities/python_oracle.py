# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the fields of entities have to read as in Python, by the json module's reading of the same text."""

import datetime
import json
import math
import re
import sys

LONE_SURROGATE = re.compile("[\ud800-\udfff\0]")
INT32 = (-(2**31), 2**31 - 1)
INT64 = (-(2**63), 2**63 - 1)
MAX_WHOLE_DOUBLE = 2**53
LAST_MS = 253402300799999  # of the year 9999
MISSING = object()


def clean(text):
    """C strings hold no NUL, UTF-8 no half of a surrogate pair."""
    return LONE_SURROGATE.sub("�", text)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def whole(value, least, most):
    """A whole number in the range, whichever way it is written; else None."""
    if not is_number(value):
        return None
    if isinstance(value, float):
        if not (abs(value) <= MAX_WHOLE_DOUBLE and value == math.floor(value)):
            return None
        value = int(value)
    return value if least <= value <= most else None


def held(value):
    """What a JsonNode can hold of it."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [held(part) for part in value]
    if isinstance(value, dict):
        return {clean(key): held(part) for key, part in value.items()}
    if is_number(value) and (isinstance(value, float) or not INT64[0] <= value <= INT64[1]):
        return as_double(value)
    return value


def as_double(value):
    return max(-sys.float_info.max, min(sys.float_info.max, float(value)))


def as_time(text):
    """Microseconds since 1970 and the seconds that the clock is ahead of UTC."""
    try:
        time = datetime.datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        time = None
    if time is None:
        return None
    if time.tzinfo is None:
        time = time.replace(tzinfo=datetime.timezone.utc)
    since = time - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    return since // datetime.timedelta(microseconds=1), time.utcoffset() // datetime.timedelta(seconds=1)


def bits_of(value):
    if isinstance(value, str):
        bits = int(value) if re.fullmatch("[0-9]+", value) else 0
        return bits if bits < 2**64 else 0
    return whole(value, 0, 2**64 - 1) or 0


def id_of(value):
    if isinstance(value, str):
        return clean(value)
    number = whole(value, 0, INT64[1])
    return None if number is None else str(number)


def ms_of(value):
    ms = whole(value, 0, LAST_MS)
    return None if ms is None else (ms * 1000, 0)


def number_or_missing(value, limits, missing):
    number = whole(value, *limits)
    return missing if number is None else number


def strings_of(value):
    """An empty list for none: PyGObject makes no difference between the two."""
    return [clean(part) for part in value if isinstance(part, str)] if isinstance(value, list) else []


def ints_of(value):
    if not isinstance(value, list):
        return None
    return [number for number in (whole(part, *INT32) for part in value) if number is not None]


def string_map_of(value):
    if not isinstance(value, dict):
        return None
    return {key: clean(part) for key, part in value.items() if isinstance(part, str)}


# By kind of field: the value that was read, MISSING when the key is absent; and what a number reads as when missing.
EXPECTED = {
    "boolean": lambda value, missing: value is True,
    "presence": lambda value, missing: value is True or value is None,
    "int": lambda value, missing: number_or_missing(value, INT32, missing),
    "int64": lambda value, missing: number_or_missing(value, INT64, missing),
    "uint": lambda value, missing: (whole(value, 0, INT64[1]) or 0) & 0xFFFFFFFF,
    "uint64": lambda value, missing: bits_of(value),
    "double": lambda value, missing: as_double(value) if is_number(value) else missing,
    "string": lambda value, missing: clean(value) if isinstance(value, str) else None,
    "id": lambda value, missing: id_of(value),
    "time": lambda value, missing: as_time(value) if isinstance(value, str) else None,
    "time_ms": lambda value, missing: ms_of(value),
    "strings": lambda value, missing: strings_of(value),
    "ints": lambda value, missing: ints_of(value),
    "string_map": lambda value, missing: string_map_of(value),
    "node": lambda value, missing: None if value is MISSING else held(value),
}


def plain_time(time):
    if time is None:
        return None
    us = time.to_unix() * 1000000 + time.get_microsecond()
    return us, time.get_utc_offset() // 1000000


def plain_node(node, to_text):
    return None if node is None else json.loads(to_text(node, False))


def plain_strings(strings):
    return list(strings or ())


def plain_variant(variant):
    return None if variant is None else variant.unpack()
