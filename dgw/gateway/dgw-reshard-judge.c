/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-id-tree-private.h"
#include "dgw-protocol-enums.h"
#include "gateway/dgw-reshard-private.h"

/* Guilds that have not come after so long without another are in an outage. */
#define QUIET_US (5 * G_USEC_PER_SEC)

/* They run amid the drain of a gateway: what they find out is acted upon
 * by the timer. */

DgwGatewayVerdict
dgw_reshard_record (DgwGateway *gateway,
                    DgwAction  *action,
                    gpointer    user_data)
{
  DgwReshard *self = user_data;
  DgwGuildClass *class = dgw_reshard_get_class (self, dgw_gateway_get_shard_id (gateway));

  if (class->echo)
    dgw_shard_echo_record (class->echo, action,
                           class->phase == DGW_GUILD_CLASS_CONNECTING ? action->dispatch.received_us : class->live_us);

  return DGW_GATEWAY_EMIT;
}

DgwGatewayVerdict
dgw_reshard_skip_echo (DgwGateway *gateway,
                       DgwAction  *action,
                       gpointer    user_data)
{
  DgwReshard *self = user_data;
  DgwGuildClass *class = dgw_reshard_get_class (self, dgw_gateway_get_shard_id (gateway));

  return class->echo && dgw_shard_echo_take (class->echo, action) ? DGW_GATEWAY_SKIP : DGW_GATEWAY_EMIT;
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

  dgw_gateway_drop_events (shard->gateway);
  expect_guilds (shard, action);
  if (class->phase == DGW_GUILD_CLASS_CONNECTING)
    {
      class->phase = DGW_GUILD_CLASS_LIVE;
      class->live_us = action->dispatch.received_us;
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
