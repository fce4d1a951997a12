/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "base/dgw-gateway-error.h"
#include "base/dgw-snowflake.h"
#include "codec/dgw-json-glib-private.h"
#include "codec/dgw-json-writer-private.h"
#include "gateway/dgw-gateway-info-private.h"
#include "gateway/dgw-gateway-private.h"
#include "values/dgw-presence-private.h"

/* Sending. */

/**
 * dgw_gateway_send_async:
 * @self: a gateway
 * @opcode: the opcode: 3, 4, 8, 31 or 43
 * @data: the payload's `d`
 * @cancellable: (nullable): takes the payload back if it has not been sent yet
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Sends a payload of one's own making.
 *
 * It can be called from [method@Gateway.open_async] on. Payloads are sent in
 * order once the session is live, within
 * [property@Gateway:commands-per-minute]; this finishes when it was handed to
 * the socket. Discord does not confirm payloads: a wrong one ends the
 * connection.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` for another opcode or strings that are
 * not UTF-8;
 * `DGW_GATEWAY_ERROR_NOT_READY` when the gateway is not open;
 * `DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE` when the whole payload has more than
 * 4096 bytes; `DGW_GATEWAY_ERROR_RATE_LIMITED` when 256 are waiting;
 * `DGW_GATEWAY_ERROR_TIMED_OUT` when it waited for longer than
 * [property@Gateway:command-timeout]; `DGW_GATEWAY_ERROR_CLOSED` when the gateway
 * ends first; `G_IO_ERROR_CANCELLED`.
 *
 * Discord's documentation: [Send Events](https://discord.com/developers/docs/events/gateway-events#send-events).
 *
 * Since: 0.1
 */
void
dgw_gateway_send_async (DgwGateway         *self,
                        guint               opcode,
                        JsonNode           *data,
                        GCancellable       *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (data != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_send_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (!dgw_engine_is_command (opcode))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                               _ ("Opcode %u is not for applications to send: use 3, 4, 8, 31 or 43"), opcode);
      return;
    }

  if (dgw_gateway_refuse_command (self, task))
    return;

  text = dgw_json_node_to_text (data);
  if (!g_utf8_validate (text, -1, NULL))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "%s",
                               _ ("The data holds a string that is not UTF-8"));
      return;
    }

  dgw_gateway_task_watch (task, dgw_gateway_command_cancelled);
  dgw_gateway_send_command (task, opcode, text);
}

/**
 * dgw_gateway_send_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@Gateway.send_async] went.
 *
 * Returns: `TRUE` if the payload was handed to the socket
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_send_finish (DgwGateway   *self,
                         GAsyncResult *result,
                         GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_send_async, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Voice. */

static char *
write_voice_state (const char        *guild_id,
                   const char        *channel_id,
                   DgwVoiceStateFlags flags)
{
  GString *text = g_string_new ("{\"guild_id\":");

  dgw_json_append_string (text, guild_id);
  g_string_append (text, ",\"channel_id\":");
  if (channel_id)
    dgw_json_append_string (text, channel_id);
  else
    g_string_append (text, "null");
  g_string_append_printf (text, ",\"self_mute\":%s,\"self_deaf\":%s}",
                          flags & DGW_VOICE_STATE_FLAGS_SELF_MUTE ? "true" : "false",
                          flags & DGW_VOICE_STATE_FLAGS_SELF_DEAF ? "true" : "false");

  return g_string_free (text, FALSE);
}

gboolean
dgw_gateway_check_id (GTask      *task,
                      const char *id)
{
  g_autofree char *shown = NULL;

  if (dgw_snowflake_to_uint64 (id) != 0)
    return TRUE;

  shown = g_utf8_make_valid (id, -1);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("“%s” is no id: ids are numbers of up to 20 digits"), shown);

  return FALSE;
}

/**
 * dgw_gateway_update_voice_state_async:
 * @self: a gateway
 * @guild_id: the id of the guild
 * @channel_id: (nullable): the id of the voice channel to join or move to, or
 *   `NULL` to leave
 * @flags: whether the bot is mute or deaf
 * @cancellable: (nullable): takes it back if it has not been sent yet
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Joins, moves between or leaves the voice channels of a guild, or changes
 * being mute or deaf in one.
 *
 * This finishes when the command was handed to the socket. Discord answers with
 * two events in any order: [signal@Gateway::event] `VOICE_STATE_UPDATE` of the
 * bot, with the id of its voice session, and `VOICE_SERVER_UPDATE`, with the
 * address and the token of the voice server. Wait for both, with a time limit: a
 * full channel is not answered at all. Never keep a voice server for later: a
 * new event brings a new one, and one without an endpoint means that the server
 * is gone and another one follows. Voice connections themselves are not part of
 * this library.
 *
 * Errors: those of [method@Gateway.send_async]; an id that is none is
 * `G_IO_ERROR_INVALID_ARGUMENT`.
 *
 * Discord's documentation: [Update Voice State](https://discord.com/developers/docs/events/gateway-events#update-voice-state).
 *
 * Since: 0.1
 */
void
dgw_gateway_update_voice_state_async (DgwGateway         *self,
                                      const char         *guild_id,
                                      const char         *channel_id,
                                      DgwVoiceStateFlags  flags,
                                      GCancellable       *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (guild_id != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_update_voice_state_async);
  if (g_task_return_error_if_cancelled (task) || !dgw_gateway_check_id (task, guild_id) ||
      (channel_id && !dgw_gateway_check_id (task, channel_id)) || dgw_gateway_refuse_command (self, task))
    return;

  text = write_voice_state (guild_id, channel_id, flags);
  dgw_gateway_task_watch (task, dgw_gateway_command_cancelled);
  dgw_gateway_send_command (task, DGW_OPCODE_VOICE_STATE_UPDATE, text);
}

/**
 * dgw_gateway_update_voice_state_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@Gateway.update_voice_state_async] went.
 *
 * Returns: `TRUE` if the command was handed to the socket
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_update_voice_state_finish (DgwGateway   *self,
                                       GAsyncResult *result,
                                       GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_update_voice_state_async, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Presence. */

void
dgw_gateway_install_presence (GObjectClass *object_class)
{
  /**
   * DgwGateway:presence: (getter get_presence) (setter set_presence)
   *
   * What the bot shows of itself; `NULL` leaves it to Discord.
   *
   * Setting it does what [method@Gateway.update_presence_async] does. It is
   * sent with every identify, too.
   *
   * Since: 0.1
   */
  dgw_gateway_properties[DGW_GATEWAY_PROP_PRESENCE] =
    g_param_spec_object ("presence", NULL, NULL, DGW_TYPE_PRESENCE,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, DGW_GATEWAY_PROP_PRESENCE,
                                   dgw_gateway_properties[DGW_GATEWAY_PROP_PRESENCE]);
}

void
dgw_gateway_push_presence (DgwGateway *self,
                           guint64     id)
{
  g_autofree char *text = self->presence ? dgw_presence_to_json (self->presence) : NULL;

  dgw_link_set_presence (self->link, id, text);
}

static void
take_presence (DgwGateway  *self,
               DgwPresence *presence)
{
  if (g_set_object (&self->presence, presence))
    g_object_notify_by_pspec (G_OBJECT (self), dgw_gateway_properties[DGW_GATEWAY_PROP_PRESENCE]);
}

/**
 * dgw_gateway_get_presence: (get-property presence)
 * @self: a gateway
 *
 * Gets what the bot shows of itself.
 *
 * Returns: (transfer none) (nullable): the presence that was set last, or `NULL`
 *
 * Since: 0.1
 */
DgwPresence *
dgw_gateway_get_presence (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->presence;
}

/**
 * dgw_gateway_set_presence: (set-property presence)
 * @self: a gateway
 * @presence: (nullable): a presence, or `NULL` to leave it to Discord
 *
 * Sets what the bot shows of itself, as
 * [method@Gateway.update_presence_async] does.
 *
 * The same presence may be set again after it was changed.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_presence (DgwGateway  *self,
                          DgwPresence *presence)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (presence == NULL || DGW_IS_PRESENCE (presence));

  take_presence (self, presence);
  if (self->link)
    dgw_gateway_push_presence (self, 0);
}

/**
 * dgw_gateway_update_presence_async:
 * @self: a gateway
 * @presence: (nullable): a presence, or `NULL` to leave it to Discord
 * @cancellable: (nullable): stops the wait; the presence is sent all the same
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Sets what the bot shows of itself: sends it as soon as the session is live,
 * and again with every identify.
 *
 * It can be called at any time. When the gateway is not open the presence is
 * only stored. Discord takes 5 updates in 20 seconds: later ones wait, and the
 * newest replaces those that wait, which finish together with it.
 *
 * Errors: `DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE` when the payload has more than
 * 4096 bytes; `DGW_GATEWAY_ERROR_CLOSED` when the gateway ends first;
 * `G_IO_ERROR_CANCELLED`.
 *
 * Discord's documentation: [Update Presence](https://discord.com/developers/docs/events/gateway-events#update-presence).
 *
 * Since: 0.1
 */
void
dgw_gateway_update_presence_async (DgwGateway         *self,
                                   DgwPresence        *presence,
                                   GCancellable       *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (presence == NULL || DGW_IS_PRESENCE (presence));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_update_presence_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  take_presence (self, presence);
  if (self->phase == DGW_GATEWAY_OPEN)
    {
      dgw_gateway_task_watch (task, dgw_gateway_command_cancelled);
      dgw_gateway_push_presence (self, dgw_gateway_add_command (self, task));
      return;
    }

  if (self->link)
    dgw_gateway_push_presence (self, 0);
  g_task_return_boolean (task, TRUE);
}

/**
 * dgw_gateway_update_presence_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets how [method@Gateway.update_presence_async] went.
 *
 * Returns: `TRUE` if this presence or a newer one was sent, or was stored while
 *   the gateway was not open
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_update_presence_finish (DgwGateway   *self,
                                    GAsyncResult *result,
                                    GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_update_presence_async, FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Info. */

static void
fetched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_auto (DgwGatewayAnswer) answer = {NULL};
  g_autoptr (GError) error = NULL;

  if (dgw_link_fetch_answer_finish (result, &answer, &error))
    g_task_return_pointer (task, dgw_gateway_info_new (&answer), g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * dgw_gateway_fetch_info_async:
 * @self: a gateway
 * @cancellable: (nullable): stops the request
 * @callback: (scope async) (nullable): called when done
 * @user_data: for @callback
 *
 * Asks Discord where the gateway is, how many shards it recommends and how many
 * sessions may still be started, with this gateway's token, TLS, proxy and user
 * agent. The gateway need not be open.
 *
 * Errors: `G_IO_ERROR_INVALID_ARGUMENT` without a token;
 * `DGW_GATEWAY_ERROR_AUTHENTICATION_FAILED` when Discord refuses it;
 * `DGW_GATEWAY_ERROR_RATE_LIMITED`; `DGW_GATEWAY_ERROR_PROTOCOL` when what
 * comes is no such answer; `DGW_GATEWAY_ERROR_FAILED` for an address that the
 * token must not be sent to; and those of networks and TLS.
 *
 * Discord's documentation: [Get Gateway Bot](https://discord.com/developers/docs/events/gateway#get-gateway-bot).
 *
 * Since: 0.1
 */
void
dgw_gateway_fetch_info_async (DgwGateway         *self,
                              GCancellable       *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer            user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = dgw_gateway_task_new (self, cancellable, callback, user_data, dgw_gateway_fetch_info_async);
  if (g_task_return_error_if_cancelled (task))
    return;

  if (!dgw_gateway_check_api_options (self, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  dgw_gateway_ensure_link (self);
  dgw_link_fetch_answer_async (self->link, cancellable, fetched_cb, g_steal_pointer (&task));
}

/**
 * dgw_gateway_fetch_info_finish:
 * @self: a gateway
 * @result: what the callback got
 * @error: return location for an error
 *
 * Gets the answer to [method@Gateway.fetch_info_async].
 *
 * Returns: (transfer full): the info, or `NULL` with an error
 *
 * Since: 0.1
 */
DgwGatewayInfo *
dgw_gateway_fetch_info_finish (DgwGateway   *self,
                               GAsyncResult *result,
                               GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_task_get_source_tag (G_TASK (result)) == dgw_gateway_fetch_info_async, NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
