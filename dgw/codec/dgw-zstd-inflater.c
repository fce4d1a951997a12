/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-zstd-inflater-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <zstd.h>

#include "base/dgw-gateway-error.h"
#include "codec/dgw-payload-buffer-private.h"

/* A forged header can ask for a window of any size. 8 MiB is what RFC 8878
 * asks of every decoder, and far above what the gateway was seen to use. */
#define WINDOW_LOG_MAX 23
/* What the decoder asks for when it stands between two blocks: a block header. */
#define HINT_AT_BLOCK_BOUNDARY 3
#define HINT_AT_FRAME_END      0
/* The blocks of a payload have sizes that are multiples of this, but the last. */
#define BLOCK_SIZE_UNIT 1024

struct _DgwZstdInflater
{
  ZSTD_DCtx       *context;
  DgwPayloadBuffer buffer;
};

DgwZstdInflater *
dgw_zstd_inflater_new (guint64 max_payload_size)
{
  DgwZstdInflater *self = g_new0 (DgwZstdInflater, 1);

  self->context = ZSTD_createDCtx ();
  if (self->context == NULL)
    g_error ("zstd does not start: there is no memory");
  ZSTD_DCtx_setParameter (self->context, ZSTD_d_windowLogMax, WINDOW_LOG_MAX);
  dgw_payload_buffer_init (&self->buffer, max_payload_size);

  return self;
}

void
dgw_zstd_inflater_free (DgwZstdInflater *self)
{
  ZSTD_freeDCtx (self->context);
  dgw_payload_buffer_clear (&self->buffer);
  g_free (self);
}

/* Uses up the input; *hint is what the decoder waits for then. */
static gboolean
decompress_input (DgwZstdInflater *self,
                  ZSTD_inBuffer   *input,
                  gsize           *hint,
                  GError         **error)
{
  gboolean is_full;

  do
    {
      ZSTD_outBuffer output = {0};

      if (!dgw_payload_buffer_reserve (&self->buffer, &output.size, error))
        return FALSE;

      output.dst = self->buffer.data + self->buffer.length;
      *hint = ZSTD_decompressStream (self->context, &output, input);
      if (ZSTD_isError (*hint))
        {
          g_set_error (error,
                       DGW_GATEWAY_ERROR,
                       DGW_GATEWAY_ERROR_DECOMPRESSION,
                       _ ("A message is no valid zstd data: %s"),
                       ZSTD_getErrorName (*hint));

          return FALSE;
        }

      self->buffer.length += output.pos;
      is_full = output.pos == output.size;
    }
  while (input->pos < input->size || (is_full && *hint != HINT_AT_FRAME_END));

  return dgw_payload_buffer_check_length (&self->buffer, error);
}

/* Whether as many brackets are closed as are opened, outside of strings. */
static gboolean
brackets_balance (const char *text,
                  gsize       length)
{
  gssize   depth = 0;
  gboolean is_in_string = FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (is_in_string && text[i] == '\\')
        i++;
      else if (text[i] == '"')
        is_in_string = !is_in_string;
      else if (!is_in_string && (text[i] == '{' || text[i] == '['))
        depth++;
      else if (!is_in_string && (text[i] == '}' || text[i] == ']'))
        depth--;
    }

  return depth == 0;
}

/* Between two blocks, whether the payload ends there. Discord sends every
 * payload as one message, but a proxy may split messages anywhere, and large
 * payloads have several blocks, so that a message can end between them. Inner
 * blocks have round sizes, as a rule, so only there the brackets have to be
 * counted. A short text is whole whatever it says: it has one block, and
 * waiting for more would only put off the error. */
static gboolean
is_text_whole (const char *text,
               gsize       length)
{
  gsize end = length;

  if (length < BLOCK_SIZE_UNIT)
    return TRUE;

  while (end > 0 && memchr (" \t\r\n", text[end - 1], 4) != NULL)
    end--;

  if (end == 0 || text[end - 1] != '}')
    return FALSE;

  return length % BLOCK_SIZE_UNIT != 0 || brackets_balance (text, length);
}

static gboolean
is_payload_complete (DgwZstdInflater *self,
                     gsize            hint)
{
  if (self->buffer.length == 0)
    return FALSE;
  if (hint == HINT_AT_FRAME_END)
    return TRUE;

  return hint == HINT_AT_BLOCK_BOUNDARY &&
         is_text_whole ((const char *)self->buffer.data, self->buffer.length);
}

gboolean
dgw_zstd_inflater_push (DgwZstdInflater *self,
                        GBytes          *message,
                        DgwJson        **payload,
                        GError         **error)
{
  ZSTD_inBuffer input = {0};
  gsize         hint;

  *payload = NULL;
  input.src = g_bytes_get_data (message, &input.size);
  /* The decoder takes calls without progress for a fault. */
  if (input.size == 0)
    return TRUE;

  if (!decompress_input (self, &input, &hint, error))
    return FALSE;
  if (is_payload_complete (self, hint))
    *payload = dgw_payload_buffer_steal (&self->buffer);

  return TRUE;
}
