/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-request-private.h"

#include <string.h>

static DgwEventType
get_answer (guint opcode)
{
  switch (opcode)
    {
    case DGW_OPCODE_REQUEST_GUILD_MEMBERS:
      return DGW_EVENT_TYPE_GUILD_MEMBERS_CHUNK;
    case DGW_OPCODE_REQUEST_SOUNDBOARD_SOUNDS:
      return DGW_EVENT_TYPE_SOUNDBOARD_SOUNDS;
    case DGW_OPCODE_REQUEST_CHANNEL_INFO:
      return DGW_EVENT_TYPE_CHANNEL_INFO;
    default:
      return DGW_EVENT_TYPE_UNKNOWN;
    }
}

gboolean
dgw_request_is_answer (DgwEventType type)
{
  return type == DGW_EVENT_TYPE_GUILD_MEMBERS_CHUNK || type == DGW_EVENT_TYPE_SOUNDBOARD_SOUNDS ||
         type == DGW_EVENT_TYPE_CHANNEL_INFO;
}

DgwRequest *
dgw_request_new (guint       opcode,
                 const char *data)
{
  DgwRequest *self;

  if (get_answer (opcode) == DGW_EVENT_TYPE_UNKNOWN)
    return NULL;

  self = g_new0 (DgwRequest, 1);
  self->opcode = opcode;
  self->json = dgw_json_new_copy (data, strlen (data));
  dgw_collector_init (&self->collector);

  return self;
}

void
dgw_request_free (DgwRequest *self)
{
  dgw_collector_clear (&self->collector);
  dgw_json_unref (self->json);
  g_free (self);
}

static const char *
get_string (DgwJsonView object,
            const char *name)
{
  return dgw_json_view_get_string (dgw_json_view_get_member (object, name));
}

static const char *
get_own_string (DgwRequest *self,
                const char *name)
{
  return get_string (dgw_json_get_root (self->json), name);
}

static gboolean
is_own_string (DgwRequest *self,
               const char *name,
               const char *text)
{
  return text != NULL && g_strcmp0 (get_own_string (self, name), text) == 0;
}

/* Chunks are told apart by the nonce alone: several requests for one guild may
 * be answered at the same time. */
static gboolean
take_chunk (DgwRequest *self,
            DgwJson    *json)
{
  DgwJsonView data = dgw_json_get_data (json);

  return is_own_string (self, "nonce", get_string (data, "nonce")) &&
         dgw_collector_add (&self->collector,
                            dgw_json_view_get_int64 (dgw_json_view_get_member (data, "chunk_index"), -1),
                            dgw_json_view_get_int64 (dgw_json_view_get_member (data, "chunk_count"), -1),
                            json);
}

/* The position among the guilds asked for; -1: it is none of them. */
static gint64
find_guild (DgwRequest *self,
            const char *guild_id)
{
  DgwJsonIter iter;
  DgwJsonView view;
  gint64      position = 0;

  dgw_json_iter_init (&iter, dgw_json_view_get_member (dgw_json_get_root (self->json), "guild_ids"));
  for (; guild_id != NULL && dgw_json_iter_next (&iter, NULL, &view); position++)
    if (g_strcmp0 (dgw_json_view_get_string (view), guild_id) == 0)
      return position;

  return -1;
}

static gboolean
take_sounds (DgwRequest *self,
             DgwJson    *json)
{
  guint n_guilds = dgw_json_view_get_length (dgw_json_view_get_member (dgw_json_get_root (self->json), "guild_ids"));

  return dgw_collector_add (&self->collector, find_guild (self, get_string (dgw_json_get_data (json), "guild_id")), n_guilds, json);
}

gboolean
dgw_request_take (DgwRequest  *self,
                  DgwEventType type,
                  DgwJson     *json)
{
  if (type != get_answer (self->opcode))
    return FALSE;

  if (self->opcode == DGW_OPCODE_REQUEST_GUILD_MEMBERS)
    return take_chunk (self, json);
  if (self->opcode == DGW_OPCODE_REQUEST_SOUNDBOARD_SOUNDS)
    return take_sounds (self, json);

  return is_own_string (self, "guild_id", get_string (dgw_json_get_data (json), "guild_id")) &&
         dgw_collector_add (&self->collector, 0, 1, json);
}

/* Only for opcode 8 is it documented what the refusal tells; the rest goes by
 * what happens to be there. */
gboolean
dgw_request_is_meant (DgwRequest *self,
                      guint       opcode,
                      DgwJsonView meta)
{
  const char *nonce = get_string (meta, "nonce");
  const char *guild_id = get_string (meta, "guild_id");

  if (opcode != self->opcode)
    return FALSE;
  if (nonce != NULL)
    return is_own_string (self, "nonce", nonce);
  if (!dgw_collector_is_empty (&self->collector))
    return FALSE;

  return guild_id == NULL || is_own_string (self, "guild_id", guild_id) || find_guild (self, guild_id) >= 0;
}

gboolean
dgw_request_is_for_all_members (DgwRequest *self)
{
  return self->opcode == DGW_OPCODE_REQUEST_GUILD_MEMBERS && is_own_string (self, "query", "") &&
         dgw_json_view_get_int64 (dgw_json_view_get_member (dgw_json_get_root (self->json), "limit"), -1) == 0;
}

const char *
dgw_request_get_guild_id (DgwRequest *self)
{
  return get_own_string (self, "guild_id");
}

char *
dgw_request_make_kind (guint       opcode,
                       const char *guild_id)
{
  return guild_id != NULL ? g_strdup_printf ("%u:%s", opcode, guild_id) : g_strdup_printf ("%u", opcode);
}

char *
dgw_request_make_all_members_kind (const char *guild_id)
{
  return g_strconcat ("all:", guild_id, NULL);
}

char **
dgw_request_dup_kinds (DgwRequest *self)
{
  GPtrArray  *kinds = g_ptr_array_new ();
  const char *guild_id = dgw_request_get_guild_id (self);

  g_ptr_array_add (kinds, dgw_request_make_kind (self->opcode, NULL));
  if (guild_id != NULL)
    g_ptr_array_add (kinds, dgw_request_make_kind (self->opcode, guild_id));
  if (guild_id != NULL && dgw_request_is_for_all_members (self))
    g_ptr_array_add (kinds, dgw_request_make_all_members_kind (guild_id));
  g_ptr_array_add (kinds, NULL);

  return (char **)g_ptr_array_free (kinds, FALSE);
}
