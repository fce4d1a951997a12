/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "worker/dgw-permit-private.h"

struct _DgwPermit
{
  const DgwPermitFuncs *funcs;
  GObject              *limiter;
  guint                 shard_id;
  DgwPermitFunc         func;
  gpointer              user_data;
  GCancellable         *cancellable;
  enum
  {
    WAITING,
    GRANTED,
    REFUSED,
    UNWANTED, /* ended while it waited; the limiter's answer frees it */
  } state;
};

static void
permit_free (DgwPermit *self)
{
  g_object_unref (self->cancellable);
  g_object_unref (self->limiter);
  g_free (self);
}

static void
acquired_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  DgwPermit *self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean is_granted = self->funcs->acquire_finish (self->limiter, result, &error);

  if (self->state == UNWANTED)
    {
      if (is_granted)
        self->funcs->release (self->limiter, self->shard_id);
      permit_free (self);
      return;
    }

  self->state = is_granted ? GRANTED : REFUSED;
  self->func (error, self->user_data);
}

DgwPermit *
dgw_permit_new (const DgwPermitFuncs *funcs,
                gpointer              limiter,
                guint                 shard_id,
                DgwPermitFunc         func,
                gpointer              user_data)
{
  DgwPermit *self = g_new0 (DgwPermit, 1);

  self->funcs = funcs;
  self->limiter = g_object_ref (limiter);
  self->shard_id = shard_id;
  self->func = func;
  self->user_data = user_data;
  self->cancellable = g_cancellable_new ();
  funcs->acquire_async (limiter, shard_id, self->cancellable, acquired_cb, self);

  return self;
}

void
dgw_permit_end (DgwPermit *self,
                gboolean   is_used)
{
  if (self->state == WAITING)
    {
      self->state = UNWANTED;
      g_cancellable_cancel (self->cancellable);
      return;
    }

  if (self->state == GRANTED && !is_used)
    self->funcs->release (self->limiter, self->shard_id);
  permit_free (self);
}
