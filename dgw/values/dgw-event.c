/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-event.h"

#include "codec/dgw-json-glib-private.h"
#include "dgw-event-payload-private.h"
#include "values/dgw-entity-private.h"
#include "values/dgw-event-private.h"

/**
 * DgwEvent:
 *
 * One event as the gateway dispatched it: its name, its place in the sequence
 * and its data.
 *
 * Events are immutable; they may be kept and read from any thread. An event
 * keeps the payload alive that it came with, and nothing of it is parsed or
 * copied before somebody asks for it.
 *
 * Discord's documentation: [Receive Events](https://discord.com/developers/docs/events/gateway-events#receive-events).
 *
 * Since: 0.1
 */
struct _DgwEvent
{
  GObject parent_instance;

  DgwJson    *json;
  const char *name; /* static or owned by json */
  gint64      sequence;
  gint64      received_us;
  guint       event_type;
  guint       shard_id;
  DgwEntity  *data; /* atomic; NULL until somebody asks */
};

G_DEFINE_FINAL_TYPE (DgwEvent, dgw_event, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NAME,
  PROP_EVENT_TYPE,
  PROP_SEQUENCE,
  PROP_SHARD_ID,
  PROP_RECEIVED_AT,
  PROP_DATA,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
dgw_event_finalize (GObject *object)
{
  DgwEvent *self = DGW_EVENT (object);

  g_clear_object (&self->data);
  g_clear_pointer (&self->json, dgw_json_unref);

  G_OBJECT_CLASS (dgw_event_parent_class)->finalize (object);
}

static void
dgw_event_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  DgwEvent *self = DGW_EVENT (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, dgw_event_get_name (self));
      break;
    case PROP_EVENT_TYPE:
      g_value_set_uint (value, dgw_event_get_event_type (self));
      break;
    case PROP_SEQUENCE:
      g_value_set_int64 (value, dgw_event_get_sequence (self));
      break;
    case PROP_SHARD_ID:
      g_value_set_uint (value, dgw_event_get_shard_id (self));
      break;
    case PROP_RECEIVED_AT:
      g_value_set_int64 (value, dgw_event_get_received_at (self));
      break;
    case PROP_DATA:
      g_value_set_object (value, dgw_event_get_entity (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_event_class_init (DgwEventClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dgw_event_finalize;
  object_class->get_property = dgw_event_get_property;

  /**
   * DgwEvent:name: (getter get_name)
   *
   * The name as on the wire, such as `MESSAGE_CREATE`.
   *
   * Since: 0.1
   */
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwEvent:event-type: (getter get_event_type)
   *
   * The name as a constant of `DgwEventType`; `DGW_EVENT_TYPE_UNKNOWN` for an
   * event that this version does not know.
   *
   * Since: 0.1
   */
  properties[PROP_EVENT_TYPE] =
    g_param_spec_uint ("event-type", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwEvent:sequence: (getter get_sequence)
   *
   * The event's number in its session; -1 when it came without one.
   *
   * Since: 0.1
   */
  properties[PROP_SEQUENCE] =
    g_param_spec_int64 ("sequence", NULL, NULL, -1, G_MAXINT64, -1, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwEvent:shard-id: (getter get_shard_id)
   *
   * The shard that received the event.
   *
   * Since: 0.1
   */
  properties[PROP_SHARD_ID] =
    g_param_spec_uint ("shard-id", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwEvent:received-at: (getter get_received_at)
   *
   * When the payload was complete, in microseconds of
   * [func@GLib.get_monotonic_time].
   *
   * Since: 0.1
   */
  properties[PROP_RECEIVED_AT] =
    g_param_spec_int64 ("received-at", NULL, NULL, G_MININT64, G_MAXINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwEvent:data: (getter get_entity)
   *
   * The event's data as an object, such as a [class@Message].
   *
   * `NULL` for events that this version does not know or that have no data, and
   * when the data is no JSON object or cannot be read.
   *
   * Since: 0.1
   */
  properties[PROP_DATA] =
    g_param_spec_object ("data", NULL, NULL, DGW_TYPE_ENTITY, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dgw_event_init (DgwEvent *self)
{
  self->sequence = -1;
}

DgwEvent *
dgw_event_new (DgwJson    *json,
               const char *name,
               guint       event_type,
               gint64      sequence,
               guint       shard_id,
               gint64      received_us)
{
  DgwEvent *self = g_object_new (DGW_TYPE_EVENT, NULL);

  dgw_event_renew (self, json, name, event_type, sequence, shard_id, received_us);

  return self;
}

DgwEntity *
dgw_event_make_data (DgwJson *json,
                     guint    event_type)
{
  const GType type = dgw_event_payload_get_type (event_type);
  DgwJsonView data;

  if (type == G_TYPE_INVALID)
    return NULL;

  data = dgw_json_get_data (json);

  return dgw_json_view_get_kind (data) == DGW_JSON_OBJECT ? dgw_entity_new (type, data) : NULL;
}

gboolean
dgw_event_reclaim (DgwEvent *self)
{
  GObject *object = &self->parent_instance;

  if (g_atomic_int_get (&object->ref_count) > 1 || object->qdata != NULL)
    return FALSE;

  g_clear_object (&self->data);
  g_clear_pointer (&self->json, dgw_json_unref);

  return TRUE;
}

void
dgw_event_renew (DgwEvent   *self,
                 DgwJson    *json,
                 const char *name,
                 guint       event_type,
                 gint64      sequence,
                 guint       shard_id,
                 gint64      received_us)
{
  self->json = json;
  self->name = name;
  self->event_type = event_type;
  self->sequence = sequence;
  self->shard_id = shard_id;
  self->received_us = received_us;
}

/**
 * dgw_event_get_name: (get-property name)
 * @self: an event
 *
 * Gets the name as on the wire, such as `MESSAGE_CREATE`.
 *
 * Returns: the name, owned by the event
 *
 * Since: 0.1
 */
const char *
dgw_event_get_name (DgwEvent *self)
{
  g_return_val_if_fail (DGW_IS_EVENT (self), NULL);

  return self->name;
}

/**
 * dgw_event_get_event_type: (get-property event-type)
 * @self: an event
 *
 * Gets the name as a constant of `DgwEventType`.
 *
 * New events may come at any time: `DGW_EVENT_TYPE_UNKNOWN` stands for all that
 * this version does not know. Their names tell them apart.
 *
 * Returns: a constant of `DgwEventType`
 *
 * Since: 0.1
 */
guint
dgw_event_get_event_type (DgwEvent *self)
{
  g_return_val_if_fail (DGW_IS_EVENT (self), 0);

  return self->event_type;
}

/**
 * dgw_event_get_sequence: (get-property sequence)
 * @self: an event
 *
 * Gets the event's number in its session.
 *
 * Returns: the number, or -1 when the event came without one
 *
 * Since: 0.1
 */
gint64
dgw_event_get_sequence (DgwEvent *self)
{
  g_return_val_if_fail (DGW_IS_EVENT (self), -1);

  return self->sequence;
}

/**
 * dgw_event_get_shard_id: (get-property shard-id)
 * @self: an event
 *
 * Gets the shard that received the event.
 *
 * Returns: the shard's id
 *
 * Since: 0.1
 */
guint
dgw_event_get_shard_id (DgwEvent *self)
{
  g_return_val_if_fail (DGW_IS_EVENT (self), 0);

  return self->shard_id;
}

/**
 * dgw_event_get_received_at: (get-property received-at)
 * @self: an event
 *
 * Gets when the payload was complete, in microseconds of
 * [func@GLib.get_monotonic_time].
 *
 * Returns: a monotonic time
 *
 * Since: 0.1
 */
gint64
dgw_event_get_received_at (DgwEvent *self)
{
  g_return_val_if_fail (DGW_IS_EVENT (self), 0);

  return self->received_us;
}

/**
 * dgw_event_get_entity: (get-property data)
 * @self: an event
 *
 * Gets the event's data as an object, the property `data`: of a `MESSAGE_CREATE`
 * a [class@Message].
 *
 * Returns: (transfer none) (nullable): the data, owned by the event; `NULL` for
 *   events that this version does not know or that have no data, and when the data
 *   is no JSON object or cannot be read
 *
 * Since: 0.1
 */
DgwEntity *
dgw_event_get_entity (DgwEvent *self)
{
  DgwEntity *data;

  g_return_val_if_fail (DGW_IS_EVENT (self), NULL);

  data = g_atomic_pointer_get (&self->data);
  if (data != NULL)
    return data;

  data = dgw_event_make_data (self->json, self->event_type);
  if (data != NULL && !g_atomic_pointer_compare_and_exchange (&self->data, NULL, data))
    {
      g_object_unref (data);
      data = g_atomic_pointer_get (&self->data);
    }

  return data;
}

/**
 * dgw_event_dup_json:
 * @self: an event
 *
 * Copies the event's data, the `d` of its payload, into a node.
 *
 * This parses the payload and builds the whole tree anew at each call. What a
 * node cannot hold is brought near: NUL characters and lone surrogates become
 * U+FFFD, whole numbers past 64 bits become doubles.
 *
 * Returns: (transfer full) (nullable): the data, or `NULL` when it is not
 *   readable or there is none
 *
 * Since: 0.1
 */
JsonNode *
dgw_event_dup_json (DgwEvent *self)
{
  g_return_val_if_fail (DGW_IS_EVENT (self), NULL);

  return dgw_json_view_dup_node (dgw_json_get_data (self->json));
}

/**
 * dgw_event_get_text:
 * @self: an event
 *
 * Gets the text of the payload as it was received, envelope included:
 * `{"op":0,"t":"…","s":…,"d":{…}}`, with its keys in any order.
 *
 * Returns: the text, owned by the event
 *
 * Since: 0.1
 */
const char *
dgw_event_get_text (DgwEvent *self)
{
  g_return_val_if_fail (DGW_IS_EVENT (self), NULL);

  return dgw_json_get_text (self->json, NULL);
}
