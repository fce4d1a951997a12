/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "testing/dgw-testing-types.h"

G_BEGIN_DECLS

typedef struct _DgwTestingTraffic DgwTestingTraffic;

DgwTestingTraffic *dgw_testing_traffic_new (DgwTestingProfile profile,
                                            double            rate,
                                            guint64           count,
                                            guint             seed) G_GNUC_WARN_UNUSED_RESULT;
DgwTestingTraffic *dgw_testing_traffic_ref (DgwTestingTraffic *traffic);
void               dgw_testing_traffic_unref (DgwTestingTraffic *traffic);

double            dgw_testing_traffic_get_rate (DgwTestingTraffic *traffic);
guint64           dgw_testing_traffic_get_count (DgwTestingTraffic *traffic);
DgwTestingProfile dgw_testing_traffic_get_profile (DgwTestingTraffic *traffic);

void dgw_testing_traffic_append (DgwTestingTraffic *traffic,
                                 guint64            index,
                                 gint64             sequence,
                                 GString           *out);

guint64 dgw_testing_traffic_guild_id (guint number);

void dgw_testing_traffic_append_guild (guint    number,
                                       gsize    size,
                                       GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingTraffic, dgw_testing_traffic_unref)

G_END_DECLS
