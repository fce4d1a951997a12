/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-shard-echo-private.h"

#include <string.h>

static void
make_action (DgwAction  *action,
             const char *name,
             const char *data,
             gint64      received_us)
{
  g_autofree char *text = g_strdup_printf ("{\"op\":0,\"t\":\"%s\",\"s\":1,\"d\":%s}", name, data);
  g_autoptr (GBytes) whole = g_bytes_new (text, strlen (text) + 1);
  g_autoptr (GBytes) bytes = g_bytes_new_from_bytes (whole, 0, strlen (text));

  *action = (DgwAction){.kind = DGW_ACTION_DISPATCH};
  action->dispatch.json = dgw_json_new (bytes);
  action->dispatch.name = name;
  action->dispatch.received_us = received_us;
}

static void
record (DgwShardEcho *echo,
        const char   *name,
        const char   *data,
        gint64        received_s)
{
  DgwAction action;

  make_action (&action, name, data, received_s * G_USEC_PER_SEC);
  dgw_shard_echo_record (echo, &action, 0);
  dgw_action_clear (&action);
}

static gboolean
take (DgwShardEcho *echo,
      const char   *name,
      const char   *data,
      gint64        received_s)
{
  DgwAction action;
  gboolean  is_found;

  make_action (&action, name, data, received_s * G_USEC_PER_SEC);
  is_found = dgw_shard_echo_take (echo, &action, 10 * G_USEC_PER_SEC);
  dgw_action_clear (&action);

  return is_found;
}

static void
test_once (void)
{
  DgwShardEcho *echo = dgw_shard_echo_new ();

  g_test_summary ("SHD-08: an event is found as often as it was recorded, by name and content");
  record (echo, "A", "{\"guild_id\":\"1\",\"n\":1}", 100);
  record (echo, "A", "{\"guild_id\":\"1\",\"n\":1}", 100);
  g_assert_false (take (echo, "B", "{\"guild_id\":\"1\",\"n\":1}", 100));
  g_assert_false (take (echo, "A", "{\"guild_id\":\"1\",\"n\":2}", 100));
  g_assert_false (take (echo, "A", "{\"guild_id\":\"2\",\"n\":1}", 100));
  g_assert_true (take (echo, "A", "{\"guild_id\":\"1\",\"n\":1}", 100));
  g_assert_true (take (echo, "A", "{\"guild_id\":\"1\",\"n\":1}", 100));
  g_assert_false (take (echo, "A", "{\"guild_id\":\"1\",\"n\":1}", 100));
  dgw_shard_echo_free (echo);
}

static void
test_content (void)
{
  static const char *const others[] = {
    "{\"guild_id\":\"1\",\"a\":[1,2],\"b\":{\"c\":true,\"d\":null}}",
    "{\"guild_id\":\"1\",\"a\":[2,1],\"b\":{\"c\":true,\"d\":1.5}}",
    "{\"guild_id\":\"1\",\"a\":[1,2],\"b\":{\"c\":false,\"d\":1.5}}",
    "{\"guild_id\":\"1\",\"a\":[1,2],\"c\":{\"c\":true,\"d\":1.5}}",
    "{\"guild_id\":\"1\",\"a\":[1,2,3],\"b\":{\"c\":true,\"d\":1.5}}",
    "{\"guild_id\":\"1\",\"a\":[1,2],\"b\":{\"c\":true,\"d\":2.5}}",
    "{\"guild_id\":\"1\",\"a\":[\"1\",2],\"b\":{\"c\":true,\"d\":1.5}}",
  };
  DgwShardEcho *echo = dgw_shard_echo_new ();

  g_test_summary ("SHD-08: members may come in another order; any other difference makes another event");
  record (echo, "A", "{\"guild_id\":\"1\",\"a\":[1,2],\"b\":{\"c\":true,\"d\":1.5}}", 100);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (take (echo, "A", others[i], 100));
  g_assert_true (take (echo, "A", "{\"b\":{\"d\":1.5,\"c\":true},\"a\":[1,2],\"guild_id\":\"1\"}", 100));
  dgw_shard_echo_free (echo);
}

static void
test_order (void)
{
  DgwShardEcho *echo = dgw_shard_echo_new ();

  g_test_summary ("SHD-08: what stands before a found event is not found any more: on, off, and on again");
  record (echo, "ON", "{\"guild_id\":\"1\"}", 100);
  record (echo, "OFF", "{\"guild_id\":\"1\"}", 101);
  g_assert_true (take (echo, "OFF", "{\"guild_id\":\"1\"}", 101));
  g_assert_false (take (echo, "ON", "{\"guild_id\":\"1\"}", 102));
  dgw_shard_echo_free (echo);
}

static void
test_apart (void)
{
  DgwShardEcho *echo = dgw_shard_echo_new ();

  g_test_summary ("SHD-08: what is equal but more than 10 s apart is not the same");
  record (echo, "A", "{\"guild_id\":\"1\"}", 100);
  g_assert_false (take (echo, "A", "{\"guild_id\":\"1\"}", 111));
  record (echo, "A", "{\"guild_id\":\"1\"}", 200);
  g_assert_false (take (echo, "A", "{\"guild_id\":\"1\"}", 189));
  g_assert_true (take (echo, "A", "{\"guild_id\":\"1\"}", 210));
  dgw_shard_echo_free (echo);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/gateway/shard-echo/once", test_once);
  g_test_add_func ("/dgw/gateway/shard-echo/content", test_content);
  g_test_add_func ("/dgw/gateway/shard-echo/order", test_order);
  g_test_add_func ("/dgw/gateway/shard-echo/apart", test_apart);

  return g_test_run ();
}
