/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Calls its function once when a monotonic time has come, in the context it
 * was made for. Set, changed and freed in the thread of that context, also
 * from the function itself. */
typedef struct _DgwTimer DgwTimer;

typedef void (*DgwTimerFunc) (gpointer user_data);

#define DGW_TIMER_NEVER G_MAXINT64

DgwTimer *dgw_timer_new (GMainContext *context,
                         DgwTimerFunc  func,
                         gpointer      user_data) G_GNUC_WARN_UNUSED_RESULT;
void      dgw_timer_free (DgwTimer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTimer, dgw_timer_free)

/* A time that is past fires at the context's next turn. */
void dgw_timer_set (DgwTimer *self,
                    gint64    due_us);

G_END_DECLS
