/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-host-private.h"

#include <pthread.h>

#include "worker/dgw-host-bus-private.h"
#include "worker/dgw-worker-private.h"

/* Theory of operation.
 *
 * The host is there while it has guests. What it hears with is made and freed on
 * its thread, in two posts; so a new one may begin while the one before still
 * winds down, or waits for a service. */

typedef struct
{
  DgwWorker      *worker;
  DgwHostNetwork *network;
  DgwHostBus     *bus;
  DgwSleepClock  *clock;

  /* Under the lock. */
  GQueue              guests; /* of DgwHostGuest */
  DgwHostNetworkState state;
} DgwHost;

struct _DgwHostGuest
{
  DgwHostFuncs funcs;
  gpointer     user_data;
  DgwHost     *host;
  GList        link;
};

/* A pthread mutex for the reason given in dgw-mailbox.c. */
static struct
{
  pthread_mutex_t lock;
  DgwHost        *host; /* NULL: nobody is there */
} hosts = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void
network_cb (const DgwHostNetworkState *state,
            gpointer                   user_data)
{
  DgwHost *self = user_data;

  pthread_mutex_lock (&hosts.lock);
  self->state = *state;
  for (GList *l = self->guests.head; l != NULL; l = l->next)
    {
      DgwHostGuest *guest = l->data;

      if (guest->funcs.network != NULL)
        guest->funcs.network (state, guest->user_data);
    }
  pthread_mutex_unlock (&hosts.lock);
}

static void
sleeping_cb (DgwSleepLock *lock,
             gpointer      user_data)
{
  DgwHost *self = user_data;

  pthread_mutex_lock (&hosts.lock);
  for (GList *l = self->guests.head; l != NULL; l = l->next)
    {
      DgwHostGuest *guest = l->data;

      if (guest->funcs.sleeping != NULL)
        guest->funcs.sleeping (lock, guest->user_data);
    }
  pthread_mutex_unlock (&hosts.lock);
}

static void
slept_cb (gint64   slept_us,
          gpointer user_data)
{
  DgwHost *self = user_data;

  pthread_mutex_lock (&hosts.lock);
  for (GList *l = self->guests.head; l != NULL; l = l->next)
    {
      DgwHostGuest *guest = l->data;

      if (guest->funcs.woke != NULL)
        guest->funcs.woke (slept_us, guest->user_data);
    }
  pthread_mutex_unlock (&hosts.lock);
}

static void
woke_cb (gpointer user_data)
{
  DgwHost *self = user_data;

  slept_cb (dgw_sleep_clock_take (self->clock), self);
}

static void
manager_cb (gboolean is_there,
            gpointer user_data)
{
  DgwHost *self = user_data;

  dgw_host_network_choose (self->network, is_there);
}

static void
routes_cb (gpointer user_data)
{
  DgwHost *self = user_data;

  dgw_host_network_tell (self->network);
}

static void
listen (gpointer data)
{
  static const DgwHostBusFuncs funcs = {manager_cb, routes_cb, sleeping_cb, woke_cb};
  DgwHost                     *self = data;
  GMainContext                *context = dgw_worker_get_context (self->worker);

  self->network = dgw_host_network_new (context, network_cb, self);
  self->clock = dgw_sleep_clock_new (context, slept_cb, self);
  self->bus = dgw_host_bus_new (context, &funcs, self);
}

static void
finish (gpointer data)
{
  DgwHost *self = data;

  dgw_host_bus_free (self->bus);
  dgw_sleep_clock_free (self->clock);
  dgw_host_network_free (self->network);
  g_free (self);
}

/* Under the lock. */
static DgwHost *
host_new (void)
{
  DgwHost *self = g_new0 (DgwHost, 1);

  g_queue_init (&self->guests);
  self->state = (DgwHostNetworkState){DGW_NETWORK_AVAILABLE, TRUE};
  self->worker = dgw_worker_acquire_alone ();
  dgw_worker_post (self->worker, listen, self, NULL);

  return self;
}

DgwHostGuest *
dgw_host_join (const DgwHostFuncs  *funcs,
               gpointer             user_data,
               DgwHostNetworkState *state)
{
  DgwHostGuest *guest = g_new0 (DgwHostGuest, 1);

  guest->funcs = *funcs;
  guest->user_data = user_data;
  guest->link.data = guest;

  dgw_host_network_load ();
  pthread_mutex_lock (&hosts.lock);
  if (hosts.host == NULL)
    hosts.host = host_new ();
  guest->host = hosts.host;
  g_queue_push_tail_link (&hosts.host->guests, &guest->link);
  *state = hosts.host->state;
  pthread_mutex_unlock (&hosts.lock);

  return guest;
}

void
dgw_host_get_state (DgwHostGuest        *guest,
                    DgwHostNetworkState *state)
{
  pthread_mutex_lock (&hosts.lock);
  *state = guest->host->state;
  pthread_mutex_unlock (&hosts.lock);
}

void
dgw_host_leave (DgwHostGuest *guest)
{
  DgwHost   *host = guest->host;
  DgwWorker *worker = NULL;

  pthread_mutex_lock (&hosts.lock);
  g_queue_unlink (&host->guests, &guest->link);
  if (g_queue_is_empty (&host->guests))
    {
      worker = host->worker;
      hosts.host = NULL;
    }
  pthread_mutex_unlock (&hosts.lock);

  g_free (guest);
  if (worker == NULL)
    return;

  dgw_worker_post (worker, finish, host, NULL);
  dgw_worker_unref (worker);
}

typedef struct
{
  DgwHost       *host;
  DgwClockReader reader;
} Jump;

static void
jump (gpointer data)
{
  Jump    *self = data;
  DgwHost *host = self->host;

  dgw_sleep_clock_set_reader (host->clock, self->reader);
  dgw_sleep_clock_look (host->clock);
}

void
dgw_host_jump (DgwClockReader reader)
{
  Jump jumped = {NULL, reader};

  pthread_mutex_lock (&hosts.lock);
  jumped.host = hosts.host;
  dgw_worker_post (jumped.host->worker, jump, g_memdup2 (&jumped, sizeof jumped), g_free);
  pthread_mutex_unlock (&hosts.lock);
}
