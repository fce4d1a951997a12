/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dgw-gateway-error.h"
#include "engine/dgw-engine-private.h"
#include "engine/dgw-engine-table-private.h"

G_BEGIN_DECLS

/* An engine with a clock of its own. What it wants done is compared as text:
 *
 *   LOOKUP  CONNECT host  SEND op [d of op 1; id and seq of op 6]  CLOSE code
 *   DROP  WANT_PERMIT  END_PERMIT  STATUS nick  DISPATCH name s
 *   SESSION id | -  HELLO ms  ACKED us  INVALIDATED 0|1  DISCONNECTED code 0|1
 *   RECONNECTING attempt  ERROR nick | -  FAILED nick  DONE id [nick | xN]  STOPPED
 *
 * joined by ", ". xN: so many answers. No text but an identify or a resume may hold the token. */
typedef struct
{
  DgwEngine       *engine;
  DgwEngineOptions options;
  gint64           now_us;
  gint64           delay_us;   /* of the last RECONNECTING */
  gint64           due_us;     /* of the last RECONNECTING */
  gint64           average_us; /* of the last ACKED */
  char            *sent;       /* text of the last SEND */
  char            *url;        /* of the last CONNECT */
  char            *reason;     /* of the last DISCONNECTED or CLOSE */
  char            *message;    /* of the last ERROR, FAILED or DONE */
} Rig;

#define RIG_TOKEN  "MTk4NjIyNDgzNDcxOTI1MjQ4.secret"
#define RIG_MAIN   "ws://127.0.0.1:1001"
#define RIG_RESUME "ws://127.0.0.1:1002"
#define SECOND     ((gint64)G_USEC_PER_SEC)
#define MS         ((gint64)1000)

/* With RIG_MAIN as the address that is set; url NULL: looked up. */
Rig *rig_new (void);
Rig *rig_new_with_url (const char *url);
void rig_free (Rig *rig);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rig, rig_free)

/* Takes rig->options over. */
void rig_set_options (Rig *rig);

/* All actions that wait, as text. */
char *rig_take (Rig *rig);
#define rig_expect(rig, expected)               \
  G_STMT_START                                  \
  {                                             \
    g_autofree char *actions_ = rig_take (rig); \
    g_assert_cmpstr (actions_, ==, expected);   \
  }                                             \
  G_STMT_END

void rig_frame (Rig        *rig,
                const char *text);
void rig_dispatch (Rig        *rig,
                   const char *name,
                   gint64      sequence);
void rig_hello (Rig  *rig,
                guint interval_ms);
void rig_ready (Rig        *rig,
                const char *session_id,
                gint64      sequence);
void rig_resumed (Rig   *rig,
                  gint64 sequence);
void rig_ack (Rig *rig);
void rig_closed (Rig  *rig,
                 guint code);
void rig_connect_failed (Rig  *rig,
                         guint http_status);
void rig_answer (Rig        *rig,
                 const char *url,
                 guint       remaining);

/* Ticks at each deadline on the way. */
void rig_advance (Rig   *rig,
                  gint64 duration_us);
/* One tick, however many deadlines lie before it. */
void rig_jump (Rig   *rig,
               gint64 duration_us);
/* To the next deadline, and one tick there. */
void rig_tick (Rig *rig);

/* Whole stretches; what they do is taken away. */
void rig_go_live (Rig *rig);              /* start to READY with session S1, s 1 */
void rig_go_stable (Rig *rig);            /* and two seconds of it, with s 5 */
void rig_reconnect (Rig *rig);            /* from BACKOFF to AWAIT_HELLO */
void rig_identify_again (Rig        *rig, /* from BACKOFF to READY */
                         const char *session_id);

/* Lines logged since the last call. */
guint rig_take_warnings (void);
guint rig_take_debug_lines (void);
/* To be called in main, after g_test_init: keeps logs, looks for the token. */
void rig_init (void);

G_END_DECLS
