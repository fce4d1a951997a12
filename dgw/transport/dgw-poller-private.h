/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Waits for many descriptors by one source of a main context, with epoll: a
 * context asks each of its sources and looks at each of its descriptors at each
 * of its turns. All calls are made in the thread of the context. */
typedef struct _DgwPoller      DgwPoller;
typedef struct _DgwPollerWatch DgwPollerWatch;

/* There is something to read, or the end. TRUE: to be called again at the next
 * turn, whatever the descriptor tells by then. May end any watch. */
typedef gboolean (*DgwPollerFunc) (gpointer user_data);

/* NULL when the system does not let it. */
DgwPoller *dgw_poller_new (GMainContext *context) G_GNUC_WARN_UNUSED_RESULT;
/* All watches are over by then. */
void dgw_poller_free (DgwPoller *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwPoller, dgw_poller_free)

/* NULL when the system does not let it. The descriptor stays open until the end
 * of the watch. */
DgwPollerWatch *dgw_poller_watch (DgwPoller    *self,
                                  int           fd,
                                  DgwPollerFunc func,
                                  gpointer      user_data) G_GNUC_WARN_UNUSED_RESULT;
void            dgw_poller_unwatch (DgwPollerWatch *watch);

G_END_DECLS
