/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-entity.h"

/**
 * DgwEntity:
 *
 * The base of the objects that Discord sends: messages, users, guilds.
 *
 * It has no members of its own and no subclasses yet: this version hands out
 * events as they came ([method@Event.dup_json], [method@Event.get_text]). The
 * type is here so that [property@Event:data] has its final type.
 *
 * Since: 0.1
 */
G_DEFINE_ABSTRACT_TYPE (DgwEntity, dgw_entity, G_TYPE_OBJECT)

static void
dgw_entity_class_init (DgwEntityClass *klass)
{
}

static void
dgw_entity_init (DgwEntity *self)
{
}
