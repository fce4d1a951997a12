/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-session.h"

#include "sim-peer.h"
#include "sim-server.h"
#include "sim-world.h"

static void
clear_event (gpointer data)
{
  SimEvent *event = data;

  g_free (event->text);
}

SimSession *
sim_session_new (SimServer *server,
                 guint      shard_id)
{
  SimSession *self = g_new0 (SimSession, 1);

  self->server = server;
  self->id = g_strdup_printf ("%08x%04x", (guint)sim_rand_next (&server->rand), server->sessions->len);
  self->shard_id = shard_id;
  self->events = g_array_new (FALSE, FALSE, sizeof (SimEvent));
  g_array_set_clear_func (self->events, clear_event);
  g_ptr_array_add (server->sessions, self);

  return self;
}

void
sim_session_free (SimSession *self)
{
  g_array_unref (self->events);
  g_free (self->presence);
  g_free (self->id);
  g_free (self);
}

gint64
sim_session_get_newest (SimSession *self)
{
  return self->events->len;
}

SimEvent *
sim_session_get_event (SimSession *self,
                       gint64      sequence)
{
  if (sequence < 1 || sequence > self->events->len)
    return NULL;

  return &g_array_index (self->events, SimEvent, sequence - 1);
}

/* Discord's order of the keys, and others: it promises none. */
static char *
write_event (SimSession *self,
             const char *name,
             gint64      sequence,
             const char *data)
{
  switch (self->server->key_order)
    {
    case 0:
      return g_strdup_printf ("{\"op\":0,\"d\":%s,\"s\":%" G_GINT64_FORMAT ",\"t\":\"%s\"}", data, sequence,
                              name);
    case 1:
      return g_strdup_printf ("{ \"s\" : %" G_GINT64_FORMAT
                              ", \"d\": %s, \"t\": \"%s\", \"op\": 0, \"x\": null }",
                              sequence, data, name);
    default:
      return g_strdup_printf ("{\"t\":\"%s\",\"s\":%" G_GINT64_FORMAT ",\"op\":0,\"d\":%s}", name, sequence,
                              data);
    }
}

void
sim_session_emit (SimSession *self,
                  const char *name,
                  const char *data)
{
  SimEvent event = {write_event (self, name, self->events->len + 1, data), FALSE};

  event.is_garbled =
    sim_rand_chance (&self->server->rand, self->server->world->faults.rates[SIM_FAULT_GARBLE] / 10);
  g_array_append_val (self->events, event);
  self->server->world->counts.events_sent++;
  if (self->peer)
    sim_peer_send_event (self->peer, sim_session_get_newest (self));
  else if (self->events->len - self->n_trimmed > self->server->most_held)
    self->n_trimmed = self->events->len - self->server->most_held;
}

void
sim_session_emit_some (SimSession *self)
{
  static const char *const names[] = {"MESSAGE_CREATE", "GUILD_CREATE", "TYPING_START", "FUTURE_EVENT",
                                      "PRESENCE_UPDATE"};
  static const char *const contents[] = {"hello", "\\u0000", "\\ud83d\\ude00",
                                         "}{\\\"op\\\":9", "Grüße 👋", ""};
  SimRand                 *rand = &self->server->rand;
  GString                 *data = g_string_new (NULL);
  const char              *name = names[sim_rand_below (rand, G_N_ELEMENTS (names))];

  g_string_printf (data, "{\"id\":\"%" G_GUINT64_FORMAT "\",\"content\":\"%s", sim_rand_next (rand),
                   contents[sim_rand_below (rand, G_N_ELEMENTS (contents))]);
  if (sim_rand_chance (rand, 0.01))
    for (guint i = sim_rand_below (rand, 2000); i > 0; i--)
      g_string_append (data, "0123456789");
  g_string_append (data, "\",\"nested\":[{\"a\":1},null,true,-1.5e3]}");
  sim_session_emit (self, name, data->str);
  g_string_free (data, TRUE);
}

gint64
sim_session_add_resumed (SimSession *self)
{
  SimEvent event = {NULL, FALSE};

  if (self->server->resumed_is_numbered)
    g_array_append_val (self->events, event);

  return sim_session_get_newest (self);
}

void
sim_session_detach (SimSession *self)
{
  self->peer = NULL;
  self->detached_us = self->server->world->now_us;
}

void
sim_session_end (SimSession *self)
{
  self->is_over = TRUE;
}

gboolean
sim_session_holds (SimSession *self,
                   gint64      sequence)
{
  SimServer *server = self->server;

  if (self->peer == NULL && server->world->now_us - self->detached_us > server->expiry_us)
    self->is_over = TRUE;

  return !self->is_over && sequence >= self->n_trimmed;
}
