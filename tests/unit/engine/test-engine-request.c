/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "engine-rig.h"

#define MEMBERS "{\"guild_id\":\"%s\",\"query\":\"%s\",\"limit\":0,\"nonce\":\"%s\"}"

static void
ask (Rig        *rig,
     guint64     id,
     const char *guild_id,
     const char *query,
     const char *nonce)
{
  g_autofree char *data = g_strdup_printf (MEMBERS, guild_id, query, nonce);

  dgw_engine_request (rig->engine, id, 8, data, rig->now_us);
}

static void
chunk (Rig        *rig,
       const char *nonce,
       guint       index,
       guint       count)
{
  g_autofree char *text = g_strdup_printf ("{\"op\":0,\"t\":\"GUILD_MEMBERS_CHUNK\",\"s\":9,\"d\":{\"members\":[],\"nonce\":\"%s\","
                                           "\"chunk_index\":%u,\"chunk_count\":%u}}",
                                           nonce, index, count);

  rig_frame (rig, text);
}

static void
test_documents (void)
{
  g_autoptr (Rig) rig = rig_new ();
  DgwAction action = {0};

  g_test_summary ("GM-07: the answer is the payloads themselves, by index");
  rig_go_live (rig);
  ask (rig, 7, "1", "a", "n");
  chunk (rig, "n", 1, 2);
  rig_expect (rig, "SEND 8, DISPATCH GUILD_MEMBERS_CHUNK 9");
  chunk (rig, "n", 0, 2);
  g_assert_true (dgw_engine_pop_action (rig->engine, &action));
  g_assert_cmpint (action.kind, ==, DGW_ACTION_DISPATCH);
  dgw_action_clear (&action);
  g_assert_true (dgw_engine_pop_action (rig->engine, &action));
  g_assert_cmpint (action.kind, ==, DGW_ACTION_COMMAND_DONE);
  g_assert_cmpuint (action.command.id, ==, 7);
  g_assert_cmpuint (action.command.answers->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      DgwJsonView data = dgw_json_get_data (g_ptr_array_index (action.command.answers, i));

      g_assert_cmpint (dgw_json_view_get_int64 (dgw_json_view_get_member (data, "chunk_index"), -1), ==, i);
    }
  dgw_action_clear (&action);
}

static void
test_order (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("SND-06: requests and commands keep their order, and are sent after READY");
  dgw_engine_start (rig->engine, rig->now_us);
  dgw_engine_request (rig->engine, 1, 43, "{\"guild_id\":\"1\",\"fields\":[]}", rig->now_us);
  dgw_engine_command (rig->engine, 2, 4, "{}", rig->now_us);
  ask (rig, 3, "1", "a", "n");
  dgw_engine_request (rig->engine, 4, 4, "{}", rig->now_us);
  dgw_engine_opened (rig->engine, rig->now_us);
  rig_hello (rig, 40000);
  g_free (rig_take (rig));
  rig_ready (rig, "S1", 1);
  rig_expect (rig, "SESSION S1, STATUS ready, DISPATCH READY 1, SEND 43, SEND 4, DONE 2, SEND 8, SEND 4, DONE 4");
}

static void
test_bound (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("SND-07: what is held back counts among the 256 that may wait; what was sent does not");
  rig_go_live (rig);
  for (guint64 id = 1; id <= 100; id++)
    {
      g_autofree char *nonce = g_strdup_printf ("n%u", (guint)id);

      ask (rig, id, "2", "x", nonce);
    }
  for (guint64 id = 1001; id <= 1257; id++)
    {
      g_autofree char *nonce = g_strdup_printf ("n%u", (guint)id);

      ask (rig, id, "1", "", nonce);
    }
  g_free (rig_take (rig));
  ask (rig, 3000, "1", "", "late");
  rig_expect (rig, "DONE 3000 rate-limited");
  dgw_engine_command (rig->engine, 3001, 4, "{}", rig->now_us);
  rig_expect (rig, "DONE 3001 rate-limited");
  dgw_engine_request (rig->engine, 3002, 8, "{", rig->now_us);
  rig_expect (rig, "DONE 3002 rate-limited");
}

static void
test_size (void)
{
  g_autoptr (Rig) rig = rig_new ();
  g_autofree char *query = g_strnfill (4096, 'x');

  g_test_summary ("SND-01: a request that is too long is refused");
  rig_go_live (rig);
  ask (rig, 1, "1", query, "n");
  rig_expect (rig, "DONE 1 payload-too-large");
}

static void
test_deadline (void)
{
  g_autoptr (Rig) rig = rig_new ();
  gint64 without_us;

  g_test_summary ("GM-12: nobody is woken for a request that was answered, cancelled or is not live");
  rig_go_stable (rig);
  without_us = dgw_engine_get_deadline (rig->engine);
  ask (rig, 1, "1", "a", "n");
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, MIN (without_us, rig->now_us + 30 * SECOND));
  chunk (rig, "n", 0, 1);
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, without_us);
  ask (rig, 2, "1", "a", "m");
  dgw_engine_cancel_command (rig->engine, 2, rig->now_us);
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), ==, without_us);
  g_free (rig_take (rig));
  chunk (rig, "m", 0, 1);
  rig_expect (rig, "DISPATCH GUILD_MEMBERS_CHUNK 9");
}

static void
test_unwanted (void)
{
  g_autoptr (Rig) rig = rig_new ();

  g_test_summary ("A request without an id is sent and repeated as any, nobody hears of it");
  rig_go_stable (rig);
  ask (rig, 0, "1", "a", "n");
  rig_expect (rig, "SEND 8");
  chunk (rig, "n", 0, 1);
  rig_expect (rig, "DISPATCH GUILD_MEMBERS_CHUNK 9");
  ask (rig, 0, "1", "a", "n");
  dgw_engine_stop (rig->engine, DGW_STOP_CANCEL, 4000, NULL, rig->now_us);
  rig_expect (rig, "SEND 8, DROP, DISCONNECTED 0 0, STATUS unconnected, STOPPED");
}

static void
test_no_json (void)
{
  g_autoptr (Rig) rig = rig_new ();
  const char *const odd[] = {"{", "[]", "null", "{\"guild_ids\":{}}", "{\"nonce\":1,\"guild_id\":[]}"};
  const guint       opcodes[] = {8, 31, 43};

  g_test_summary ("Data of no sense wait for an answer that never comes, and do no harm");
  rig_go_stable (rig);
  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    for (guint j = 0; j < G_N_ELEMENTS (opcodes); j++)
      dgw_engine_request (rig->engine, 1 + i * 3 + j, opcodes[j], odd[i], rig->now_us);
  g_free (rig_take (rig));
  rig_frame (rig, "{\"op\":0,\"t\":\"GUILD_MEMBERS_CHUNK\",\"s\":9,\"d\":{}}");
  rig_frame (rig, "{\"op\":0,\"t\":\"SOUNDBOARD_SOUNDS\",\"s\":9,\"d\":{}}");
  rig_frame (rig, "{\"op\":0,\"t\":\"CHANNEL_INFO\",\"s\":9,\"d\":{}}");
  rig_frame (rig, "{\"op\":0,\"t\":\"CHANNEL_INFO\",\"s\":9}");
  rig_frame (rig, "{\"op\":0,\"t\":\"CHANNEL_INFO\",\"s\":9,\"d\":[}");
  rig_expect (rig, "DISPATCH GUILD_MEMBERS_CHUNK 9, DISPATCH SOUNDBOARD_SOUNDS 9, DISPATCH CHANNEL_INFO 9, "
                   "DISPATCH CHANNEL_INFO 9, DISPATCH CHANNEL_INFO 9");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  rig_init ();
  g_test_add_func ("/dgw/engine/engine-request/documents", test_documents);
  g_test_add_func ("/dgw/engine/engine-request/order", test_order);
  g_test_add_func ("/dgw/engine/engine-request/bound", test_bound);
  g_test_add_func ("/dgw/engine/engine-request/size", test_size);
  g_test_add_func ("/dgw/engine/engine-request/deadline", test_deadline);
  g_test_add_func ("/dgw/engine/engine-request/unwanted", test_unwanted);
  g_test_add_func ("/dgw/engine/engine-request/no-json", test_no_json);

  return g_test_run ();
}
