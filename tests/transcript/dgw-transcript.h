/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The lines of a transcript, ready to be played: see tests/transcripts/FORMAT.md. */
typedef struct
{
  char  kind;   /* first character of the line */
  guint number; /* of the line, from 1 */
  char *text;   /* what follows, trimmed */
} DgwTranscriptLine;

typedef struct
{
  char      *name;
  char      *proves; /* rule IDs */
  GPtrArray *lines;  /* of DgwTranscriptLine */
} DgwTranscript;

#define DGW_TRANSCRIPT_ERROR (dgw_transcript_error_quark ())
GQuark dgw_transcript_error_quark (void);

DgwTranscript *dgw_transcript_new (const char *name,
                                   const char *text,
                                   GError    **error) G_GNUC_WARN_UNUSED_RESULT;
DgwTranscript *dgw_transcript_load (const char *path,
                                    GError    **error) G_GNUC_WARN_UNUSED_RESULT;
void           dgw_transcript_free (DgwTranscript *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTranscript, dgw_transcript_free)

/* Parts of lines. */

/* Cuts the first word off *text; NULL at the end. */
char *dgw_transcript_take_word (const char **text) G_GNUC_WARN_UNUSED_RESULT;
/* "41250ms" */
gboolean dgw_transcript_parse_time (const char *text,
                                    gint64     *time_us);
/* "500..1000ms", "41250ms" */
gboolean dgw_transcript_parse_range (const char *text,
                                     gint64     *least_us,
                                     gint64     *most_us);
/* JSON by value, with the wildcards of the format. */
gboolean dgw_transcript_match_json (const char *pattern,
                                    const char *actual,
                                    GError    **error);

G_END_DECLS
