/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-member-result.h"

#include "dgw-entities-member.h"
#include "dgw-entities-user.h"
#include "values/dgw-entity-list-private.h"
#include "values/dgw-list-chain-private.h"
#include "values/dgw-member-result-private.h"

/**
 * DgwMemberResult:
 *
 * The members that a [class@MemberQuery] found, those of all chunks in one list.
 *
 * The members are wrapped when they are looked at; until then a large result is
 * its chunks and no more. It never changes, and any thread may read it.
 *
 * Since: 0.1
 */
struct _DgwMemberResult
{
  GObject parent_instance;

  GListModel *members;
  GListModel *presences;
  char      **not_found;
};

G_DEFINE_FINAL_TYPE (DgwMemberResult, dgw_member_result, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_MEMBERS,
  PROP_PRESENCES,
  PROP_NOT_FOUND,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
dgw_member_result_finalize (GObject *object)
{
  DgwMemberResult *self = DGW_MEMBER_RESULT (object);

  g_clear_object (&self->members);
  g_clear_object (&self->presences);
  g_clear_pointer (&self->not_found, g_strfreev);

  G_OBJECT_CLASS (dgw_member_result_parent_class)->finalize (object);
}

static void
dgw_member_result_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  DgwMemberResult *self = DGW_MEMBER_RESULT (object);

  switch (prop_id)
    {
    case PROP_MEMBERS:
      g_value_set_object (value, dgw_member_result_get_members (self));
      break;
    case PROP_PRESENCES:
      g_value_set_object (value, dgw_member_result_get_presences (self));
      break;
    case PROP_NOT_FOUND:
      g_value_set_boxed (value, dgw_member_result_get_not_found (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_member_result_class_init (DgwMemberResultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dgw_member_result_finalize;
  object_class->get_property = dgw_member_result_get_property;

  /**
   * DgwMemberResult:members: (getter get_members)
   *
   * The members: a list of [class@GuildMember].
   *
   * Since: 0.1
   */
  properties[PROP_MEMBERS] =
    g_param_spec_object ("members", NULL, NULL, G_TYPE_LIST_MODEL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwMemberResult:presences: (getter get_presences)
   *
   * Their presences: a list of [class@PresenceUpdate], empty when
   * [property@MemberQuery:presences] was not set.
   *
   * Since: 0.1
   */
  properties[PROP_PRESENCES] =
    g_param_spec_object ("presences", NULL, NULL, G_TYPE_LIST_MODEL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwMemberResult:not-found: (getter get_not_found)
   *
   * The ids among [property@MemberQuery:user-ids] of which no member was found.
   *
   * Since: 0.1
   */
  properties[PROP_NOT_FOUND] =
    g_param_spec_boxed ("not-found", NULL, NULL, G_TYPE_STRV, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dgw_member_result_init (DgwMemberResult *self)
{
}

static DgwJsonView
get_member (GPtrArray  *chunks,
            guint       index,
            const char *name)
{
  return dgw_json_view_get_member (dgw_json_get_data (g_ptr_array_index (chunks, index)), name);
}

static GListModel *
join_lists (GPtrArray  *chunks,
            const char *name,
            GType       item_type)
{
  GPtrArray *lists = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < chunks->len; i++)
    {
      DgwJsonView view = get_member (chunks, i, name);

      if (dgw_json_view_get_kind (view) == DGW_JSON_ARRAY)
        g_ptr_array_add (lists, dgw_entity_list_new (item_type, view));
    }

  return G_LIST_MODEL (dgw_list_chain_new (item_type, lists));
}

/* Ids that make no sense may come back as the numbers that they were. */
static void
take_ids (GPtrArray  *ids,
          DgwJsonView array)
{
  DgwJsonIter iter;
  DgwJsonView view;

  dgw_json_iter_init (&iter, array);
  while (dgw_json_iter_next (&iter, NULL, &view))
    if (dgw_json_view_get_kind (view) == DGW_JSON_STRING)
      g_ptr_array_add (ids, g_strdup (dgw_json_view_get_string (view)));
    else if (dgw_json_view_get_kind (view) == DGW_JSON_NUMBER)
      g_ptr_array_add (ids, g_strdup_printf ("%" G_GUINT64_FORMAT, dgw_json_view_get_uint64 (view, 0)));
}

DgwMemberResult *
dgw_member_result_new (GPtrArray *chunks)
{
  DgwMemberResult *self = g_object_new (DGW_TYPE_MEMBER_RESULT, NULL);
  GPtrArray       *not_found = g_ptr_array_new ();

  self->members = join_lists (chunks, "members", DGW_TYPE_GUILD_MEMBER);
  self->presences = join_lists (chunks, "presences", DGW_TYPE_PRESENCE_UPDATE);
  for (guint i = 0; i < chunks->len; i++)
    take_ids (not_found, get_member (chunks, i, "not_found"));
  g_ptr_array_add (not_found, NULL);
  self->not_found = (char **)g_ptr_array_free (not_found, FALSE);

  return self;
}

/**
 * dgw_member_result_get_members: (get-property members)
 * @self: a result
 *
 * Gets the members: a list of [class@GuildMember].
 *
 * Returns: (transfer none): the list, owned by the result
 *
 * Since: 0.1
 */
GListModel *
dgw_member_result_get_members (DgwMemberResult *self)
{
  g_return_val_if_fail (DGW_IS_MEMBER_RESULT (self), NULL);

  return self->members;
}

/**
 * dgw_member_result_get_presences: (get-property presences)
 * @self: a result
 *
 * Gets their presences: a list of [class@PresenceUpdate], empty when
 * [property@MemberQuery:presences] was not set.
 *
 * Returns: (transfer none): the list, owned by the result
 *
 * Since: 0.1
 */
GListModel *
dgw_member_result_get_presences (DgwMemberResult *self)
{
  g_return_val_if_fail (DGW_IS_MEMBER_RESULT (self), NULL);

  return self->presences;
}

/**
 * dgw_member_result_get_not_found: (get-property not-found)
 * @self: a result
 *
 * Gets the ids among [property@MemberQuery:user-ids] of which no member was
 * found.
 *
 * Returns: (transfer none) (array zero-terminated=1): the ids, owned by the
 *   result; empty when all were found
 *
 * Since: 0.1
 */
const char *const *
dgw_member_result_get_not_found (DgwMemberResult *self)
{
  g_return_val_if_fail (DGW_IS_MEMBER_RESULT (self), NULL);

  return (const char *const *)self->not_found;
}
