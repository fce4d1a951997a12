/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-json-private.h"

G_BEGIN_DECLS

/* Far more than the members of any guild need. */
#define DGW_COLLECTOR_MAX_PARTS 100000

/* Numbered documents that make one answer together. They come in any order,
 * and some twice when a resume overlaps. Each says how many there are; what it
 * says costs no memory. */
typedef struct
{
  GArray *parts; /* sorted by index */
  gint64  count; /* as the newest part said; 0: none has come */
} DgwCollector;

void dgw_collector_init (DgwCollector *self);
void dgw_collector_clear (DgwCollector *self);
/* What came is forgotten. */
void dgw_collector_reset (DgwCollector *self);

/* FALSE: the numbers make no sense, or it was there already. */
gboolean dgw_collector_add (DgwCollector *self,
                            gint64        index, /* from 0 */
                            gint64        count,
                            DgwJson      *json);
gboolean dgw_collector_has (const DgwCollector *self,
                            gint64              index);
gboolean dgw_collector_is_empty (const DgwCollector *self);
gboolean dgw_collector_is_complete (const DgwCollector *self);
/* The documents (DgwJson) by index; the collector is as after a reset. */
GPtrArray *dgw_collector_steal (DgwCollector *self) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
