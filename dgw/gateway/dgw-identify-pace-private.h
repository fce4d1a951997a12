/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* How often may be identified: two properties, set at construction, that the
 * limiters of the library have in common. */
typedef struct
{
  guint max_concurrency; /* 0: as Discord says */
  guint window_ms;       /* 0: no limit but that of the day */
} DgwIdentifyPace;

enum
{
  DGW_IDENTIFY_PACE_PROP_0,
  DGW_IDENTIFY_PACE_PROP_MAX_CONCURRENCY,
  DGW_IDENTIFY_PACE_PROP_WINDOW,
  DGW_IDENTIFY_PACE_N_PROPS
};

void     dgw_identify_pace_install (GObjectClass *object_class);
gboolean dgw_identify_pace_get (const DgwIdentifyPace *self,
                                guint                  prop_id,
                                GValue                *value);
/* FALSE: it is none of these properties. */
gboolean dgw_identify_pace_set (DgwIdentifyPace *self,
                                guint            prop_id,
                                const GValue    *value);

G_END_DECLS
