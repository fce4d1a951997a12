/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-identify-ledger-private.h"

/* What Discord gives most bots; until it is known. */
#define DEFAULT_TOTAL 1000

/* Of the day's session starts, one in so many is never used up, and one in so
 * many goes without delay. */
#define RESERVED_PART 10
#define FAST_PART     2

#define MAX_BUCKETS 4096
/* Resets that lie no further apart are those of one day, told twice. */
#define SAME_RESET_US (10 * G_TIME_SPAN_MINUTE)

#define GROUP   "identify"
#define BUCKETS "buckets"

static guint
get_count (GKeyFile   *file,
           const char *key)
{
  guint64 value = g_key_file_get_uint64 (file, GROUP, key, NULL);

  return value <= G_MAXINT ? (guint)value : 0;
}

/* Of the future: the clock was set back, and nobody knows how long ago it was. */
static gint64
get_past (GKeyFile   *file,
          const char *group,
          const char *key,
          gint64      now_us)
{
  return CLAMP (g_key_file_get_int64 (file, group, key, NULL), 0, now_us);
}

static void
set_slot (DgwIdentifyLedger *self,
          guint              bucket,
          gint64             taken_us)
{
  DgwIdentifySlot slot = {bucket, taken_us};

  if (self->slots == NULL)
    self->slots = g_array_new (FALSE, FALSE, sizeof (DgwIdentifySlot));

  for (guint i = 0; i < self->slots->len; i++)
    if (g_array_index (self->slots, DgwIdentifySlot, i).bucket == bucket)
      {
        g_array_index (self->slots, DgwIdentifySlot, i) = slot;
        return;
      }
  g_array_append_val (self->slots, slot);
}

static DgwIdentifySlot *
find_slot (DgwIdentifyLedger *self,
           guint              bucket)
{
  for (guint i = 0; self->slots != NULL && i < self->slots->len; i++)
    if (g_array_index (self->slots, DgwIdentifySlot, i).bucket == bucket)
      return &g_array_index (self->slots, DgwIdentifySlot, i);

  return NULL;
}

static void
parse_slots (DgwIdentifyLedger *self,
             GKeyFile          *file,
             gint64             now_us)
{
  g_auto (GStrv) keys = g_key_file_get_keys (file, BUCKETS, NULL, NULL);

  for (guint i = 0; keys != NULL && keys[i] != NULL && i < MAX_BUCKETS; i++)
    {
      guint64 bucket;

      if (g_ascii_string_to_unsigned (keys[i], 10, 0, G_MAXUINT, &bucket, NULL))
        set_slot (self, (guint)bucket, get_past (file, BUCKETS, keys[i], now_us));
    }
}

void
dgw_identify_ledger_parse (DgwIdentifyLedger *self,
                           const char        *text,
                           gint64             now_us)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  *self = (DgwIdentifyLedger){0};
  if (text == NULL || !g_key_file_load_from_data (file, text, (gsize)-1, G_KEY_FILE_NONE, NULL))
    return;

  self->total = get_count (file, "total");
  self->remaining = MIN (get_count (file, "remaining"), self->total);
  self->reset_us = CLAMP (g_key_file_get_int64 (file, GROUP, "reset", NULL), 0, now_us + G_TIME_SPAN_DAY);
  self->max_concurrency = get_count (file, "max-concurrency");
  self->last_us = get_past (file, GROUP, "last", now_us);
  parse_slots (self, file, now_us);
}

char *
dgw_identify_ledger_format (const DgwIdentifyLedger *self)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_uint64 (file, GROUP, "total", self->total);
  g_key_file_set_uint64 (file, GROUP, "remaining", self->remaining);
  g_key_file_set_int64 (file, GROUP, "reset", self->reset_us);
  g_key_file_set_uint64 (file, GROUP, "max-concurrency", self->max_concurrency);
  g_key_file_set_int64 (file, GROUP, "last", self->last_us);
  for (guint i = 0; self->slots != NULL && i < self->slots->len; i++)
    {
      const DgwIdentifySlot *slot = &g_array_index (self->slots, DgwIdentifySlot, i);
      g_autofree char       *key = g_strdup_printf ("%u", slot->bucket);

      g_key_file_set_int64 (file, BUCKETS, key, slot->taken_us);
    }

  return g_key_file_to_data (file, NULL, NULL);
}

void
dgw_identify_ledger_clear (DgwIdentifyLedger *self)
{
  g_clear_pointer (&self->slots, g_array_unref);
  *self = (DgwIdentifyLedger){0};
}

/* A day is over, or the first one begins. */
static void
renew (DgwIdentifyLedger *self,
       gint64             now_us)
{
  if (self->total > 0 && now_us < self->reset_us)
    return;

  self->total = self->total > 0 ? self->total : DEFAULT_TOTAL;
  self->remaining = self->total;
  self->reset_us = now_us + G_TIME_SPAN_DAY;
}

void
dgw_identify_ledger_learn (DgwIdentifyLedger *self,
                           guint              total,
                           guint              remaining,
                           gint64             reset_us,
                           guint              max_concurrency,
                           gint64             now_us)
{
  gboolean is_same_day = self->total > 0 && now_us < self->reset_us && ABS (reset_us - self->reset_us) < SAME_RESET_US;

  self->remaining = is_same_day ? MIN (remaining, self->remaining) : remaining;
  self->total = MAX (total, 1);
  self->remaining = MIN (self->remaining, self->total);
  self->reset_us = CLAMP (reset_us, now_us, now_us + G_TIME_SPAN_DAY);
  self->max_concurrency = max_concurrency;
}

/* How far apart starts are to lie, whatever their bucket. */
static gint64
get_spacing_us (const DgwIdentifyLedger *self,
                gint64                   now_us)
{
  guint reserve = self->total / RESERVED_PART;

  if (self->remaining <= reserve)
    return G_MAXINT64;
  if (self->remaining > self->total / FAST_PART)
    return 0;

  return (self->reset_us - now_us) / (gint64)(self->remaining - reserve);
}

static void
forget_slots (DgwIdentifyLedger *self,
              gint64             window_us,
              gint64             now_us)
{
  for (guint i = self->slots != NULL ? self->slots->len : 0; i-- > 0;)
    if (now_us - g_array_index (self->slots, DgwIdentifySlot, i).taken_us >= window_us)
      g_array_remove_index_fast (self->slots, i);
}

gint64
dgw_identify_ledger_take (DgwIdentifyLedger *self,
                          guint              bucket,
                          gint64             window_us,
                          gint64             now_us)
{
  const DgwIdentifySlot *slot;
  gint64                 spacing_us;
  gint64                 due_us = now_us;

  renew (self, now_us);
  forget_slots (self, window_us, now_us);
  slot = find_slot (self, bucket);
  spacing_us = get_spacing_us (self, now_us);

  if (slot != NULL)
    due_us = slot->taken_us + window_us;
  if (spacing_us == G_MAXINT64)
    due_us = MAX (due_us, self->reset_us);
  else if (self->last_us > 0)
    due_us = MAX (due_us, self->last_us + spacing_us);
  if (due_us > now_us)
    return MIN (due_us, MAX (self->reset_us, now_us + window_us));

  set_slot (self, bucket, now_us);
  self->last_us = now_us;
  self->remaining--;

  return now_us;
}

void
dgw_identify_ledger_give_back (DgwIdentifyLedger *self,
                               guint              bucket,
                               gint64             taken_us)
{
  DgwIdentifySlot *slot = find_slot (self, bucket);

  if (slot == NULL || slot->taken_us != taken_us)
    return;

  slot->taken_us = 0;
  self->remaining = MIN (self->remaining + 1, self->total);
}
