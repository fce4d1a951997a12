/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "raw-server.h"
#include "transport/dgw-soup-transport-private.h"

G_BEGIN_DECLS

/* A transport in the default context, and what it reported. */
typedef struct
{
  DgwNetOptions     options;
  guint64           max_message_size;
  DgwSoupTransport *transport;
  guint             n_opened;
  guint             n_failed;
  guint             http_status;
  gint64            retry_after_us;
  guint             n_closed;
  guint             code;
  char             *reason;
  GError           *error;
  GPtrArray        *messages; /* of GBytes */
  gboolean          is_text;
  guint             free_in;    /* which handler frees the transport */
  guint             close_code; /* what closed() closes with; 0: it does not */
  int               n_owners;   /* atomic */
  GAsyncQueue      *seen;       /* what the server's thread tells */
} Fixture;

enum
{
  IN_OPENED = 1,
  IN_FAILED,
  IN_MESSAGE,
  IN_CLOSED,
};

#define WAIT(condition)                      \
  G_STMT_START                               \
  {                                          \
    while (!(condition))                     \
      g_main_context_iteration (NULL, TRUE); \
  }                                          \
  G_STMT_END

void fixture_set_up (Fixture      *fixture,
                     gconstpointer data);
void fixture_tear_down (Fixture      *fixture,
                        gconstpointer data);

/* Connects afresh. */
void start (Fixture    *fixture,
            RawServer  *server,
            const char *scheme);
void start_url (Fixture    *fixture,
                const char *url);
/* Frees the transport and forgets what came. */
void reset (Fixture *fixture);
void trust_authority (Fixture *fixture);

/* For the server's thread: takes the text. */
void tell (Fixture *fixture,
           char    *text);
/* Tells the next frame's opcode and content. */
void tell_frame (Fixture *fixture,
                 RawPeer *peer);
/* Runs the context until the server's thread has told something. */
char *wait_seen (Fixture *fixture);

/* Sends fifty messages, tells the code of the client's close frame, and "end". */
void serve_flood (RawPeer *peer,
                  gpointer data);

typedef struct
{
  const char *path;
  void (*func) (Fixture      *fixture,
                gconstpointer data);
} FixtureCase;

int run_cases (int                argc,
               char             **argv,
               const FixtureCase *cases,
               gsize              n_cases);

G_END_DECLS
