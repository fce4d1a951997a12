/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-status.h"

G_DEFINE_ENUM_TYPE (DgwStatus,
                    dgw_status,
                    G_DEFINE_ENUM_VALUE (DGW_STATUS_UNCONNECTED, "unconnected"),
                    G_DEFINE_ENUM_VALUE (DGW_STATUS_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (DGW_STATUS_WAITING_FOR_HELLO, "waiting-for-hello"),
                    G_DEFINE_ENUM_VALUE (DGW_STATUS_IDENTIFYING, "identifying"),
                    G_DEFINE_ENUM_VALUE (DGW_STATUS_RESUMING, "resuming"),
                    G_DEFINE_ENUM_VALUE (DGW_STATUS_WAITING_FOR_READY, "waiting-for-ready"),
                    G_DEFINE_ENUM_VALUE (DGW_STATUS_READY, "ready"),
                    G_DEFINE_ENUM_VALUE (DGW_STATUS_DISCONNECTED, "disconnected"))

G_DEFINE_ENUM_TYPE (DgwCompression,
                    dgw_compression,
                    G_DEFINE_ENUM_VALUE (DGW_COMPRESSION_NONE, "none"),
                    G_DEFINE_ENUM_VALUE (DGW_COMPRESSION_ZLIB_PAYLOAD, "zlib-payload"),
                    G_DEFINE_ENUM_VALUE (DGW_COMPRESSION_ZLIB_STREAM, "zlib-stream"),
                    G_DEFINE_ENUM_VALUE (DGW_COMPRESSION_ZSTD_STREAM, "zstd-stream"))

/**
 * dgw_status_is_connected:
 * @status: a status
 *
 * Whether a WebSocket connection is up in this status, be the session live or
 * still being made: from `DGW_STATUS_WAITING_FOR_HELLO` to `DGW_STATUS_READY`.
 *
 * Returns: `TRUE` if the WebSocket is open
 *
 * Since: 0.1
 */
gboolean
dgw_status_is_connected (DgwStatus status)
{
  return status >= DGW_STATUS_WAITING_FOR_HELLO && status <= DGW_STATUS_READY;
}

/**
 * dgw_status_to_string:
 * @status: a status
 *
 * The nick of a status, such as `waiting-for-hello`: for logs and for output
 * that programs read. It is not translated.
 *
 * Returns: the nick, or `unknown`
 *
 * Since: 0.1
 */
const char *
dgw_status_to_string (DgwStatus status)
{
  g_autoptr (GEnumClass) klass = g_type_class_ref (DGW_TYPE_STATUS);
  const GEnumValue *value = g_enum_get_value (klass, (int)status);

  return value ? value->value_nick : "unknown";
}
