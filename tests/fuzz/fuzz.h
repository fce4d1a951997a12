/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

G_BEGIN_DECLS

/* The names and the types are libFuzzer's. */
int LLVMFuzzerInitialize (int    *argc,
                          char ***argv);
int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);

/* A target may have one: what it needs once. */
void fuzz_target_init (void);
/* Nothing but criticals, which end the program: for targets that have an init. */
void fuzz_write_no_log (void);

/* An input that is made of parts, taken from its start. Behind its end there are
 * zeros and empty texts. */
typedef struct
{
  const guint8 *data;
  gsize         size;
} FuzzInput;

guint8  fuzz_take_byte (FuzzInput *self);
guint64 fuzz_take_number (FuzzInput *self,
                          guint      n_bytes);
/* Up to this byte, or to the end; a NUL ends the text too. */
char *fuzz_take_text (FuzzInput *self,
                      guint8     end) G_GNUC_WARN_UNUSED_RESULT;
/* All that is left, with a NUL past its end. */
GBytes *fuzz_take_rest (FuzzInput *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
