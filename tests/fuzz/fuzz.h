/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* The name and the types are libFuzzer's. */
int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);
