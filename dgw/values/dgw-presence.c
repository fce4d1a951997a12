/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-presence.h"

#include <json-glib/json-glib.h>

#include "base/dgw-set-private.h"
#include "codec/dgw-json-glib-private.h"
#include "values/dgw-presence-private.h"

/**
 * DgwPresence:
 *
 * What a bot shows of itself: its status and what it is doing.
 *
 * Pass it to [method@Gateway.update_presence_async], or set it as
 * [property@Gateway:presence]. The gateway reads it at that moment: a change
 * made afterwards shows when it is passed again.
 *
 * ```c
 * g_autoptr (DgwPresence) presence = dgw_presence_new ();
 * g_autoptr (DgwPresenceActivity) activity =
 *   dgw_presence_activity_new_watching ("the build");
 *
 * dgw_presence_set_status (presence, DGW_PRESENCE_UPDATE_STATUS_IDLE);
 * dgw_presence_add_activity (presence, activity);
 * dgw_gateway_set_presence (gateway, presence);
 * ```
 *
 * Discord's documentation: [Update Presence](https://discord.com/developers/docs/events/gateway-events#update-presence).
 *
 * Since: 0.1
 */
struct _DgwPresence
{
  GObject parent_instance;

  char       *status;
  gint64      since;
  GListStore *activities;
  gboolean    afk;
};

G_DEFINE_FINAL_TYPE (DgwPresence, dgw_presence, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_STATUS,
  PROP_AFK,
  PROP_SINCE,
  PROP_ACTIVITIES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
add_string (JsonBuilder *builder,
            const char  *name,
            const char  *value)
{
  if (!value)
    return;

  json_builder_set_member_name (builder, name);
  json_builder_add_string_value (builder, value);
}

static void
add_activity (JsonBuilder         *builder,
              DgwPresenceActivity *activity)
{
  json_builder_begin_object (builder);
  add_string (builder, "name", dgw_presence_activity_get_name (activity));
  json_builder_set_member_name (builder, "type");
  json_builder_add_int_value (builder, dgw_presence_activity_get_kind (activity));
  add_string (builder, "state", dgw_presence_activity_get_state (activity));
  add_string (builder, "url", dgw_presence_activity_get_url (activity));
  json_builder_end_object (builder);
}

static void
dgw_presence_finalize (GObject *object)
{
  DgwPresence *self = DGW_PRESENCE (object);

  g_clear_pointer (&self->status, g_free);
  g_clear_object (&self->activities);

  G_OBJECT_CLASS (dgw_presence_parent_class)->finalize (object);
}

static void
dgw_presence_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  DgwPresence *self = DGW_PRESENCE (object);

  switch (prop_id)
    {
    case PROP_STATUS:
      g_value_set_string (value, dgw_presence_get_status (self));
      break;
    case PROP_AFK:
      g_value_set_boolean (value, dgw_presence_get_afk (self));
      break;
    case PROP_SINCE:
      g_value_set_int64 (value, dgw_presence_get_since (self));
      break;
    case PROP_ACTIVITIES:
      g_value_set_object (value, dgw_presence_get_activities (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_presence_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  DgwPresence *self = DGW_PRESENCE (object);

  switch (prop_id)
    {
    case PROP_STATUS:
      dgw_presence_set_status (self, g_value_get_string (value));
      break;
    case PROP_AFK:
      dgw_presence_set_afk (self, g_value_get_boolean (value));
      break;
    case PROP_SINCE:
      dgw_presence_set_since (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_presence_class_init (DgwPresenceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dgw_presence_finalize;
  object_class->get_property = dgw_presence_get_property;
  object_class->set_property = dgw_presence_set_property;

  /**
   * DgwPresence:status: (getter get_status) (setter set_status)
   *
   * The status as on the wire: `DGW_PRESENCE_UPDATE_STATUS_ONLINE` and its
   * siblings, or one that Discord added later.
   *
   * Since: 0.1
   */
  properties[PROP_STATUS] =
    g_param_spec_string ("status", NULL, NULL, DGW_PRESENCE_UPDATE_STATUS_ONLINE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * DgwPresence:afk: (getter get_afk) (setter set_afk)
   *
   * Whether the bot is away from its keyboard.
   *
   * Since: 0.1
   */
  properties[PROP_AFK] =
    g_param_spec_boolean ("afk", NULL, NULL, FALSE,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * DgwPresence:since: (getter get_since) (setter set_since)
   *
   * Since when the bot is idle, in milliseconds of Unix time; -1 when it is not.
   *
   * Since: 0.1
   */
  properties[PROP_SINCE] =
    g_param_spec_int64 ("since", NULL, NULL, -1, G_MAXINT64, -1,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * DgwPresence:activities: (getter get_activities)
   *
   * What the bot is doing: a list of [class@PresenceActivity].
   *
   * Since: 0.1
   */
  properties[PROP_ACTIVITIES] =
    g_param_spec_object ("activities", NULL, NULL, G_TYPE_LIST_MODEL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dgw_presence_init (DgwPresence *self)
{
  self->status = g_strdup (DGW_PRESENCE_UPDATE_STATUS_ONLINE);
  self->since = -1;
  self->activities = g_list_store_new (DGW_TYPE_PRESENCE_ACTIVITY);
}

/**
 * dgw_presence_new:
 *
 * Makes a presence that is online, with no activity.
 *
 * Returns: (transfer full): a presence
 *
 * Since: 0.1
 */
DgwPresence *
dgw_presence_new (void)
{
  return g_object_new (DGW_TYPE_PRESENCE, NULL);
}

/**
 * dgw_presence_get_status: (get-property status)
 * @self: a presence
 *
 * Gets the status as on the wire.
 *
 * Returns: the status, owned by the presence
 *
 * Since: 0.1
 */
const char *
dgw_presence_get_status (DgwPresence *self)
{
  g_return_val_if_fail (DGW_IS_PRESENCE (self), NULL);

  return self->status;
}

/**
 * dgw_presence_set_status: (set-property status)
 * @self: a presence
 * @status: a status: `DGW_PRESENCE_UPDATE_STATUS_ONLINE` or one of its siblings
 *
 * Sets the status as on the wire.
 *
 * Since: 0.1
 */
void
dgw_presence_set_status (DgwPresence *self,
                         const char  *status)
{
  g_return_if_fail (DGW_IS_PRESENCE (self));
  g_return_if_fail (status != NULL && g_utf8_validate (status, -1, NULL));

  if (dgw_set_str (&self->status, status))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

/**
 * dgw_presence_get_afk: (get-property afk)
 * @self: a presence
 *
 * Gets whether the bot is away from its keyboard.
 *
 * Returns: `TRUE` if it is away
 *
 * Since: 0.1
 */
gboolean
dgw_presence_get_afk (DgwPresence *self)
{
  g_return_val_if_fail (DGW_IS_PRESENCE (self), FALSE);

  return self->afk;
}

/**
 * dgw_presence_set_afk: (set-property afk)
 * @self: a presence
 * @afk: `TRUE` if it is away
 *
 * Sets whether the bot is away from its keyboard.
 *
 * Since: 0.1
 */
void
dgw_presence_set_afk (DgwPresence *self,
                      gboolean     afk)
{
  g_return_if_fail (DGW_IS_PRESENCE (self));

  afk = !!afk;
  if (self->afk == afk)
    return;

  self->afk = afk;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AFK]);
}

/**
 * dgw_presence_get_since: (get-property since)
 * @self: a presence
 *
 * Gets since when the bot is idle.
 *
 * Returns: milliseconds of Unix time, or -1 when it is not idle
 *
 * Since: 0.1
 */
gint64
dgw_presence_get_since (DgwPresence *self)
{
  g_return_val_if_fail (DGW_IS_PRESENCE (self), -1);

  return self->since;
}

/**
 * dgw_presence_set_since: (set-property since)
 * @self: a presence
 * @since: milliseconds of Unix time, or -1 when it is not idle
 *
 * Sets since when the bot is idle.
 *
 * Since: 0.1
 */
void
dgw_presence_set_since (DgwPresence *self,
                        gint64       since)
{
  g_return_if_fail (DGW_IS_PRESENCE (self));
  g_return_if_fail (since >= -1);

  if (self->since == since)
    return;

  self->since = since;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SINCE]);
}

/**
 * dgw_presence_get_activities: (get-property activities)
 * @self: a presence
 *
 * Gets what the bot is doing: a list of [class@PresenceActivity] that follows
 * later changes.
 *
 * Returns: (transfer none): the list, owned by the presence
 *
 * Since: 0.1
 */
GListModel *
dgw_presence_get_activities (DgwPresence *self)
{
  g_return_val_if_fail (DGW_IS_PRESENCE (self), NULL);

  return G_LIST_MODEL (self->activities);
}

/**
 * dgw_presence_add_activity:
 * @self: a presence
 * @activity: an activity
 *
 * Adds an activity at the end of the list. Discord's clients show the first.
 *
 * Since: 0.1
 */
void
dgw_presence_add_activity (DgwPresence         *self,
                           DgwPresenceActivity *activity)
{
  g_return_if_fail (DGW_IS_PRESENCE (self));
  g_return_if_fail (DGW_IS_PRESENCE_ACTIVITY (activity));

  g_list_store_append (self->activities, activity);
}

/**
 * dgw_presence_remove_activity:
 * @self: a presence
 * @activity: an activity of the list
 *
 * Removes an activity; nothing happens when it is not in the list.
 *
 * Since: 0.1
 */
void
dgw_presence_remove_activity (DgwPresence         *self,
                              DgwPresenceActivity *activity)
{
  guint position;

  g_return_if_fail (DGW_IS_PRESENCE (self));
  g_return_if_fail (DGW_IS_PRESENCE_ACTIVITY (activity));

  if (g_list_store_find (self->activities, activity, &position))
    g_list_store_remove (self->activities, position);
}

/**
 * dgw_presence_clear_activities:
 * @self: a presence
 *
 * Removes all activities.
 *
 * Since: 0.1
 */
void
dgw_presence_clear_activities (DgwPresence *self)
{
  g_return_if_fail (DGW_IS_PRESENCE (self));

  g_list_store_remove_all (self->activities);
}

char *
dgw_presence_to_json (DgwPresence *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();
  g_autoptr (JsonNode) node = NULL;
  GListModel *activities = G_LIST_MODEL (self->activities);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "since");
  if (self->since >= 0)
    json_builder_add_int_value (builder, self->since);
  else
    json_builder_add_null_value (builder);

  json_builder_set_member_name (builder, "activities");
  json_builder_begin_array (builder);
  for (guint i = 0; i < g_list_model_get_n_items (activities); i++)
    {
      g_autoptr (DgwPresenceActivity) activity = g_list_model_get_item (activities, i);

      add_activity (builder, activity);
    }
  json_builder_end_array (builder);

  add_string (builder, "status", self->status);
  json_builder_set_member_name (builder, "afk");
  json_builder_add_boolean_value (builder, self->afk);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  return dgw_json_node_to_text (node);
}
