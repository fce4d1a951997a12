/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-identify-pace-private.h"

#include "dgw-protocol-table-private.h"

void
dgw_identify_pace_install (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  g_object_class_install_property (object_class, DGW_IDENTIFY_PACE_PROP_MAX_CONCURRENCY,
                                   g_param_spec_uint ("max-concurrency", NULL, NULL, 0, G_MAXUINT, 0, flags));
  g_object_class_install_property (object_class, DGW_IDENTIFY_PACE_PROP_WINDOW,
                                   g_param_spec_uint ("window", NULL, NULL, 0, G_MAXUINT, DGW_LIMIT_IDENTIFY_WINDOW_MS, flags));
}

static guint *
get_field (DgwIdentifyPace *self,
           guint            prop_id)
{
  switch (prop_id)
    {
    case DGW_IDENTIFY_PACE_PROP_MAX_CONCURRENCY:
      return &self->max_concurrency;
    case DGW_IDENTIFY_PACE_PROP_WINDOW:
      return &self->window_ms;
    default:
      return NULL;
    }
}

gboolean
dgw_identify_pace_get (const DgwIdentifyPace *self,
                       guint                  prop_id,
                       GValue                *value)
{
  const guint *field = get_field ((DgwIdentifyPace *)self, prop_id);

  if (field)
    g_value_set_uint (value, *field);

  return field != NULL;
}

gboolean
dgw_identify_pace_set (DgwIdentifyPace *self,
                       guint            prop_id,
                       const GValue    *value)
{
  guint *field = get_field (self, prop_id);

  if (field)
    *field = g_value_get_uint (value);

  return field != NULL;
}
