/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "dgw-event-table-private.h"
#include "gateway/dgw-gateway.h"
#include "worker/dgw-host-private.h"
#include "worker/dgw-link-private.h"
#include "worker/dgw-mailbox-private.h"
#include "worker/dgw-timer-private.h"

G_BEGIN_DECLS

/* What the files of the gateway share; nobody else includes this.
 *
 *   dgw-gateway.c            the type
 *   dgw-gateway-lifecycle.c  open, close, suspend
 *   dgw-gateway-options.c    what is set: one table, generic access
 *   dgw-gateway-identify.c, -network.c, -limits.c   its properties and accessors
 *   dgw-gateway-permit.c     the identify limiter
 *   dgw-gateway-state.c      what is read: properties that follow the link
 *   dgw-gateway-session.c    session and metrics
 *   dgw-gateway-store.c      the session store
 *   dgw-gateway-commands.c   send, voice state, presence, info
 *   dgw-gateway-pending.c    commands that wait for the link
 *   dgw-gateway-requests.c   commands that have an answer
 *   dgw-gateway-probe.c      heartbeats on demand
 *   dgw-gateway-wait.c       waiting for one event
 *   dgw-gateway-dispatch.c   actions of the link to properties and signals
 *   dgw-gateway-events.c     dispatches to `event` and the typed signals
 *   dgw-gateway-bot.c        the bot's user and guilds, as events tell them
 *   dgw-gateway-signals.c    the signals
 *   dgw-gateway-watch.c      what a shard manager hears and holds
 *   dgw-gateway-task.c       tasks that can be cancelled; what stands for the gateway */

#define DGW_DEFAULT_API_URL "https://discord.com/api/v10"

/* What the application has asked for last; `status` is what has become of it. */
typedef enum
{
  DGW_GATEWAY_IDLE,
  DGW_GATEWAY_OPEN,
  DGW_GATEWAY_SUSPENDING, /* what was received is still delivered */
  DGW_GATEWAY_CLOSING,    /* no event any more */
} DgwGatewayPhase;

typedef enum
{
  DGW_GATEWAY_PROP_0,

  /* The options, see dgw-gateway-options.c. */
  DGW_GATEWAY_PROP_INTENTS,
  DGW_GATEWAY_PROP_SHARD_ID,
  DGW_GATEWAY_PROP_SHARD_COUNT,
  DGW_GATEWAY_PROP_COMPRESSION,
  DGW_GATEWAY_PROP_URL,
  DGW_GATEWAY_PROP_API_URL,
  DGW_GATEWAY_PROP_ALLOW_INSECURE,
  DGW_GATEWAY_PROP_AUTO_RECONNECT,
  DGW_GATEWAY_PROP_USE_RESUME_URL,
  DGW_GATEWAY_PROP_LARGE_THRESHOLD,
  DGW_GATEWAY_PROP_CAPABILITIES,
  DGW_GATEWAY_PROP_OS,
  DGW_GATEWAY_PROP_BROWSER,
  DGW_GATEWAY_PROP_DEVICE,
  DGW_GATEWAY_PROP_USER_AGENT,
  DGW_GATEWAY_PROP_TLS_DATABASE,
  DGW_GATEWAY_PROP_TLS_INTERACTION,
  DGW_GATEWAY_PROP_PROXY_RESOLVER,
  DGW_GATEWAY_PROP_IDENTIFY_LIMITER,
  DGW_GATEWAY_PROP_CONNECT_TIMEOUT,
  DGW_GATEWAY_PROP_HELLO_TIMEOUT,
  DGW_GATEWAY_PROP_READY_TIMEOUT,
  DGW_GATEWAY_PROP_RESUME_TIMEOUT,
  DGW_GATEWAY_PROP_DEAF_TIMEOUT,
  DGW_GATEWAY_PROP_COMMAND_TIMEOUT,
  DGW_GATEWAY_PROP_COMMANDS_PER_MINUTE,
  DGW_GATEWAY_PROP_RESERVED_COMMANDS,
  DGW_GATEWAY_PROP_MAX_PAYLOAD_SIZE,
  DGW_GATEWAY_PROP_MAX_BACKLOG_BYTES,
  DGW_GATEWAY_PROP_MAX_BACKLOG_EVENTS,
  DGW_GATEWAY_N_OPTIONS,

  DGW_GATEWAY_PROP_TOKEN = DGW_GATEWAY_N_OPTIONS,
  DGW_GATEWAY_PROP_PRESENCE,
  DGW_GATEWAY_PROP_SESSION,
  DGW_GATEWAY_PROP_SESSION_STORE,
  DGW_GATEWAY_PROP_USER,

  DGW_GATEWAY_PROP_STATUS,
  DGW_GATEWAY_PROP_LATENCY,
  DGW_GATEWAY_PROP_AVERAGE_LATENCY,
  DGW_GATEWAY_PROP_SESSION_ID,
  DGW_GATEWAY_PROP_RESUME_URL,
  DGW_GATEWAY_PROP_SEQUENCE,
  DGW_GATEWAY_PROP_RECONNECT_ATTEMPTS,
  DGW_GATEWAY_PROP_NEXT_RETRY,
  DGW_GATEWAY_PROP_LAST_ERROR,
  DGW_GATEWAY_PROP_NETWORK_AVAILABLE,
  DGW_GATEWAY_N_PROPS
} DgwGatewayProp;

/* What the application sees; changed in the drain only, by dgw-gateway-state.c. */
typedef struct
{
  DgwStatus      status;
  gint64         latency_us;
  gint64         average_latency_us;
  DgwResumeState session;
  guint          reconnect_attempts;
  gint64         next_retry_us;
  GError        *last_error;
  gboolean       network_available;
} DgwGatewaySnapshot;

/* How far the session of the snapshot can be trusted at the next open. */
typedef enum
{
  DGW_SESSION_GIVEN,    /* by the application: with what intents is unknown */
  DGW_SESSION_OWN,      /* made with the present options */
  DGW_SESSION_OUTDATED, /* made with other intents or another shard */
} DgwSessionOrigin;

/* What becomes of an event. */
typedef enum
{
  DGW_GATEWAY_EMIT,
  DGW_GATEWAY_SKIP, /* as if it had been emitted */
  DGW_GATEWAY_HOLD, /* to be judged anew by dgw_gateway_release_events() */
} DgwGatewayVerdict;

typedef DgwGatewayVerdict (*DgwGatewayJudge) (DgwGateway *self,
                                              DgwAction  *action,
                                              gpointer    user_data);

typedef struct _DgwGatewayHeld DgwGatewayHeld;

/* Somebody who hears of all events of several gateways. */
typedef struct
{
  gboolean (*wants) (GQuark   detail,
                     gpointer user_data);
  /* After the gateway's own handlers. */
  void (*event) (DgwGateway *self,
                 GQuark      detail,
                 DgwEvent   *event,
                 gpointer    user_data);
} DgwGatewayObserver;

/* The session store of a run, and what is still to be done with it. */
typedef struct
{
  DgwSessionStore *store; /* nullable */
  char            *key;
  char            *clear_key; /* of a session that ended; nullable */
  DgwTimer        *timer;     /* nullable: made at first need */
  gint64           saved_us;
  guint            depth;   /* of events within handlers of events */
  gboolean         is_busy; /* an operation of the store is under way */
  gboolean         is_dirty;
  gboolean         is_ahead; /* of an event whose handlers run */
  gboolean         wants_stop;
  gboolean         wants_open;
  gboolean         has_complained;
  DgwAction        sleeping; /* SLEEPING, until all is saved; its lock NULL: there is none */
} DgwGatewayKeeper;

/* Stands for the gateway where its last reference may be dropped meanwhile. */
typedef struct
{
  GWeakRef gateway;
} DgwGatewayHandle;

struct _DgwGateway
{
  GObject parent_instance;

  GThread          *owner;
  GMainContext     *context;
  DgwGatewayHandle *handle;
  DgwHostGuest     *host;

  DgwLinkOptions options;
  DgwPresence   *presence; /* nullable */

  DgwGatewayPhase    phase;
  DgwGatewaySnapshot snapshot;
  DgwSessionOrigin   session_origin;
  struct
  {
    guint id;
    guint count;
  } session_shard;
  gboolean session_changed; /* its notify is due */

  DgwSessionStore *session_store; /* nullable: for the next open */
  DgwGatewayKeeper keeper;

  DgwLink *link; /* nullable: made at first need */

  DgwPermit *permit; /* nullable: what the application's limiter is asked for */
  guint64    permit_serial;

  GTask      *open_task;  /* nullable */
  GPtrArray  *stop_tasks; /* of GTask: close, suspend, and an open that is cancelled */
  gboolean    stop_ends_session;
  GHashTable *commands;      /* guint64 -> GTask, until the link is done with them */
  GQueue      kept_commands; /* those of them that the link is told of at the next open */
  guint64     last_command_id;
  GQueue      waits;    /* for events */
  GQueue      probes;   /* questions that wait for the answer to a heartbeat */
  gint64      heard_us; /* when the newest heartbeat that was answered was sent; 0: none */
  gint64      longest_stall_us;
  DgwUser    *user;                           /* nullable */
  GTree      *guilds;                         /* id -> DgwGuildArrival; one that is not in it has joined */
  DgwEntity  *spare_data[DGW_N_EVENTS + 1];   /* by event type, as spare_event */
  DgwEvent   *spare_event;                    /* one that nobody kept, for the next event; nullable */
  guint       n_events_to_look;               /* until it is asked again whether anybody wants them */
  gboolean    parsed_ahead[DGW_N_EVENTS + 1]; /* by event type: the link was told to */
  gboolean    warned_deaf[DGW_N_EVENTS + 1];

  const DgwGatewayObserver *observer; /* nullable */
  gpointer                  observer_data;
  DgwGatewayJudge           judge; /* nullable: all are emitted */
  gpointer                  judge_data;
  gboolean                  is_holding; /* the judge does */
  GQueue                    held;       /* of DgwGatewayHeld */
  DgwMailboxLoad            held_load;
  DgwGatewayHeld           *released; /* of those, the one that is dispatched now; nullable */
};

extern GParamSpec *dgw_gateway_properties[DGW_GATEWAY_N_PROPS];

/* dgw-gateway.c */
gboolean dgw_gateway_in_own_thread (DgwGateway *self);

/* dgw-gateway-lifecycle.c */
void   dgw_gateway_ensure_link (DgwGateway *self);
void   dgw_gateway_begin (DgwGateway *self);
void   dgw_gateway_opened (DgwGateway *self);
void   dgw_gateway_stopped (DgwGateway *self);
GTask *dgw_gateway_take_failed_open (DgwGateway *self) G_GNUC_WARN_UNUSED_RESULT;
void   dgw_gateway_abandon (DgwGateway *self);

/* dgw-gateway-options.c */
void     dgw_gateway_install_options (GObjectClass *object_class);
void     dgw_gateway_init_options (DgwGateway *self);
gboolean dgw_gateway_check_options (DgwGateway *self,
                                    GError    **error);
gboolean dgw_gateway_check_api_options (DgwGateway *self,
                                        GError    **error);
void     dgw_gateway_set_token (DgwGateway *self,
                                const char *token);
void     dgw_gateway_get_option (DgwGateway    *self,
                                 DgwGatewayProp prop,
                                 GValue        *value);
void     dgw_gateway_set_option (DgwGateway    *self,
                                 DgwGatewayProp prop,
                                 const GValue  *value);
void     dgw_gateway_set_number (DgwGateway    *self,
                                 DgwGatewayProp prop,
                                 guint64        number);
void     dgw_gateway_set_text (DgwGateway    *self,
                               DgwGatewayProp prop,
                               const char    *text);
void     dgw_gateway_set_object (DgwGateway    *self,
                                 DgwGatewayProp prop,
                                 gpointer       object);

/* dgw-gateway-permit.c */
const DgwPermitFuncs *dgw_gateway_get_permit_funcs (void);
void                  dgw_gateway_want_permit (DgwGateway *self,
                                               guint64     serial);
void                  dgw_gateway_end_permit (DgwGateway *self,
                                              gboolean    is_used);
void                  dgw_gateway_take_answer (DgwGateway             *self,
                                               const DgwGatewayAnswer *answer);

/* dgw-gateway-state.c */
void dgw_gateway_install_state (GObjectClass *object_class);
void dgw_gateway_init_state (DgwGateway *self);
void dgw_gateway_clear_state (DgwGateway *self);
void dgw_gateway_get_state (DgwGateway    *self,
                            DgwGatewayProp prop,
                            GValue        *value);
void dgw_gateway_take_status (DgwGateway *self,
                              DgwStatus   status);
void dgw_gateway_take_latency (DgwGateway *self,
                               gint64      latency_us,
                               gint64      average_us);
void dgw_gateway_take_retry (DgwGateway *self,
                             guint       attempts,
                             gint64      due_us);
void dgw_gateway_take_error (DgwGateway   *self,
                             const GError *error);
void dgw_gateway_take_session (DgwGateway *self,
                               const char *id,
                               const char *url);
void dgw_gateway_take_sequence (DgwGateway *self,
                                gint64      sequence);
void dgw_gateway_watch_network (DgwGateway *self);
void dgw_gateway_unwatch_network (DgwGateway *self);

/* dgw-gateway-session.c */
void dgw_gateway_install_session (GObjectClass *object_class);
void dgw_gateway_push_session (DgwGateway *self);

/* dgw-gateway-store.c */
void     dgw_gateway_install_store (GObjectClass *object_class);
void     dgw_gateway_open_store (DgwGateway *self);
void     dgw_gateway_leave_store (DgwGateway *self);
gboolean dgw_gateway_flush_store (DgwGateway *self);
void     dgw_gateway_forget_in_store (DgwGateway *self);
void     dgw_gateway_begin_in_store (DgwGateway *self);
void     dgw_gateway_enter_in_store (DgwGateway *self);
void     dgw_gateway_advance_in_store (DgwGateway *self);
void     dgw_gateway_refresh_in_store (DgwGateway *self);
void     dgw_gateway_sleep_in_store (DgwGateway *self,
                                     DgwAction  *action);
void     dgw_gateway_abandon_store (DgwGateway *self);

/* dgw-gateway-commands.c */
void     dgw_gateway_install_presence (GObjectClass *object_class);
gboolean dgw_gateway_check_id (GTask      *task,
                               const char *id);
void     dgw_gateway_push_presence (DgwGateway *self,
                                    guint64     id);

/* dgw-gateway-pending.c */
guint64 dgw_gateway_add_command (DgwGateway *self,
                                 GTask      *task);
void    dgw_gateway_send_command (GTask      *task,
                                  guint       opcode,
                                  const char *text);
void    dgw_gateway_send_request (GTask      *task,
                                  guint       opcode,
                                  const char *text);
void    dgw_gateway_send_kept_commands (DgwGateway *self);
void    dgw_gateway_end_kept_commands (DgwGateway *self);
/* But those that are kept. */
void     dgw_gateway_end_commands (DgwGateway *self);
void     dgw_gateway_command_done (DgwGateway   *self,
                                   guint64       id,
                                   const GError *error,
                                   GPtrArray    *answers);
gboolean dgw_gateway_command_cancelled (GCancellable *cancellable,
                                        gpointer      user_data);
gboolean dgw_gateway_refuse_command (DgwGateway *self,
                                     GTask      *task);

/* dgw-gateway-probe.c */
void dgw_gateway_take_beat (DgwGateway *self,
                            gint64      sent_us,
                            gint64      latency_us);
void dgw_gateway_end_probes (DgwGateway *self);

/* dgw-gateway-wait.c */
void dgw_gateway_end_waits (DgwGateway   *self,
                            const GError *error);

/* dgw-gateway-requests.c */
void dgw_gateway_take_answers (GTask     *task,
                               guint64    id,
                               GPtrArray *answers);

/* dgw-gateway-watch.c: what a shard manager does with its gateways. Their user
 * data is borrowed: both are unset with NULL before it goes. */
void dgw_gateway_set_observer (DgwGateway               *self,
                               const DgwGatewayObserver *observer,
                               gpointer                  user_data);
void dgw_gateway_set_judge (DgwGateway     *self,
                            DgwGatewayJudge judge,
                            gpointer        user_data);
/* Of a judge that holds events: it sees each that comes. Another one takes its
 * place before they are released. */
void     dgw_gateway_hold_events (DgwGateway     *self,
                                  DgwGatewayJudge judge,
                                  gpointer        user_data);
gboolean dgw_gateway_is_observed (DgwGateway *self,
                                  GQuark      detail);
/* HOLD: it has been taken. */
DgwGatewayVerdict dgw_gateway_judge (DgwGateway *self,
                                     DgwAction  *action);
void              dgw_gateway_release_events (DgwGateway *self);
void              dgw_gateway_drop_events (DgwGateway *self);
/* What is judged SKIP is counted as held no more; it goes by in its turn. */
void           dgw_gateway_sweep_events (DgwGateway     *self,
                                         DgwGatewayJudge judge,
                                         gpointer        user_data);
DgwMailboxLoad dgw_gateway_get_held_load (DgwGateway *self);
void           dgw_gateway_set_first_url (DgwGateway *self,
                                          const char *url);

/* dgw-gateway-dispatch.c */
void                   dgw_gateway_dispatch (DgwGateway *self,
                                             DgwAction  *action);
const DgwLinkHandlers *dgw_gateway_get_link_handlers (void);

/* dgw-gateway-events.c */
void     dgw_gateway_install_event_signals (GObjectClass *object_class);
void     dgw_gateway_emit_event (DgwGateway *self,
                                 DgwAction  *action);
void     dgw_gateway_clear_spares (DgwGateway *self);
void     dgw_gateway_look_at_handlers (DgwGateway *self);
gboolean dgw_gateway_is_heard (DgwGateway *self,
                               guint       signal,
                               GQuark      detail);

/* dgw-gateway-bot.c */
void dgw_gateway_install_user (GObjectClass *object_class);
void dgw_gateway_init_bot (DgwGateway *self);
void dgw_gateway_clear_bot (DgwGateway *self);
void dgw_gateway_take_event (DgwGateway      *self,
                             const DgwAction *action);
/* Whether that looks at its content. */
gboolean dgw_gateway_minds_event (const DgwAction *action);

/* dgw-gateway-signals.c */
typedef enum
{
  DGW_GATEWAY_EVENT,
  DGW_GATEWAY_HELLO,
  DGW_GATEWAY_HEARTBEAT_ACKED,
  DGW_GATEWAY_DISCONNECTED,
  DGW_GATEWAY_RECONNECTING,
  DGW_GATEWAY_SESSION_INVALIDATED,
  DGW_GATEWAY_FAILED,
  DGW_GATEWAY_APPLICATION_STALLED,
  DGW_GATEWAY_N_SIGNALS
} DgwGatewaySignal;

extern guint dgw_gateway_signals[DGW_GATEWAY_N_SIGNALS];

void dgw_gateway_install_signals (GObjectClass *object_class);

/* dgw-gateway-task.c: a GTask whose cancellable is watched while it is pending. */
GTask *dgw_gateway_task_new (DgwGateway         *self,
                             GCancellable       *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer            user_data,
                             gpointer            source_tag) G_GNUC_WARN_UNUSED_RESULT;
void   dgw_gateway_task_watch (GTask                 *task,
                               GCancellableSourceFunc cancelled);
void   dgw_gateway_task_unwatch (GTask *task);
void   dgw_gateway_task_succeed (GTask *task);
void   dgw_gateway_task_fail (GTask  *task,
                              GError *error);

DgwGatewayHandle *dgw_gateway_handle_new (DgwGateway *self) G_GNUC_WARN_UNUSED_RESULT;
DgwGatewayHandle *dgw_gateway_handle_ref (DgwGatewayHandle *handle);
void              dgw_gateway_handle_unref (DgwGatewayHandle *handle);

G_END_DECLS
