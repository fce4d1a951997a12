/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "codec/dgw-json-private.h"
#include "dgw-protocol-enums.h"

G_BEGIN_DECLS

/* The envelope {op, s, t, d} of a payload received. It borrows from its
 * document: a name that the catalogue lacks is kept there. */
typedef struct
{
  DgwJson     *json;
  int          op;       /* -1: absent or no integer */
  gint64       sequence; /* -1: absent or null */
  const char  *name;     /* t, nullable; static or owned by the document */
  DgwEventType type;     /* of name; UNKNOWN also when there is none */
} DgwFrame;

/* Reads the envelope without parsing "d" where the order of the keys allows
 * it. FALSE when the payload is no JSON object (PROTOCOL). */
gboolean dgw_frame_parse (DgwFrame *frame,
                          DgwJson  *json,
                          GError  **error);

typedef struct
{
  const char *token; /* bare */
  guint       intents;
  guint       shard_id;
  guint       shard_count;
  const char *os;
  const char *browser;
  const char *device;
  gboolean    compress;        /* zlib-payload */
  guint       large_threshold; /* 0: left out */
  guint       capabilities;    /* 0: left out */
  const char *presence;        /* JSON text of opcode 3's d, or NULL */
} DgwIdentify;

/* The texts of the payloads sent. */
char *dgw_frame_write_heartbeat (gint64 sequence) G_GNUC_WARN_UNUSED_RESULT;
char *dgw_frame_write_identify (const DgwIdentify *identify) G_GNUC_WARN_UNUSED_RESULT;
char *dgw_frame_write_resume (const char *token,
                              const char *session_id,
                              gint64      sequence) G_GNUC_WARN_UNUSED_RESULT;
/* data: JSON text. */
char *dgw_frame_write_command (guint       opcode,
                               const char *data) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
