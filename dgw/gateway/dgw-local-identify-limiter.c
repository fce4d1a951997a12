/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-local-identify-limiter.h"

#include "engine/dgw-identify-buckets-private.h"
#include "gateway/dgw-gateway-info.h"
#include "gateway/dgw-identify-pace-private.h"
#include "worker/dgw-timer-private.h"
#include "worker/dgw-worker-private.h"

/**
 * DgwLocalIdentifyLimiter:
 *
 * An identify limiter for the gateways of one process.
 *
 * It lets one shard of each bucket, `shard_id % max_concurrency`, identify per
 * window, first come, first served, and none while no session start is left.
 * What Discord allows it learns from the gateways that ask for their address,
 * or from [method@IdentifyLimiter.update].
 *
 * It works on a thread of the library: an application that is busy does not
 * keep its gateways from identifying. It may be used from any thread.
 *
 * Discord's documentation: [Max Concurrency](https://discord.com/developers/docs/events/gateway#sharding-max-concurrency).
 *
 * Since: 0.1
 */
struct _DgwLocalIdentifyLimiter
{
  GObject parent_instance;

  DgwIdentifyPace pace;
  DgwWorker      *worker;
  struct _Office *office;
};

/* What lives on the worker: touched by orders only, which come one by one. */
typedef struct _Office
{
  DgwIdentifyBuckets *buckets;
  DgwTimer           *timer;   /* for their deadline */
  GHashTable         *waiters; /* guint64 of the bucket's request -> Waiter */
} Office;

/* Whoever cancels reads it, in another thread. GCancellable takes care of that;
 * the flag is for the sanitizer, which does not see what GLib orders. */
typedef struct
{
  int        is_complete; /* atomic */
  guint64    id;
  DgwWorker *worker;
  Office    *office;
  GTask     *task;
  gulong     cancelled_id;
} Waiter;

typedef struct
{
  enum
  {
    ORDER_MOVE_IN,
    ORDER_ACQUIRE,
    ORDER_CANCEL,
    ORDER_RELEASE,
    ORDER_UPDATE,
    ORDER_FREE,
  } kind;
  Office    *office;
  DgwWorker *worker;
  GTask     *task;
  struct
  {
    guint  total;
    guint  remaining;
    gint64 reset_us;
    guint  max_concurrency;
  } budget;
  guint64 id;
  guint   number;
} Order;

static void
order_free (gpointer data)
{
  Order *self = data;

  g_clear_object (&self->task);
  g_free (self);
}

static void
order_run (gpointer data);

/* Takes what the order owns. */
static void
give (Order order)
{
  dgw_worker_post (order.worker, order_run, g_memdup2 (&order, sizeof order), order_free);
}

/* The waiter is gone, or about to be, when this returns. */
static void
finish (Waiter *self,
        GError *error)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  g_cancellable_disconnect (g_task_get_cancellable (task), self->cancelled_id);
  g_free (self);
  if (error)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static Waiter *
take_waiter (Office *office,
             guint64 id)
{
  Waiter *waiter = g_hash_table_lookup (office->waiters, &id);

  g_hash_table_steal (office->waiters, &id);
  return waiter;
}

/* Whoever gets a slot may come back with another order, which is only queued. */
static void
settle (Office *office)
{
  guint64 id;

  while ((id = dgw_identify_buckets_pop (office->buckets, g_get_monotonic_time ())) != 0)
    finish (take_waiter (office, id), NULL);

  dgw_timer_set (office->timer, dgw_identify_buckets_get_deadline (office->buckets));
}

static void
due_cb (gpointer user_data)
{
  settle (user_data);
}

/* Runs in whatever thread cancels. */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Waiter *waiter = user_data;

  if (!g_atomic_int_get (&waiter->is_complete))
    return;

  give ((Order){.kind = ORDER_CANCEL, .office = waiter->office, .worker = waiter->worker, .id = waiter->id});
}

static void
add_waiter (const Order *order)
{
  Waiter       *waiter = g_new0 (Waiter, 1);
  GCancellable *cancellable = g_task_get_cancellable (order->task);

  waiter->id = dgw_identify_buckets_add (order->office->buckets, order->number);
  waiter->office = order->office;
  waiter->worker = order->worker;
  waiter->task = g_object_ref (order->task);
  g_hash_table_insert (order->office->waiters, &waiter->id, waiter);
  g_atomic_int_set (&waiter->is_complete, TRUE);
  if (cancellable)
    waiter->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), waiter, NULL);
}

static void
cancel_waiter (const Order *order)
{
  if (dgw_identify_buckets_cancel (order->office->buckets, order->id))
    finish (take_waiter (order->office, order->id),
            g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Operation was cancelled"));
}

static void
update_buckets (const Order *order)
{
  DgwIdentifyBuckets *buckets = order->office->buckets;

  dgw_identify_buckets_set_budget (buckets, order->budget.total, order->budget.remaining, order->budget.reset_us,
                                   g_get_monotonic_time ());
  dgw_identify_buckets_set_max_concurrency (buckets, order->budget.max_concurrency);
}

/* Nobody waits any more: who does holds the limiter. */
static void
free_office (Office *office)
{
  g_assert (g_hash_table_size (office->waiters) == 0);
  g_hash_table_unref (office->waiters);
  dgw_timer_free (office->timer);
  dgw_identify_buckets_free (office->buckets);
  g_free (office);
}

static void
order_run (gpointer data)
{
  Order *order = data;

  switch (order->kind)
    {
    case ORDER_MOVE_IN:
      order->office->timer = dgw_timer_new (dgw_worker_get_context (order->worker), due_cb, order->office);
      return;
    case ORDER_ACQUIRE:
      add_waiter (order);
      break;
    case ORDER_CANCEL:
      cancel_waiter (order);
      break;
    case ORDER_RELEASE:
      dgw_identify_buckets_release (order->office->buckets, order->number);
      break;
    case ORDER_UPDATE:
      update_buckets (order);
      break;
    case ORDER_FREE:
      free_office (order->office);
      return;
    default:
      g_assert_not_reached ();
    }

  settle (order->office);
}

static void
dgw_local_identify_limiter_acquire (DgwIdentifyLimiter *limiter,
                                    guint               shard_id,
                                    GTask              *task)
{
  DgwLocalIdentifyLimiter *self = DGW_LOCAL_IDENTIFY_LIMITER (limiter);

  give ((Order){.kind = ORDER_ACQUIRE, .office = self->office, .worker = self->worker, .task = g_object_ref (task), .number = shard_id});
}

static void
dgw_local_identify_limiter_release (DgwIdentifyLimiter *limiter,
                                    guint               shard_id)
{
  DgwLocalIdentifyLimiter *self = DGW_LOCAL_IDENTIFY_LIMITER (limiter);

  give ((Order){.kind = ORDER_RELEASE, .office = self->office, .worker = self->worker, .number = shard_id});
}

static void
dgw_local_identify_limiter_update (DgwIdentifyLimiter *limiter,
                                   DgwGatewayInfo     *info)
{
  DgwLocalIdentifyLimiter *self = DGW_LOCAL_IDENTIFY_LIMITER (limiter);
  Order                    order = {.kind = ORDER_UPDATE, .office = self->office, .worker = self->worker};

  order.budget.total = dgw_gateway_info_get_total (info);
  order.budget.remaining = dgw_gateway_info_get_remaining (info);
  order.budget.reset_us = g_get_monotonic_time () + dgw_gateway_info_get_reset_after (info) * G_TIME_SPAN_MILLISECOND;
  /* What was set counts more than what Discord tells. */
  order.budget.max_concurrency = self->pace.max_concurrency != 0 ? self->pace.max_concurrency
                                                                 : dgw_gateway_info_get_max_concurrency (info);
  give (order);
}

static void
limiter_init (DgwIdentifyLimiterInterface *iface)
{
  iface->acquire = dgw_local_identify_limiter_acquire;
  iface->release = dgw_local_identify_limiter_release;
  iface->update = dgw_local_identify_limiter_update;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DgwLocalIdentifyLimiter,
                               dgw_local_identify_limiter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DGW_TYPE_IDENTIFY_LIMITER, limiter_init))

static void
dgw_local_identify_limiter_constructed (GObject *object)
{
  DgwLocalIdentifyLimiter *self = DGW_LOCAL_IDENTIFY_LIMITER (object);

  G_OBJECT_CLASS (dgw_local_identify_limiter_parent_class)->constructed (object);

  self->office = g_new0 (Office, 1);
  self->office->buckets = dgw_identify_buckets_new (self->pace.max_concurrency, self->pace.window_ms * G_TIME_SPAN_MILLISECOND);
  self->office->waiters = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->worker = dgw_worker_acquire ();
  give ((Order){.kind = ORDER_MOVE_IN, .office = self->office, .worker = self->worker});
}

/* The last reference may be dropped in any thread. */
static void
dgw_local_identify_limiter_finalize (GObject *object)
{
  DgwLocalIdentifyLimiter *self = DGW_LOCAL_IDENTIFY_LIMITER (object);

  give ((Order){.kind = ORDER_FREE, .office = self->office, .worker = self->worker});
  dgw_worker_unref (self->worker);

  G_OBJECT_CLASS (dgw_local_identify_limiter_parent_class)->finalize (object);
}

static void
dgw_local_identify_limiter_get_property (GObject    *object,
                                         guint       prop_id,
                                         GValue     *value,
                                         GParamSpec *pspec)
{
  DgwLocalIdentifyLimiter *self = DGW_LOCAL_IDENTIFY_LIMITER (object);

  if (!dgw_identify_pace_get (&self->pace, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
dgw_local_identify_limiter_set_property (GObject      *object,
                                         guint         prop_id,
                                         const GValue *value,
                                         GParamSpec   *pspec)
{
  DgwLocalIdentifyLimiter *self = DGW_LOCAL_IDENTIFY_LIMITER (object);

  if (!dgw_identify_pace_set (&self->pace, prop_id, value))
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
dgw_local_identify_limiter_class_init (DgwLocalIdentifyLimiterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = dgw_local_identify_limiter_constructed;
  object_class->finalize = dgw_local_identify_limiter_finalize;
  object_class->get_property = dgw_local_identify_limiter_get_property;
  object_class->set_property = dgw_local_identify_limiter_set_property;

  /**
   * DgwLocalIdentifyLimiter:max-concurrency: (getter get_max_concurrency)
   *
   * How many shards may identify in one window; 0 for as many as Discord says,
   * and one until it has.
   *
   * Since: 0.1
   */

  /**
   * DgwLocalIdentifyLimiter:window: (getter get_window)
   *
   * How long a slot counts, in milliseconds; 0: no slot is waited for, and only
   * the day's session starts count. Discord's window is 5000; another is of use
   * against a simulator or a proxy that does the waiting.
   *
   * Since: 0.1
   */
  dgw_identify_pace_install (object_class);
}

static void
dgw_local_identify_limiter_init (DgwLocalIdentifyLimiter *self)
{
}

/**
 * dgw_local_identify_limiter_new:
 * @max_concurrency: how many shards may identify in one window, 0 for as many
 *   as Discord says
 *
 * Makes a limiter for the gateways of this process.
 *
 * Returns: (transfer full): a limiter
 *
 * Since: 0.1
 */
DgwLocalIdentifyLimiter *
dgw_local_identify_limiter_new (guint max_concurrency)
{
  return g_object_new (DGW_TYPE_LOCAL_IDENTIFY_LIMITER, "max-concurrency", max_concurrency, NULL);
}

/**
 * dgw_local_identify_limiter_get_max_concurrency: (get-property max-concurrency)
 * @self: a limiter
 *
 * Gets how many shards may identify in one window.
 *
 * Returns: the number, 0 for as many as Discord says
 *
 * Since: 0.1
 */
guint
dgw_local_identify_limiter_get_max_concurrency (DgwLocalIdentifyLimiter *self)
{
  g_return_val_if_fail (DGW_IS_LOCAL_IDENTIFY_LIMITER (self), 0);

  return self->pace.max_concurrency;
}

/**
 * dgw_local_identify_limiter_get_window: (get-property window)
 * @self: a limiter
 *
 * Gets how long a slot counts, in milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
guint
dgw_local_identify_limiter_get_window (DgwLocalIdentifyLimiter *self)
{
  g_return_val_if_fail (DGW_IS_LOCAL_IDENTIFY_LIMITER (self), 0);

  return self->pace.window_ms;
}
