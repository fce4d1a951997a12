/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <dgw-testing.h>
#include <dgw.h>

#include "fault-proxy.h"

G_BEGIN_DECLS

/* Runs the loop until handlers, or other threads, have brought something about;
 * fails where that takes absurdly long. */
#define WAIT_UNTIL(condition)                \
  G_STMT_START                               \
  {                                          \
    Patience patience;                       \
                                             \
    patience_begin (&patience, #condition);  \
    while (!(condition))                     \
      g_main_context_iteration (NULL, TRUE); \
    patience_end (&patience);                \
  }                                          \
  G_STMT_END

typedef struct
{
  const char *condition;
  gint64      limit_us;
  guint       tick;
} Patience;

void patience_begin (Patience   *self,
                     const char *condition);
void patience_end (Patience *self);

/* As g_test_init(); quiet, and warnings are not fatal. */
void chaos_init (int    *argc,
                 char ***argv);

/* How much is done: DGW_CHAOS=large for `./run check`; under valgrind and the
 * sanitizers, which set DGW_TEST_SLOW, least. */
guint chaos_scale (guint slow,
                   guint usual,
                   guint large);

/* For the sums that `./run` prints. */
void chaos_count (guint64     number,
                  const char *what);

/* A simulator in a thread of its own, and a proxy before it. */
typedef struct
{
  DgwTestingSimulator *simulator;
  GMainContext        *context;
  GMainLoop           *loop;
  GThread             *thread;
  GTlsDatabase        *authority; /* NULL: no TLS */
  FaultProxy          *proxy;
} World;

typedef void (*WorldFunc) (DgwTestingSimulator *simulator,
                           gpointer             user_data);

World *world_new (gboolean    has_tls,
                  const char *first_property,
                  ...) G_GNUC_NULL_TERMINATED;
void   world_free (World *self);
/* In the simulator's thread; returns once it is done. */
void  world_call (World    *self,
                  WorldFunc func,
                  gpointer  user_data);
void  world_start_traffic (World  *self,
                           double  rate,
                           guint64 count);
guint world_get (World      *self,
                 const char *counter);

/* It connects through the door, and always there, and need not wait to identify. */
DgwGateway *world_make_gateway (World         *self,
                                FaultDoor     *door,
                                DgwCompression compression);

/* What came of a gateway, and whether it is what was sent: the events of a
 * session carry an index that counts from 0. */
typedef struct
{
  const char *name;   /* of what is tried, for messages */
  gboolean    is_lax; /* bytes are not protected on their way: only count what is wrong */
  guint64     next;   /* index of the next event of this session */
  gint64      sequence;
  guint64     n_events; /* with an index */
  guint64     n_wrong;
  guint       n_ready;
  guint       n_resumed;
  guint       n_disconnected;
  guint       n_reconnecting;
  guint       n_failed;
  gint64      live_since_us; /* READY or RESUMED */
} Account;

void account_watch (Account    *self,
                    DgwGateway *gateway);
void account_unwatch (Account    *self,
                      DgwGateway *gateway);

/* Closes and waits; the gateway is gone afterwards. */
void gateway_finish (DgwGateway *gateway);

/* Whether all of this process is under a tool with its own memory. */
gboolean chaos_is_sanitized (void);
/* The thread sanitizer does not see into GnuTLS, and reports it. */
gboolean chaos_can_do_tls (void);
guint    chaos_count_files (void);
guint    chaos_count_threads (void);

G_END_DECLS
