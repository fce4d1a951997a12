/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-channel.h"

#include "dgw-enums.h"

/* The class itself is generated. */

/**
 * dgw_channel_is_obfuscated:
 * @self: a channel
 *
 * Checks whether the bot has no access to the channel, and Discord therefore
 * hides what it is.
 *
 * Its id, type, position and parent are right then, and its permission
 * overwrites deny everybody to view it; all else, the name too, means nothing.
 * When the bot gains access, a `CHANNEL_UPDATE` brings the channel in full.
 *
 * Discord's documentation: [Channel](https://discord.com/developers/docs/resources/channel#channel-object-channel-flags).
 *
 * Returns: whether the flag `DGW_CHANNEL_FLAGS_CHANNEL_OBFUSCATED` is set
 *
 * Since: 0.1
 */
gboolean
dgw_channel_is_obfuscated (DgwChannel *self)
{
  g_return_val_if_fail (DGW_IS_CHANNEL (self), FALSE);

  return (dgw_channel_get_flags (self) & DGW_CHANNEL_FLAGS_CHANNEL_OBFUSCATED) != 0;
}
