/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "engine-rig.h"

G_BEGIN_DECLS

/* Discord's, in a minute. */
#define WORLD_MAX_SENT 120

/* What must hold whatever inputs an engine gets, sensible or not: one attempt at a
 * time, one login on each, no more sent than Discord allows, nothing after the end,
 * every call answered, the token in logins only. */
typedef struct
{
  Rig        *rig;
  DgwStatus   status;      /* as announced */
  gboolean    has_attempt; /* LOOKUP or CONNECT went out, DISCONNECTED did not */
  gboolean    is_looking;  /* the last of the two was LOOKUP */
  gboolean    is_running;  /* started, neither STOPPED nor FAILED */
  gboolean    wants_permit;
  gboolean    was_closed; /* CLOSE or DROP went out on this connection */
  guint       n_logins;   /* identifies and resumes on this connection */
  gboolean    may_wait;   /* DISCONNECTED said that a reconnect follows, or RECONNECTING did */
  guint64     next_id;
  GHashTable *waiting;  /* ids without COMMAND_DONE */
  gint64      sequence; /* of the sensible server */
  gint64      sent_us[WORLD_MAX_SENT];
  guint       n_sent; /* on this connection */
  guint       n_reached[DGW_STATUS_DISCONNECTED + 1];
} World;

World *world_new (void);
void   world_free (World *world);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (World, world_free)

/* For a call whose end is waited for. */
guint64 world_new_id (World *world);
void    world_start (World *world);
/* Takes the actions. */
void world_check_actions (World *world);
/* What a well-behaved server would do next. The number is the heartbeat interval,
 * and every tenth refuses to let it identify. */
void world_feed_sensible (World *world,
                          guint  number);

G_END_DECLS
