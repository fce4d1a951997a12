/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "engine/dgw-address-private.h"

#include <arpa/inet.h>
#include <glib/gi18n-lib.h>
#include <netinet/in.h>
#include <string.h>

#include "base/dgw-gateway-error.h"

/* https://discord.com/developers/docs/reference#api-versioning */
#define API_VERSION       10
#define IPV4_LOOPBACK_NET 127

static gboolean
is_localhost_name (const char *host)
{
  g_autofree char *name = g_ascii_strdown (host, -1);
  gsize            length = strlen (name);

  if (length > 0 && name[length - 1] == '.')
    name[length - 1] = '\0';

  return g_str_equal (name, "localhost") || g_str_has_suffix (name, ".localhost");
}

/* Names of the loopback host by RFC 6761, which GResolver never asks DNS for,
 * and its addresses. */
static gboolean
is_loopback (const char *host)
{
  struct in_addr  ipv4;
  struct in6_addr ipv6;

  if (inet_pton (AF_INET, host, &ipv4) == 1)
    return ntohl (ipv4.s_addr) >> 24 == IPV4_LOOPBACK_NET;
  if (inet_pton (AF_INET6, host, &ipv6) == 1)
    return IN6_IS_ADDR_LOOPBACK (&ipv6) || (IN6_IS_ADDR_V4MAPPED (&ipv6) && ipv6.s6_addr[12] == IPV4_LOOPBACK_NET);

  return is_localhost_name (host);
}

static gboolean
is_one_of (const char *scheme,
           const char *first,
           const char *second)
{
  return g_ascii_strcasecmp (scheme, first) == 0 || g_ascii_strcasecmp (scheme, second) == 0;
}

static GUri *
parse (const char *address,
       GError    **error)
{
  g_autoptr (GError) local = NULL;
  GUri *uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, &local);

  if (uri == NULL)
    g_set_error (error,
                 DGW_GATEWAY_ERROR,
                 DGW_GATEWAY_ERROR_FAILED,
                 _ ("“%s” is no address: %s"),
                 address,
                 local->message);

  return uri;
}

/* They would end the line of the request that the address goes into. g_uri_parse()
 * lets them pass, and in a host it undoes their encoding. */
static gboolean
check_characters (const char *part,
                  GError    **error)
{
  for (; part != NULL && *part != '\0'; part++)
    if (g_ascii_iscntrl (*part) || *part == ' ')
      {
        g_set_error_literal (error,
                             DGW_GATEWAY_ERROR,
                             DGW_GATEWAY_ERROR_FAILED,
                             _ ("The gateway's address has a space or a control character in it, which it must not have. Take it out."));
        return FALSE;
      }

  return TRUE;
}

/* Not quoted in the message: user information is a secret. */
static gboolean
check_parts (GUri    *uri,
             GError **error)
{
  const char *problem = NULL;

  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0')
    problem = _ ("The gateway's address names no host. Write it as in “wss://gateway.discord.gg”.");
  else if (g_uri_get_userinfo (uri) != NULL)
    problem = _ ("The gateway's address has a user name or password in it, which it must not have. Take the part before “@” out.");
  else if (g_uri_get_fragment (uri) != NULL)
    problem = _ ("The gateway's address has a fragment, which it must not have. Take the part from “#” on out.");

  if (problem)
    g_set_error_literal (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_FAILED, problem);

  return problem == NULL;
}

static gboolean
check_security (GUri       *uri,
                const char *address,
                gboolean    allow_insecure,
                GError    **error)
{
  const char *scheme = g_uri_get_scheme (uri);

  if (is_one_of (scheme, "wss", "https"))
    return TRUE;

  if (!is_one_of (scheme, "ws", "http"))
    {
      g_set_error (error,
                   DGW_GATEWAY_ERROR,
                   DGW_GATEWAY_ERROR_FAILED,
                   _ ("“%s” is no address of a gateway. It has to start with “wss://”, and one of its REST API with “https://”."),
                   address);
      return FALSE;
    }

  if (allow_insecure || is_loopback (g_uri_get_host (uri)))
    return TRUE;

  g_set_error (error,
               DGW_GATEWAY_ERROR,
               DGW_GATEWAY_ERROR_FAILED,
               _ ("“%s” would send the token without encryption. Use “wss://” or “https://”, or allow insecure addresses."),
               address);

  return FALSE;
}

gboolean
dgw_address_is_loopback (const char *address)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && is_loopback (g_uri_get_host (uri));
}

gboolean
dgw_address_is_plain_loopback (const char *address)
{
  g_autofree char *scheme = g_uri_parse_scheme (address);

  return scheme != NULL && !is_one_of (scheme, "wss", "https") && dgw_address_is_loopback (address);
}

gboolean
dgw_address_check (const char *address,
                   gboolean    allow_insecure,
                   GError    **error)
{
  g_autoptr (GUri) uri = parse (address, error);

  return uri && check_characters (address, error) && check_characters (g_uri_get_host (uri), error) &&
         check_parts (uri, error) && check_security (uri, address, allow_insecure, error);
}

static const char *
get_compress_value (DgwCompression compression)
{
  switch (compression)
    {
    case DGW_COMPRESSION_ZLIB_STREAM:
      return "zlib-stream";
    case DGW_COMPRESSION_ZSTD_STREAM:
      return "zstd-stream";
    case DGW_COMPRESSION_NONE:
    case DGW_COMPRESSION_ZLIB_PAYLOAD:
    default:
      return NULL;
    }
}

static gboolean
is_ours (const char *parameter)
{
  const char *const names[] = {"v", "encoding", "compress"};
  gsize             length = strcspn (parameter, "=");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (strlen (names[i]) == length && strncmp (names[i], parameter, length) == 0)
      return TRUE;

  return FALSE;
}

static char *
build_query (const char    *old_query,
             DgwCompression compression)
{
  g_auto (GStrv) parameters = g_strsplit (old_query ? old_query : "", "&", -1);
  const char *compress = get_compress_value (compression);
  GString    *query = g_string_new (NULL);

  for (gsize i = 0; parameters[i] != NULL; i++)
    if (*parameters[i] != '\0' && !is_ours (parameters[i]))
      g_string_append_printf (query, "%s&", parameters[i]);

  g_string_append_printf (query, "v=%d&encoding=json", API_VERSION);
  if (compress)
    g_string_append_printf (query, "&compress=%s", compress);

  return g_string_free (query, FALSE);
}

char *
dgw_address_build (const char    *address,
                   DgwCompression compression)
{
  g_autoptr (GUri) uri = g_uri_parse (address, G_URI_FLAGS_ENCODED, NULL);
  g_autofree char *query = NULL;
  const char      *path;

  if (uri == NULL)
    return NULL;

  path = g_uri_get_path (uri);
  query = build_query (g_uri_get_query (uri), compression);

  return g_uri_join (G_URI_FLAGS_ENCODED,
                     g_uri_get_scheme (uri),
                     g_uri_get_userinfo (uri),
                     g_uri_get_host (uri),
                     g_uri_get_port (uri),
                     *path != '\0' ? path : "/",
                     query,
                     NULL);
}
