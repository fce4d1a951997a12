/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-id-tree-private.h"
#include "dgw-entities-user.h"
#include "gateway/dgw-gateway-private.h"
#include "values/dgw-entity-private.h"

/* What the events tell of the bot itself: its user and its guilds.
 *
 * GUILD_CREATE does not say why a guild comes. READY lists the guilds of the
 * bot: one that comes and is not among them is new. GUILD_DELETE tells of an
 * outage, after which the guild comes again, or of the end. So neither
 * GUILD_CREATE, which may be megabytes, nor who listens to it matters. */

void
dgw_gateway_install_user (GObjectClass *object_class)
{
  /**
   * DgwGateway:user: (getter get_user)
   *
   * The bot's own user.
   *
   * It comes with READY and follows USER_UPDATE; `NULL` before, also when a
   * session of another process was resumed, which brings no READY.
   *
   * Since: 0.1
   */
  dgw_gateway_properties[DGW_GATEWAY_PROP_USER] =
    g_param_spec_object ("user", NULL, NULL, DGW_TYPE_USER, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, DGW_GATEWAY_PROP_USER,
                                   dgw_gateway_properties[DGW_GATEWAY_PROP_USER]);
}

void
dgw_gateway_init_bot (DgwGateway *self)
{
  self->guilds = dgw_id_tree_new ();
}

void
dgw_gateway_clear_bot (DgwGateway *self)
{
  g_clear_object (&self->user);
  g_clear_pointer (&self->guilds, g_tree_unref);
}

static void
set_arrival (DgwGateway     *self,
             DgwJsonView     guild,
             DgwGuildArrival arrival)
{
  const char *id = dgw_json_view_get_string (dgw_json_view_get_member (guild, "id"));

  if (id != NULL)
    g_tree_insert (self->guilds, g_strdup (id), GINT_TO_POINTER (arrival));
}

static void
take_guilds (DgwGateway *self,
             DgwJsonView guilds)
{
  DgwJsonIter iter;
  DgwJsonView guild;

  g_tree_remove_all (self->guilds);
  dgw_json_iter_init (&iter, guilds);
  while (dgw_json_iter_next (&iter, NULL, &guild))
    set_arrival (self, guild, DGW_GUILD_ARRIVAL_LOADED);
}

static void
take_guild_delete (DgwGateway *self,
                   DgwJsonView guild)
{
  const char *id = dgw_json_view_get_string (dgw_json_view_get_member (guild, "id"));

  if (dgw_json_view_get_boolean (dgw_json_view_get_member (guild, "unavailable"), FALSE))
    set_arrival (self, guild, DGW_GUILD_ARRIVAL_RECOVERED);
  else if (id != NULL)
    g_tree_remove (self->guilds, id);
}

/* READY may be large, and the user stays for long: it gets a document of its
 * own. */
static void
take_user (DgwGateway *self,
           DgwJsonView view)
{
  g_autoptr (DgwUser) user = NULL;

  if (dgw_json_view_get_kind (view) != DGW_JSON_OBJECT)
    return;

  user = dgw_entity_new_apart (DGW_TYPE_USER, view);
  if (self->user != NULL && dgw_entity_equal (DGW_ENTITY (user), DGW_ENTITY (self->user)))
    return;

  g_set_object (&self->user, user);
  g_object_notify_by_pspec (G_OBJECT (self), dgw_gateway_properties[DGW_GATEWAY_PROP_USER]);
}

gboolean
dgw_gateway_minds_event (const DgwAction *action)
{
  return action->dispatch.type == DGW_EVENT_TYPE_READY ||
         action->dispatch.type == DGW_EVENT_TYPE_USER_UPDATE ||
         action->dispatch.type == DGW_EVENT_TYPE_GUILD_DELETE;
}

void
dgw_gateway_take_event (DgwGateway      *self,
                        const DgwAction *action)
{
  switch ((int)action->dispatch.type)
    {
    case DGW_EVENT_TYPE_READY:
      take_user (self, dgw_json_view_get_member (dgw_json_get_data (action->dispatch.json), "user"));
      take_guilds (self, dgw_json_view_get_member (dgw_json_get_data (action->dispatch.json), "guilds"));
      break;
    case DGW_EVENT_TYPE_USER_UPDATE:
      take_user (self, dgw_json_get_data (action->dispatch.json));
      break;
    case DGW_EVENT_TYPE_GUILD_DELETE:
      take_guild_delete (self, dgw_json_get_data (action->dispatch.json));
      break;
    default:
      break;
    }
}

/**
 * dgw_gateway_get_user: (get-property user)
 * @self: a gateway
 *
 * Gets the bot's own user.
 *
 * Returns: (transfer none) (nullable): the user, owned by the gateway, or `NULL`
 *   before READY
 *
 * Since: 0.1
 */
DgwUser *
dgw_gateway_get_user (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->user;
}

/**
 * dgw_gateway_get_guild_arrival:
 * @self: a gateway
 * @guild_id: the id of a guild
 *
 * Tells why a guild came last, for handlers of [signal@Gateway::guild-create],
 * which is emitted for the guilds of the bot when a session begins, for a guild
 * that is back from an outage, and for one that the bot was added to.
 *
 * It is known from READY and GUILD_DELETE. In a session that another process
 * began, guilds that had an outage before count as joined.
 *
 * Discord's documentation: [Guild Create](https://discord.com/developers/docs/events/gateway-events#guild-create).
 *
 * Returns: why the guild came
 *
 * Since: 0.1
 */
DgwGuildArrival
dgw_gateway_get_guild_arrival (DgwGateway *self,
                               const char *guild_id)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), DGW_GUILD_ARRIVAL_JOINED);
  g_return_val_if_fail (guild_id != NULL, DGW_GUILD_ARRIVAL_JOINED);

  return (DgwGuildArrival)GPOINTER_TO_INT (g_tree_lookup (self->guilds, guild_id));
}
