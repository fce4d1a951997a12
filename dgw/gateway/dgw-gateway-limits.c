/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-gateway-private.h"

/* The options for times, rates and sizes, each with its property and accessors. */

/**
 * DgwGateway:connect-timeout: (getter get_connect_timeout) (setter set_connect_timeout)
 *
 * How long asking for the address may take, and then connecting, in
 * milliseconds.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_connect_timeout: (get-property connect-timeout)
 * @self: a gateway
 *
 * Gets how long asking for the address may take, and then connecting, in
 * milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_connect_timeout (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.connect_timeout_ms;
}

/**
 * dgw_gateway_set_connect_timeout: (set-property connect-timeout)
 * @self: a gateway
 * @connect_timeout: milliseconds, at least 1
 *
 * Sets how long asking for the address may take, and then connecting, in
 * milliseconds.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_connect_timeout (DgwGateway *self,
                                 guint       connect_timeout)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (connect_timeout >= 1);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_CONNECT_TIMEOUT, connect_timeout);
}

/**
 * DgwGateway:hello-timeout: (getter get_hello_timeout) (setter set_hello_timeout)
 *
 * How long Discord's first payload may take once the connection is open, in
 * milliseconds.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_hello_timeout: (get-property hello-timeout)
 * @self: a gateway
 *
 * Gets how long Discord's first payload may take once the connection is open, in
 * milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_hello_timeout (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.hello_timeout_ms;
}

/**
 * dgw_gateway_set_hello_timeout: (set-property hello-timeout)
 * @self: a gateway
 * @hello_timeout: milliseconds, at least 1
 *
 * Sets how long Discord's first payload may take once the connection is open, in
 * milliseconds.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_hello_timeout (DgwGateway *self,
                               guint       hello_timeout)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (hello_timeout >= 1);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_HELLO_TIMEOUT, hello_timeout);
}

/**
 * DgwGateway:ready-timeout: (getter get_ready_timeout) (setter set_ready_timeout)
 *
 * How long READY may take after identify, in milliseconds.
 *
 * It is awaited for at least 1.25 heartbeat intervals: Discord may be slow in an
 * outage.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_ready_timeout: (get-property ready-timeout)
 * @self: a gateway
 *
 * Gets how long READY may take after identify, in milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_ready_timeout (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.ready_timeout_ms;
}

/**
 * dgw_gateway_set_ready_timeout: (set-property ready-timeout)
 * @self: a gateway
 * @ready_timeout: milliseconds, at least 1
 *
 * Sets how long READY may take after identify, in milliseconds.
 *
 * It is awaited for at least 1.25 heartbeat intervals: Discord may be slow in an
 * outage.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_ready_timeout (DgwGateway *self,
                               guint       ready_timeout)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (ready_timeout >= 1);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_READY_TIMEOUT, ready_timeout);
}

/**
 * DgwGateway:resume-timeout: (getter get_resume_timeout) (setter set_resume_timeout)
 *
 * How long RESUMED may take after a resume, in milliseconds.
 *
 * It is awaited for at least 1.25 heartbeat intervals: Discord may be slow in an
 * outage.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_resume_timeout: (get-property resume-timeout)
 * @self: a gateway
 *
 * Gets how long RESUMED may take after a resume, in milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_resume_timeout (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.resume_timeout_ms;
}

/**
 * dgw_gateway_set_resume_timeout: (set-property resume-timeout)
 * @self: a gateway
 * @resume_timeout: milliseconds, at least 1
 *
 * Sets how long RESUMED may take after a resume, in milliseconds.
 *
 * It is awaited for at least 1.25 heartbeat intervals: Discord may be slow in an
 * outage.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_resume_timeout (DgwGateway *self,
                                guint       resume_timeout)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (resume_timeout >= 1);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_RESUME_TIMEOUT, resume_timeout);
}

/**
 * DgwGateway:deaf-timeout: (getter get_deaf_timeout) (setter set_deaf_timeout)
 *
 * After how long without any event, although heartbeats are answered, the
 * connection is probed and then resumed, in milliseconds; 0: never.
 *
 * Nothing asks Discord for an event without knowing a guild, but a resume: it is
 * the probe and the cure at once. If there was nothing to tell, it costs a
 * second and no event. Set it only for a bot that is never that long without an
 * event, such as one with many guilds or with the typing intents.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_deaf_timeout: (get-property deaf-timeout)
 * @self: a gateway
 *
 * Gets after how long without any event, although heartbeats are answered, the
 * connection is probed and then resumed, in milliseconds; 0: never.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_deaf_timeout (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.deaf_timeout_ms;
}

/**
 * dgw_gateway_set_deaf_timeout: (set-property deaf-timeout)
 * @self: a gateway
 * @deaf_timeout: milliseconds, or 0 for never
 *
 * Sets after how long without any event, although heartbeats are answered, the
 * connection is probed and then resumed, in milliseconds; 0: never.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_deaf_timeout (DgwGateway *self,
                              guint       deaf_timeout)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_DEAF_TIMEOUT, deaf_timeout);
}

/**
 * DgwGateway:command-timeout: (getter get_command_timeout) (setter set_command_timeout)
 *
 * How long a command may wait to be sent, in milliseconds; 0: as long as the
 * gateway is open.
 *
 * A command waits while there is no session and while the send limit is used up.
 * One that was not sent so long after the call is dropped, and its call fails
 * with `DGW_GATEWAY_ERROR_TIMED_OUT`: what was meant for a moment, such as
 * joining a voice channel, does not happen an hour later. A request that Discord
 * refused, or whose session ended, is to be sent again and counts from the call
 * too. A presence is a state and never too old.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_command_timeout: (get-property command-timeout)
 * @self: a gateway
 *
 * Gets how long a command may wait to be sent, in milliseconds; 0: as long as
 * the gateway is open.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_command_timeout (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.command_timeout_ms;
}

/**
 * dgw_gateway_set_command_timeout: (set-property command-timeout)
 * @self: a gateway
 * @command_timeout: milliseconds, or 0 for no limit
 *
 * Sets how long a command may wait to be sent, in milliseconds; 0: as long as
 * the gateway is open.
 *
 * It counts at once, also for what waits already.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_command_timeout (DgwGateway *self,
                                 guint       command_timeout)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_COMMAND_TIMEOUT, command_timeout);
}

/**
 * DgwGateway:commands-per-minute: (getter get_commands_per_minute) (setter set_commands_per_minute)
 *
 * How many payloads may be sent in any 60 seconds, heartbeats and all else
 * included; 0: no limit. Discord closes connections that send more than 120.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_commands_per_minute: (get-property commands-per-minute)
 * @self: a gateway
 *
 * Gets how many payloads may be sent in any 60 seconds, heartbeats and all else
 * included; 0: no limit. Discord closes connections that send more than 120.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_commands_per_minute (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.commands_per_minute;
}

/**
 * dgw_gateway_set_commands_per_minute: (set-property commands-per-minute)
 * @self: a gateway
 * @commands_per_minute: the number, or 0 for no limit
 *
 * Sets how many payloads may be sent in any 60 seconds, heartbeats and all else
 * included; 0: no limit. Discord closes connections that send more than 120.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_commands_per_minute (DgwGateway *self,
                                     guint       commands_per_minute)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_COMMANDS_PER_MINUTE, commands_per_minute);
}

/**
 * DgwGateway:reserved-commands: (getter get_reserved_commands) (setter set_reserved_commands)
 *
 * How many of [property@Gateway:commands-per-minute] are kept for heartbeats and
 * the like; less than these when it is opened.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_reserved_commands: (get-property reserved-commands)
 * @self: a gateway
 *
 * Gets how many of [property@Gateway:commands-per-minute] are kept for
 * heartbeats and the like; less than these when it is opened.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_reserved_commands (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.reserved_commands;
}

/**
 * dgw_gateway_set_reserved_commands: (set-property reserved-commands)
 * @self: a gateway
 * @reserved_commands: the number
 *
 * Sets how many of [property@Gateway:commands-per-minute] are kept for
 * heartbeats and the like; less than these when it is opened.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_reserved_commands (DgwGateway *self,
                                   guint       reserved_commands)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_RESERVED_COMMANDS, reserved_commands);
}

/**
 * DgwGateway:max-payload-size: (getter get_max_payload_size) (setter set_max_payload_size)
 *
 * The size that one payload may have once it is inflated, in bytes. A larger one
 * is not read, see `DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE`. What comes in for it
 * before it is inflated has the same limit and an eighth of room above, but never
 * more than 2 GiB.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_max_payload_size: (get-property max-payload-size)
 * @self: a gateway
 *
 * Gets the size that one payload may have once it is inflated, in bytes. A
 * larger one is not read, see `DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE`.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
dgw_gateway_get_max_payload_size (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.max_payload_size;
}

/**
 * dgw_gateway_set_max_payload_size: (set-property max-payload-size)
 * @self: a gateway
 * @max_payload_size: bytes, at least 1
 *
 * Sets the size that one payload may have once it is inflated, in bytes. A
 * larger one is not read, see `DGW_GATEWAY_ERROR_PAYLOAD_TOO_LARGE`.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_max_payload_size (DgwGateway *self,
                                  guint64     max_payload_size)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (max_payload_size >= 1);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_MAX_PAYLOAD_SIZE, max_payload_size);
}

/**
 * DgwGateway:max-backlog-bytes: (getter get_max_backlog_bytes) (setter set_max_backlog_bytes)
 *
 * How many bytes of events may wait for the application.
 *
 * Past this, or past [property@Gateway:max-backlog-events], the connection is
 * closed and the session kept; it is resumed when half of it has been taken.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_max_backlog_bytes: (get-property max-backlog-bytes)
 * @self: a gateway
 *
 * Gets how many bytes of events may wait for the application.
 *
 * Returns: bytes
 *
 * Since: 0.1
 */
guint64
dgw_gateway_get_max_backlog_bytes (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.max_backlog_bytes;
}

/**
 * dgw_gateway_set_max_backlog_bytes: (set-property max-backlog-bytes)
 * @self: a gateway
 * @max_backlog_bytes: bytes, at least 1
 *
 * Sets how many bytes of events may wait for the application.
 *
 * Past this, or past [property@Gateway:max-backlog-events], the connection is
 * closed and the session kept; it is resumed when half of it has been taken.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_max_backlog_bytes (DgwGateway *self,
                                   guint64     max_backlog_bytes)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (max_backlog_bytes >= 1);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_MAX_BACKLOG_BYTES, max_backlog_bytes);
}

/**
 * DgwGateway:max-backlog-events: (getter get_max_backlog_events) (setter set_max_backlog_events)
 *
 * How many events may wait for the application.
 *
 * Past this, or past [property@Gateway:max-backlog-bytes], the connection is
 * closed and the session kept; it is resumed when half of it has been taken.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_max_backlog_events: (get-property max-backlog-events)
 * @self: a gateway
 *
 * Gets how many events may wait for the application.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_max_backlog_events (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.max_backlog_events;
}

/**
 * dgw_gateway_set_max_backlog_events: (set-property max-backlog-events)
 * @self: a gateway
 * @max_backlog_events: the number, at least 1
 *
 * Sets how many events may wait for the application.
 *
 * Past this, or past [property@Gateway:max-backlog-bytes], the connection is
 * closed and the session kept; it is resumed when half of it has been taken.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_max_backlog_events (DgwGateway *self,
                                    guint       max_backlog_events)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (max_backlog_events >= 1);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_MAX_BACKLOG_EVENTS, max_backlog_events);
}
