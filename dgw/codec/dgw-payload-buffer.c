/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-payload-buffer-private.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error-private.h"

/* Most payloads fit the first allocation, which an idle connection keeps. */
#define KEPT_SIZE (16 * 1024)

void
dgw_payload_buffer_init (DgwPayloadBuffer *self,
                         guint64           max_length)
{
  *self = (DgwPayloadBuffer){.max_length = (gsize)MIN (max_length, G_MAXSSIZE)};
}

void
dgw_payload_buffer_clear (DgwPayloadBuffer *self)
{
  g_clear_pointer (&self->data, g_free);
  self->length = 0;
  self->size = 0;
}

static gboolean
grow (DgwPayloadBuffer *self,
      GError          **error)
{
  /* One byte past the limit tells a payload that fits exactly from one that
   * goes on; another one is for the NUL. */
  gsize   size = CLAMP (2 * self->size, KEPT_SIZE, MAX (self->max_length, KEPT_SIZE - 2) + 2);
  guint8 *data = g_try_realloc (self->data, size);

  if (data == NULL)
    {
      g_set_error (error,
                   DGW_GATEWAY_ERROR,
                   DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE,
                   _ ("There is no memory for a payload of more than %zu bytes"),
                   self->length);

      return FALSE;
    }

  self->data = data;
  self->size = size;

  return TRUE;
}

gboolean
dgw_payload_buffer_check_length (DgwPayloadBuffer *self,
                                 GError          **error)
{
  if (self->length <= self->max_length)
    return TRUE;

  g_propagate_error (error, dgw_gateway_error_for_size (self->max_length));

  return FALSE;
}

gboolean
dgw_payload_buffer_reserve (DgwPayloadBuffer *self,
                            gsize            *room,
                            GError          **error)
{
  if (!dgw_payload_buffer_check_length (self, error))
    return FALSE;

  if (self->length + 1 >= self->size && !grow (self, error))
    return FALSE;

  *room = MIN (self->size - 1, self->max_length + 1) - self->length;

  return TRUE;
}

DgwJson *
dgw_payload_buffer_steal (DgwPayloadBuffer *self)
{
  gsize length = self->length;

  self->length = 0;
  if (self->size <= KEPT_SIZE)
    return dgw_json_new_copy ((const char *)self->data, length);

  self->size = 0;

  return dgw_json_new_take (g_realloc (g_steal_pointer (&self->data), length + 1), length);
}
