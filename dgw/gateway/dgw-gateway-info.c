/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-gateway-info.h"

#include "gateway/dgw-gateway-info-private.h"

/**
 * DgwGatewayInfo:
 *
 * What Discord tells a bot about its gateway: where it is, how many shards to
 * use, and how many sessions may still be started.
 *
 * Get one from [method@Gateway.fetch_info_async]. It is immutable; the numbers
 * were true when the answer was given.
 *
 * Discord's documentation: [Get Gateway Bot](https://discord.com/developers/docs/events/gateway#get-gateway-bot).
 *
 * Since: 0.1
 */
struct _DgwGatewayInfo
{
  GObject parent_instance;

  DgwGatewayAnswer answer;
};

G_DEFINE_FINAL_TYPE (DgwGatewayInfo, dgw_gateway_info, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_URL,
  PROP_SHARDS,
  PROP_TOTAL,
  PROP_REMAINING,
  PROP_RESET_AFTER,
  PROP_MAX_CONCURRENCY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static void
dgw_gateway_info_finalize (GObject *object)
{
  DgwGatewayInfo *self = DGW_GATEWAY_INFO (object);

  dgw_gateway_answer_clear (&self->answer);

  G_OBJECT_CLASS (dgw_gateway_info_parent_class)->finalize (object);
}

static void
dgw_gateway_info_get_property (GObject    *object,
                               guint       prop_id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  DgwGatewayInfo *self = DGW_GATEWAY_INFO (object);

  switch (prop_id)
    {
    case PROP_URL:
      g_value_set_string (value, dgw_gateway_info_get_url (self));
      break;
    case PROP_SHARDS:
      g_value_set_uint (value, dgw_gateway_info_get_shards (self));
      break;
    case PROP_TOTAL:
      g_value_set_uint (value, dgw_gateway_info_get_total (self));
      break;
    case PROP_REMAINING:
      g_value_set_uint (value, dgw_gateway_info_get_remaining (self));
      break;
    case PROP_RESET_AFTER:
      g_value_set_int64 (value, dgw_gateway_info_get_reset_after (self));
      break;
    case PROP_MAX_CONCURRENCY:
      g_value_set_uint (value, dgw_gateway_info_get_max_concurrency (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_gateway_info_class_init (DgwGatewayInfoClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dgw_gateway_info_finalize;
  object_class->get_property = dgw_gateway_info_get_property;

  /**
   * DgwGatewayInfo:url: (getter get_url)
   *
   * The address of the gateway, without a query.
   *
   * Since: 0.1
   */
  properties[PROP_URL] =
    g_param_spec_string ("url", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwGatewayInfo:shards: (getter get_shards)
   *
   * How many shards Discord recommends.
   *
   * Since: 0.1
   */
  properties[PROP_SHARDS] =
    g_param_spec_uint ("shards", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwGatewayInfo:total: (getter get_total)
   *
   * How many sessions may be started in one period.
   *
   * Since: 0.1
   */
  properties[PROP_TOTAL] =
    g_param_spec_uint ("total", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwGatewayInfo:remaining: (getter get_remaining)
   *
   * How many sessions may still be started in this period.
   *
   * Resumes do not count.
   *
   * Since: 0.1
   */
  properties[PROP_REMAINING] =
    g_param_spec_uint ("remaining", NULL, NULL, 0, G_MAXUINT, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwGatewayInfo:reset-after: (getter get_reset_after)
   *
   * In how many milliseconds the next period begins.
   *
   * Since: 0.1
   */
  properties[PROP_RESET_AFTER] =
    g_param_spec_int64 ("reset-after", NULL, NULL, 0, G_MAXINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * DgwGatewayInfo:max-concurrency: (getter get_max_concurrency)
   *
   * How many sessions may be started within 5 seconds.
   *
   * Since: 0.1
   */
  properties[PROP_MAX_CONCURRENCY] =
    g_param_spec_uint ("max-concurrency", NULL, NULL, 0, G_MAXUINT, 1, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dgw_gateway_info_init (DgwGatewayInfo *self)
{
}

DgwGatewayInfo *
dgw_gateway_info_new (const DgwGatewayAnswer *answer)
{
  DgwGatewayInfo *self = g_object_new (DGW_TYPE_GATEWAY_INFO, NULL);

  dgw_gateway_answer_copy (answer, &self->answer);

  return self;
}

/**
 * dgw_gateway_info_get_url: (get-property url)
 * @self: an info
 *
 * Gets the address of the gateway, without a query.
 *
 * Returns: the address, owned by the info
 *
 * Since: 0.1
 */
const char *
dgw_gateway_info_get_url (DgwGatewayInfo *self)
{
  g_return_val_if_fail (DGW_IS_GATEWAY_INFO (self), NULL);

  return self->answer.url;
}

/**
 * dgw_gateway_info_get_shards: (get-property shards)
 * @self: an info
 *
 * Gets how many shards Discord recommends.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint
dgw_gateway_info_get_shards (DgwGatewayInfo *self)
{
  g_return_val_if_fail (DGW_IS_GATEWAY_INFO (self), 0);

  return self->answer.shards;
}

/**
 * dgw_gateway_info_get_total: (get-property total)
 * @self: an info
 *
 * Gets how many sessions may be started in one period.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint
dgw_gateway_info_get_total (DgwGatewayInfo *self)
{
  g_return_val_if_fail (DGW_IS_GATEWAY_INFO (self), 0);

  return self->answer.total;
}

/**
 * dgw_gateway_info_get_remaining: (get-property remaining)
 * @self: an info
 *
 * Gets how many sessions may still be started in this period.
 *
 * Resumes do not count.
 *
 * Returns: a count
 *
 * Since: 0.1
 */
guint
dgw_gateway_info_get_remaining (DgwGatewayInfo *self)
{
  g_return_val_if_fail (DGW_IS_GATEWAY_INFO (self), 0);

  return self->answer.remaining;
}

/**
 * dgw_gateway_info_get_reset_after: (get-property reset-after)
 * @self: an info
 *
 * Gets in how many milliseconds the next period begins.
 *
 * Returns: milliseconds, counted from the answer
 *
 * Since: 0.1
 */
gint64
dgw_gateway_info_get_reset_after (DgwGatewayInfo *self)
{
  g_return_val_if_fail (DGW_IS_GATEWAY_INFO (self), 0);

  return self->answer.reset_after_ms;
}

/**
 * dgw_gateway_info_get_max_concurrency: (get-property max-concurrency)
 * @self: an info
 *
 * Gets how many sessions may be started within 5 seconds.
 *
 * Returns: a count, at least 1
 *
 * Since: 0.1
 */
guint
dgw_gateway_info_get_max_concurrency (DgwGatewayInfo *self)
{
  g_return_val_if_fail (DGW_IS_GATEWAY_INFO (self), 0);

  return self->answer.max_concurrency;
}
