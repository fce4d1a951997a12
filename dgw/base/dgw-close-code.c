/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-close-code.h"

#include "base/dgw-gateway-error-private.h"
#include "dgw-protocol-table-private.h"

/**
 * dgw_close_code_can_reconnect:
 * @code: a close code that Discord sent, see [enum@CloseCode]; 0 when the
 *   connection was lost without one
 *
 * Whether it makes sense to connect again after the gateway closed with a code.
 *
 * It does not when the same would only happen again: when the token, the shard,
 * the version or the intents are wrong. After a code that this version does not
 * know it does.
 *
 * Discord's documentation: [Gateway Close Event Codes](https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes).
 *
 * Returns: `TRUE` if connecting again may succeed
 *
 * Since: 0.1
 */
gboolean
dgw_close_code_can_reconnect (guint code)
{
  const DgwCloseCodeInfo *info = dgw_close_code_info (code);

  return info == NULL || info->can_reconnect;
}

/**
 * dgw_close_code_can_resume:
 * @code: a close code that Discord sent, see [enum@CloseCode]; 0 when the
 *   connection was lost without one
 *
 * Whether the session may be resumed after the gateway closed with a code, if
 * there was one.
 *
 * `TRUE` is no promise: Discord can still refuse the resume, and a new session
 * is started then. After a code that this version does not know it is worth a
 * try. A close with 1000 or 1001 by the application ends the session, other
 * than one by Discord.
 *
 * Discord's documentation: [Resuming](https://discord.com/developers/docs/events/gateway#resuming).
 *
 * Returns: `TRUE` if resuming may succeed
 *
 * Since: 0.1
 */
gboolean
dgw_close_code_can_resume (guint code)
{
  const DgwCloseCodeInfo *info = dgw_close_code_info (code);

  return info == NULL || info->can_resume;
}

/**
 * dgw_close_code_to_string:
 * @code: a close code, see [enum@CloseCode]
 *
 * The nick of a close code, such as `authentication-failed`: for logs and for
 * output that programs read. It is not translated.
 *
 * Returns: the nick; `none` for 0, `unknown` for a code that this version does not know
 *
 * Since: 0.1
 */
const char *
dgw_close_code_to_string (guint code)
{
  const DgwCloseCodeInfo *info = dgw_close_code_info (code);

  if (code == 0)
    return "none";

  return info ? info->nick : "unknown";
}

/**
 * dgw_close_code_describe:
 * @code: a close code that Discord sent, see [enum@CloseCode]; 0 when the
 *   connection was lost without one
 *
 * Says in words, for people, what happened when the gateway closed with a code,
 * and what to do about it. It is translated.
 *
 * [signal@Gateway::failed] and [property@Gateway:last-error] bring the same
 * words; with code 4014 also the names of the intents in question.
 *
 * Returns: (transfer full): one or two sentences
 *
 * Since: 0.1
 */
char *
dgw_close_code_describe (guint code)
{
  g_autoptr (GError) error = dgw_gateway_error_for_close (code, NULL);

  return g_steal_pointer (&error->message);
}
