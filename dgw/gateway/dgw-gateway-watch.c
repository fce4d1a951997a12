/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-set-private.h"
#include "gateway/dgw-gateway-private.h"

void
dgw_gateway_set_observer (DgwGateway               *self,
                          const DgwGatewayObserver *observer,
                          gpointer                  user_data)
{
  self->observer = observer;
  self->observer_data = user_data;
  self->n_events_to_look = 0;
}

gboolean
dgw_gateway_is_observed (DgwGateway *self,
                         GQuark      detail)
{
  return self->observer && self->observer->wants (detail, self->observer_data);
}

void
dgw_gateway_set_judge (DgwGateway     *self,
                       DgwGatewayJudge judge,
                       gpointer        user_data)
{
  self->judge = judge;
  self->judge_data = user_data;
}

static void
hold (DgwGateway *self,
      DgwAction  *action)
{
  g_queue_push_tail (&self->held, g_memdup2 (action, sizeof *action));
  action->dispatch.json = NULL;
}

/* What comes while held events are released goes behind them. */
static DgwGatewayVerdict
find_verdict (DgwGateway *self,
              DgwAction  *action)
{
  if (!g_queue_is_empty (&self->held) && action != self->released)
    return DGW_GATEWAY_HOLD;

  return self->judge ? self->judge (self, action, self->judge_data) : DGW_GATEWAY_EMIT;
}

DgwGatewayVerdict
dgw_gateway_judge (DgwGateway *self,
                   DgwAction  *action)
{
  DgwGatewayVerdict verdict = find_verdict (self, action);

  if (verdict == DGW_GATEWAY_HOLD)
    hold (self, action);

  return verdict;
}

static void
free_action (gpointer data)
{
  dgw_action_clear (data);
  g_free (data);
}

/* A handler may close the gateway, or run the context. The judge must not hold
 * events any more. */
void
dgw_gateway_release_events (DgwGateway *self)
{
  g_object_ref (self);
  while (!g_queue_is_empty (&self->held))
    {
      DgwAction *action = g_queue_pop_head (&self->held);

      self->released = action;
      dgw_gateway_dispatch (self, action);
      free_action (action);
    }
  self->released = NULL;
  g_object_unref (self);
}

void
dgw_gateway_drop_events (DgwGateway *self)
{
  g_queue_clear_full (&self->held, free_action);
}

/* The address that was looked up for all gateways of a bot. */
void
dgw_gateway_set_first_url (DgwGateway *self,
                           const char *url)
{
  if (dgw_set_str (&self->options.engine.first_url, url) && self->link)
    dgw_link_set_options (self->link, &self->options);
}
