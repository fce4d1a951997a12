/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DgwTestingTimer DgwTestingTimer;

typedef void (*DgwTestingTimerFunc) (gpointer user_data);

DgwTestingTimer *dgw_testing_timer_new (GMainContext       *context,
                                        const char         *name,
                                        DgwTestingTimerFunc func,
                                        gpointer            user_data) G_GNUC_WARN_UNUSED_RESULT;
void             dgw_testing_timer_free (DgwTestingTimer *timer);

void dgw_testing_timer_start (DgwTestingTimer *timer,
                              gint64           delay_us);
void dgw_testing_timer_stop (DgwTestingTimer *timer);

gboolean dgw_testing_timer_is_running (DgwTestingTimer *timer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingTimer, dgw_testing_timer_free)

G_END_DECLS
