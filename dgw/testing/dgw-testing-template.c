/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* A payload's text with places that are filled anew for each event. Building
 * a tree for each would be the slowest part of the simulator by far; copying
 * text and a few numbers makes some hundred thousand events a second.
 */

#include "config.h"

#include "testing/dgw-testing-template-private.h"

#include <gio/gio.h>
#include <string.h>

#include "dgw-testing-resources.h"
#include "testing/dgw-testing-json-private.h"

#define RESOURCE_PATH  "/org/dgw/testing/payloads/"
#define N_USERS        500
#define N_CHANNELS     40
#define FIRST_USER     G_GUINT64_CONSTANT (900000000000100000)
#define FIRST_CHANNEL  G_GUINT64_CONSTANT (910000000000000000)
#define N_ROLES        40
#define FIRST_ROLE     G_GUINT64_CONSTANT (920000000000000000)
#define EPOCH_MS       G_GUINT64_CONSTANT (1420070400000) /* of snowflakes */
#define START_MS       G_GUINT64_CONSTANT (1772323200000) /* 2026-03-01: of generated traffic */
#define DAY_MS         G_GUINT64_CONSTANT (86400000)
#define SNOWFLAKE_BITS 22

typedef struct
{
  char          *literal; /* the text before the slot */
  gsize          length;
  DgwTestingSlot slot;
  gsize          start, end; /* of the value in the source text */
} Piece;

struct _DgwTestingTemplate
{
  GArray *pieces;
  char   *tail;
  gsize   tail_length;
};

static const char *const words[] = {
  "deploy",
  "again",
  "tonight",
  "the",
  "build",
  "is",
  "green",
  "who",
  "broke",
  "main",
  "coffee",
  "ok",
  "lunch?",
  "see",
  "thread",
  "please",
  "review",
  "raid",
  "at",
  "nine",
  "gg",
  "thanks",
  "na\u00efve",
  "\xf0\x9f\x9a\x80",
  "caf\u00e9",
  "\\n",
  "\\\"quoted\\\"",
  "\\u00fcber",
  "https://example.org/x?a=1",
  "100%",
  "v1.2",
  "<@900000000000100001>",
  "and",
  "I",
  "we",
  "you",
  "they",
  "it",
  "was",
  "not",
  "yet",
  "just",
  "think",
  "maybe",
  "really",
  "about",
  "with",
  "from",
  "that",
  "what",
  "when",
  "because",
  "before",
  "after",
  "server",
  "channel",
  "message",
  "release",
  "patch",
  "update",
  "commit",
  "branch",
  "merge",
  "test",
  "failed",
  "passed",
  "works",
  "fine",
  "here",
  "there",
  "tomorrow",
  "yesterday",
  "morning",
  "evening",
  "weekend",
  "game",
  "match",
  "team",
  "round",
  "score",
  "lost",
  "won",
  "play",
  "join",
  "voice",
  "stream",
  "music",
  "song",
  "album",
  "video",
  "picture",
  "link",
  "file",
  "page",
  "question",
  "answer",
  "help",
  "anyone",
  "everyone",
  "somebody",
  "idea",
  "problem",
  "solution",
  "good",
  "great",
  "nice",
  "bad",
  "weird",
  "funny",
  "sorry",
  "welcome",
  "hello",
  "bye",
  "later",
  "soon",
  "never",
  "always",
  "sometimes",
  "people",
  "friend",
  "keyboard",
  "monitor",
  "laptop",
  "phone",
  "battery",
  "network",
  "kernel",
  "driver",
  "compiler",
  "library",
  "window",
  "garden",
  "winter",
  "summer",
};

static const char *const statuses[] = {"online", "idle", "dnd", "offline"};

/* splitmix64, the usual mixer for counters. */
guint64
dgw_testing_mix (guint64 value)
{
  value += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  value = (value ^ (value >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  value = (value ^ (value >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return value ^ (value >> 31);
}

void
dgw_testing_append_number (GString *out, guint64 number)
{
  char  digits[20];
  gsize at = sizeof digits;

  do
    {
      digits[--at] = '0' + number % 10;
      number /= 10;
    }
  while (number > 0);
  g_string_append_len (out, digits + at, sizeof digits - at);
}

static void
append_padded (GString *out, guint number, guint width)
{
  char digits[4];

  for (guint i = width; i > 0; i--)
    {
      digits[i - 1] = '0' + number % 10;
      number /= 10;
    }
  g_string_append_len (out, digits, width);
}

static void
append_time (GString *out, guint64 index)
{
  guint  ms = index % DAY_MS;
  GDate *date = g_date_new_dmy (1, G_DATE_MARCH, 2026);

  g_date_add_days (date, index / DAY_MS);
  append_padded (out, g_date_get_year (date), 4);
  g_string_append_c (out, '-');
  append_padded (out, g_date_get_month (date), 2);
  g_string_append_c (out, '-');
  append_padded (out, g_date_get_day (date), 2);
  g_date_free (date);

  g_string_append_c (out, 'T');
  append_padded (out, ms / 3600000, 2);
  g_string_append_c (out, ':');
  append_padded (out, ms / 60000 % 60, 2);
  g_string_append_c (out, ':');
  append_padded (out, ms / 1000 % 60, 2);
  g_string_append_c (out, '.');
  append_padded (out, ms % 1000, 3);
  g_string_append (out, "000+00:00");
}

static void
append_joined (GString *out, guint64 hash)
{
  append_padded (out, 2016 + hash % 10, 4);
  g_string_append_c (out, '-');
  append_padded (out, 1 + (hash >> 8) % 12, 2);
  g_string_append_c (out, '-');
  append_padded (out, 1 + (hash >> 16) % 28, 2);
  g_string_append_c (out, 'T');
  append_padded (out, (hash >> 24) % 24, 2);
  g_string_append_c (out, ':');
  append_padded (out, (hash >> 32) % 60, 2);
  g_string_append_c (out, ':');
  append_padded (out, (hash >> 40) % 60, 2);
  g_string_append_c (out, '.');
  append_padded (out, (hash >> 48) % 1000, 3);
  g_string_append (out, "000+00:00");
}

/* 32 digits, as the hashes of pictures and the ids of sessions have. */
static void
append_hexadecimal (GString *out, guint64 hash)
{
  guint64 halves[] = {dgw_testing_mix (hash), dgw_testing_mix (hash + 1)};
  char    digits[32];

  for (guint i = 0; i < sizeof digits; i++)
    digits[i] = "0123456789abcdef"[halves[i / 16] >> (i % 16 * 4) & 0xf];
  g_string_append_len (out, digits, sizeof digits);
}

static void
append_words (GString *out, guint64 hash, guint n_words)
{
  for (guint i = 0; i < n_words; i++)
    {
      hash = hash * G_GUINT64_CONSTANT (6364136223846793005) + 1442695040888963407;
      if (i > 0)
        g_string_append_c (out, ' ');
      g_string_append (out, words[(hash >> 33) % G_N_ELEMENTS (words)]);
    }
}

static void
append_roles (GString *out, guint64 hash)
{
  guint n_roles = 1 + hash % 4;

  g_string_append_c (out, '[');
  for (guint i = 0; i < n_roles; i++)
    {
      hash = dgw_testing_mix (hash);
      g_string_append (out, i > 0 ? ",\"" : "\"");
      dgw_testing_append_number (out, FIRST_ROLE + hash % N_ROLES);
      g_string_append_c (out, '"');
    }
  g_string_append_c (out, ']');
}

static void
append_quoted_number (GString *out, guint64 number)
{
  g_string_append_c (out, '"');
  dgw_testing_append_number (out, number);
  g_string_append_c (out, '"');
}

static guint
get_user (const DgwTestingFill *fill)
{
  return (fill->hash >> 8) % N_USERS;
}

/* What is a user's own is so in every event: made from this and the slot. */
static guint64
get_user_hash (const DgwTestingFill *fill, DgwTestingSlot slot)
{
  return dgw_testing_mix (get_user (fill) * 64 + slot);
}

static void
append_quoted (GString *out, DgwTestingSlot slot, const DgwTestingFill *fill)
{
  g_string_append_c (out, '"');
  switch ((int)slot)
    {
    case DGW_TESTING_SLOT_TIME:
      append_time (out, fill->index);
      break;
    case DGW_TESTING_SLOT_CONTENT:
      append_words (out, fill->hash, 3 + fill->hash % 30);
      break;
    case DGW_TESTING_SLOT_TITLE:
      append_words (out, dgw_testing_mix (fill->hash), 1 + fill->hash % 5);
      break;
    case DGW_TESTING_SLOT_STATUS:
      g_string_append (out, statuses[fill->hash % G_N_ELEMENTS (statuses)]);
      break;
    case DGW_TESTING_SLOT_JOINED:
      append_joined (out, get_user_hash (fill, slot));
      break;
    case DGW_TESTING_SLOT_FULL_NAME:
      append_words (out, get_user_hash (fill, slot), 2);
      break;
    case DGW_TESTING_SLOT_IMAGE:
      g_string_append (out, "spotify:ab67616d");
      append_hexadecimal (out, fill->hash);
      break;
    case DGW_TESTING_SLOT_NAME:
      g_string_append (out, "user_");
      dgw_testing_append_number (out, get_user (fill));
      break;
    default:
      append_hexadecimal (out, get_user_hash (fill, slot));
      break;
    }
  g_string_append_c (out, '"');
}

static guint64
get_snowflake (guint64 ms, guint64 hash)
{
  return (ms - EPOCH_MS) << SNOWFLAKE_BITS | (hash & ((1 << SNOWFLAKE_BITS) - 1));
}

static void
append_slot (GString *out, DgwTestingSlot slot, const DgwTestingFill *fill)
{
  guint64 now_ms = START_MS + fill->index;

  switch ((int)slot)
    {
    case DGW_TESTING_SLOT_SEQUENCE:
      dgw_testing_append_number (out, fill->sequence);
      break;
    case DGW_TESTING_SLOT_INDEX:
      dgw_testing_append_number (out, fill->index);
      break;
    case DGW_TESTING_SLOT_NONCE:
      append_quoted_number (out, get_snowflake (now_ms, dgw_testing_mix (fill->hash)));
      break;
    case DGW_TESTING_SLOT_ID:
      append_quoted_number (out, get_snowflake (now_ms, fill->hash));
      break;
    case DGW_TESTING_SLOT_USER:
      append_quoted_number (out, FIRST_USER + get_user (fill));
      break;
    case DGW_TESTING_SLOT_GUILD:
      append_quoted_number (out, fill->guild_id);
      break;
    case DGW_TESTING_SLOT_CHANNEL:
      append_quoted_number (out, FIRST_CHANNEL + (fill->hash >> 20) % N_CHANNELS);
      break;
    case DGW_TESTING_SLOT_SECONDS:
      dgw_testing_append_number (out, now_ms / 1000);
      break;
    case DGW_TESTING_SLOT_MILLISECONDS:
      dgw_testing_append_number (out, now_ms);
      break;
    case DGW_TESTING_SLOT_ROLES:
      append_roles (out, get_user_hash (fill, slot));
      break;
    default:
      append_quoted (out, slot, fill);
      break;
    }
}

static int
compare_pieces (gconstpointer a, gconstpointer b)
{
  const Piece *first = a, *second = b;

  return first->start < second->start ? -1 : first->start > second->start;
}

/* Cuts @text at the values of @places, a list that ends with a NULL path;
 * places that the text does not have are left out.
 */
DgwTestingTemplate *
dgw_testing_template_new (const char *text, const DgwTestingPlace *places)
{
  DgwTestingTemplate *self = g_new0 (DgwTestingTemplate, 1);
  gsize               at = 0;

  self->pieces = g_array_new (FALSE, FALSE, sizeof (Piece));
  for (const DgwTestingPlace *place = places; place->path != NULL; place++)
    {
      Piece piece = {.slot = place->slot};

      if (dgw_testing_json_find (text, place->path, &piece.start, &piece.end))
        g_array_append_val (self->pieces, piece);
    }
  g_array_sort (self->pieces, compare_pieces);

  for (guint i = 0; i < self->pieces->len; i++)
    {
      Piece *piece = &g_array_index (self->pieces, Piece, i);

      piece->length = piece->start - at;
      piece->literal = g_strndup (text + at, piece->length);
      at = piece->end;
    }
  self->tail = g_strdup (text + at);
  self->tail_length = strlen (self->tail);
  return self;
}

void
dgw_testing_template_append (const DgwTestingTemplate *self, const DgwTestingFill *fill, GString *out)
{
  for (guint i = 0; i < self->pieces->len; i++)
    {
      const Piece *piece = &g_array_index (self->pieces, Piece, i);

      g_string_append_len (out, piece->literal, piece->length);
      append_slot (out, piece->slot, fill);
    }
  g_string_append_len (out, self->tail, self->tail_length);
}

/* The compact text of one of the captured payloads; they lie in the library. */
char *
dgw_testing_payload_text (const char *file, guint number)
{
  g_autofree char *path = g_strconcat (RESOURCE_PATH, file, ".json", NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (dgw_testing_get_resource (), path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *text = NULL;
  gsize            size, start, end;
  const char      *data;
  char            *all;

  g_assert (bytes != NULL);

  data = g_bytes_get_data (bytes, &size);
  text = dgw_testing_json_compact (data, size);
  /* The file is an array: of its elements each is made the value of a key. */
  all = text + 1;
  for (guint i = 0;; i++)
    {
      g_autofree char *wrapped = g_strconcat ("{\"p\":", all, NULL);

      if (!dgw_testing_json_find (wrapped, "p", &start, &end))
        return NULL;
      if (i == number)
        return g_strndup (wrapped + start, end - start);
      all += end - start + 1;
    }
}
