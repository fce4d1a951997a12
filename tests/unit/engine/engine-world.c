/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-world.h"

#include <string.h>

World *
world_new (void)
{
  World *world = g_new0 (World, 1);

  world->rig = rig_new ();
  world->waiting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  return world;
}

void
world_free (World *world)
{
  rig_free (world->rig);
  g_hash_table_unref (world->waiting);
  g_free (world);
}

guint64
world_new_id (World *world)
{
  guint64 id = ++world->next_id;

  g_hash_table_add (world->waiting, g_memdup2 (&id, sizeof id));

  return id;
}

static void
check_send_limit (World *world)
{
  gint64 *slot = &world->sent_us[world->n_sent++ % WORLD_MAX_SENT];

  if (world->n_sent > WORLD_MAX_SENT)
    g_assert_cmpint (world->rig->now_us - *slot, >=, 60 * SECOND);
  *slot = world->rig->now_us;
}

static void
check_send (World      *world,
            const char *text)
{
  gboolean is_login = g_str_has_prefix (text, "{\"op\":2,") || g_str_has_prefix (text, "{\"op\":6,");
  gboolean is_beat = g_str_has_prefix (text, "{\"op\":1,");

  check_send_limit (world);
  g_assert_true (world->has_attempt);
  g_assert_false (world->was_closed);
  g_assert_cmpuint (strlen (text), <=, 4096);
  if (is_login)
    g_assert_cmpuint (++world->n_logins, ==, 1);
  else
    g_assert_null (strstr (text, RIG_TOKEN));
  if (!is_login && !is_beat) /* commands come after the login only */
    g_assert_true (world->n_logins == 1 && world->status == DGW_STATUS_READY);
}

static void
check_for_link (World           *world,
                const DgwAction *action)
{
  switch ((guint)action->kind)
    {
    case DGW_ACTION_LOOKUP:
      g_assert_true (world->is_running && !world->has_attempt);
      world->has_attempt = world->is_looking = TRUE;
      break;
    case DGW_ACTION_CONNECT:
      g_assert_true (world->is_running && (!world->has_attempt || world->is_looking));
      world->has_attempt = TRUE;
      world->is_looking = FALSE;
      world->was_closed = FALSE;
      world->n_logins = 0;
      world->n_sent = 0;
      break;
    case DGW_ACTION_SEND:
      check_send (world, action->text);
      break;
    case DGW_ACTION_CLOSE:
      g_assert_true (world->has_attempt && !world->was_closed);
      world->was_closed = TRUE;
      break;
    case DGW_ACTION_DROP:
      world->was_closed = TRUE;
      break;
    case DGW_ACTION_WANT_PERMIT:
      g_assert_false (world->wants_permit);
      world->wants_permit = TRUE;
      break;
    case DGW_ACTION_END_PERMIT:
      g_assert_true (world->wants_permit);
      world->wants_permit = FALSE;
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
check_end (World *world)
{
  g_assert_true (world->status == DGW_STATUS_UNCONNECTED && !world->has_attempt && !world->wants_permit);
  g_assert_cmpuint (g_hash_table_size (world->waiting), ==, 0);
  g_assert_cmpint (dgw_engine_get_deadline (world->rig->engine), ==, G_MAXINT64);
  world->is_running = FALSE;
}

static void
check_disconnected (World           *world,
                    const DgwAction *action)
{
  /* An address that is refused ends an attempt before it was made. */
  world->has_attempt = FALSE;
  world->is_looking = FALSE;
  world->may_wait = action->end.will_reconnect;
  g_assert_nonnull (action->end.reason);
}

static void
check_for_application (World           *world,
                       const DgwAction *action)
{
  switch ((guint)action->kind)
    {
    case DGW_ACTION_STATUS:
      g_assert_cmpint (action->status, !=, world->status);
      g_assert_true (action->status != DGW_STATUS_DISCONNECTED || world->may_wait);
      world->status = action->status;
      world->n_reached[action->status]++;
      break;
    case DGW_ACTION_DISPATCH:
      g_assert_nonnull (action->dispatch.name);
      g_assert_true (world->n_logins == 1 && !world->was_closed);
      break;
    case DGW_ACTION_DISCONNECTED:
      check_disconnected (world, action);
      break;
    case DGW_ACTION_RECONNECTING:
      g_assert_cmpint (world->status, ==, DGW_STATUS_DISCONNECTED);
      g_assert_cmpuint (action->retry.attempt, >, 0);
      break;
    case DGW_ACTION_ERROR:
      g_assert_true (action->error == NULL || strstr (action->error->message, RIG_TOKEN) == NULL);
      break;
    case DGW_ACTION_COMMAND_DONE:
      g_assert_true (g_hash_table_remove (world->waiting, &action->command.id));
      break;
    case DGW_ACTION_FAILED:
      g_assert_nonnull (action->error);
      check_end (world);
      break;
    case DGW_ACTION_STOPPED:
      check_end (world);
      break;
    default: /* SESSION, HELLO, ACKED, INVALIDATED: nothing to hold them to */
      break;
    }
}

void
world_check_actions (World *world)
{
  DgwAction action;

  while (dgw_engine_pop_action (world->rig->engine, &action))
    {
      if (DGW_ACTION_IS_FOR_LINK (action.kind))
        check_for_link (world, &action);
      else
        check_for_application (world, &action);
      dgw_action_clear (&action);
    }

  g_assert_cmpint (dgw_engine_get_status (world->rig->engine), ==, world->status);
}

void
world_start (World *world)
{
  world->is_running = TRUE;
  dgw_engine_start (world->rig->engine, world->rig->now_us);
}

void
world_feed_sensible (World *world,
                     guint  number)
{
  Rig *rig = world->rig;

  switch (world->status)
    {
    case DGW_STATUS_UNCONNECTED:
      world_start (world);
      break;
    case DGW_STATUS_CONNECTING:
      if (world->is_looking)
        rig_answer (rig, RIG_MAIN, 5);
      else
        dgw_engine_opened (rig->engine, rig->now_us);
      break;
    case DGW_STATUS_WAITING_FOR_HELLO:
      rig_hello (rig, 10 + number % 60000);
      break;
    case DGW_STATUS_IDENTIFYING:
      if (number % 10 > 0)
        dgw_engine_permit_granted (rig->engine, rig->now_us);
      else
        dgw_engine_permit_denied (rig->engine, NULL, rig->now_us);
      break;
    case DGW_STATUS_WAITING_FOR_READY:
      world->sequence = 1;
      rig_ready (rig, "S1", world->sequence);
      break;
    case DGW_STATUS_RESUMING:
      rig_resumed (rig, ++world->sequence);
      break;
    case DGW_STATUS_DISCONNECTED:
      dgw_engine_release (rig->engine, rig->now_us);
      break;
    case DGW_STATUS_READY:
    default:
      rig_dispatch (rig, "MESSAGE_CREATE", ++world->sequence);
      break;
    }
}
