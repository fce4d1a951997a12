/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-gateway-private.h"

/* The options that identify sends, each with its property and accessors. */

/**
 * DgwGateway:intents: (getter get_intents) (setter set_intents)
 *
 * Which events to get: bits of [flags@Intents]. Bits that this version does not
 * know are passed on.
 *
 * Changed while open it applies at the next identify, and the session is dropped
 * then.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_intents: (get-property intents)
 * @self: a gateway
 *
 * Gets which events to get: bits of [flags@Intents]. Bits that this version does
 * not know are passed on.
 *
 * Returns: the bits
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_intents (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.intents;
}

/**
 * dgw_gateway_set_intents: (set-property intents)
 * @self: a gateway
 * @intents: the bits
 *
 * Sets which events to get: bits of [flags@Intents]. Bits that this version does
 * not know are passed on.
 *
 * Changed while open it applies at the next identify, and the session is dropped
 * then.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_intents (DgwGateway *self,
                         guint       intents)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_INTENTS, intents);
}

/**
 * DgwGateway:shard-id: (getter get_shard_id) (setter set_shard_id)
 *
 * Which shard this is: from 0, less than [property@Gateway:shard-count] when it
 * is opened.
 *
 * Changed while open it applies at the next identify, and the session is dropped
 * then.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_shard_id: (get-property shard-id)
 * @self: a gateway
 *
 * Gets which shard this is: from 0, less than [property@Gateway:shard-count]
 * when it is opened.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_shard_id (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.shard_id;
}

/**
 * dgw_gateway_set_shard_id: (set-property shard-id)
 * @self: a gateway
 * @shard_id: the number
 *
 * Sets which shard this is: from 0, less than [property@Gateway:shard-count]
 * when it is opened.
 *
 * Changed while open it applies at the next identify, and the session is dropped
 * then.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_shard_id (DgwGateway *self,
                          guint       shard_id)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_SHARD_ID, shard_id);
}

/**
 * DgwGateway:shard-count: (getter get_shard_count) (setter set_shard_count)
 *
 * How many shards the bot has, at least 1.
 *
 * Changed while open it applies at the next identify, and the session is dropped
 * then.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_shard_count: (get-property shard-count)
 * @self: a gateway
 *
 * Gets how many shards the bot has, at least 1.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_shard_count (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.shard_count;
}

/**
 * dgw_gateway_set_shard_count: (set-property shard-count)
 * @self: a gateway
 * @shard_count: the number, at least 1
 *
 * Sets how many shards the bot has, at least 1.
 *
 * Changed while open it applies at the next identify, and the session is dropped
 * then.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_shard_count (DgwGateway *self,
                             guint       shard_count)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (shard_count >= 1);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_SHARD_COUNT, shard_count);
}

/**
 * DgwGateway:compression: (getter get_compression) (setter set_compression)
 *
 * How the gateway compresses what it sends; applies at the next connection.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_compression: (get-property compression)
 * @self: a gateway
 *
 * Gets how the gateway compresses what it sends; applies at the next connection.
 *
 * Returns: the compression
 *
 * Since: 0.1
 */
DgwCompression
dgw_gateway_get_compression (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), DGW_COMPRESSION_NONE);

  return self->options.engine.compression;
}

/**
 * dgw_gateway_set_compression: (set-property compression)
 * @self: a gateway
 * @compression: the compression
 *
 * Sets how the gateway compresses what it sends; applies at the next connection.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_compression (DgwGateway    *self,
                             DgwCompression compression)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail ((guint)compression <= DGW_COMPRESSION_ZSTD_STREAM);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_COMPRESSION, compression);
}

/**
 * DgwGateway:large-threshold: (getter get_large_threshold) (setter set_large_threshold)
 *
 * From how many members on a guild comes without its offline members: 50 to 250.
 * Applies at the next identify.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_large_threshold: (get-property large-threshold)
 * @self: a gateway
 *
 * Gets from how many members on a guild comes without its offline members: 50 to
 * 250. Applies at the next identify.
 *
 * Returns: the number
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_large_threshold (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.large_threshold;
}

/**
 * dgw_gateway_set_large_threshold: (set-property large-threshold)
 * @self: a gateway
 * @large_threshold: the number, 50 to 250
 *
 * Sets from how many members on a guild comes without its offline members: 50 to
 * 250. Applies at the next identify.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_large_threshold (DgwGateway *self,
                                 guint       large_threshold)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (large_threshold >= 50 && large_threshold <= 250);

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_LARGE_THRESHOLD, large_threshold);
}

/**
 * DgwGateway:capabilities: (getter get_capabilities) (setter set_capabilities)
 *
 * The bit field `capabilities` of identify; left out when 0. Applies at the next
 * identify.
 *
 * The bits change what Discord sends; most of them are not documented.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_capabilities: (get-property capabilities)
 * @self: a gateway
 *
 * Gets the bit field `capabilities` of identify; left out when 0. Applies at the
 * next identify.
 *
 * Returns: the bits
 *
 * Since: 0.1
 */
guint
dgw_gateway_get_capabilities (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), 0);

  return self->options.engine.capabilities;
}

/**
 * dgw_gateway_set_capabilities: (set-property capabilities)
 * @self: a gateway
 * @capabilities: the bits
 *
 * Sets the bit field `capabilities` of identify; left out when 0. Applies at the
 * next identify.
 *
 * The bits change what Discord sends; most of them are not documented.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_capabilities (DgwGateway *self,
                              guint       capabilities)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_CAPABILITIES, capabilities);
}

/**
 * DgwGateway:os: (getter get_os) (setter set_os)
 *
 * The operating system as identify tells it; `NULL` sets the default. Applies at
 * the next identify.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_os: (get-property os)
 * @self: a gateway
 *
 * Gets the operating system as identify tells it.
 *
 * Returns: the text, owned by the gateway
 *
 * Since: 0.1
 */
const char *
dgw_gateway_get_os (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->options.engine.os;
}

/**
 * dgw_gateway_set_os: (set-property os)
 * @self: a gateway
 * @os: (nullable): the text, or `NULL` for the default
 *
 * Sets the operating system as identify tells it; `NULL` sets the default.
 * Applies at the next identify.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_os (DgwGateway *self,
                    const char *os)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_text (self, DGW_GATEWAY_PROP_OS, os);
}

/**
 * DgwGateway:browser: (getter get_browser) (setter set_browser)
 *
 * The library as identify tells it; `NULL` sets the default. Applies at the next
 * identify.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_browser: (get-property browser)
 * @self: a gateway
 *
 * Gets the library as identify tells it.
 *
 * Returns: the text, owned by the gateway
 *
 * Since: 0.1
 */
const char *
dgw_gateway_get_browser (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->options.engine.browser;
}

/**
 * dgw_gateway_set_browser: (set-property browser)
 * @self: a gateway
 * @browser: (nullable): the text, or `NULL` for the default
 *
 * Sets the library as identify tells it; `NULL` sets the default. Applies at the
 * next identify.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_browser (DgwGateway *self,
                         const char *browser)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_text (self, DGW_GATEWAY_PROP_BROWSER, browser);
}

/**
 * DgwGateway:device: (getter get_device) (setter set_device)
 *
 * The device as identify tells it; `NULL` sets the default. Applies at the next
 * identify.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_device: (get-property device)
 * @self: a gateway
 *
 * Gets the device as identify tells it.
 *
 * Returns: the text, owned by the gateway
 *
 * Since: 0.1
 */
const char *
dgw_gateway_get_device (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->options.engine.device;
}

/**
 * dgw_gateway_set_device: (set-property device)
 * @self: a gateway
 * @device: (nullable): the text, or `NULL` for the default
 *
 * Sets the device as identify tells it; `NULL` sets the default. Applies at the
 * next identify.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_device (DgwGateway *self,
                        const char *device)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_text (self, DGW_GATEWAY_PROP_DEVICE, device);
}
