/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-gateway-private.h"

/* The options that say where and how to connect, each with its property and accessors. */

/**
 * DgwGateway:url: (getter get_url) (setter set_url)
 *
 * The address of the gateway, `wss:` with any query; `NULL` to ask for it at
 * [property@Gateway:api-url].
 *
 * An address that is neither encrypted nor on this host needs
 * [property@Gateway:allow-insecure]. Applies at the next identify.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_url: (get-property url)
 * @self: a gateway
 *
 * Gets the address of the gateway, `wss:` with any query; `NULL` to ask for it
 * at [property@Gateway:api-url].
 *
 * Returns: (nullable): the address, owned by the gateway, or `NULL` when it is
 *   asked for
 *
 * Since: 0.1
 */
const char *
dgw_gateway_get_url (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->options.engine.url;
}

/**
 * dgw_gateway_set_url: (set-property url)
 * @self: a gateway
 * @url: (nullable): the address, or `NULL` to ask for it
 *
 * Sets the address of the gateway, `wss:` with any query; `NULL` to ask for it
 * at [property@Gateway:api-url].
 *
 * An address that is neither encrypted nor on this host needs
 * [property@Gateway:allow-insecure]. Applies at the next identify.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_url (DgwGateway *self,
                     const char *url)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_text (self, DGW_GATEWAY_PROP_URL, url);
}

/**
 * DgwGateway:api-url: (getter get_api_url) (setter set_api_url)
 *
 * The root of Discord's REST interface, `https:`; `NULL` sets the default.
 *
 * An address that is neither encrypted nor on this host needs
 * [property@Gateway:allow-insecure].
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_api_url: (get-property api-url)
 * @self: a gateway
 *
 * Gets the root of Discord's REST interface.
 *
 * Returns: the address, owned by the gateway
 *
 * Since: 0.1
 */
const char *
dgw_gateway_get_api_url (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->options.api_url;
}

/**
 * dgw_gateway_set_api_url: (set-property api-url)
 * @self: a gateway
 * @api_url: (nullable): the address, or `NULL` for the default
 *
 * Sets the root of Discord's REST interface, `https:`; `NULL` sets the default.
 *
 * An address that is neither encrypted nor on this host needs
 * [property@Gateway:allow-insecure].
 *
 * Since: 0.1
 */
void
dgw_gateway_set_api_url (DgwGateway *self,
                         const char *api_url)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_text (self, DGW_GATEWAY_PROP_API_URL, api_url);
}

/**
 * DgwGateway:allow-insecure: (getter get_allow_insecure) (setter set_allow_insecure)
 *
 * Whether the token may be sent unencrypted to other hosts than this one. For
 * tests in closed networks.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_allow_insecure: (get-property allow-insecure)
 * @self: a gateway
 *
 * Gets whether the token may be sent unencrypted to other hosts than this one.
 * For tests in closed networks.
 *
 * Returns: `TRUE` if so
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_get_allow_insecure (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), FALSE);

  return self->options.engine.allow_insecure;
}

/**
 * dgw_gateway_set_allow_insecure: (set-property allow-insecure)
 * @self: a gateway
 * @allow_insecure: `TRUE` if so
 *
 * Sets whether the token may be sent unencrypted to other hosts than this one.
 * For tests in closed networks.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_allow_insecure (DgwGateway *self,
                                gboolean    allow_insecure)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_ALLOW_INSECURE, !!allow_insecure);
}

/**
 * DgwGateway:auto-reconnect: (getter get_auto_reconnect) (setter set_auto_reconnect)
 *
 * Whether to connect again after faults. Without it the first end of a
 * connection is [signal@Gateway::failed].
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_auto_reconnect: (get-property auto-reconnect)
 * @self: a gateway
 *
 * Gets whether to connect again after faults. Without it the first end of a
 * connection is [signal@Gateway::failed].
 *
 * Returns: `TRUE` if so
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_get_auto_reconnect (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), FALSE);

  return self->options.engine.auto_reconnect;
}

/**
 * dgw_gateway_set_auto_reconnect: (set-property auto-reconnect)
 * @self: a gateway
 * @auto_reconnect: `TRUE` if so
 *
 * Sets whether to connect again after faults. Without it the first end of a
 * connection is [signal@Gateway::failed].
 *
 * Since: 0.1
 */
void
dgw_gateway_set_auto_reconnect (DgwGateway *self,
                                gboolean    auto_reconnect)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_AUTO_RECONNECT, !!auto_reconnect);
}

/**
 * DgwGateway:use-resume-url: (getter get_use_resume_url) (setter set_use_resume_url)
 *
 * Whether to resume at the address that came with the session, as Discord asks
 * for; otherwise at the usual one.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_use_resume_url: (get-property use-resume-url)
 * @self: a gateway
 *
 * Gets whether to resume at the address that came with the session, as Discord
 * asks for; otherwise at the usual one.
 *
 * Returns: `TRUE` if so
 *
 * Since: 0.1
 */
gboolean
dgw_gateway_get_use_resume_url (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), FALSE);

  return self->options.engine.use_resume_url;
}

/**
 * dgw_gateway_set_use_resume_url: (set-property use-resume-url)
 * @self: a gateway
 * @use_resume_url: `TRUE` if so
 *
 * Sets whether to resume at the address that came with the session, as Discord
 * asks for; otherwise at the usual one.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_use_resume_url (DgwGateway *self,
                                gboolean    use_resume_url)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_number (self, DGW_GATEWAY_PROP_USE_RESUME_URL, !!use_resume_url);
}

/**
 * DgwGateway:user-agent: (getter get_user_agent) (setter set_user_agent)
 *
 * What HTTP requests and the WebSocket upgrade carry as `User-Agent`; `NULL`
 * sets the default.
 *
 * Discord asks for the form `DiscordBot (url, version)`.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_user_agent: (get-property user-agent)
 * @self: a gateway
 *
 * Gets what HTTP requests and the WebSocket upgrade carry as `User-Agent`.
 *
 * Returns: the text, owned by the gateway
 *
 * Since: 0.1
 */
const char *
dgw_gateway_get_user_agent (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->options.user_agent;
}

/**
 * dgw_gateway_set_user_agent: (set-property user-agent)
 * @self: a gateway
 * @user_agent: (nullable): the text, or `NULL` for the default
 *
 * Sets what HTTP requests and the WebSocket upgrade carry as `User-Agent`;
 * `NULL` sets the default.
 *
 * Discord asks for the form `DiscordBot (url, version)`.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_user_agent (DgwGateway *self,
                            const char *user_agent)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));

  dgw_gateway_set_text (self, DGW_GATEWAY_PROP_USER_AGENT, user_agent);
}

/**
 * DgwGateway:tls-database: (getter get_tls_database) (setter set_tls_database)
 *
 * The certificates to trust; `NULL` for those of the system. Applies at the next
 * connection.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_tls_database: (get-property tls-database)
 * @self: a gateway
 *
 * Gets the certificates to trust; `NULL` for those of the system. Applies at the
 * next connection.
 *
 * Returns: (transfer none) (nullable): the object, owned by the gateway, or
 *   `NULL` for the default
 *
 * Since: 0.1
 */
GTlsDatabase *
dgw_gateway_get_tls_database (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->options.tls_database;
}

/**
 * dgw_gateway_set_tls_database: (set-property tls-database)
 * @self: a gateway
 * @tls_database: (nullable): the object, or `NULL` for the default
 *
 * Sets the certificates to trust; `NULL` for those of the system. Applies at the
 * next connection.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_tls_database (DgwGateway   *self,
                              GTlsDatabase *tls_database)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (tls_database == NULL || G_IS_TLS_DATABASE (tls_database));

  dgw_gateway_set_object (self, DGW_GATEWAY_PROP_TLS_DATABASE, tls_database);
}

/**
 * DgwGateway:tls-interaction: (getter get_tls_interaction) (setter set_tls_interaction)
 *
 * What is asked for a certificate of the client's own, when a server or a proxy
 * wants one; `NULL`: nothing. Applies at the next connection.
 *
 * Discord wants none; companies' gateways to the network may. The interaction is
 * asked in the main context that it was made in.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_tls_interaction: (get-property tls-interaction)
 * @self: a gateway
 *
 * Gets what is asked for a certificate of the client's own.
 *
 * Returns: (transfer none) (nullable): the object, owned by the gateway, or
 *   `NULL`
 *
 * Since: 0.1
 */
GTlsInteraction *
dgw_gateway_get_tls_interaction (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->options.tls_interaction;
}

/**
 * dgw_gateway_set_tls_interaction: (set-property tls-interaction)
 * @self: a gateway
 * @tls_interaction: (nullable): the object, or `NULL` for none
 *
 * Sets what is asked for a certificate of the client's own. Applies at the next
 * connection.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_tls_interaction (DgwGateway      *self,
                                 GTlsInteraction *tls_interaction)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (tls_interaction == NULL || G_IS_TLS_INTERACTION (tls_interaction));

  dgw_gateway_set_object (self, DGW_GATEWAY_PROP_TLS_INTERACTION, tls_interaction);
}

/**
 * DgwGateway:proxy-resolver: (getter get_proxy_resolver) (setter set_proxy_resolver)
 *
 * What finds the proxy to use; `NULL` for the system's default. Applies at the
 * next connection.
 *
 * Since: 0.1
 */

/**
 * dgw_gateway_get_proxy_resolver: (get-property proxy-resolver)
 * @self: a gateway
 *
 * Gets what finds the proxy to use; `NULL` for the system's default. Applies at
 * the next connection.
 *
 * Returns: (transfer none) (nullable): the object, owned by the gateway, or
 *   `NULL` for the default
 *
 * Since: 0.1
 */
GProxyResolver *
dgw_gateway_get_proxy_resolver (DgwGateway *self)
{
  g_return_val_if_fail (dgw_gateway_in_own_thread (self), NULL);

  return self->options.proxy_resolver;
}

/**
 * dgw_gateway_set_proxy_resolver: (set-property proxy-resolver)
 * @self: a gateway
 * @proxy_resolver: (nullable): the object, or `NULL` for the default
 *
 * Sets what finds the proxy to use; `NULL` for the system's default. Applies at
 * the next connection.
 *
 * Since: 0.1
 */
void
dgw_gateway_set_proxy_resolver (DgwGateway     *self,
                                GProxyResolver *proxy_resolver)
{
  g_return_if_fail (dgw_gateway_in_own_thread (self));
  g_return_if_fail (proxy_resolver == NULL || G_IS_PROXY_RESOLVER (proxy_resolver));

  dgw_gateway_set_object (self, DGW_GATEWAY_PROP_PROXY_RESOLVER, proxy_resolver);
}
