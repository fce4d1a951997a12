/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-intents.h"
#include "base/dgw-log-private.h"
#include "dgw-event-payload-private.h"
#include "dgw-event-signals-private.h"
#include "dgw-event-table-private.h"
#include "gateway/dgw-gateway-private.h"
#include "values/dgw-entity-private.h"
#include "values/dgw-event-private.h"

/* From a dispatch to its signals: first `event`, then the typed one. What
 * nobody listens to is not made. */

/* Who listened a moment ago listens still, as a rule, and asking costs a good
 * part of what emitting does. When nobody does, some events are made in vain. */
#define EVENTS_PER_LOOK 64

/* Of the typed signals, by event type; 0 for UNKNOWN. */
static guint typed_signals[DGW_N_EVENTS + 1];

void
dgw_gateway_install_event_signals (GObjectClass *object_class)
{
  dgw_event_signals_install (object_class, typed_signals);
}

static const GQuark *
get_known_details (void)
{
  static GQuark *shared = NULL;

  if (g_once_init_enter (&shared))
    {
      GQuark *details = g_new0 (GQuark, DGW_N_EVENTS + 1);

      for (guint type = 1; type <= DGW_N_EVENTS; type++)
        details[type] = g_quark_from_static_string (dgw_event_info_by_type (type)->name);
      g_once_init_leave (&shared, details);
    }

  return shared;
}

/* A name that the catalogue lacks and that is no quark yet is one that nobody
 * has connected to: it is not made one, or a peer could fill the memory with
 * them. */
static GQuark
get_detail (const DgwAction *action)
{
  return action->dispatch.type != DGW_EVENT_TYPE_UNKNOWN ? get_known_details ()[action->dispatch.type]
                                                         : g_quark_try_string (action->dispatch.name);
}

/* With a detail, GLib looks for handlers of just this detail; those without one
 * hear the event too. The first question answers for both, if with no. */
gboolean
dgw_gateway_is_heard (DgwGateway *self,
                      guint       signal,
                      GQuark      detail)
{
  return g_signal_handler_find (self, G_SIGNAL_MATCH_ID, signal, 0, NULL, NULL, NULL) != 0 &&
         (g_signal_has_handler_pending (self, signal, 0, FALSE) ||
          (detail != 0 && g_signal_has_handler_pending (self, signal, detail, FALSE)));
}

static gboolean
is_wanted (DgwGateway *self,
           GQuark      detail)
{
  if (self->n_events_to_look == 0)
    {
      if (!dgw_gateway_is_heard (self, dgw_gateway_signals[DGW_GATEWAY_EVENT], detail) &&
          !dgw_gateway_is_observed (self, detail))
        return FALSE;
      self->n_events_to_look = EVENTS_PER_LOOK;
    }
  self->n_events_to_look--;

  return TRUE;
}

static gboolean
is_typed_heard (DgwGateway *self,
                guint       type)
{
  return typed_signals[type] != 0 && g_signal_has_handler_pending (self, typed_signals[type], 0, FALSE);
}

/* The event before this one, if no handler kept it, or else a new one. */
static DgwEvent *
make_event (DgwGateway *self,
            DgwAction  *action)
{
  DgwEvent *event = g_steal_pointer (&self->spare_event);
  DgwJson  *json = dgw_json_ref (action->dispatch.json);

  if (event == NULL)
    return dgw_event_new (json, action->dispatch.name, action->dispatch.type, action->dispatch.sequence,
                          self->options.engine.shard_id, action->dispatch.received_us);

  dgw_event_renew (event, json, action->dispatch.name, action->dispatch.type, action->dispatch.sequence,
                   self->options.engine.shard_id, action->dispatch.received_us);
  return event;
}

/* From now on the worker parses large events of this type, lest the
 * application's loop has to. */
static void
parse_ahead (DgwGateway *self,
             guint       type)
{
  if (self->parsed_ahead[type] || self->link == NULL)
    return;

  self->parsed_ahead[type] = TRUE;
  dgw_link_parse_ahead (self->link, type);
}

/* Of the event of this type before, if no handler kept it; NULL for data that is
 * no object. */
static DgwEntity *
make_data (DgwGateway      *self,
           const DgwAction *action)
{
  DgwEntity **spare = &self->spare_data[action->dispatch.type];
  DgwJsonView data;

  if (*spare == NULL)
    return dgw_event_make_data (action->dispatch.json, action->dispatch.type);

  data = dgw_json_get_data (action->dispatch.json);
  if (dgw_json_view_get_kind (data) != DGW_JSON_OBJECT)
    return NULL;

  dgw_entity_renew (*spare, data);

  return g_steal_pointer (spare);
}

static void
emit_data (DgwGateway      *self,
           const DgwAction *action)
{
  const guint type = action->dispatch.type;
  g_autoptr (DgwEntity) data = make_data (self, action);

  if (data == NULL)
    return;

  g_signal_emit (self, typed_signals[type], 0, data);
  if (self->spare_data[type] == NULL && dgw_entity_reclaim (data))
    self->spare_data[type] = g_steal_pointer (&data);
}

/* event: NULL when nobody listens to `event`. An event without a class of its
 * own stands for its data. */
static void
emit_typed (DgwGateway *self,
            DgwAction  *action,
            DgwEvent   *event)
{
  const guint type = action->dispatch.type;

  parse_ahead (self, type);
  if (dgw_event_payload_get_type (type) == G_TYPE_INVALID)
    {
      g_autoptr (DgwEvent) bare = event != NULL ? g_object_ref (event) : make_event (self, action);

      g_signal_emit (self, typed_signals[type], 0, bare);
    }
  else if (event == NULL)
    {
      emit_data (self, action);
    }
  else if (dgw_event_get_entity (event) != NULL)
    {
      g_signal_emit (self, typed_signals[type], 0, dgw_event_get_entity (event));
    }
}

void
dgw_gateway_emit_event (DgwGateway *self,
                        DgwAction  *action)
{
  GQuark detail = get_detail (action);
  g_autoptr (DgwEvent) event = NULL;

  if (is_wanted (self, detail))
    {
      event = make_event (self, action);
      g_signal_emit (self, dgw_gateway_signals[DGW_GATEWAY_EVENT], detail, event);
    }
  if (is_typed_heard (self, action->dispatch.type))
    emit_typed (self, action, event);
  if (event != NULL && self->observer != NULL)
    self->observer->event (self, detail, event, self->observer_data);

  if (event != NULL && self->spare_event == NULL && dgw_event_reclaim (event))
    self->spare_event = g_steal_pointer (&event);
}

void
dgw_gateway_clear_spares (DgwGateway *self)
{
  g_clear_object (&self->spare_event);
  for (guint type = 0; type <= DGW_N_EVENTS; type++)
    g_clear_object (&self->spare_data[type]);
}

static void
warn_deaf (DgwGateway         *self,
           const DgwEventInfo *info)
{
  g_autofree char *intents = dgw_intents_to_string (info->intents);

  dgw_warning (NULL,
               "There is a handler for %s, which does not come: none of the intents that bring it is set (%s)",
               info->name, intents);
}

/* GObject does not tell when a handler is connected. So this is called now and
 * then: for each connection, and with each answer to a heartbeat. */
void
dgw_gateway_look_at_handlers (DgwGateway *self)
{
  const guint signal = dgw_gateway_signals[DGW_GATEWAY_EVENT];

  for (guint type = 1; type <= DGW_N_EVENTS; type++)
    {
      const DgwEventInfo *info = dgw_event_info_by_type (type);
      const gboolean      is_deaf = info->intents != 0 && (info->intents & self->options.engine.intents) == 0;

      if (is_typed_heard (self, type))
        parse_ahead (self, type);
      else if (!is_deaf || !g_signal_has_handler_pending (self, signal, get_known_details ()[type], FALSE))
        continue;

      if (is_deaf && !self->warned_deaf[type])
        {
          self->warned_deaf[type] = TRUE;
          warn_deaf (self, info);
        }
    }
}
