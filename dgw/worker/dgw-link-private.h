/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "engine/dgw-engine-private.h"
#include "worker/dgw-permit-private.h"

G_BEGIN_DECLS

/* One gateway's connection: engine, codec and transport on the worker thread,
 * seen from the application's thread. All functions here are called from the
 * thread that made the link; both handlers run in the main context that was
 * given, in slices short enough for a user interface. */
typedef struct _DgwLink DgwLink;

typedef struct
{
  DgwEngineOptions      engine; /* external_permits is the link's to set */
  char                 *api_url;
  char                 *user_agent;
  GTlsDatabase         *tls_database;     /* NULL: the system's */
  GTlsInteraction      *tls_interaction;  /* nullable */
  GProxyResolver       *proxy_resolver;   /* NULL: the default */
  GObject              *identify_limiter; /* NULL: the engine limits itself */
  const DgwPermitFuncs *permit_funcs;     /* of identify_limiter */
  guint64               max_payload_size;
  guint64               max_backlog_bytes;
  guint                 max_backlog_events;
} DgwLinkOptions;

void dgw_link_options_copy (const DgwLinkOptions *options,
                            DgwLinkOptions       *copy);
void dgw_link_options_clear (DgwLinkOptions *options);

typedef struct
{
  /* The application's group of DgwAction, in order, and for a limiter that the
   * application has to ask WANT_PERMIT, END_PERMIT and ANSWER. The handler may
   * steal what the action owns; the link clears the rest. It may free the link. */
  void (*action) (DgwAction *action,
                  gpointer   user_data);
  /* The application took so long to take the first of its waiting actions;
   * called before them, when it was over a second. */
  void (*stalled) (gint64   duration_us,
                   gpointer user_data);
} DgwLinkHandlers;

typedef struct
{
  DgwEngineStats engine;
  guint64        events;
  guint64        payloads;
  guint64        bytes_in;       /* of WebSocket messages, as received */
  guint64        bytes_inflated; /* of payload texts */
  guint64        bytes_out;
  guint64        backlog_bytes; /* waiting for the application now */
  guint          backlog_events;
} DgwLinkMetrics;

DgwLink *dgw_link_new (const DgwLinkOptions  *options,
                       guint32                seed,
                       GMainContext          *context,
                       const DgwLinkHandlers *handlers,
                       gpointer               user_data) G_GNUC_WARN_UNUSED_RESULT;
/* Nothing is delivered afterwards; the worker winds down by itself: no close
 * frame is sent and nobody waits. */
void dgw_link_free (DgwLink *self);

void dgw_link_set_options (DgwLink              *self,
                           const DgwLinkOptions *options);
void dgw_link_set_session (DgwLink              *self,
                           const DgwResumeState *state);
void dgw_link_open (DgwLink *self);
void dgw_link_stop (DgwLink    *self,
                    DgwStopKind kind,
                    guint       code,
                    const char *reason);
void dgw_link_send (DgwLink    *self,
                    guint64     id,
                    guint       opcode,
                    const char *data);
/* Opcodes 8, 31 and 43: done with the documents of the answer. */
void dgw_link_request (DgwLink    *self,
                       guint64     id,
                       guint       opcode,
                       const char *data);
void dgw_link_cancel_send (DgwLink *self,
                           guint64  id);
void dgw_link_set_presence (DgwLink    *self,
                            guint64     id,
                            const char *data);
/* A heartbeat now; ACKED tells when it was sent. */
void dgw_link_probe (DgwLink *self);
/* The answer to a WANT_PERMIT with this serial; error is NULL when there is a
 * slot. An END_PERMIT tells what became of it, or that it came too late. */
void dgw_link_answer_permit (DgwLink      *self,
                             guint64       serial,
                             const GError *error);
/* Large payloads of this event type are parsed on the worker from now on. */
void dgw_link_parse_ahead (DgwLink *self,
                           guint    event_type);
/* As of the last hand-over from the worker. */
void dgw_link_get_metrics (DgwLink        *self,
                           DgwLinkMetrics *metrics);

/* GET /gateway/bot, whatever the state of the connection. The callback comes
 * in the caller's thread-default context, also when the link is gone by then. */
void     dgw_link_fetch_answer_async (DgwLink            *self,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data);
gboolean dgw_link_fetch_answer_finish (GAsyncResult     *result,
                                       DgwGatewayAnswer *answer,
                                       GError          **error);

G_END_DECLS
