/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-action-private.h"

#include "base/dgw-secret-private.h"

void
dgw_action_clear (DgwAction *self)
{
  switch (self->kind)
    {
    case DGW_ACTION_CONNECT:
      g_free (self->url);
      break;
    case DGW_ACTION_SEND:
      /* An identify or a resume may be it. */
      dgw_secret_free (self->text);
      break;
    case DGW_ACTION_CLOSE:
      g_free (self->close.reason);
      break;
    case DGW_ACTION_DISPATCH:
      g_clear_pointer (&self->dispatch.json, dgw_json_unref);
      break;
    case DGW_ACTION_SESSION:
      g_free (self->session.id);
      g_free (self->session.url);
      break;
    case DGW_ACTION_DISCONNECTED:
      g_free (self->end.reason);
      break;
    case DGW_ACTION_ERROR:
    case DGW_ACTION_FAILED:
      g_clear_error (&self->error);
      break;
    case DGW_ACTION_COMMAND_DONE:
      g_clear_error (&self->command.error);
      g_clear_pointer (&self->command.answers, g_ptr_array_unref);
      break;
    case DGW_ACTION_ANSWER:
      if (self->answer != NULL)
        dgw_gateway_answer_clear (self->answer);
      g_clear_pointer (&self->answer, g_free);
      break;
    case DGW_ACTION_SLEEPING:
      if (self->hold.lock != NULL)
        self->hold.release (self->hold.lock);
      break;
    case DGW_ACTION_LOOKUP:
    case DGW_ACTION_DROP:
    case DGW_ACTION_WANT_PERMIT:
    case DGW_ACTION_END_PERMIT:
    case DGW_ACTION_STATUS:
    case DGW_ACTION_HELLO:
    case DGW_ACTION_ACKED:
    case DGW_ACTION_INVALIDATED:
    case DGW_ACTION_RECONNECTING:
    case DGW_ACTION_RESCHEDULED:
    case DGW_ACTION_STOPPED:
    default:
      break;
    }

  *self = (DgwAction){.kind = self->kind};
}
