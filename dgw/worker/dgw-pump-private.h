/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "worker/dgw-link-private.h"
#include "worker/dgw-mailbox-private.h"
#include "worker/dgw-worker-private.h"

G_BEGIN_DECLS

/* The worker's end of a link: moves what comes in from transport to inflater
 * to engine, and carries out what the engine wants. All functions but new()
 * run on the worker. */
typedef struct _DgwPump DgwPump;

/* What the mailbox's note is. Its backlog fields stay 0: the mailbox itself
 * knows better. */
typedef DgwLinkMetrics DgwPumpNote;

/* Takes the mailbox reference. Any thread. */
DgwPump *dgw_pump_new (const DgwLinkOptions *options,
                       guint32               seed,
                       DgwWorker            *worker,
                       DgwMailbox           *mailbox) G_GNUC_WARN_UNUSED_RESULT;
/* First of all on the worker. */
void dgw_pump_move_in (DgwPump *self);
void dgw_pump_free (DgwPump *self);

void dgw_pump_set_options (DgwPump              *self,
                           const DgwLinkOptions *options);
void dgw_pump_set_session (DgwPump              *self,
                           const DgwResumeState *state);
void dgw_pump_open (DgwPump *self);
void dgw_pump_stop (DgwPump    *self,
                    DgwStopKind kind,
                    guint       code,
                    const char *reason);
void dgw_pump_send (DgwPump    *self,
                    guint64     id,
                    guint       opcode,
                    const char *data);
void dgw_pump_request (DgwPump    *self,
                       guint64     id,
                       guint       opcode,
                       const char *data);
void dgw_pump_cancel_send (DgwPump *self,
                           guint64  id);
void dgw_pump_set_presence (DgwPump    *self,
                            guint64     id,
                            const char *data);
void dgw_pump_probe (DgwPump *self);
void dgw_pump_answer_permit (DgwPump      *self,
                             guint64       serial,
                             const GError *error);
void dgw_pump_parse_ahead (DgwPump *self,
                           guint    event_type);
/* What waits for the application is down to half of the limits. */
void dgw_pump_release (DgwPump *self);

G_END_DECLS
