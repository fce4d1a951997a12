/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "codec/dgw-json-private.h"
#include "dgw-event-table-private.h"
#include "entity-checks.h"
#include "fuzz.h"
#include "values/dgw-event-private.h"

/* The name of an event and what it brings, a line each, as often as there are
 * lines. Every getter and property of every object in it is read, and compared
 * with what json-glib reads of the same text, unless that is one of those that it
 * reads wrongly; then only with each other. Each event takes the place of the one
 * before where that is let go. */

/* entity-oracle.c says how the values are compared. */
static Check check;

void
fuzz_target_init (void)
{
  int    argc = 1;
  char  *name[] = {(char *)"fuzz-entity", NULL};
  char **argv = name;

  if (!g_test_initialized ())
    g_test_init (&argc, &argv, NULL);
  fuzz_write_no_log ();
  check_init (&check, entity_rows, entity_n_rows);
}

/* A name that is none stands for any. */
static const EventRow *
find_row (const char *name)
{
  guint sum = 0;

  for (guint i = 0; i < entity_n_events; i++)
    if (strcmp (entity_events[i].name, name) == 0)
      return &entity_events[i];

  for (; *name != '\0'; name++)
    sum = sum * 31 + (guint8)*name;

  return &entity_events[sum % entity_n_events];
}

/* As Discord writes times: NNNN-NN-NNTNN:NN:NN.NNNNNN+NN:NN. */
static gboolean
is_plain_time (const char *string)
{
  return g_regex_match_simple ("^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
                               "(\\.[0-9]{1,6})?(Z|[+-](0[0-9]|1[0-2]):[0-5][0-9])$",
                               string, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY, 0);
}

/* GLib reads other writings of a time than the oracle does. */
static gboolean
has_odd_time (const char *string)
{
  return strlen (string) >= 8 && (g_ascii_isdigit (*string) || strchr (" \t\n\v\f\r+-", *string) != NULL) &&
         strpbrk (string, "Tt ") != NULL && !is_plain_time (string);
}

static gboolean is_odd (DgwJsonView view);

static gboolean
has_odd_child (DgwJsonView view)
{
  DgwJsonIter iter;
  const char *name;
  DgwJsonView value;

  dgw_json_iter_init (&iter, view);
  while (dgw_json_iter_next (&iter, &name, &value))
    if (is_odd (value) || (name != NULL && dgw_json_view_get_member (view, name).value != value.value))
      return TRUE;

  return FALSE;
}

/* See fuzz-json.c. */
static gboolean
is_odd (DgwJsonView view)
{
  const char *string = dgw_json_view_get_string (view);

  if (dgw_json_view_get_kind (view) == DGW_JSON_NUMBER)
    return !dgw_json_view_is_integer (view);

  return string != NULL ? has_odd_time (string) : has_odd_child (view);
}

/* Also of the entities that stay when their event goes. */
typedef struct
{
  DgwEvent       *event;
  DgwEntity      *kept;
  const EventRow *kept_row;
  JsonParser     *kept_parser; /* NULL: not to be compared */
  guint           n_events;
} Run;

/* The object in "d", by json-glib; NULL when it cannot tell. */
static JsonObject *
get_object (JsonParser *parser)
{
  JsonNode *root = parser != NULL ? json_parser_get_root (parser) : NULL;
  JsonNode *data = root != NULL ? json_object_get_member (json_node_get_object (root), "d") : NULL;

  return data != NULL && JSON_NODE_HOLDS_OBJECT (data) ? json_node_get_object (data) : NULL;
}

static JsonParser *
parse_as_well (DgwJson *json)
{
  gsize       length;
  const char *text = dgw_json_get_text (json, &length);
  JsonParser *parser;

  if (!dgw_json_parse (json, NULL) || strstr (text, "\\u") != NULL || has_odd_child (dgw_json_get_root (json)))
    return NULL;

  parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, text, (gssize)length, NULL));

  return parser;
}

static void
check_entity_of (DgwEntity      *entity,
                 const EventRow *row,
                 JsonParser     *parser)
{
  JsonObject *object = get_object (parser);

  check.what = row->name;
  /* Of an event that is of no guild, but names one, it is that one. */
  check.guild = object != NULL ? check_get_string (object, row->guild_key != NULL ? row->guild_key : "guild_id") : NULL;
  row->check (&check, entity, object, 0);
  g_assert_cmpuint (check.n_failures, ==, 0);
}

/* Takes the document. */
static void
renew_event (Run            *run,
             const EventRow *row,
             DgwJson        *json)
{
  const DgwEventInfo *info = dgw_event_info_by_name (row->name, strlen (row->name));

  run->n_events++;
  if (run->event != NULL && dgw_event_reclaim (run->event))
    {
      dgw_event_renew (run->event, json, row->name, info->type, run->n_events, 0, 1);
      return;
    }

  g_clear_object (&run->event);
  run->event = dgw_event_new (json, row->name, info->type, run->n_events, 0, 1);
}

static void
let_go (Run *run)
{
  if (run->kept != NULL)
    check_entity_of (run->kept, run->kept_row, run->kept_parser);
  g_clear_object (&run->kept);
  g_clear_object (&run->kept_parser);
}

static void
take_event (Run        *run,
            const char *name,
            const char *data)
{
  const EventRow  *row = find_row (name);
  g_autofree char *text = g_strdup_printf ("{\"t\":\"%s\",\"s\":1,\"op\":0,\"d\":%s}", row->name, data);
  DgwJson         *json = dgw_json_new_copy (text, strlen (text));
  g_autoptr (JsonParser) parser = parse_as_well (json);
  g_autoptr (JsonNode) node = NULL;
  DgwEntity *entity;

  renew_event (run, row, json);
  entity = dgw_event_get_entity (run->event);
  g_assert_cmpstr (dgw_event_get_text (run->event), ==, text);
  node = dgw_event_dup_json (run->event);
  g_assert_true (parser == NULL || (entity != NULL) == (get_object (parser) != NULL && row->check != NULL));
  if (entity == NULL || row->check == NULL)
    return;

  check_entity_of (entity, row, parser);
  let_go (run);
  /* Every second one. */
  if (run->n_events % 2 == 0)
    return;
  run->kept = g_object_ref (entity);
  run->kept_row = row;
  run->kept_parser = g_steal_pointer (&parser);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput input = {data, size};
  Run       run = {NULL};

  while (input.size > 0)
    {
      g_autofree char *name = fuzz_take_text (&input, '\n');
      g_autofree char *contents = fuzz_take_text (&input, '\n');

      take_event (&run, name, contents);
    }
  g_clear_object (&run.event);
  let_go (&run);

  return 0;
}
