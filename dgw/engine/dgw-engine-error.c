/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "engine/dgw-engine-internal-private.h"

GError *
dgw_engine_error_timed_out (DgwPhase phase)
{
  const char *message;

  switch (phase)
    {
    case DGW_PHASE_LOOKUP:
    case DGW_PHASE_CONNECTING:
      message = _ ("The connection was not made in time. Check the network, or allow more time to connect.");
      break;
    case DGW_PHASE_AWAIT_HELLO:
      message = _ ("The gateway took the connection but did not say hello in time. Check that the address is one of a gateway.");
      break;
    case DGW_PHASE_AWAIT_RESUMED:
      message = _ ("The session was not resumed in time. It is tried again.");
      break;
    case DGW_PHASE_AWAIT_READY:
    case DGW_PHASE_IDLE:
    case DGW_PHASE_AWAIT_PERMIT:
    case DGW_PHASE_READY:
    case DGW_PHASE_BACKOFF:
    case DGW_PHASE_HELD:
    case DGW_PHASE_CLOSING:
    case DGW_N_PHASES:
    default:
      message = _ ("The session was not ready in time. Discord may have an outage; see its status page.");
      break;
    }

  return g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_TIMED_OUT, message);
}

GError *
dgw_engine_error_unauthorized (void)
{
  return g_error_new_literal (DGW_GATEWAY_ERROR,
                              DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED,
                              _ ("Discord refuses the token (HTTP 401). Take the bot's token from the developer portal."));
}

GError *
dgw_engine_error_session_start_limit (gint64 reset_after_ms)
{
  return g_error_new (DGW_GATEWAY_ERROR,
                      DGW_GATEWAY_ERROR_SESSION_START_LIMIT,
                      _ ("The bot has no session start left; the limit is reset in %" G_GINT64_FORMAT " s. Find out what starts so many sessions."),
                      (reset_after_ms + 999) / 1000);
}

GError *
dgw_engine_error_with_prefix (const GError *error,
                              const char   *prefix)
{
  GError *copy = error ? g_error_copy (error) : g_error_new_literal (DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED, _ ("Unknown error"));

  g_prefix_error (&copy, "%s ", prefix);

  return copy;
}
