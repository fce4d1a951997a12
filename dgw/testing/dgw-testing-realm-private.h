/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "testing/dgw-testing-session-private.h"
#include "testing/dgw-testing-types.h"

G_BEGIN_DECLS

typedef struct _DgwTestingRealm    DgwTestingRealm;
typedef struct _DgwTestingPeer     DgwTestingPeer;
typedef struct _DgwTestingScenario DgwTestingScenario;

/* What an application may set, by the properties of the simulator. */
typedef struct
{
  guint    heartbeat_interval; /* all times in milliseconds */
  guint    heartbeat_timeout;
  gboolean acknowledge_heartbeats;
  gboolean hold_upgrade;
  gboolean hold_hello;
  gboolean hold_ready;
  gboolean hold_resumed;
  gboolean resume_listener;
  guint    session_timeout;
  guint    replay_limit;
  char    *token;
  guint    allowed_intents;
  guint    shards;
  guint    minimum_shards;
  guint    session_start_total;
  guint    session_start_remaining;
  guint    session_start_reset_after;
  guint    max_concurrency;
  guint    identify_window;
  guint    command_limit;
  guint    command_window;
  guint    guild_count;
  gboolean route_guilds;
  guint    member_count;
  guint    member_chunk_size;
  guint    member_request_window;
  guint    compression_level;
  guint    fragment_size;
  guint    frame_size;
  guint    write_size;
  guint    write_delay;
  char    *gateway_url; /* what REST tells, if not our own */
  char    *rest_body;   /* what REST answers to all, if not the truth */
} DgwTestingOptions;

/* What the simulator object makes of what happens. */
typedef struct
{
  void (*connected) (const char *query, gpointer user_data);
  void (*disconnected) (guint code, const char *reason, gpointer user_data);
  void (*received) (guint opcode, JsonNode *data, gpointer user_data);
  void (*identified) (gpointer user_data);
  void (*resumed) (gpointer user_data);
  void (*command) (guint opcode, JsonNode *data, gpointer user_data);
  void (*scenario_ended) (const char *failure, gpointer user_data);
  void (*log) (const char *line, gpointer user_data);
} DgwTestingHooks;

typedef struct
{
  guint status;
  guint count;
  char *retry_after;
} DgwTestingFault;

struct _DgwTestingRealm
{
  DgwTestingOptions      options;
  const DgwTestingHooks *hooks; /* NULL when nobody listens any more */
  gpointer               user_data;
  GMainContext          *context;
  char                  *url;        /* where to identify */
  char                  *resume_url; /* what READY tells */
  GPtrArray             *peers;
  GHashTable            *sessions;
  GHashTable            *identified_at_us; /* bucket -> time */
  GHashTable            *members_asked_us; /* guild -> time */
  DgwTestingTraffic     *traffic;
  gpointer               tick; /* DgwTestingTimer */
  DgwTestingScenario    *scenario;
  DgwTestingCut          cut;
  guint                  cut_interval;
  guint                  n_cuts;
  DgwTestingFault        rest_fault;
  DgwTestingFault        upgrade_fault;
  guint                  n_connections;
  guint                  n_identifies;
  guint                  n_resumes;
  guint                  n_rest_requests;
  guint                  n_voice_joins;
  guint                  next_session;
  JsonNode              *last_identify;
  JsonNode              *last_resume;
};

DgwTestingRealm *dgw_testing_realm_new (const DgwTestingHooks *hooks,
                                        gpointer               user_data) G_GNUC_WARN_UNUSED_RESULT;
DgwTestingRealm *dgw_testing_realm_ref (DgwTestingRealm *realm);
void             dgw_testing_realm_unref (DgwTestingRealm *realm);

void dgw_testing_realm_start (DgwTestingRealm *realm,
                              GMainContext    *context);
void dgw_testing_realm_stop (DgwTestingRealm *realm);

void dgw_testing_realm_log (DgwTestingRealm *realm,
                            const char      *format,
                            ...) G_GNUC_PRINTF (2, 3);

void       dgw_testing_realm_add_peer (DgwTestingRealm *realm,
                                       DgwTestingPeer  *peer);
GPtrArray *dgw_testing_realm_list_peers (DgwTestingRealm *realm) G_GNUC_WARN_UNUSED_RESULT;
void       dgw_testing_realm_remove_peer (DgwTestingRealm *realm,
                                          DgwTestingPeer  *peer);

gboolean           dgw_testing_realm_take_identify (DgwTestingRealm *realm,
                                                    guint            shard_id);
DgwTestingSession *dgw_testing_realm_create_session (DgwTestingRealm *realm,
                                                     guint            shard_id,
                                                     guint            shard_count);
DgwTestingSession *dgw_testing_realm_find_session (DgwTestingRealm *realm,
                                                   const char      *id);
void               dgw_testing_realm_end_session (DgwTestingRealm   *realm,
                                                  DgwTestingSession *session);

void dgw_testing_realm_dispatch (DgwTestingRealm *realm,
                                 DgwTestingEvent *event);

void dgw_testing_realm_set_traffic (DgwTestingRealm   *realm,
                                    DgwTestingTraffic *traffic);

gboolean dgw_testing_realm_take_fault (DgwTestingFault *fault);
void     dgw_testing_realm_set_fault (DgwTestingFault *fault,
                                      guint            status,
                                      guint            count,
                                      const char      *retry_after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingRealm, dgw_testing_realm_unref)

G_END_DECLS
