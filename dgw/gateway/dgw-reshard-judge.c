/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-id-tree-private.h"
#include "base/dgw-snowflake.h"
#include "dgw-protocol-enums.h"
#include "gateway/dgw-reshard-private.h"

/* Guilds that have not come after so long without another are in an outage. */
#define QUIET_US (5 * G_USEC_PER_SEC)

/* They run amid the drain of a gateway: what they find out is acted upon
 * by the timer. */

/* What the new shard of a guild got before its session began, nobody looks for. */
static gint64
get_start (DgwReshard *self,
           DgwGuildClass *class,
           const DgwAction *action)
{
  DgwJsonView data = dgw_json_get_data (action->dispatch.json);
  const char *guild_id = dgw_json_view_get_string (dgw_json_view_get_member (data, "guild_id"));
  DgwShard   *shard = guild_id != NULL ? self->by_id[dgw_shard_id_for_guild (guild_id, self->count)] : NULL;
  gint64      start_us = shard != NULL ? shard->live_us : class->live_us;

  return start_us > 0 ? start_us : action->dispatch.received_us;
}

static void
note_full (DgwReshard *self)
{
  self->is_full = TRUE;
  dgw_timer_set (self->timer, g_get_monotonic_time ());
}

DgwGatewayVerdict
dgw_reshard_record (DgwGateway *gateway,
                    DgwAction  *action,
                    gpointer    user_data)
{
  DgwReshard *self = user_data;
  DgwGuildClass *class = dgw_reshard_get_class (self, dgw_gateway_get_shard_id (gateway));

  if (class->echo == NULL)
    return DGW_GATEWAY_EMIT;

  dgw_shard_echo_record (class->echo, action, get_start (self, class, action) - dgw_guild_class_get_apart (class));
  if (dgw_shard_echo_get_size (class->echo) / class->n_old > dgw_gateway_get_max_backlog_bytes (gateway))
    note_full (self);

  return DGW_GATEWAY_EMIT;
}

DgwGatewayVerdict
dgw_reshard_skip_echo (DgwGateway *gateway,
                       DgwAction  *action,
                       gpointer    user_data)
{
  DgwReshard *self = user_data;
  DgwGuildClass *class = dgw_reshard_get_class (self, dgw_gateway_get_shard_id (gateway));

  if (class->echo != NULL && dgw_shard_echo_take (class->echo, action, dgw_guild_class_get_apart (class)))
    return DGW_GATEWAY_SKIP;

  return DGW_GATEWAY_EMIT;
}

static gboolean
is_more (DgwMailboxLoad load,
         DgwMailboxLoad than)
{
  return load.events > than.events || load.bytes > than.bytes;
}

/* What the old shards have handed on by now need not be held. It is looked for
 * when an eighth more has come, so that this takes no more time than holding. */
static void
sweep (DgwReshard *self,
       DgwShard   *shard)
{
  DgwMailboxLoad most = {dgw_gateway_get_max_backlog_bytes (shard->gateway), dgw_gateway_get_max_backlog_events (shard->gateway)};
  DgwMailboxLoad held = dgw_gateway_get_held_load (shard->gateway);

  if (!is_more (held, shard->sweep_at))
    return;

  dgw_gateway_sweep_events (shard->gateway, dgw_reshard_skip_echo, self);
  held = dgw_gateway_get_held_load (shard->gateway);
  if (is_more (held, (DgwMailboxLoad){most.bytes - most.bytes / 8, most.events - most.events / 8}))
    note_full (self);
  shard->sweep_at = (DgwMailboxLoad){held.bytes + most.bytes / 8, held.events + most.events / 8};
}

static void
expect_guilds (DgwShard  *shard,
               DgwAction *action)
{
  DgwJsonView guilds = dgw_json_view_get_member (dgw_json_get_data (action->dispatch.json), "guilds");
  DgwJsonIter iter;
  DgwJsonView guild;

  g_clear_pointer (&shard->missing, g_tree_unref);
  shard->missing = dgw_id_tree_new ();
  if (!(dgw_gateway_get_intents (shard->gateway) & DGW_INTENTS_GUILDS))
    return;

  dgw_json_iter_init (&iter, guilds);
  while (dgw_json_iter_next (&iter, NULL, &guild))
    {
      const char *id = dgw_json_view_get_string (dgw_json_view_get_member (guild, "id"));

      if (id != NULL)
        g_tree_insert (shard->missing, g_strdup (id), NULL);
    }
}

static void
note_guild (DgwShard  *shard,
            DgwAction *action)
{
  const char *id = dgw_json_view_get_string (dgw_json_view_get_member (dgw_json_get_data (action->dispatch.json), "id"));

  if (id != NULL && shard->missing != NULL)
    g_tree_remove (shard->missing, id);
}

/* A new session, should it lose the first one, begins with READY again: what was
 * held of the first is served by the old shards still. */
static void
note_ready (DgwReshard *self,
            DgwShard   *shard,
            DgwAction  *action)
{
  DgwGuildClass *class = dgw_reshard_get_class (self, shard->id);

  /* From then on they do not any more. */
  if (class->phase < DGW_GUILD_CLASS_DRAINING)
    dgw_gateway_drop_events (shard->gateway);
  expect_guilds (shard, action);
  shard->live_us = action->dispatch.received_us;
  if (class->phase == DGW_GUILD_CLASS_CONNECTING)
    {
      class->phase = DGW_GUILD_CLASS_LIVE;
      class->live_us = shard->live_us;
    }
  else if (class->phase == DGW_GUILD_CLASS_ASKING)
    {
      class->phase = DGW_GUILD_CLASS_LIVE;
    }
}

DgwGatewayVerdict
dgw_reshard_hold (DgwGateway *gateway,
                  DgwAction  *action,
                  gpointer    user_data)
{
  DgwReshard *self = user_data;
  DgwShard   *shard = dgw_shard_get (gateway);
  gint64      now_us = g_get_monotonic_time ();

  sweep (self, shard);
  switch ((int)action->dispatch.type)
    {
    case DGW_EVENT_TYPE_READY:
      note_ready (self, shard, action);
      break;
    case DGW_EVENT_TYPE_GUILD_CREATE:
    case DGW_EVENT_TYPE_GUILD_DELETE:
      note_guild (shard, action);
      break;
    default:
      return DGW_GATEWAY_HOLD;
    }

  shard->settled_us = shard->missing && g_tree_nnodes (shard->missing) == 0 ? now_us : now_us + QUIET_US;
  dgw_timer_set (self->timer, now_us);

  return DGW_GATEWAY_HOLD;
}
