/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-shard-manager-private.h"

/* What is set: the token, and generic access to the rest. */

void
dgw_shard_manager_notify (DgwShardManager    *self,
                          DgwShardManagerProp prop)
{
  g_object_notify_by_pspec (G_OBJECT (self), dgw_shard_manager_properties[prop]);
}

void
dgw_shard_manager_set_number (DgwShardManager    *self,
                              DgwShardManagerProp prop,
                              guint              *field,
                              guint               value)
{
  if (*field == value)
    return;

  *field = value;
  dgw_shard_manager_notify (self, prop);
}

void
dgw_shard_manager_get_option (DgwShardManager    *self,
                              DgwShardManagerProp prop,
                              GValue             *value)
{
  switch ((int)prop)
    {
    case DGW_SHARD_MANAGER_PROP_INTENTS:
      g_value_set_uint (value, self->intents);
      break;
    case DGW_SHARD_MANAGER_PROP_SHARD_COUNT:
      g_value_set_uint (value, self->shard_count);
      break;
    case DGW_SHARD_MANAGER_PROP_SHARD_IDS:
      g_value_set_variant (value, self->shard_ids);
      break;
    case DGW_SHARD_MANAGER_PROP_AUTO_SCALE:
      g_value_set_boolean (value, self->auto_scale);
      break;
    case DGW_SHARD_MANAGER_PROP_SPLIT_COUNT:
      g_value_set_uint (value, self->split_count);
      break;
    case DGW_SHARD_MANAGER_PROP_URL:
      g_value_set_string (value, self->url);
      break;
    case DGW_SHARD_MANAGER_PROP_API_URL:
      g_value_set_string (value, self->api_url);
      break;
    case DGW_SHARD_MANAGER_PROP_COMPRESSION:
      g_value_set_enum (value, self->compression);
      break;
    case DGW_SHARD_MANAGER_PROP_PRESENCE:
      g_value_set_object (value, self->presence);
      break;
    case DGW_SHARD_MANAGER_PROP_IDENTIFY_LIMITER:
      g_value_set_object (value, self->identify_limiter);
      break;
    case DGW_SHARD_MANAGER_PROP_SESSION_STORE:
      g_value_set_object (value, self->session_store);
      break;
    default:
      g_assert_not_reached ();
    }
}

void
dgw_shard_manager_set_option (DgwShardManager    *self,
                              DgwShardManagerProp prop,
                              const GValue       *value)
{
  switch ((int)prop)
    {
    case DGW_SHARD_MANAGER_PROP_TOKEN:
      self->token = g_value_dup_string (value);
      break;
    case DGW_SHARD_MANAGER_PROP_INTENTS:
      dgw_shard_manager_set_intents (self, g_value_get_uint (value));
      break;
    case DGW_SHARD_MANAGER_PROP_SHARD_COUNT:
      dgw_shard_manager_set_shard_count (self, g_value_get_uint (value));
      break;
    case DGW_SHARD_MANAGER_PROP_SHARD_IDS:
      dgw_shard_manager_set_shard_ids (self, g_value_get_variant (value));
      break;
    case DGW_SHARD_MANAGER_PROP_AUTO_SCALE:
      dgw_shard_manager_set_auto_scale (self, g_value_get_boolean (value));
      break;
    case DGW_SHARD_MANAGER_PROP_SPLIT_COUNT:
      dgw_shard_manager_set_split_count (self, g_value_get_uint (value));
      break;
    case DGW_SHARD_MANAGER_PROP_URL:
      dgw_shard_manager_set_url (self, g_value_get_string (value));
      break;
    case DGW_SHARD_MANAGER_PROP_API_URL:
      dgw_shard_manager_set_api_url (self, g_value_get_string (value));
      break;
    case DGW_SHARD_MANAGER_PROP_COMPRESSION:
      dgw_shard_manager_set_compression (self, g_value_get_enum (value));
      break;
    case DGW_SHARD_MANAGER_PROP_PRESENCE:
      dgw_shard_manager_set_presence (self, g_value_get_object (value));
      break;
    case DGW_SHARD_MANAGER_PROP_IDENTIFY_LIMITER:
      dgw_shard_manager_set_identify_limiter (self, g_value_get_object (value));
      break;
    case DGW_SHARD_MANAGER_PROP_SESSION_STORE:
      dgw_shard_manager_set_session_store (self, g_value_get_object (value));
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
install (GObjectClass       *object_class,
         DgwShardManagerProp prop,
         GParamSpec         *pspec)
{
  dgw_shard_manager_properties[prop] = pspec;
  g_object_class_install_property (object_class, prop, pspec);
}

/**
 * DgwShardManager:token:
 *
 * The bot's token, with or without `Bot ` in front. It cannot be read again and
 * is in no log and no error.
 *
 * Since: 0.1
 */

void
dgw_shard_manager_install_options (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  install (object_class, DGW_SHARD_MANAGER_PROP_TOKEN,
           g_param_spec_string ("token", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));
  install (object_class, DGW_SHARD_MANAGER_PROP_INTENTS,
           g_param_spec_uint ("intents", NULL, NULL, 0, G_MAXUINT, 0, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_SHARD_COUNT,
           g_param_spec_uint ("shard-count", NULL, NULL, 0, G_MAXUINT, 0, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_SHARD_IDS,
           g_param_spec_variant ("shard-ids", NULL, NULL, G_VARIANT_TYPE ("au"), NULL, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_AUTO_SCALE,
           g_param_spec_boolean ("auto-scale", NULL, NULL, FALSE, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_SPLIT_COUNT,
           g_param_spec_uint ("split-count", NULL, NULL, 2, G_MAXUINT, 2, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_URL,
           g_param_spec_string ("url", NULL, NULL, NULL, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_API_URL,
           g_param_spec_string ("api-url", NULL, NULL, DGW_DEFAULT_API_URL, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_COMPRESSION,
           g_param_spec_enum ("compression", NULL, NULL, DGW_TYPE_COMPRESSION, DGW_COMPRESSION_ZSTD_STREAM, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_PRESENCE,
           g_param_spec_object ("presence", NULL, NULL, DGW_TYPE_PRESENCE, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_IDENTIFY_LIMITER,
           g_param_spec_object ("identify-limiter", NULL, NULL, DGW_TYPE_IDENTIFY_LIMITER, flags));
  install (object_class, DGW_SHARD_MANAGER_PROP_SESSION_STORE,
           g_param_spec_object ("session-store", NULL, NULL, DGW_TYPE_SESSION_STORE, flags));
}
