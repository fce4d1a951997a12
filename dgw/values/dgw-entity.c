/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-entity.h"

#include <string.h>

#include "codec/dgw-json-glib-private.h"
#include "codec/dgw-json-span-private.h"
#include "dgw-entities-guild.h"
#include "dgw-event-payload-private.h"
#include "dgw-event-table-private.h"
#include "values/dgw-entity-private.h"
#include "values/dgw-entity-slots-private.h"

/**
 * DgwEntity:
 *
 * The base of the objects that Discord sends: messages, users, guilds.
 *
 * An entity is an immutable view of one JSON object. It keeps the payload alive
 * that it came with and decodes nothing before it is asked for; what it then
 * hands out (strings, lists, entities within it) it owns, and it hands out the
 * same the next time. It may be kept, and read from any thread, also from
 * several at once.
 *
 * The classes derived from it have a getter and a property for each field that
 * Discord documents. A field that is missing, null or of another type than
 * documented reads as `NULL`, `FALSE`, 0 or -1, as its getter says;
 * [method@Entity.has_field] tells what is missing from what is null. Fields that
 * this version does not know are in [method@Entity.to_string] and
 * [method@Entity.dup_json].
 *
 * Since: 0.1
 */
typedef struct
{
  DgwJson  *json;
  gpointer  value;
  gpointer *slots; /* atomic; n_slots of the class, each atomic too */
} DgwEntityPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (DgwEntity, dgw_entity, G_TYPE_OBJECT)

static inline DgwEntityPrivate *
get_private (gpointer self)
{
  return dgw_entity_get_instance_private (self);
}

/* For each field with a value that was made; the function may change it. */
static void
for_each_value (DgwEntity *self,
                void (*func) (DgwEntity      *self,
                              const DgwField *field,
                              gpointer       *value))
{
  DgwEntityPrivate *priv = get_private (self);
  DgwEntityClass   *klass = DGW_ENTITY_GET_CLASS (self);
  const DgwField   *fields = klass->fields;

  for (guint i = 0; priv->slots != NULL && i < klass->n_fields; i++)
    if (dgw_field_has_slot (&fields[i]) && priv->slots[fields[i].slot] != NULL)
      func (self, &fields[i], &priv->slots[fields[i].slot]);
}

static void
free_value (DgwEntity      *self,
            const DgwField *field,
            gpointer       *value)
{
  dgw_field_free_value (field, g_steal_pointer (value));
}

static void
dgw_entity_finalize (GObject *object)
{
  DgwEntityPrivate *priv = get_private (object);

  for_each_value (DGW_ENTITY (object), free_value);
  g_free (priv->slots);
  g_clear_pointer (&priv->json, dgw_json_unref);

  G_OBJECT_CLASS (dgw_entity_parent_class)->finalize (object);
}

static void
dgw_entity_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  DgwEntityClass *klass = DGW_ENTITY_GET_CLASS (object);
  const DgwField *fields = klass->fields;

  if (prop_id == 0 || prop_id > klass->n_fields)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
      return;
    }

  dgw_field_get_property (&fields[prop_id - 1], object, value);
}

static void
dgw_entity_class_init (DgwEntityClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dgw_entity_finalize;
}

static void
dgw_entity_init (DgwEntity *self)
{
}

void
dgw_entity_class_set_fields (DgwEntityClass *klass,
                             const DgwField *fields,
                             guint           n_fields,
                             guint           n_slots)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = dgw_entity_get_property; /* a class does not inherit it */
  klass->fields = fields;
  klass->n_fields = n_fields;
  klass->n_slots = n_slots;

  for (guint i = 0; i < n_fields; i++)
    g_object_class_install_property (object_class, i + 1, dgw_field_make_param_spec (&fields[i]));
}

static void
set_view (DgwEntityPrivate *priv,
          DgwJsonView       view)
{
  priv->json = dgw_json_ref (view.json);
  priv->value = view.value;
}

gpointer
dgw_entity_new (GType       type,
                DgwJsonView view)
{
  gpointer self = g_object_new (type, NULL);

  set_view (get_private (self), view);

  return self;
}

static void
reclaim_value (DgwEntity      *self,
               const DgwField *field,
               gpointer       *value)
{
  if (field->kind != DGW_FIELD_OBJECT || !dgw_entity_reclaim (*value))
    free_value (self, field, value);
}

gboolean
dgw_entity_reclaim (DgwEntity *self)
{
  DgwEntityPrivate *priv = get_private (self);
  GObject          *object = &self->parent_instance;

  if (g_atomic_int_get (&object->ref_count) > 1 || object->qdata != NULL)
    return FALSE;

  for_each_value (self, reclaim_value);
  g_clear_pointer (&priv->json, dgw_json_unref);

  return TRUE;
}

/* Now, since later two threads may read it at once. */
static void
renew_value (DgwEntity      *self,
             const DgwField *field,
             gpointer       *value)
{
  DgwJsonView view = dgw_entity_get_field (self, field, DGW_JSON_OBJECT);

  if (view.value != NULL)
    dgw_entity_renew (*value, view);
  else
    free_value (self, field, value);
}

void
dgw_entity_renew (DgwEntity  *self,
                  DgwJsonView view)
{
  set_view (get_private (self), view);
  for_each_value (self, renew_value);
}

gpointer
dgw_entity_new_apart (GType       type,
                      DgwJsonView view)
{
  gsize       length;
  const char *text = dgw_json_view_get_span (view, &length);
  g_autoptr (DgwJson) json = dgw_json_new_copy (text, length);

  return dgw_entity_new (type, dgw_json_get_root (json));
}

DgwJsonView
dgw_entity_get_view (DgwEntity *self)
{
  DgwEntityPrivate *priv = get_private (self);

  return (DgwJsonView){priv->json, priv->value};
}

/* Whoever comes first makes the slots; nobody waits. */
gpointer *
dgw_entity_get_slot (DgwEntity      *self,
                     const DgwField *field)
{
  DgwEntityPrivate *priv = get_private (self);
  gpointer         *slots = g_atomic_pointer_get (&priv->slots);

  if (slots == NULL)
    {
      slots = g_new0 (gpointer, DGW_ENTITY_GET_CLASS (self)->n_slots);
      if (!g_atomic_pointer_compare_and_exchange (&priv->slots, NULL, slots))
        {
          g_free (slots);
          slots = g_atomic_pointer_get (&priv->slots);
        }
    }

  return &slots[field->slot];
}

/**
 * dgw_entity_to_string:
 * @self: an entity
 *
 * Gets the JSON text of the entity exactly as it was received, unknown fields
 * included.
 *
 * It is looked for in the whole payload: the larger the payload, the longer it
 * takes.
 *
 * Returns: (transfer full): a JSON object
 *
 * Since: 0.1
 */
char *
dgw_entity_to_string (DgwEntity *self)
{
  const char *text;
  gsize       length;

  g_return_val_if_fail (DGW_IS_ENTITY (self), NULL);

  text = dgw_json_view_get_span (dgw_entity_get_view (self), &length);

  return g_strndup (text, length);
}

/**
 * dgw_entity_dup_json:
 * @self: an entity
 *
 * Copies the entity into a node, unknown fields included.
 *
 * This builds the whole tree anew at each call. What a node cannot hold is
 * brought near: NUL characters and lone surrogates become U+FFFD, whole numbers
 * past 64 bits become doubles. Of a field that comes twice the first counts.
 *
 * Returns: (transfer full): a node that holds an object
 *
 * Since: 0.1
 */
JsonNode *
dgw_entity_dup_json (DgwEntity *self)
{
  g_return_val_if_fail (DGW_IS_ENTITY (self), NULL);

  return dgw_json_view_dup_node (dgw_entity_get_view (self));
}

/**
 * dgw_entity_has_field:
 * @self: an entity
 * @name: the field's name as on the wire, such as `global_name`
 *
 * Checks whether Discord sent a field, be it null.
 *
 * A getter answers the same for a field that is missing and for one that is
 * null; where the difference matters (in an update a field that is missing has
 * often just not changed), this tells it. The field may be one that this
 * version does not know.
 *
 * Returns: whether the field came
 *
 * Since: 0.1
 */
gboolean
dgw_entity_has_field (DgwEntity  *self,
                      const char *name)
{
  DgwJsonView field;

  g_return_val_if_fail (DGW_IS_ENTITY (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  field = dgw_json_view_get_member (dgw_entity_get_view (self), name);

  return dgw_json_view_get_kind (field) != DGW_JSON_MISSING;
}

/**
 * dgw_entity_equal:
 * @self: an entity
 * @other: another
 *
 * Checks whether two entities are of one class and hold the same fields with the
 * same values, in any order, unknown fields included.
 *
 * Returns: whether they are equal
 *
 * Since: 0.1
 */
gboolean
dgw_entity_equal (DgwEntity *self,
                  DgwEntity *other)
{
  g_return_val_if_fail (DGW_IS_ENTITY (self), FALSE);
  g_return_val_if_fail (DGW_IS_ENTITY (other), FALSE);

  return self == other || (G_OBJECT_TYPE (self) == G_OBJECT_TYPE (other) &&
                           dgw_json_view_equal (dgw_entity_get_view (self), dgw_entity_get_view (other)));
}

static const char *
get_string (DgwJsonView view,
            const char *name)
{
  return dgw_json_view_get_string (dgw_json_view_get_member (view, name));
}

static gboolean
is_guild (GType type)
{
  return type == DGW_TYPE_GUILD || type == DGW_TYPE_UNAVAILABLE_GUILD;
}

/* The guild that an object itself names, or is. */
static const char *
get_own_guild_id (DgwJsonView view,
                  GType       type)
{
  return get_string (view, is_guild (type) ? "id" : "guild_id");
}

/**
 * dgw_entity_get_event_guild_id:
 * @self: an entity
 *
 * Gets the guild that an entity belongs to, also where Discord leaves it out.
 *
 * Objects within the event of one guild come without `guild_id`: the voice
 * states, presences and some channels of a `GUILD_CREATE`, the members of a
 * `GUILD_MEMBERS_CHUNK`. This is the guild that the object names itself, or
 * else that of the event which it came with; of a [class@Guild] its id.
 *
 * Returns: (nullable): the guild's id, owned by the entity, or `NULL` when it
 *   came without a guild
 *
 * Since: 0.1
 */
const char *
dgw_entity_get_event_guild_id (DgwEntity *self)
{
  DgwEntityPrivate   *priv = get_private (self);
  const DgwEventInfo *info;
  DgwJsonView         root;
  const char         *id;
  const char         *name;

  g_return_val_if_fail (DGW_IS_ENTITY (self), NULL);

  id = get_own_guild_id (dgw_entity_get_view (self), G_OBJECT_TYPE (self));
  if (id != NULL)
    return id;

  root = dgw_json_get_root (priv->json);
  name = get_string (root, "t");
  info = name != NULL ? dgw_event_info_by_name (name, strlen (name)) : NULL;

  return info != NULL ? get_own_guild_id (dgw_json_get_data (priv->json), dgw_event_payload_get_type (info->type))
                      : NULL;
}
