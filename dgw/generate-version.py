#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes dgw-version.h: the version and one availability macro per minor release."""

import sys

AVAILABILITY = """\
/**
 * DGW_VERSION_{minor}:
 *
 * The {dotted} release, for `DGW_VERSION_MIN_REQUIRED` and `DGW_VERSION_MAX_ALLOWED`.
 */
#define DGW_VERSION_{minor} (G_ENCODE_VERSION ({args}))

#if defined(DGW_VERSION_MAX_ALLOWED) && DGW_VERSION_MAX_ALLOWED < DGW_VERSION_{minor}
#define DGW_AVAILABLE_IN_{minor} G_UNAVAILABLE ({args}) _DGW_EXTERN
#else
#define DGW_AVAILABLE_IN_{minor} _DGW_EXTERN
#endif
"""


def minor_releases(major, minor):
    """Every (major, minor) that this series has had, oldest first; 0.1 counts as 1.0's beginning."""
    return [(major, number) for number in range(0 if major else 1, minor + 1)]


def main(version, template_path, output_path):
    major, minor, micro = (int(part) for part in version.split("."))
    blocks = [
        AVAILABILITY.format(minor=f"{a}_{b}", dotted=f"{a}.{b}", args=f"{a}, {b}")
        for a, b in minor_releases(major, minor)
    ]
    with open(template_path, encoding="utf-8") as template:
        text = template.read()
    for name, value in {
        "@MAJOR@": str(major),
        "@MINOR@": str(minor),
        "@MICRO@": str(micro),
        "@VERSION@": version,
        "@AVAILABILITY@": "\n".join(blocks).rstrip(),
    }.items():
        text = text.replace(name, value)
    with open(output_path, "w", encoding="utf-8") as output:
        output.write(text)


if __name__ == "__main__":
    main(*sys.argv[1:])
