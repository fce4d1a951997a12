/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine/dgw-action-private.h"
#include "sim-types.h"

G_BEGIN_DECLS

/* What the application of a shard asked for, and what became of it. */
SimCommands *sim_commands_new (SimShard *shard);
void         sim_commands_free (SimCommands *self);

/* One of the application's choice, by the random numbers of the world. */
void sim_commands_make_some (SimCommands *self);
void sim_commands_set_presence (SimCommands *self);
void sim_commands_cancel_some (SimCommands *self);

void sim_commands_sent (SimCommands *self,
                        guint        opcode,
                        const char  *text);
/* data: of the identify. */
void sim_commands_identified (SimCommands *self,
                              const char  *data);
void sim_commands_done (SimCommands     *self,
                        const DgwAction *action);
void sim_commands_crash (SimCommands *self);

guint    sim_commands_get_open (SimCommands *self);
guint    sim_commands_get_total (SimCommands *self);
gboolean sim_commands_is_presence_up_to_date (SimCommands *self);

G_END_DECLS
