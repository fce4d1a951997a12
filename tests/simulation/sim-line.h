/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "sim-types.h"

G_BEGIN_DECLS

/* How long an answer may take that the host wants because its network changed. */
#define SIM_PROBE_US (5 * SIM_SECOND)

/* What is known of the connection at hand, on the client's clock. Times are 0
 * when the thing has not happened. */
typedef struct
{
  gboolean is_attached; /* there is one, or an attempt */
  gboolean is_at_resume_url;
  gboolean was_closed; /* by the client */
  gboolean was_broken; /* something unreadable came */
  gint64   opened_us;
  gint64   hello_us;
  gint64   interval_us;
  gint64   login_us;
  gint64   message_us; /* newest */
  gint64   event_us;   /* newest */

  gint64   beat_us;    /* newest */
  gint64   unacked_us; /* the first since the last ACK */
  gint64   acked_us;   /* newest ACK */
  gint64   late_us;    /* unacked_us before it */
  gboolean was_asked;  /* since then, for one that is not of the schedule */
  guint    n_beats;
  guint    n_asked;
  guint    n_acks;
  gint64   probe_us;      /* when the host asked whether anybody is there */
  guint    n_probe_beats; /* n_beats with the one that asks; 0: none went out */

  GArray *sends; /* gint64, of the last minute */
} SimLine;

void sim_line_begin (SimWatch *watch);
void sim_line_clear (SimWatch *watch);
void sim_line_message (SimWatch *watch);
void sim_line_sent (SimWatch   *watch,
                    const char *text);
void sim_line_asked (SimWatch *watch);
void sim_line_probed (SimWatch *watch);
void sim_line_settled (SimWatch *watch);
/* Whether there is a reason to give it up as dead. */
gboolean sim_line_is_dead (SimWatch *watch);
gint64   sim_line_get_beat_due (SimWatch *watch); /* at the latest */

G_END_DECLS
