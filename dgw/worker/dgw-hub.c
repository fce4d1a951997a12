/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-hub-private.h"

typedef struct
{
  GSource source;
  DgwHub *hub; /* a reference */
} HubSource;

/* All hubs that have users. */
static struct
{
  pthread_mutex_t lock;
  GSList         *hubs;
} registry = {.lock = PTHREAD_MUTEX_INITIALIZER};

static gboolean
source_prepare (GSource *source,
                int     *timeout_ms)
{
  DgwHub *self = ((HubSource *)source)->hub;

  return self->kind->is_ready (self, timeout_ms);
}

static gboolean
source_check (GSource *source)
{
  int timeout_ms;

  return source_prepare (source, &timeout_ms);
}

static gboolean
source_dispatch (GSource    *source,
                 GSourceFunc callback,
                 gpointer    user_data)
{
  DgwHub *self = ((HubSource *)source)->hub;

  self->kind->dispatch (self, source);

  return G_SOURCE_CONTINUE;
}

static void
source_finalize (GSource *source)
{
  dgw_hub_unref (((HubSource *)source)->hub);
}

static GSourceFuncs source_funcs = {
  .prepare = source_prepare,
  .check = source_check,
  .dispatch = source_dispatch,
  .finalize = source_finalize,
};

static DgwHub *
hub_new (const DgwHubKind *kind,
         GMainContext     *context)
{
  DgwHub *self = g_malloc0 (kind->size);

  self->kind = kind;
  self->ref_count = 1;
  self->context = g_main_context_ref (context);
  pthread_mutex_init (&self->lock, NULL);
  kind->init (self);

  self->source = g_source_new (&source_funcs, sizeof (HubSource));
  ((HubSource *)self->source)->hub = dgw_hub_ref (self);
  g_source_set_static_name (self->source, kind->name);
  g_source_set_priority (self->source, kind->priority);
  /* A handler that runs the context until something else has been delivered
   * must not wait for ever. */
  g_source_set_can_recurse (self->source, TRUE);
  g_source_attach (self->source, context);
  g_source_unref (self->source);

  return self;
}

/* Under the registry's lock. */
static DgwHub *
find (const DgwHubKind *kind,
      GMainContext     *context)
{
  for (GSList *l = registry.hubs; l != NULL; l = l->next)
    {
      DgwHub *hub = l->data;

      if (hub->kind == kind && hub->context == context)
        return dgw_hub_ref (hub);
    }

  return NULL;
}

DgwHub *
dgw_hub_join (const DgwHubKind *kind,
              GMainContext     *context)
{
  DgwHub *self;

  pthread_mutex_lock (&registry.lock);
  self = find (kind, context);
  if (self == NULL)
    {
      self = hub_new (kind, context);
      registry.hubs = g_slist_prepend (registry.hubs, self);
    }
  self->n_users++;
  pthread_mutex_unlock (&registry.lock);

  return self;
}

void
dgw_hub_leave (DgwHub *self)
{
  GSource *source = NULL;

  pthread_mutex_lock (&registry.lock);
  if (--self->n_users == 0)
    {
      registry.hubs = g_slist_remove (registry.hubs, self);
      source = g_steal_pointer (&self->source);
    }
  pthread_mutex_unlock (&registry.lock);

  if (source != NULL)
    g_source_destroy (source);
}

DgwHub *
dgw_hub_ref (DgwHub *self)
{
  g_atomic_int_inc (&self->ref_count);

  return self;
}

void
dgw_hub_unref (DgwHub *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;

  self->kind->clear (self);
  pthread_mutex_destroy (&self->lock);
  g_main_context_unref (self->context);
  g_free (self);
}

void
dgw_hub_lock (DgwHub *self)
{
  pthread_mutex_lock (&self->lock);
}

void
dgw_hub_unlock (DgwHub *self)
{
  pthread_mutex_unlock (&self->lock);
}
