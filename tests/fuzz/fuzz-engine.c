/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine-world.h"

#include <string.h>

#include "fuzz.h"

/* Any inputs in any order, with what must hold whatever comes; then a good server
 * and a patient application, with which the engine has to get to READY again. An
 * input of the engine is a byte of Input and what belongs to it. */

/* seeds.py knows these by number. */
typedef enum
{
  INPUT_SENSIBLE,       /* what a good server does next: a byte */
  INPUT_FRAME,          /* a payload, up to the end of the line */
  INPUT_PASS_TIME,      /* two bytes: how long, squared */
  INPUT_TO_DEADLINE,    /* */
  INPUT_START,          /* */
  INPUT_STOP,           /* a byte: the kind; a code of two bytes */
  INPUT_OPENED,         /* */
  INPUT_ANSWER,         /* a byte: address and identifies that are left */
  INPUT_LOOKUP_FAILED,  /* a byte: status; a byte: seconds of Retry-After */
  INPUT_CONNECT_FAILED, /* the same */
  INPUT_CLOSED,         /* a code of two bytes */
  INPUT_CUT,            /* */
  INPUT_ALIVE,          /* */
  INPUT_BAD_PAYLOAD,    /* a byte: what is wrong */
  INPUT_PERMIT,         /* a byte: granted or denied */
  INPUT_COMMAND,        /* a byte: opcode; data, up to the end of the line */
  INPUT_REQUEST,        /* the same */
  INPUT_CANCEL,         /* a byte: which of the last */
  INPUT_PRESENCE,       /* a byte: one or none */
  INPUT_HOLD,           /* */
  INPUT_RELEASE,        /* */
  INPUT_NETWORK,        /* a byte */
  INPUT_WOKE,           /* two bytes: seconds */
  INPUT_OPTIONS,        /* three bytes */
  INPUT_SESSION,        /* a byte: its sequence, 0: none */
  N_INPUTS,
} Input;

#define MAX_INPUTS   2000
#define SETTLE_STEPS 400

static const guint statuses[] = {0, 0, 200, 401, 403, 404, 429, 500, 503, 520};

void
fuzz_target_init (void)
{
  rig_init ();
}

static void
tick (World *world)
{
  Rig *rig = world->rig;

  dgw_engine_tick (rig->engine, rig->now_us);
  g_assert_cmpint (dgw_engine_get_deadline (rig->engine), >, rig->now_us);
}

static void
pass_time (World  *world,
           guint64 number)
{
  world->rig->now_us += (gint64)(number * number);
  tick (world);
}

static void
go_to_deadline (World *world)
{
  const gint64 deadline_us = dgw_engine_get_deadline (world->rig->engine);

  if (deadline_us != G_MAXINT64)
    world->rig->now_us = MAX (world->rig->now_us, deadline_us);
  tick (world);
}

static void
feed_stop (World     *world,
           FuzzInput *input)
{
  const DgwStopKind kind = fuzz_take_byte (input) % 3;
  const guint       code = (guint)fuzz_take_number (input, 2);

  /* Those that an application may choose. */
  dgw_engine_stop (world->rig->engine, kind, code >= 3000 && code <= 4999 ? code : 1000 + code % 2, "bye", world->rig->now_us);
}

static void
feed_answer (World *world,
             guint8 number)
{
  static const char *const urls[] = {
    RIG_MAIN, "wss://gateway.example", "wss://gateway.example/?v=9&x=1", "ws://gateway.example", "wss://u@gateway.example", "", "gateway", "wss://[::1"};

  rig_answer (world->rig, urls[number % G_N_ELEMENTS (urls)], number / G_N_ELEMENTS (urls));
}

static void
feed_failure (World     *world,
              FuzzInput *input,
              gboolean   is_lookup)
{
  Rig         *rig = world->rig;
  const guint  status = statuses[fuzz_take_byte (input) % G_N_ELEMENTS (statuses)];
  const guint8 seconds = fuzz_take_byte (input);
  const gint64 retry_after_us = seconds > 0 ? seconds * SECOND : -1;
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "No such luck");

  if (is_lookup)
    dgw_engine_looked_up (rig->engine, NULL, status, retry_after_us, status % 2 ? NULL : error, rig->now_us);
  else
    dgw_engine_connect_failed (rig->engine, status, retry_after_us, error, rig->now_us);
}

static void
feed_cut (World *world)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "Cut");

  dgw_engine_closed (world->rig->engine, 0, NULL, error, world->rig->now_us);
}

static void
feed_bad_payload (World *world,
                  guint8 number)
{
  static const DgwGatewayError codes[] = {DGW_GATEWAY_ERROR_PROTOCOL, DGW_GATEWAY_ERROR_DECOMPRESSION, DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE};
  g_autoptr (GError) error = g_error_new_literal (DGW_GATEWAY_ERROR, codes[number % G_N_ELEMENTS (codes)], "Bad");

  dgw_engine_bad_payload (world->rig->engine, error, world->rig->now_us);
}

static void
feed_permit (World *world,
             guint8 number)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "No slot");

  if (number % 4 > 0)
    dgw_engine_permit_granted (world->rig->engine, world->rig->now_us);
  else
    dgw_engine_permit_denied (world->rig->engine, error, world->rig->now_us);
}

/* The application's data is JSON that the library wrote itself. */
static void
feed_call (World     *world,
           FuzzInput *input,
           gboolean   is_request)
{
  static const guint opcodes[] = {8, 31, 43};
  const guint8       number = fuzz_take_byte (input);
  g_autofree char   *data = fuzz_take_text (input, '\n');
  g_autoptr (DgwJson) json = dgw_json_new_copy (data, strlen (data));
  Rig *rig = world->rig;

  /* Nobody asks it to send the token. */
  if (!dgw_json_parse (json, NULL) || strstr (data, RIG_TOKEN) != NULL)
    return;
  if (is_request)
    dgw_engine_request (rig->engine, world_new_id (world), opcodes[number % G_N_ELEMENTS (opcodes)], data, rig->now_us);
  else
    dgw_engine_command (rig->engine, world_new_id (world), number % 64, data, rig->now_us);
}

static void
feed_presence (World *world,
               guint8 number)
{
  dgw_engine_set_presence (world->rig->engine, number & 2 ? 0 : world_new_id (world), number & 1 ? "{\"status\":\"idle\"}" : NULL,
                           world->rig->now_us);
}

static void
feed_options (World     *world,
              FuzzInput *input)
{
  static const char *const urls[] = {NULL, RIG_MAIN, "ws://gateway.example", "wss://gateway.example"};
  DgwEngineOptions        *options = &world->rig->options;
  const guint8             bits = fuzz_take_byte (input);

  options->auto_reconnect = (bits & 1) == 0;
  options->external_permits = (bits & 2) != 0;
  options->use_resume_url = (bits & 4) == 0;
  options->allow_insecure = (bits & 8) != 0;
  options->deaf_timeout_ms = bits & 16 ? 50000 : 0;
  g_free (options->url);
  options->url = g_strdup (urls[bits >> 6]);
  options->intents = fuzz_take_byte (input);
  options->commands_per_minute = 10 + fuzz_take_byte (input) % 111;
  rig_set_options (world->rig);
}

static void
feed_session (World *world,
              guint8 sequence)
{
  g_auto (DgwResumeState) state = DGW_RESUME_STATE_INIT;

  if (world->is_running)
    return;

  dgw_resume_state_set (&state, "S7", sequence & 1 ? RIG_RESUME : NULL, sequence);
  dgw_engine_set_session (world->rig->engine, sequence > 0 ? &state : NULL);
}

static void
feed_transport (World     *world,
                FuzzInput *input,
                Input      what)
{
  Rig *rig = world->rig;

  switch ((guint)what)
    {
    case INPUT_OPENED:
      dgw_engine_opened (rig->engine, rig->now_us);
      break;
    case INPUT_ANSWER:
      feed_answer (world, fuzz_take_byte (input));
      break;
    case INPUT_LOOKUP_FAILED:
      feed_failure (world, input, TRUE);
      break;
    case INPUT_CONNECT_FAILED:
      feed_failure (world, input, FALSE);
      break;
    case INPUT_CLOSED:
      rig_closed (rig, (guint)fuzz_take_number (input, 2));
      break;
    case INPUT_CUT:
      feed_cut (world);
      break;
    case INPUT_ALIVE:
      dgw_engine_alive (rig->engine, rig->now_us);
      break;
    case INPUT_BAD_PAYLOAD:
      feed_bad_payload (world, fuzz_take_byte (input));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
feed_application (World     *world,
                  FuzzInput *input,
                  Input      what)
{
  Rig *rig = world->rig;

  switch ((guint)what)
    {
    case INPUT_PERMIT:
      feed_permit (world, fuzz_take_byte (input));
      break;
    case INPUT_COMMAND:
      feed_call (world, input, FALSE);
      break;
    case INPUT_REQUEST:
      feed_call (world, input, TRUE);
      break;
    case INPUT_CANCEL:
      dgw_engine_cancel_command (rig->engine, world->next_id - fuzz_take_byte (input) % 8, rig->now_us);
      break;
    case INPUT_PRESENCE:
      feed_presence (world, fuzz_take_byte (input));
      break;
    case INPUT_HOLD:
      dgw_engine_hold (rig->engine, rig->now_us);
      break;
    case INPUT_RELEASE:
      dgw_engine_release (rig->engine, rig->now_us);
      break;
    case INPUT_OPTIONS:
      feed_options (world, input);
      break;
    case INPUT_SESSION:
      feed_session (world, fuzz_take_byte (input));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
feed_frame (World     *world,
            FuzzInput *input)
{
  g_autofree char *text = fuzz_take_text (input, '\n');

  rig_frame (world->rig, text);
}

static void
feed_network (World *world,
              guint8 number)
{
  dgw_engine_set_network (world->rig->engine, number % 3, (number & 4) != 0, world->rig->now_us);
}

static void
feed (World     *world,
      FuzzInput *input)
{
  Rig        *rig = world->rig;
  const Input what = fuzz_take_byte (input) % N_INPUTS;

  switch ((guint)what)
    {
    case INPUT_SENSIBLE:
      world_feed_sensible (world, fuzz_take_byte (input) * 251u);
      break;
    case INPUT_FRAME:
      feed_frame (world, input);
      break;
    case INPUT_PASS_TIME:
      pass_time (world, fuzz_take_number (input, 2));
      break;
    case INPUT_TO_DEADLINE:
      go_to_deadline (world);
      break;
    case INPUT_START:
      world_start (world);
      break;
    case INPUT_STOP:
      feed_stop (world, input);
      break;
    case INPUT_NETWORK:
      feed_network (world, fuzz_take_byte (input));
      break;
    case INPUT_WOKE:
      dgw_engine_woke (rig->engine, (gint64)fuzz_take_number (input, 2) * SECOND, rig->now_us);
      break;
    default:
      if (what >= INPUT_OPENED && what <= INPUT_BAD_PAYLOAD)
        feed_transport (world, input, what);
      else
        feed_application (world, input, what);
      break;
    }
}

/* A day is how long Discord may make anybody wait, who used up his identifies. */
static void
settle (World *world)
{
  Rig         *rig = world->rig;
  const gint64 end_us = rig->now_us + 25 * 3600 * SECOND;

  rig->options.auto_reconnect = TRUE;
  g_free (rig->options.url);
  rig->options.url = g_strdup (RIG_MAIN);
  rig_set_options (rig);
  feed_network (world, DGW_NETWORK_AVAILABLE);
  dgw_engine_release (rig->engine, rig->now_us);
  world_check_actions (world);

  for (guint i = 0; i < SETTLE_STEPS && world->status != DGW_STATUS_READY; i++)
    {
      g_assert_cmpint (rig->now_us, <, end_us);
      if (world->status == DGW_STATUS_DISCONNECTED || (world->has_attempt && world->was_closed) ||
          (world->status == DGW_STATUS_IDENTIFYING && !world->wants_permit))
        go_to_deadline (world);
      else
        world_feed_sensible (world, 41251);
      world_check_actions (world);
    }
  g_assert_cmpint (world->status, ==, DGW_STATUS_READY);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t         size)
{
  FuzzInput input = {data, size};
  g_autoptr (World) world = world_new ();

  for (guint i = 0; i < MAX_INPUTS && input.size > 0; i++)
    {
      feed (world, &input);
      world_check_actions (world);
    }
  settle (world);

  return 0;
}
