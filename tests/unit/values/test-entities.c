/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>
#include <string.h>

#include "values/dgw-entity-private.h"

static gpointer
make (GType       type,
      const char *text)
{
  g_autoptr (DgwJson) json = dgw_json_new_copy (text, strlen (text));

  return dgw_entity_new (type, dgw_json_get_root (json));
}

static void
test_nested (void)
{
  g_autoptr (DgwMessage) message =
    make (DGW_TYPE_MESSAGE,
          "{\"id\":\"1\",\"content\":\"hi\",\"type\":19,\"author\":{\"id\":\"2\",\"username\":\"ann\"},"
          "\"mentions\":[{\"username\":\"bob\"}],\"mention_roles\":[\"7\"],\"flags\":4,\"nonce\":5}");
  g_autoptr (DgwUser) mentioned = NULL;
  g_autofree char *content = NULL;
  int              kind;

  g_assert_cmpstr (dgw_message_get_content (message), ==, "hi");
  g_assert_cmpint (dgw_message_get_kind (message), ==, DGW_MESSAGE_TYPE_REPLY);
  g_assert_cmpuint (dgw_message_get_flags (message), ==, DGW_MESSAGE_FLAGS_SUPPRESS_EMBEDS);
  g_assert_cmpstr (dgw_user_get_username (dgw_message_get_author (message)), ==, "ann");
  g_assert_true (dgw_message_get_author (message) == dgw_message_get_author (message));
  g_assert_cmpstr (dgw_message_get_mention_roles (message)[0], ==, "7");
  g_assert_cmpint (json_node_get_int (dgw_message_get_nonce (message)), ==, 5);
  mentioned = g_list_model_get_item (dgw_message_get_mentions (message), 0);
  g_assert_cmpstr (dgw_user_get_username (mentioned), ==, "bob");

  g_object_get (message, "type", &kind, "content", &content, NULL);
  g_assert_cmpint (kind, ==, DGW_MESSAGE_TYPE_REPLY);
  g_assert_cmpstr (content, ==, "hi");
}

static void
test_missing (void)
{
  g_autoptr (DgwMessage) message = make (DGW_TYPE_MESSAGE, "{}");
  g_autoptr (DgwChannel) channel = make (DGW_TYPE_CHANNEL, "{\"type\":null}");

  g_test_summary ("Numbers that may be absent read as -1, required ones as 0");
  g_assert_null (dgw_message_get_author (message));
  g_assert_null (dgw_message_get_mentions (message));
  g_assert_null (dgw_message_get_timestamp (message));
  g_assert_false (dgw_message_get_tts (message));
  g_assert_cmpint (dgw_message_get_kind (message), ==, 0);
  g_assert_cmpint (dgw_message_get_position (message), ==, -1);
  g_assert_cmpint (dgw_channel_get_kind (channel), ==, -1);
}

static void
test_permissions (void)
{
  g_autoptr (DgwRole) role = make (DGW_TYPE_ROLE, "{\"permissions\":\"1125899906844672\"}");

  g_assert_cmpuint (dgw_role_get_permissions (role), ==,
                    DGW_PERMISSIONS_USE_EXTERNAL_APPS | DGW_PERMISSIONS_SEND_MESSAGES);
  g_assert_cmpstr (dgw_role_get_permissions_string (role), ==, "1125899906844672");
}

static void
test_maps (void)
{
  g_autoptr (DgwResolvedData) resolved =
    make (DGW_TYPE_RESOLVED_DATA, "{\"users\":{\"8\":{\"username\":\"ann\"},\"9\":{\"username\":\"bob\"}}}");
  g_autoptr (DgwInteraction) interaction =
    make (DGW_TYPE_INTERACTION, "{\"authorizing_integration_owners\":{\"0\":\"5\"}}");
  g_auto (GStrv) keys = dgw_resolved_data_dup_users_keys (resolved);

  g_assert_cmpstr (keys[1], ==, "9");
  g_assert_cmpstr (dgw_user_get_username (dgw_resolved_data_lookup_users (resolved, "8")), ==, "ann");
  g_assert_null (dgw_resolved_data_lookup_users (resolved, "7"));
  g_assert_cmpuint (g_list_model_get_n_items (dgw_resolved_data_get_users (resolved)), ==, 2);
  g_assert_null (dgw_resolved_data_dup_roles_keys (resolved));
  g_assert_cmpstr (dgw_interaction_lookup_authorizing_integration_owners (interaction, "0"), ==, "5");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/values/entities/nested", test_nested);
  g_test_add_func ("/dgw/values/entities/missing", test_missing);
  g_test_add_func ("/dgw/values/entities/permissions", test_permissions);
  g_test_add_func ("/dgw/values/entities/maps", test_maps);

  return g_test_run ();
}
