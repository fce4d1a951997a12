/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"
#include "dgw-enums.h"
#include "values/dgw-presence-activity.h"

G_BEGIN_DECLS

#define DGW_TYPE_PRESENCE (dgw_presence_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwPresence, dgw_presence, DGW, PRESENCE, GObject)

DGW_AVAILABLE_IN_0_1
DgwPresence *dgw_presence_new (void) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
const char *dgw_presence_get_status (DgwPresence *self);

DGW_AVAILABLE_IN_0_1
void dgw_presence_set_status (DgwPresence *self,
                              const char  *status);

DGW_AVAILABLE_IN_0_1
gboolean dgw_presence_get_afk (DgwPresence *self);

DGW_AVAILABLE_IN_0_1
void dgw_presence_set_afk (DgwPresence *self,
                           gboolean     afk);

DGW_AVAILABLE_IN_0_1
gint64 dgw_presence_get_since (DgwPresence *self);

DGW_AVAILABLE_IN_0_1
void dgw_presence_set_since (DgwPresence *self,
                             gint64       since);

DGW_AVAILABLE_IN_0_1
GListModel *dgw_presence_get_activities (DgwPresence *self);

DGW_AVAILABLE_IN_0_1
void dgw_presence_add_activity (DgwPresence         *self,
                                DgwPresenceActivity *activity);

DGW_AVAILABLE_IN_0_1
void dgw_presence_remove_activity (DgwPresence         *self,
                                   DgwPresenceActivity *activity);

DGW_AVAILABLE_IN_0_1
void dgw_presence_clear_activities (DgwPresence *self);

G_END_DECLS
