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
  self->is_holding = FALSE;
}

void
dgw_gateway_hold_events (DgwGateway     *self,
                         DgwGatewayJudge judge,
                         gpointer        user_data)
{
  dgw_gateway_set_judge (self, judge, user_data);
  self->is_holding = TRUE;
}

/* What was told by another gateway meanwhile keeps its sequence only: that
 * advances in its turn. */
struct _DgwGatewayHeld
{
  DgwAction action;
  gboolean  is_told;
};

static void
held_free (gpointer data)
{
  DgwGatewayHeld *self = data;

  dgw_action_clear (&self->action);
  g_free (self);
}

static void
hold (DgwGateway *self,
      DgwAction  *action)
{
  DgwGatewayHeld *held = g_new0 (DgwGatewayHeld, 1);

  held->action = *action;
  action->dispatch.json = NULL;
  g_queue_push_tail (&self->held, held);
  self->held_load.events++;
  self->held_load.bytes += dgw_json_get_size (held->action.dispatch.json);
}

static void
uncount (DgwGateway           *self,
         const DgwGatewayHeld *held)
{
  if (held->action.dispatch.json == NULL)
    return;

  self->held_load.events--;
  self->held_load.bytes -= dgw_json_get_size (held->action.dispatch.json);
}

/* What comes before all held events are released goes behind them. */
static DgwGatewayVerdict
find_verdict (DgwGateway *self,
              DgwAction  *action)
{
  gboolean is_released = self->released != NULL && action == &self->released->action;

  if (!self->is_holding && !g_queue_is_empty (&self->held) && !is_released)
    return DGW_GATEWAY_HOLD;
  if (is_released && self->released->is_told)
    return DGW_GATEWAY_SKIP;

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

/* A handler may close the gateway, or run the context. The judge must not hold
 * events any more. */
void
dgw_gateway_release_events (DgwGateway *self)
{
  g_object_ref (self);
  while (!g_queue_is_empty (&self->held))
    {
      DgwGatewayHeld *held = g_queue_pop_head (&self->held);

      uncount (self, held);
      self->released = held;
      dgw_gateway_dispatch (self, &held->action);
      held_free (held);
    }
  self->released = NULL;
  g_object_unref (self);
}

void
dgw_gateway_drop_events (DgwGateway *self)
{
  g_queue_clear_full (&self->held, held_free);
  self->held_load = (DgwMailboxLoad){0, 0};
}

static gboolean
is_empty (GList *link)
{
  return link && ((DgwGatewayHeld *)link->data)->action.dispatch.json == NULL;
}

/* The last of several sequences says it all. */
static void
empty (DgwGateway *self,
       GList      *link)
{
  DgwGatewayHeld *held = link->data;

  uncount (self, held);
  g_clear_pointer (&held->action.dispatch.json, dgw_json_unref);
  held->action.dispatch.name = NULL;
  if (!is_empty (link->prev))
    return;

  held_free (link->prev->data);
  g_queue_delete_link (&self->held, link->prev);
}

void
dgw_gateway_sweep_events (DgwGateway     *self,
                          DgwGatewayJudge judge,
                          gpointer        user_data)
{
  for (GList *l = self->held.head; l != NULL; l = l->next)
    {
      DgwGatewayHeld *held = l->data;

      if (held->is_told || judge (self, &held->action, user_data) != DGW_GATEWAY_SKIP)
        continue;

      held->is_told = TRUE;
      if (!dgw_gateway_minds_event (&held->action))
        empty (self, l);
    }
}

DgwMailboxLoad
dgw_gateway_get_held_load (DgwGateway *self)
{
  return self->held_load;
}

/* The address that was looked up for all gateways of a bot. */
void
dgw_gateway_set_first_url (DgwGateway *self,
                           const char *url)
{
  if (dgw_set_str (&self->options.engine.first_url, url) && self->link)
    dgw_link_set_options (self->link, &self->options);
}
