/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The plain options of the simulator, over one table. */

#include "config.h"

#include "testing/dgw-testing-simulator-private.h"

#include "testing/dgw-testing-protocol-private.h"

typedef enum
{
  OPTION_UINT,
  OPTION_BOOLEAN,
  OPTION_STRING,
} OptionKind;

typedef struct
{
  const char *name;
  OptionKind  kind;
  gsize       offset; /* in DgwTestingOptions */
  guint       initial;
} Option;

#define AT(field) G_STRUCT_OFFSET (DgwTestingOptions, field)

/**
 * DgwTestingSimulator:heartbeat-interval:
 *
 * The heartbeat interval that HELLO tells, in milliseconds.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:heartbeat-timeout:
 *
 * How long a client may go without a heartbeat, in milliseconds, before it is
 * closed with 4000; its session stays. 0: one and a half intervals and 250 ms.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:acknowledge-heartbeats:
 *
 * Whether heartbeats are acknowledged (opcode 11). Without, a client has to
 * take the connection for dead.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:hold-upgrade:
 *
 * Whether requests for a WebSocket are taken and never answered.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:hold-hello:
 *
 * Whether clients that connect get no HELLO.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:hold-ready:
 *
 * Whether identifies (opcode 2) stay without an answer, as in an outage of the
 * service; heartbeats are still acknowledged.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:hold-resumed:
 *
 * Whether resumes (opcode 6) stay without an answer.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:resume-listener:
 *
 * Whether a second port is opened at the start, for the resume URL that READY
 * tells. So a test sees which address a client went to, and can close either.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:session-timeout:
 *
 * For how long a session waits for its client to come back, in milliseconds.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:replay-limit:
 *
 * How many events a session keeps for a replay. A client that resumes from
 * before the oldest one gets opcode 9; one that takes its events so slowly that
 * more would have to wait is closed.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:token:
 *
 * The only token that is accepted, without the word `Bot`; `NULL`: any. With
 * another one REST answers 401 and the gateway closes with 4004.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:allowed-intents:
 *
 * The intents that the bot may ask for, as bits; others earn the close code
 * 4014. Bits that Discord does not know earn 4013 in any case.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:shards:
 *
 * The number of shards that REST recommends.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:minimum-shards:
 *
 * An identify with fewer shards than this earns the close code 4011.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:session-start-total:
 *
 * `total` of the session start limit that REST tells.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:session-start-remaining:
 *
 * `remaining` of the session start limit. Each identify takes one; at 0 they
 * are answered with opcode 9.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:session-start-reset-after:
 *
 * `reset_after` of the session start limit, in milliseconds. The simulator does
 * not count it down.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:max-concurrency:
 *
 * `max_concurrency` of the session start limit: shards whose number leaves
 * different rests may identify in the same window.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:identify-window:
 *
 * The time in milliseconds in which only one shard of a bucket may identify; a
 * second one is answered with opcode 9. 5000 at Discord; 0, the default, sets no
 * limit, so that tests need not wait.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:command-limit:
 *
 * How many payloads a client may send within [property@Simulator:command-window],
 * heartbeats included; one more earns the close code 4008. 0: no limit.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:command-window:
 *
 * The sliding window of [property@Simulator:command-limit], in milliseconds.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:guild-count:
 *
 * In how many guilds the bot is. READY lists them as unavailable, and a
 * GUILD_CREATE of some 20 KB follows for each. With shards each gets its own.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:route-guilds:
 *
 * Whether events with a `guild_id` go only to the sessions of the shard that the
 * guild is on, and those without to shard 0, as at Discord. By default all
 * sessions get all events.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:member-count:
 *
 * How many members a guild has in the answer to opcode 8; their ids count up
 * from 900000000000100000, their names are `user_` and the id.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:member-chunk-size:
 *
 * How many members one GUILD_MEMBERS_CHUNK holds at most.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:member-request-window:
 *
 * The time in milliseconds in which all members of one guild may be asked for
 * once; a second request is answered with RATE_LIMITED. 30000 at Discord; 0, the
 * default, sets no limit.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:compression-level:
 *
 * The level of zlib (1 to 9) or zstd (1 to 22) for clients that connect from
 * now on; 0: 6 for zlib, 3 for zstd.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:fragment-size:
 *
 * With zlib-stream: splits each payload over several WebSocket messages of at
 * most so many bytes. 0: off.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:frame-size:
 *
 * Splits each WebSocket message into frames of at most so many bytes, for
 * clients that connect from now on. 0: off.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:write-size:
 *
 * Writes at most so many bytes to TCP at a time, for clients that connect from
 * now on. 0: as many as it takes.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:write-delay:
 *
 * The pause between two writes when [property@Simulator:write-size] is set, in
 * milliseconds.
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:gateway-url:
 *
 * The URL that REST tells; `NULL`: [property@Simulator:url].
 *
 * Since: 0.1
 */

/**
 * DgwTestingSimulator:rest-body:
 *
 * What REST answers instead of the truth, with status 200; `NULL`: the truth.
 *
 * Since: 0.1
 */

static const Option options[] = {
  {"heartbeat-interval",        OPTION_UINT,    AT (heartbeat_interval),        41250                    },
  {"heartbeat-timeout",         OPTION_UINT,    AT (heartbeat_timeout),         0                        },
  {"acknowledge-heartbeats",    OPTION_BOOLEAN, AT (acknowledge_heartbeats),    TRUE                     },
  {"hold-upgrade",              OPTION_BOOLEAN, AT (hold_upgrade),              FALSE                    },
  {"hold-hello",                OPTION_BOOLEAN, AT (hold_hello),                FALSE                    },
  {"hold-ready",                OPTION_BOOLEAN, AT (hold_ready),                FALSE                    },
  {"hold-resumed",              OPTION_BOOLEAN, AT (hold_resumed),              FALSE                    },
  {"resume-listener",           OPTION_BOOLEAN, AT (resume_listener),           FALSE                    },
  {"session-timeout",           OPTION_UINT,    AT (session_timeout),           180000                   },
  {"replay-limit",              OPTION_UINT,    AT (replay_limit),              250000                   },
  {"token",                     OPTION_STRING,  AT (token),                     0                        },
  {"allowed-intents",           OPTION_UINT,    AT (allowed_intents),           DGW_TESTING_KNOWN_INTENTS},
  {"shards",                    OPTION_UINT,    AT (shards),                    1                        },
  {"minimum-shards",            OPTION_UINT,    AT (minimum_shards),            0                        },
  {"session-start-total",       OPTION_UINT,    AT (session_start_total),       1000                     },
  {"session-start-remaining",   OPTION_UINT,    AT (session_start_remaining),   1000                     },
  {"session-start-reset-after", OPTION_UINT,    AT (session_start_reset_after), 86400000                 },
  {"max-concurrency",           OPTION_UINT,    AT (max_concurrency),           1                        },
  {"identify-window",           OPTION_UINT,    AT (identify_window),           0                        },
  {"command-limit",             OPTION_UINT,    AT (command_limit),             120                      },
  {"command-window",            OPTION_UINT,    AT (command_window),            60000                    },
  {"guild-count",               OPTION_UINT,    AT (guild_count),               0                        },
  {"route-guilds",              OPTION_BOOLEAN, AT (route_guilds),              FALSE                    },
  {"member-count",              OPTION_UINT,    AT (member_count),              5                        },
  {"member-chunk-size",         OPTION_UINT,    AT (member_chunk_size),         1000                     },
  {"member-request-window",     OPTION_UINT,    AT (member_request_window),     0                        },
  {"compression-level",         OPTION_UINT,    AT (compression_level),         0                        },
  {"fragment-size",             OPTION_UINT,    AT (fragment_size),             0                        },
  {"frame-size",                OPTION_UINT,    AT (frame_size),                0                        },
  {"write-size",                OPTION_UINT,    AT (write_size),                0                        },
  {"write-delay",               OPTION_UINT,    AT (write_delay),               1                        },
  {"gateway-url",               OPTION_STRING,  AT (gateway_url),               0                        },
  {"rest-body",                 OPTION_STRING,  AT (rest_body),                 0                        },
};

static const Option *
find_option (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      if (g_str_equal (options[i].name, name))
        return &options[i];
    }

  g_assert_not_reached ();
}

static gpointer
get_place (DgwTestingSimulator *self, const Option *option)
{
  return G_STRUCT_MEMBER_P (&self->realm->options, option->offset);
}

static guint
get_maximum (const char *name)
{
  if (g_str_equal (name, "compression-level"))
    return 22;
  if (g_str_equal (name, "guild-count"))
    return DGW_TESTING_SHARD_MAX_GUILD;

  return G_MAXUINT;
}

static GParamSpec *
make_pspec (const Option *option)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  switch (option->kind)
    {
    case OPTION_BOOLEAN:
      return g_param_spec_boolean (option->name, NULL, NULL, option->initial, flags);
    case OPTION_STRING:
      return g_param_spec_string (option->name, NULL, NULL, NULL, flags);
    case OPTION_UINT:
    default:
      return g_param_spec_uint (option->name, NULL, NULL, 0, get_maximum (option->name), option->initial, flags);
    }
}

void
dgw_testing_simulator_install_options (GObjectClass *object_class, guint first_id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    g_object_class_install_property (object_class, first_id + i, make_pspec (&options[i]));
}

void
dgw_testing_simulator_init_options (DgwTestingSimulator *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (options); i++)
    {
      if (options[i].kind != OPTION_STRING)
        *(guint *)get_place (self, &options[i]) = options[i].initial;
    }
}

void
dgw_testing_simulator_get_option (DgwTestingSimulator *self, GParamSpec *pspec, GValue *value)
{
  const Option *option = find_option (pspec->name);
  gpointer      place = get_place (self, option);

  if (option->kind == OPTION_UINT)
    g_value_set_uint (value, *(guint *)place);
  else if (option->kind == OPTION_BOOLEAN)
    g_value_set_boolean (value, *(gboolean *)place);
  else
    g_value_set_string (value, *(char **)place);
}

static gboolean
store_string (char **place, const char *text)
{
  if (g_strcmp0 (*place, text) == 0)
    return FALSE;

  g_free (*place);
  *place = g_strdup (text);
  return TRUE;
}

static gboolean
store_number (guint *place, guint number)
{
  if (*place == number)
    return FALSE;

  *place = number;
  return TRUE;
}

void
dgw_testing_simulator_set_option (DgwTestingSimulator *self, GParamSpec *pspec, const GValue *value)
{
  const Option *option = find_option (pspec->name);
  gpointer      place = get_place (self, option);
  gboolean      changed;

  if (option->kind == OPTION_STRING)
    changed = store_string (place, g_value_get_string (value));
  else if (option->kind == OPTION_BOOLEAN)
    changed = store_number (place, g_value_get_boolean (value));
  else
    changed = store_number (place, g_value_get_uint (value));

  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), pspec);
}
