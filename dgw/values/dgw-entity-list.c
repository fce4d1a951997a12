/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-entity-list-private.h"

#include <string.h>

#include "values/dgw-entity-private.h"

/* Until somebody asks, a list is a pointer. Its length takes a walk through the
 * document, and its items an array with an entry for each, since there is no
 * quicker way to the nth than walking there. */
typedef struct
{
  const char *key; /* NULL in an array */
  gpointer    value;
  gpointer    entity; /* atomic; NULL until it is asked for */
} Item;

struct _DgwEntityList
{
  GObject parent_instance;

  DgwJsonView container; /* the list keeps the document */
  GType       item_type;
  int         n_items; /* atomic; -1 until it is asked for */
  Item       *items;   /* atomic */
};

static void dgw_entity_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DgwEntityList, dgw_entity_list, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, dgw_entity_list_iface_init))

static void
dgw_entity_list_finalize (GObject *object)
{
  DgwEntityList *self = DGW_ENTITY_LIST (object);

  for (int i = 0; self->items != NULL && i < self->n_items; i++)
    g_clear_object (&self->items[i].entity);
  g_free (self->items);
  dgw_json_unref (self->container.json);

  G_OBJECT_CLASS (dgw_entity_list_parent_class)->finalize (object);
}

static void
dgw_entity_list_class_init (DgwEntityListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dgw_entity_list_finalize;
}

static void
dgw_entity_list_init (DgwEntityList *self)
{
  self->n_items = -1;
}

static guint
get_length (DgwEntityList *self)
{
  int         n = g_atomic_int_get (&self->n_items);
  DgwJsonIter iter;
  DgwJsonView value;

  if (n >= 0)
    return (guint)n;

  n = 0;
  dgw_json_iter_init (&iter, self->container);
  while (dgw_json_iter_next (&iter, NULL, &value))
    if (dgw_json_view_get_kind (value) == DGW_JSON_OBJECT)
      n++;
  g_atomic_int_set (&self->n_items, n);

  return (guint)n;
}

static Item *
make_items (DgwEntityList *self)
{
  Item       *items = g_new0 (Item, get_length (self));
  guint       n = 0;
  const char *key;
  DgwJsonIter iter;
  DgwJsonView value;

  dgw_json_iter_init (&iter, self->container);
  while (dgw_json_iter_next (&iter, &key, &value))
    if (dgw_json_view_get_kind (value) == DGW_JSON_OBJECT)
      items[n++] = (Item){key, value.value, NULL};

  return items;
}

static Item *
get_items (DgwEntityList *self)
{
  Item *items = g_atomic_pointer_get (&self->items);

  if (items == NULL)
    {
      items = make_items (self);
      if (!g_atomic_pointer_compare_and_exchange (&self->items, NULL, items))
        {
          g_free (items);
          items = g_atomic_pointer_get (&self->items);
        }
    }

  return items;
}

static gpointer
get_entity (DgwEntityList *self,
            Item          *item)
{
  gpointer entity = g_atomic_pointer_get (&item->entity);

  if (entity == NULL)
    {
      entity = dgw_entity_new (self->item_type, (DgwJsonView){self->container.json, item->value});
      if (!g_atomic_pointer_compare_and_exchange (&item->entity, NULL, entity))
        {
          g_object_unref (entity);
          entity = g_atomic_pointer_get (&item->entity);
        }
    }

  return entity;
}

static GType
dgw_entity_list_get_item_type (GListModel *model)
{
  return DGW_ENTITY_LIST (model)->item_type;
}

static guint
dgw_entity_list_get_n_items (GListModel *model)
{
  return get_length (DGW_ENTITY_LIST (model));
}

static gpointer
dgw_entity_list_get_item (GListModel *model,
                          guint       position)
{
  DgwEntityList *self = DGW_ENTITY_LIST (model);

  return position < get_length (self) ? g_object_ref (get_entity (self, &get_items (self)[position])) : NULL;
}

static void
dgw_entity_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = dgw_entity_list_get_item_type;
  iface->get_n_items = dgw_entity_list_get_n_items;
  iface->get_item = dgw_entity_list_get_item;
}

DgwEntityList *
dgw_entity_list_new (GType       item_type,
                     DgwJsonView container)
{
  DgwEntityList *self = g_object_new (DGW_TYPE_ENTITY_LIST, NULL);

  self->container = container;
  dgw_json_ref (container.json);
  self->item_type = item_type;

  return self;
}

gpointer
dgw_entity_list_lookup (DgwEntityList *self,
                        const char    *key)
{
  const guint n_items = get_length (self);
  Item       *items = get_items (self);

  for (guint i = 0; i < n_items; i++)
    if (strcmp (items[i].key, key) == 0)
      return get_entity (self, &items[i]);

  return NULL;
}
