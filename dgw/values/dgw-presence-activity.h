/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"
#include "dgw-enums.h"

G_BEGIN_DECLS

#define DGW_TYPE_PRESENCE_ACTIVITY (dgw_presence_activity_get_type ())

DGW_AVAILABLE_IN_0_1
G_DECLARE_FINAL_TYPE (DgwPresenceActivity, dgw_presence_activity, DGW, PRESENCE_ACTIVITY, GObject)

DGW_AVAILABLE_IN_0_1
DgwPresenceActivity *dgw_presence_activity_new (int         type,
                                                const char *name) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwPresenceActivity *dgw_presence_activity_new_playing (const char *name) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwPresenceActivity *dgw_presence_activity_new_streaming (const char *name,
                                                          const char *url) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwPresenceActivity *dgw_presence_activity_new_listening (const char *name) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwPresenceActivity *dgw_presence_activity_new_watching (const char *name) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwPresenceActivity *dgw_presence_activity_new_custom (const char *state) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
DgwPresenceActivity *dgw_presence_activity_new_competing (const char *name) G_GNUC_WARN_UNUSED_RESULT;

DGW_AVAILABLE_IN_0_1
int dgw_presence_activity_get_kind (DgwPresenceActivity *self);

DGW_AVAILABLE_IN_0_1
void dgw_presence_activity_set_kind (DgwPresenceActivity *self,
                                     int                  type);

DGW_AVAILABLE_IN_0_1
const char *dgw_presence_activity_get_name (DgwPresenceActivity *self);

DGW_AVAILABLE_IN_0_1
void dgw_presence_activity_set_name (DgwPresenceActivity *self,
                                     const char          *name);

DGW_AVAILABLE_IN_0_1
const char *dgw_presence_activity_get_state (DgwPresenceActivity *self);

DGW_AVAILABLE_IN_0_1
void dgw_presence_activity_set_state (DgwPresenceActivity *self,
                                      const char          *state);

DGW_AVAILABLE_IN_0_1
const char *dgw_presence_activity_get_url (DgwPresenceActivity *self);

DGW_AVAILABLE_IN_0_1
void dgw_presence_activity_set_url (DgwPresenceActivity *self,
                                    const char          *url);

G_END_DECLS
