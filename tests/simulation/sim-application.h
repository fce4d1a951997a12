/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "sim-types.h"

G_BEGIN_DECLS

/* The application on top of a shard, with its whims. */
struct _SimApplication
{
  SimShard *shard;
  gint64    command_mean_us; /* 0: it sends none */
  gint64    slow_until_us;
  gboolean  is_opening; /* start() is on the agenda */
  gboolean  is_done;    /* it has stopped for good */
};

SimApplication *sim_application_new (SimShard *shard);
void            sim_application_free (SimApplication *self);
/* Opens soon. */
void sim_application_open (SimApplication *self,
                           gint64          most_us);
void sim_application_settled (SimApplication *self);

/* The faults that are its own. */
void sim_application_be_slow (SimApplication *self);
void sim_application_stop (SimApplication *self);
void sim_application_change_options (SimApplication *self);
void sim_application_crash (SimApplication *self);
void sim_application_finish (SimApplication *self);

G_END_DECLS
