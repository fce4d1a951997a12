/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-holds-private.h"

/* A server names them, and all are looked at whenever one is added. */
#define MAX_HOLDS 1000

void
dgw_holds_init (DgwHolds *self)
{
  self->until_us = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
dgw_holds_clear (DgwHolds *self)
{
  g_clear_pointer (&self->until_us, g_hash_table_unref);
}

static gboolean
is_over (gpointer key,
         gpointer value,
         gpointer user_data)
{
  const gint64 *until_us = value;
  const gint64 *now_us = user_data;

  return *until_us <= *now_us;
}

void
dgw_holds_set (DgwHolds   *self,
               const char *kind,
               gint64      until_us,
               gint64      now_us)
{
  const char *kinds[] = {kind, NULL};

  g_hash_table_foreach_remove (self->until_us, is_over, &now_us);
  if (until_us > MAX (now_us, dgw_holds_get (self, kinds)) && g_hash_table_size (self->until_us) < MAX_HOLDS)
    g_hash_table_insert (self->until_us, g_strdup (kind), g_memdup2 (&until_us, sizeof until_us));
}

void
dgw_holds_drop (DgwHolds   *self,
                const char *kind)
{
  g_hash_table_remove (self->until_us, kind);
}

gint64
dgw_holds_get (const DgwHolds    *self,
               const char *const *kinds)
{
  gint64 until_us = 0;

  /* Which is nearly always so. */
  if (g_hash_table_size (self->until_us) == 0)
    return 0;

  for (guint i = 0; kinds[i]; i++)
    {
      const gint64 *one_us = g_hash_table_lookup (self->until_us, kinds[i]);

      until_us = MAX (until_us, one_us ? *one_us : 0);
    }

  return until_us;
}
