/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What will happen when, in virtual microseconds. Whatever may be called off
 * carries a serial and compares it when its time has come. */
typedef struct _SimAgenda SimAgenda;

typedef void (*SimHandler) (gpointer target,
                            guint64  serial);

typedef struct
{
  gint64     at_us;
  guint64    order; /* among those of the same time */
  SimHandler run;
  gpointer   target;
  guint64    serial;
} SimEntry;

SimAgenda *sim_agenda_new (void) G_GNUC_WARN_UNUSED_RESULT;
void       sim_agenda_free (SimAgenda *self);
void       sim_agenda_add (SimAgenda *self,
                           SimEntry   entry);
gboolean   sim_agenda_pop (SimAgenda *self,
                           SimEntry  *entry);

G_END_DECLS
