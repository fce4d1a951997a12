/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-presence-activity.h"

#include "base/dgw-set-private.h"

/* What Discord's own clients call a custom status; the name is not shown. */
#define CUSTOM_NAME "Custom Status"

/**
 * DgwPresenceActivity:
 *
 * What a bot shows to be doing, as part of its [class@Presence].
 *
 * Bots can set these four fields and no others. Which of them are shown depends
 * on the kind, see [enum@ActivityType].
 *
 * Discord's documentation: [Activity Object](https://discord.com/developers/docs/events/gateway-events#activity-object).
 *
 * Since: 0.1
 */
struct _DgwPresenceActivity
{
  GObject parent_instance;

  int   kind;
  char *name;
  char *state; /* nullable */
  char *url;   /* nullable */
};

G_DEFINE_FINAL_TYPE (DgwPresenceActivity, dgw_presence_activity, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_TYPE,
  PROP_NAME,
  PROP_STATE,
  PROP_URL,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
set_string (DgwPresenceActivity *self,
            char               **field,
            const char          *value,
            GParamSpec          *pspec)
{
  if (dgw_set_str (field, value))
    g_object_notify_by_pspec (G_OBJECT (self), pspec);
}

static void
dgw_presence_activity_finalize (GObject *object)
{
  DgwPresenceActivity *self = DGW_PRESENCE_ACTIVITY (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->state, g_free);
  g_clear_pointer (&self->url, g_free);

  G_OBJECT_CLASS (dgw_presence_activity_parent_class)->finalize (object);
}

static void
dgw_presence_activity_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  DgwPresenceActivity *self = DGW_PRESENCE_ACTIVITY (object);

  switch (prop_id)
    {
    case PROP_TYPE:
      g_value_set_int (value, dgw_presence_activity_get_kind (self));
      break;
    case PROP_NAME:
      g_value_set_string (value, dgw_presence_activity_get_name (self));
      break;
    case PROP_STATE:
      g_value_set_string (value, dgw_presence_activity_get_state (self));
      break;
    case PROP_URL:
      g_value_set_string (value, dgw_presence_activity_get_url (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_presence_activity_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  DgwPresenceActivity *self = DGW_PRESENCE_ACTIVITY (object);

  switch (prop_id)
    {
    case PROP_TYPE:
      dgw_presence_activity_set_kind (self, g_value_get_int (value));
      break;
    case PROP_NAME:
      dgw_presence_activity_set_name (self, g_value_get_string (value));
      break;
    case PROP_STATE:
      dgw_presence_activity_set_state (self, g_value_get_string (value));
      break;
    case PROP_URL:
      dgw_presence_activity_set_url (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_presence_activity_class_init (DgwPresenceActivityClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dgw_presence_activity_finalize;
  object_class->get_property = dgw_presence_activity_get_property;
  object_class->set_property = dgw_presence_activity_set_property;

  /**
   * DgwPresenceActivity:type: (getter get_kind) (setter set_kind)
   *
   * The kind: a constant of [enum@ActivityType], or one that Discord added later.
   *
   * Since: 0.1
   */
  properties[PROP_TYPE] =
    g_param_spec_int ("type", NULL, NULL, G_MININT, G_MAXINT, DGW_ACTIVITY_TYPE_PLAYING,
                      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * DgwPresenceActivity:name: (getter get_name) (setter set_name)
   *
   * What is played, streamed and so on; not shown with `DGW_ACTIVITY_TYPE_CUSTOM`.
   *
   * An empty name is sent as it is; Discord then shows no activity.
   *
   * Since: 0.1
   */
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, "",
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * DgwPresenceActivity:state: (getter get_state) (setter set_state)
   *
   * The text of a custom status; a second line with other kinds.
   *
   * Since: 0.1
   */
  properties[PROP_STATE] =
    g_param_spec_string ("state", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * DgwPresenceActivity:url: (getter get_url) (setter set_url)
   *
   * Where the stream is; only with `DGW_ACTIVITY_TYPE_STREAMING`.
   *
   * Discord shows links to Twitch and YouTube only; others are passed on as they are.
   *
   * Since: 0.1
   */
  properties[PROP_URL] =
    g_param_spec_string ("url", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dgw_presence_activity_init (DgwPresenceActivity *self)
{
  self->name = g_strdup ("");
}

/**
 * dgw_presence_activity_new:
 * @type: the kind, a constant of [enum@ActivityType]
 * @name: what is played, streamed and so on
 *
 * Makes an activity of any kind.
 *
 * Returns: (transfer full): an activity
 *
 * Since: 0.1
 */
DgwPresenceActivity *
dgw_presence_activity_new (int         type,
                           const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (DGW_TYPE_PRESENCE_ACTIVITY, "type", type, "name", name, NULL);
}

/**
 * dgw_presence_activity_new_playing:
 * @name: what it is
 *
 * Makes an activity shown as "Playing @name".
 *
 * Returns: (transfer full): an activity
 *
 * Since: 0.1
 */
DgwPresenceActivity *
dgw_presence_activity_new_playing (const char *name)
{
  return dgw_presence_activity_new (DGW_ACTIVITY_TYPE_PLAYING, name);
}

/**
 * dgw_presence_activity_new_streaming:
 * @name: what is streamed
 * @url: where: an address of Twitch or YouTube, others are not shown
 *
 * Makes an activity shown as "Streaming @name" with a link.
 *
 * Returns: (transfer full): an activity
 *
 * Since: 0.1
 */
DgwPresenceActivity *
dgw_presence_activity_new_streaming (const char *name,
                                     const char *url)
{
  g_return_val_if_fail (name != NULL, NULL);
  g_return_val_if_fail (url != NULL, NULL);

  return g_object_new (DGW_TYPE_PRESENCE_ACTIVITY, "type", DGW_ACTIVITY_TYPE_STREAMING, "name", name, "url", url, NULL);
}

/**
 * dgw_presence_activity_new_listening:
 * @name: what it is
 *
 * Makes an activity shown as "Listening to @name".
 *
 * Returns: (transfer full): an activity
 *
 * Since: 0.1
 */
DgwPresenceActivity *
dgw_presence_activity_new_listening (const char *name)
{
  return dgw_presence_activity_new (DGW_ACTIVITY_TYPE_LISTENING, name);
}

/**
 * dgw_presence_activity_new_watching:
 * @name: what it is
 *
 * Makes an activity shown as "Watching @name".
 *
 * Returns: (transfer full): an activity
 *
 * Since: 0.1
 */
DgwPresenceActivity *
dgw_presence_activity_new_watching (const char *name)
{
  return dgw_presence_activity_new (DGW_ACTIVITY_TYPE_WATCHING, name);
}

/**
 * dgw_presence_activity_new_custom:
 * @state: the text
 *
 * Makes a custom status, shown as @state alone.
 *
 * Returns: (transfer full): an activity
 *
 * Since: 0.1
 */
DgwPresenceActivity *
dgw_presence_activity_new_custom (const char *state)
{
  g_return_val_if_fail (state != NULL, NULL);

  return g_object_new (DGW_TYPE_PRESENCE_ACTIVITY, "type", DGW_ACTIVITY_TYPE_CUSTOM, "name", CUSTOM_NAME, "state", state, NULL);
}

/**
 * dgw_presence_activity_new_competing:
 * @name: what it is
 *
 * Makes an activity shown as "Competing in @name".
 *
 * Returns: (transfer full): an activity
 *
 * Since: 0.1
 */
DgwPresenceActivity *
dgw_presence_activity_new_competing (const char *name)
{
  return dgw_presence_activity_new (DGW_ACTIVITY_TYPE_COMPETING, name);
}

/**
 * dgw_presence_activity_get_kind: (get-property type)
 * @self: an activity
 *
 * Gets the kind.
 *
 * Returns: a constant of [enum@ActivityType], or one that Discord added later
 *
 * Since: 0.1
 */
int
dgw_presence_activity_get_kind (DgwPresenceActivity *self)
{
  g_return_val_if_fail (DGW_IS_PRESENCE_ACTIVITY (self), 0);

  return self->kind;
}

/**
 * dgw_presence_activity_set_kind: (set-property type)
 * @self: an activity
 * @type: a constant of [enum@ActivityType], or one that Discord added later
 *
 * Sets the kind.
 *
 * Since: 0.1
 */
void
dgw_presence_activity_set_kind (DgwPresenceActivity *self,
                                int                  type)
{
  g_return_if_fail (DGW_IS_PRESENCE_ACTIVITY (self));

  if (self->kind == type)
    return;

  self->kind = type;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TYPE]);
}

/**
 * dgw_presence_activity_get_name: (get-property name)
 * @self: an activity
 *
 * Gets what is played, streamed and so on; not shown with `DGW_ACTIVITY_TYPE_CUSTOM`.
 *
 * Returns: the name, owned by the activity
 *
 * Since: 0.1
 */
const char *
dgw_presence_activity_get_name (DgwPresenceActivity *self)
{
  g_return_val_if_fail (DGW_IS_PRESENCE_ACTIVITY (self), NULL);

  return self->name;
}

/**
 * dgw_presence_activity_set_name: (set-property name)
 * @self: an activity
 * @name: the name
 *
 * Sets what is played, streamed and so on; not shown with `DGW_ACTIVITY_TYPE_CUSTOM`.
 *
 * Since: 0.1
 */
void
dgw_presence_activity_set_name (DgwPresenceActivity *self,
                                const char          *name)
{
  g_return_if_fail (DGW_IS_PRESENCE_ACTIVITY (self));
  g_return_if_fail (name != NULL && g_utf8_validate (name, -1, NULL));

  set_string (self, &self->name, name, properties[PROP_NAME]);
}

/**
 * dgw_presence_activity_get_state: (get-property state)
 * @self: an activity
 *
 * Gets the text of a custom status; a second line with other kinds.
 *
 * Returns: (nullable): the state, owned by the activity
 *
 * Since: 0.1
 */
const char *
dgw_presence_activity_get_state (DgwPresenceActivity *self)
{
  g_return_val_if_fail (DGW_IS_PRESENCE_ACTIVITY (self), NULL);

  return self->state;
}

/**
 * dgw_presence_activity_set_state: (set-property state)
 * @self: an activity
 * @state: (nullable): the state, or `NULL` for none
 *
 * Sets the text of a custom status; a second line with other kinds.
 *
 * Since: 0.1
 */
void
dgw_presence_activity_set_state (DgwPresenceActivity *self,
                                 const char          *state)
{
  g_return_if_fail (DGW_IS_PRESENCE_ACTIVITY (self));
  g_return_if_fail (state == NULL || g_utf8_validate (state, -1, NULL));

  set_string (self, &self->state, state, properties[PROP_STATE]);
}

/**
 * dgw_presence_activity_get_url: (get-property url)
 * @self: an activity
 *
 * Gets where the stream is; only with `DGW_ACTIVITY_TYPE_STREAMING`.
 *
 * Returns: (nullable): the address, owned by the activity
 *
 * Since: 0.1
 */
const char *
dgw_presence_activity_get_url (DgwPresenceActivity *self)
{
  g_return_val_if_fail (DGW_IS_PRESENCE_ACTIVITY (self), NULL);

  return self->url;
}

/**
 * dgw_presence_activity_set_url: (set-property url)
 * @self: an activity
 * @url: (nullable): the address, or `NULL` for none
 *
 * Sets where the stream is; only with `DGW_ACTIVITY_TYPE_STREAMING`.
 *
 * Since: 0.1
 */
void
dgw_presence_activity_set_url (DgwPresenceActivity *self,
                               const char          *url)
{
  g_return_if_fail (DGW_IS_PRESENCE_ACTIVITY (self));
  g_return_if_fail (url == NULL || g_utf8_validate (url, -1, NULL));

  set_string (self, &self->url, url, properties[PROP_URL]);
}
