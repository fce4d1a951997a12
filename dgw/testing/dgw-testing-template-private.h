/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _DgwTestingTemplate DgwTestingTemplate;

typedef enum
{
  DGW_TESTING_SLOT_SEQUENCE,
  DGW_TESTING_SLOT_INDEX,
  DGW_TESTING_SLOT_NONCE,
  DGW_TESTING_SLOT_ID,
  DGW_TESTING_SLOT_USER,
  DGW_TESTING_SLOT_GUILD,
  DGW_TESTING_SLOT_CHANNEL,
  DGW_TESTING_SLOT_NAME,
  DGW_TESTING_SLOT_FULL_NAME,
  DGW_TESTING_SLOT_CONTENT,
  DGW_TESTING_SLOT_TITLE,
  DGW_TESTING_SLOT_AVATAR, /* as hexadecimal digits, like the next ones */
  DGW_TESTING_SLOT_BADGE,
  DGW_TESTING_SLOT_SESSION,
  DGW_TESTING_SLOT_IMAGE,
  DGW_TESTING_SLOT_ROLES,
  DGW_TESTING_SLOT_JOINED,
  DGW_TESTING_SLOT_STATUS,
  DGW_TESTING_SLOT_TIME,
  DGW_TESTING_SLOT_SECONDS,
  DGW_TESTING_SLOT_MILLISECONDS,
} DgwTestingSlot;

/* What one event fills the slots with; every value follows from these. */
typedef struct
{
  gint64  sequence;
  guint64 index;
  guint64 hash;
  guint64 guild_id;
} DgwTestingFill;

typedef struct
{
  const char    *path;
  DgwTestingSlot slot;
} DgwTestingPlace;

DgwTestingTemplate *dgw_testing_template_new (const char            *text,
                                              const DgwTestingPlace *places) G_GNUC_WARN_UNUSED_RESULT;

void dgw_testing_template_append (const DgwTestingTemplate *self,
                                  const DgwTestingFill     *fill,
                                  GString                  *out);

void dgw_testing_append_number (GString *out,
                                guint64  number);

guint64 dgw_testing_mix (guint64 value);

char *dgw_testing_payload_text (const char *file,
                                guint       number);

G_END_DECLS
