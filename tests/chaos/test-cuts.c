/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One fault at one byte of a session, after which every event must have come
 * once and in order. Back-off makes each take a second, so hundreds are tried at
 * a time, each through a door of its own. */
#include "config.h"

#include "chaos-world.h"

#define N_EVENTS    3
#define HARMLESS_US (5 * G_USEC_PER_SEC)
#define STUCK_US    (20 * G_USEC_PER_SEC)

typedef struct
{
  DgwCompression compression;
  Fault          fault;
  gboolean       in_resume; /* the fault befalls the second connection, after a cut of the first */
  gboolean       is_lax;
} Job;

typedef struct
{
  World      *world;
  FaultDoor  *door;
  DgwGateway *gateway;
  Job         job;
  Account     account;
  char       *name;
  gint64      start_us;
  gboolean    is_second; /* the fault of the second connection is armed */
} Slot;

typedef struct
{
  World  *world;
  GArray *jobs;
  Slot   *slots;
  guint   n_slots;
  guint   n_started;
  guint   n_done;
  guint   n_missed; /* the session was over before that byte */
  guint64 n_disconnected;
  guint64 n_events;
  guint64 n_wrong;
  gint64  last_end_us;
  guint64 down[4];
  guint64 up[4];
} Sweep;

static void
configure (DgwGateway *gateway)
{
  guint timeout_ms = chaos_scale (15000, 3000, 3000);

  g_object_set (gateway, "connect-timeout", timeout_ms, "hello-timeout", timeout_ms, "ready-timeout", timeout_ms,
                "resume-timeout", timeout_ms, NULL);
}

static char *
describe (const Job *job)
{
  return g_strdup_printf ("compression %d, %s %s after %" G_GUINT64_FORMAT " bytes%s%s", job->compression,
                          fault_kind_get_name (job->fault.kind), job->fault.upstream ? "upstream" : "downstream",
                          job->fault.at, job->in_resume ? ", in the resume" : "", job->is_lax ? ", lax" : "");
}

static void
start_job (Slot      *slot,
           Sweep     *sweep,
           const Job *job)
{
  const Fault first = {.kind = FAULT_END, .at = sweep->down[job->compression] * 9 / 10};

  slot->job = *job;
  slot->name = describe (job);
  slot->start_us = g_get_monotonic_time ();
  slot->is_second = FALSE;
  slot->account = (Account){.name = slot->name, .is_lax = job->is_lax};
  slot->gateway = world_make_gateway (slot->world, slot->door, job->compression);
  configure (slot->gateway);
  account_watch (&slot->account, slot->gateway);
  fault_door_arm (slot->door, job->in_resume ? &first : &job->fault);
  dgw_gateway_open_async (slot->gateway, NULL, NULL, NULL);
}

static gboolean
is_complete (const Slot *slot)
{
  return slot->account.next >= N_EVENTS && dgw_gateway_get_status (slot->gateway) == DGW_STATUS_READY;
}

/* A gateway that was dropped while it connected may have met the fault that was
 * meant for its successor: then there are more connections than ends of them. */
static gboolean
was_robbed (const Slot *slot,
            guint       n_ends)
{
  return is_complete (slot) && fault_door_has_struck (slot->door) && fault_door_count_connections (slot->door) > n_ends + 1;
}

/* A byte that was changed may have made an event of the last one that is none. */
static gboolean
is_lax_job_done (const Slot *slot,
                 guint       n_ends)
{
  if (is_complete (slot) || slot->account.n_failed > 0)
    return TRUE;

  return fault_door_has_struck (slot->door) && (n_ends > 0 || g_get_monotonic_time () - slot->start_us > HARMLESS_US);
}

static gboolean
is_job_done (Slot *slot)
{
  guint n_ends = slot->account.n_disconnected - (slot->is_second ? 1 : 0);

  if (was_robbed (slot, n_ends))
    return TRUE;
  if (slot->job.in_resume && !slot->is_second)
    {
      if (n_ends > 0)
        fault_door_arm (slot->door, &slot->job.fault);
      slot->is_second = n_ends > 0;
      return FALSE;
    }
  if (slot->account.is_lax)
    return is_lax_job_done (slot, n_ends);

  return is_complete (slot) && (n_ends > 0 || !fault_door_has_struck (slot->door));
}

static void
end_job (Slot  *slot,
         Sweep *sweep)
{
  Account *account = &slot->account;

  if (!account->is_lax)
    {
      g_assert_cmpuint (account->n_ready, ==, 1);
      g_assert_cmpuint (account->n_failed, ==, 0);
      g_assert_cmpuint (account->n_events, ==, N_EVENTS);
    }
  if (!fault_door_has_struck (slot->door) || (!account->is_lax && account->n_disconnected <= (slot->job.in_resume ? 1 : 0)))
    {
      sweep->n_missed++;
      if (g_test_verbose ())
        g_test_message ("%s: missed, %d struck, %u connections, %u disconnects", slot->name, fault_door_has_struck (slot->door),
                        fault_door_count_connections (slot->door), account->n_disconnected);
    }
  sweep->n_disconnected += account->n_disconnected;
  sweep->n_events += account->n_events;
  sweep->n_wrong += account->n_wrong;
  sweep->last_end_us = g_get_monotonic_time ();
  account_unwatch (account, slot->gateway);
  if (sweep->n_done++ % 4 == 0)
    dgw_gateway_close_async (slot->gateway, NULL, NULL, NULL);
  g_clear_object (&slot->gateway);
  g_clear_pointer (&slot->name, g_free);
}

static void
turn_slot (Slot  *slot,
           Sweep *sweep)
{
  if (slot->gateway != NULL && is_job_done (slot))
    end_job (slot, sweep);
  if (slot->gateway == NULL && sweep->n_started < sweep->jobs->len)
    start_job (slot, sweep, &g_array_index (sweep->jobs, Job, sweep->n_started++));
}

static void
tell_stuck (Sweep *sweep)
{
  const Slot *slots = sweep->slots;

  sweep->last_end_us = g_get_monotonic_time ();
  g_test_message ("%u of %u jobs are done, nothing ends:", sweep->n_done, sweep->jobs->len);
  for (guint i = 0; i < sweep->n_slots; i++)
    if (slots[i].gateway != NULL)
      g_test_message ("%s: %s, %u READY, %u RESUMED, %u disconnects, %u connections%s", slots[i].name,
                      dgw_status_to_string (dgw_gateway_get_status (slots[i].gateway)), slots[i].account.n_ready,
                      slots[i].account.n_resumed, slots[i].account.n_disconnected,
                      fault_door_count_connections (slots[i].door), fault_door_has_struck (slots[i].door) ? ", struck" : "");
}

static gboolean
is_sweep_done (Sweep *sweep)
{
  for (guint i = 0; i < sweep->n_slots; i++)
    turn_slot (&sweep->slots[i], sweep);
  if (sweep->n_done < sweep->jobs->len && g_get_monotonic_time () - sweep->last_end_us > STUCK_US)
    tell_stuck (sweep);

  return sweep->n_done == sweep->jobs->len;
}

static gboolean
are_sweeps_done (Sweep *sweeps)
{
  gboolean is_first_done = is_sweep_done (&sweeps[0]);

  return is_sweep_done (&sweeps[1]) && is_first_done;
}

/* How long the session is that is to be cut. */
static void
measure (Sweep         *sweep,
         DgwCompression compression)
{
  FaultDoor  *door = fault_proxy_add_door (sweep->world->proxy);
  DgwGateway *gateway = world_make_gateway (sweep->world, door, compression);
  Account     account = {.name = "measuring"};
  g_autoptr (GBytes) downstream = NULL;

  account_watch (&account, gateway);
  dgw_gateway_open_async (gateway, NULL, NULL, NULL);
  WAIT_UNTIL (account.next == N_EVENTS);
  downstream = fault_door_dup_downstream (door);
  sweep->down[compression] = g_bytes_get_size (downstream);
  sweep->up[compression] = fault_door_count_upstream (door);
  account_unwatch (&account, gateway);
  gateway_finish (gateway);
}

/* Every byte where there are no more than `most`, else as many, evenly spread. */
static void
add_jobs (Sweep    *sweep,
          const Job like,
          guint     most)
{
  guint64 n_bytes = like.fault.upstream ? sweep->up[like.compression] : sweep->down[like.compression];
  guint64 n_jobs;

  /* No READY there, and the replay is what the first cut kept away. */
  if (like.in_resume)
    n_bytes /= 2;
  n_jobs = MIN (n_bytes + 1, most);

  for (guint64 i = 0; i < n_jobs; i++)
    {
      Job job = like;

      job.fault.at = n_jobs > n_bytes ? i : (i * 2 + 1) * n_bytes / (2 * n_jobs);
      g_array_append_val (sweep->jobs, job);
    }
}

static void
add_kinds (Sweep         *sweep,
           DgwCompression compression)
{
  static const FaultKind harms[] = {FAULT_GARBLE, FAULT_REPEAT, FAULT_LOSE, FAULT_INSERT};
  gboolean               is_lax = sweep->world->authority == NULL;
  guint                  n_frozen = chaos_scale (1, 3, 60);
  guint                  n_harmed = chaos_scale (1, 3, 120);

  for (guint upstream = 0; upstream < 2; upstream++)
    {
      Fault fault = {.kind = FAULT_FREEZE, .upstream = upstream};

      add_jobs (sweep, (Job){.compression = compression, .fault = fault}, n_frozen);
      for (guint i = 0; i < G_N_ELEMENTS (harms); i++)
        {
          fault = (Fault){.kind = harms[i], .upstream = upstream, .length = 1 + i};
          add_jobs (sweep, (Job){.compression = compression, .fault = fault, .is_lax = is_lax}, n_harmed);
        }
    }
}

static void
add_cuts (Sweep         *sweep,
          DgwCompression compression)
{
  guint most = chaos_scale (2, 16, sweep->world->authority != NULL ? 600 : G_MAXUINT);

  for (FaultKind kind = FAULT_END; kind <= FAULT_RESET; kind++)
    for (guint upstream = 0; upstream < 2; upstream++)
      {
        Fault fault = {.kind = kind, .upstream = upstream, .piece = kind == FAULT_END ? 1000 : 7};

        add_jobs (sweep, (Job){.compression = compression, .fault = fault}, kind == FAULT_END ? most : MIN (most, 400));
      }
  add_jobs (sweep, (Job){.compression = compression, .fault = {.kind = FAULT_RESET}, .in_resume = TRUE}, MIN (most, 400));
  add_jobs (sweep, (Job){
                     .compression = compression, .fault = {.kind = FAULT_END, .upstream = TRUE},
                          .in_resume = TRUE
  },
            MIN (most, 100));
}

static void
prepare (Sweep   *sweep,
         gboolean has_tls)
{
  sweep->world = world_new (has_tls, "heartbeat-interval", 1000, NULL);
  sweep->jobs = g_array_new (FALSE, FALSE, sizeof (Job));
  world_start_traffic (sweep->world, 0, N_EVENTS);
  for (DgwCompression compression = DGW_COMPRESSION_NONE; compression <= DGW_COMPRESSION_ZSTD_STREAM; compression++)
    {
      measure (sweep, compression);
      add_kinds (sweep, compression);
    }
  for (DgwCompression compression = DGW_COMPRESSION_NONE; compression <= DGW_COMPRESSION_ZSTD_STREAM; compression++)
    add_cuts (sweep, compression);

  sweep->n_slots = has_tls ? chaos_scale (8, 120, 120) : chaos_scale (24, 240, 320);
  sweep->slots = g_new0 (Slot, sweep->n_slots);
  for (guint i = 0; i < sweep->n_slots; i++)
    sweep->slots[i] = (Slot){.world = sweep->world, .door = fault_proxy_add_door (sweep->world->proxy)};
  sweep->last_end_us = g_get_monotonic_time ();
}

static void
finish (Sweep *sweep)
{
  g_test_message ("%s: %u sessions, %u missed by the fault, %" G_GUINT64_FORMAT " events harmed unnoticed",
                  sweep->world->authority != NULL ? "TLS" : "plain", sweep->jobs->len, sweep->n_missed, sweep->n_wrong);
  chaos_count (fault_proxy_count_all (sweep->world->proxy), "faults injected");
  chaos_count (sweep->n_disconnected, "disconnects");
  chaos_count (sweep->n_events, "events accounted for");
  g_assert_cmpuint (sweep->n_missed, <, sweep->jobs->len / 2);
  g_array_unref (sweep->jobs);
  g_free (sweep->slots);
  world_free (sweep->world);
}

static void
test_cuts (void)
{
  Sweep sweeps[2] = {{NULL}};

  g_test_summary ("After a fault at any byte every event has come once and in order, by a resume once READY was read");
  prepare (&sweeps[0], FALSE);
  prepare (&sweeps[1], TRUE);
  WAIT_UNTIL (are_sweeps_done (sweeps));
  finish (&sweeps[0]);
  finish (&sweeps[1]);
}

int
main (int    argc,
      char **argv)
{
  chaos_init (&argc, &argv);
  g_test_add_func ("/dgw/chaos/cuts", test_cuts);

  return g_test_run ();
}
