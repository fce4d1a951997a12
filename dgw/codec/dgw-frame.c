/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "codec/dgw-frame-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/dgw-gateway-error.h"
#include "base/dgw-utf8-private.h"
#include "dgw-event-table-private.h"

/* How an envelope is read.
 *
 * Discord writes {"t":"NAME","s":1,"op":0,"d":{...}}. A scan reads the keys up
 * to where op, s and t are known; nothing that follows can change them, so "d"
 * is not looked at: whoever wants it parses the document then, and finds out
 * if it is broken. The scan gives up on everything that it does not expect
 * (another order, another type, an escape, an unknown key), and the whole
 * document is parsed instead. */

/* More digits could overflow. */
#define MAX_DIGITS 18

typedef enum
{
  FIELD_OP = 1 << 0,
  FIELD_SEQUENCE = 1 << 1,
  FIELD_NAME = 1 << 2,
  ALL_FIELDS = FIELD_OP | FIELD_SEQUENCE | FIELD_NAME,
} Fields;

typedef struct
{
  const char *at; /* ends at the last byte of the text, a brace */
  Fields      seen;
  int         op;
  gint64      sequence;
  const char *name;
  gsize       name_length;
} Scan;

static inline gboolean
is_blank (char character)
{
  return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

static inline void
skip_blanks (Scan *scan)
{
  while (is_blank (*scan->at))
    scan->at++;
}

static inline gboolean
accept (Scan *scan,
        char  character)
{
  skip_blanks (scan);
  if (*scan->at != character)
    return FALSE;
  scan->at++;

  return TRUE;
}

/* Nothing that is accepted spans a brace, so that the one which ends the text
 * stops every step. */
static gboolean
accept_null (Scan *scan)
{
  if (strncmp (scan->at, "null", 4) != 0)
    return FALSE;
  scan->at += 4;

  return TRUE;
}

static gboolean
scan_integer (Scan   *scan,
              gint64 *integer)
{
  const char *start = scan->at;

  *integer = 0;
  while (g_ascii_isdigit (*scan->at) && scan->at - start < MAX_DIGITS)
    *integer = *integer * 10 + (*scan->at++ - '0');

  return scan->at > start && (*start != '0' || scan->at == start + 1);
}

static gboolean
scan_string (Scan        *scan,
             const char **string,
             gsize       *length)
{
  if (*scan->at != '"')
    return FALSE;

  *string = ++scan->at;
  while (*scan->at != '"')
    {
      if (*scan->at == '\\' || *scan->at == '}' || (guchar)*scan->at < 0x20)
        return FALSE;
      scan->at++;
    }
  *length = (gsize)(scan->at++ - *string);

  return TRUE;
}

static gboolean
scan_op (Scan *scan)
{
  gint64 op;

  if (!scan_integer (scan, &op) || op > G_MAXINT)
    return FALSE;
  scan->op = (int)op;

  return TRUE;
}

static gboolean
scan_sequence (Scan *scan)
{
  return *scan->at == 'n' ? accept_null (scan) : scan_integer (scan, &scan->sequence);
}

static gboolean
scan_name (Scan *scan)
{
  return *scan->at == 'n' ? accept_null (scan) : scan_string (scan, &scan->name, &scan->name_length);
}

/* A key that comes again is left to the parser, so that the first one wins. */
static gboolean
mark_seen (Scan  *scan,
           Fields field)
{
  gboolean is_new = (scan->seen & field) == 0;

  scan->seen |= field;

  return is_new;
}

static gboolean
scan_member (Scan *scan)
{
  const char *key;
  gsize       length;

  skip_blanks (scan);
  if (!scan_string (scan, &key, &length) || !accept (scan, ':'))
    return FALSE;
  skip_blanks (scan);

  if (length == 2 && memcmp (key, "op", 2) == 0)
    return mark_seen (scan, FIELD_OP) && scan_op (scan);
  if (length == 1 && *key == 's')
    return mark_seen (scan, FIELD_SEQUENCE) && scan_sequence (scan);
  if (length == 1 && *key == 't')
    return mark_seen (scan, FIELD_NAME) && scan_name (scan);

  return FALSE;
}

/* end: just behind the brace that ends the text. */
static gboolean
scan_envelope (Scan       *scan,
               const char *text,
               const char *end)
{
  *scan = (Scan){.at = text, .op = -1, .sequence = -1};

  if (!accept (scan, '{'))
    return FALSE;

  do
    if (!scan_member (scan))
      return FALSE;
  while (accept (scan, ',') && scan->seen != ALL_FIELDS);

  return scan->seen == ALL_FIELDS && (scan->at[-1] == ',' || (accept (scan, '}') && scan->at == end));
}

/* Just behind the brace that ends the text, or NULL when the text is not in
 * braces. */
static const char *
find_end (const char *text,
          gsize       length)
{
  const char *end = text + length;

  while (text < end && is_blank (end[-1]))
    end--;
  while (text < end && is_blank (*text))
    text++;

  return end - text >= 2 && *text == '{' && end[-1] == '}' ? end : NULL;
}

static void
set_name (DgwFrame   *self,
          const char *name,
          gsize       length)
{
  const DgwEventInfo *info = dgw_event_info_by_name (name, length);

  self->name = info != NULL ? info->name : dgw_json_keep_name (self->json, name, length);
  self->type = info != NULL ? info->type : DGW_EVENT_TYPE_UNKNOWN;
}

static gboolean
read_tree (DgwFrame *self,
           GError  **error)
{
  DgwJsonView root;
  const char *name;
  gint64      op;

  if (!dgw_json_parse (self->json, error))
    return FALSE;

  root = dgw_json_get_root (self->json);
  op = dgw_json_view_get_int64 (dgw_json_view_get_member (root, "op"), -1);
  self->op = op >= 0 && op <= G_MAXINT ? (int)op : -1;
  self->sequence = MAX (dgw_json_view_get_int64 (dgw_json_view_get_member (root, "s"), -1), -1);
  name = dgw_json_view_get_string (dgw_json_view_get_member (root, "t"));
  if (name != NULL)
    set_name (self, name, strlen (name));

  return TRUE;
}

static void
set_protocol_error (GError    **error,
                    const char *message)
{
  g_set_error_literal (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_PROTOCOL, message);
}

gboolean
dgw_frame_parse (DgwFrame *frame,
                 DgwJson  *json,
                 GError  **error)
{
  gsize       length;
  const char *text = dgw_json_get_text (json, &length);
  const char *end = find_end (text, length);
  Scan        scan;

  *frame = (DgwFrame){.json = json, .op = -1, .sequence = -1, .type = DGW_EVENT_TYPE_UNKNOWN};

  if (end == NULL)
    {
      set_protocol_error (error, _ ("A payload is no JSON object"));

      return FALSE;
    }

  if (!dgw_utf8_is_valid (text, length))
    {
      set_protocol_error (error, _ ("A payload is no valid UTF-8"));

      return FALSE;
    }

  if (!scan_envelope (&scan, text, end))
    return read_tree (frame, error);

  frame->op = scan.op;
  frame->sequence = scan.sequence;
  if (scan.name != NULL)
    set_name (frame, scan.name, scan.name_length);

  return TRUE;
}
