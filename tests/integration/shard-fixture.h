/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "gateway-fixture.h"

G_BEGIN_DECLS

/* A manager against the simulator. */

DgwShardManager *make_manager (DgwTestingSimulator *simulator,
                               guint                count);
/* Of a limiter of its own. */
void set_window (DgwShardManager *manager,
                 guint            window_ms);

void       open_manager (DgwShardManager *manager);
GError    *try_open (DgwShardManager *manager);
void       close_manager (DgwShardManager *manager);
GPtrArray *suspend_manager (DgwShardManager *manager);
/* Closes and frees both. */
void finish_shards (DgwShardManager     *manager,
                    DgwTestingSimulator *simulator);

/* NULL: it is open. */
GError *open_shard (DgwShardManager *manager,
                    guint            id);
void    close_shard (DgwShardManager *manager,
                     guint            id);

/* "0/4 1/4 2/4 3/4" */
char *describe_shards (DgwShardManager *manager);

#define ASSERT_SHARDS(manager, expected)                     \
  G_STMT_START                                               \
  {                                                          \
    g_autofree char *shards_are = describe_shards (manager); \
    g_assert_cmpstr (shards_are, ==, expected);              \
  }                                                          \
  G_STMT_END

/* A handler of the manager's "event": one more in an array of guint by shard. */
void count_event_cb (DgwShardManager *manager,
                     DgwGateway      *gateway,
                     DgwEvent        *event,
                     gpointer         user_data);

G_END_DECLS
