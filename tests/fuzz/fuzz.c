/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "fuzz.h"

#include <string.h>

/* What all targets share, whoever runs them. */

#pragma weak fuzz_target_init

static GLogWriterOutput
write_log_cb (GLogLevelFlags   level,
              const GLogField *fields,
              gsize            n_fields,
              gpointer         user_data)
{
  if (level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR))
    return g_log_writer_default (level, fields, n_fields, user_data);

  return G_LOG_WRITER_HANDLED;
}

void
fuzz_write_no_log (void)
{
  /* Not to that of a test program. */
  g_log_set_default_handler (g_log_default_handler, NULL);
  g_log_set_writer_func (write_log_cb, NULL, NULL);
}

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  if (fuzz_target_init != NULL)
    fuzz_target_init ();
  else
    fuzz_write_no_log ();

  return 0;
}

guint8
fuzz_take_byte (FuzzInput *self)
{
  guint8 byte;

  if (self->size == 0)
    return 0;

  byte = *self->data++;
  self->size--;

  return byte;
}

guint64
fuzz_take_number (FuzzInput *self,
                  guint      n_bytes)
{
  guint64 number = 0;

  for (guint i = 0; i < n_bytes; i++)
    number = number << 8 | fuzz_take_byte (self);

  return number;
}

char *
fuzz_take_text (FuzzInput *self,
                guint8     end)
{
  const guint8 *mark = self->size > 0 ? memchr (self->data, end, self->size) : NULL;
  const gsize   length = mark != NULL ? (gsize)(mark - self->data) : self->size;
  char         *text = length > 0 ? g_strndup ((const char *)self->data, length) : g_strdup ("");

  self->data += length + (mark != NULL);
  self->size -= length + (mark != NULL);

  return text;
}

GBytes *
fuzz_take_rest (FuzzInput *self)
{
  char   *text = g_malloc (self->size + 1);
  GBytes *bytes;

  if (self->size > 0)
    memcpy (text, self->data, self->size);
  text[self->size] = '\0';
  bytes = g_bytes_new_with_free_func (text, self->size, g_free, text);
  self->size = 0;

  return bytes;
}
