/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-file-identify-limiter.h"

#include "gateway/dgw-gateway-info.h"
#include "gateway/dgw-identify-pace-private.h"
#include "gateway/dgw-identify-queue-private.h"
#include "gateway/dgw-state-file-private.h"

/**
 * DgwFileIdentifyLimiter:
 *
 * An identify limiter for all programs of one user that run the same bot, now
 * or later.
 *
 * They keep a ledger together, a small file in `dgw/limits` below the user's
 * state folder ([func@GLib.get_user_state_dir]). It is named by a hash of the
 * token; only its user may read it (mode 0600), it is changed under a lock and
 * replaced as a whole. Within each bucket, `shard_id % max_concurrency`, one
 * shard of one of them identifies per window.
 *
 * As it outlives programs, it also stops a program that crashes and is started
 * again, over and over, from using up the session starts of the day, which
 * would cost the bot its token. While more than a half of them is left, they go
 * as fast as Discord allows. From then on they are spread over the rest of the
 * day: of 1000 a start every three to four minutes. The last tenth is never
 * touched; when only that is left, whoever waits goes on waiting until the
 * reset. Until Discord has told other numbers
 * ([method@IdentifyLimiter.update]), there are 1000 a day. A warning in the log
 * tells of waits that are longer than a minute.
 *
 * Where the file cannot be used there is a warning, and the limiter keeps to
 * the same rules without the other programs.
 *
 * Files are read and written on a thread of the library. A limiter may be used
 * from any thread, by any number of gateways.
 *
 * Discord's documentation: [Rate Limiting](https://discord.com/developers/docs/events/gateway#rate-limiting).
 *
 * Since: 0.1
 */
struct _DgwFileIdentifyLimiter
{
  GObject parent_instance;

  char             *name; /* hash of the token */
  char             *folder;
  DgwIdentifyPace   pace;
  DgwIdentifyQueue *queue;
};

static void
dgw_file_identify_limiter_acquire (DgwIdentifyLimiter *limiter,
                                   guint               shard_id,
                                   GTask              *task)
{
  dgw_identify_queue_acquire (DGW_FILE_IDENTIFY_LIMITER (limiter)->queue, shard_id, task);
}

static void
dgw_file_identify_limiter_release (DgwIdentifyLimiter *limiter,
                                   guint               shard_id)
{
  dgw_identify_queue_release (DGW_FILE_IDENTIFY_LIMITER (limiter)->queue, shard_id);
}

static void
dgw_file_identify_limiter_update (DgwIdentifyLimiter *limiter,
                                  DgwGatewayInfo     *info)
{
  dgw_identify_queue_update (DGW_FILE_IDENTIFY_LIMITER (limiter)->queue,
                             dgw_gateway_info_get_total (info),
                             dgw_gateway_info_get_remaining (info),
                             dgw_gateway_info_get_reset_after (info) * G_TIME_SPAN_MILLISECOND,
                             dgw_gateway_info_get_max_concurrency (info));
}

static void
limiter_init (DgwIdentifyLimiterInterface *iface)
{
  iface->acquire = dgw_file_identify_limiter_acquire;
  iface->release = dgw_file_identify_limiter_release;
  iface->update = dgw_file_identify_limiter_update;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (DgwFileIdentifyLimiter,
                               dgw_file_identify_limiter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DGW_TYPE_IDENTIFY_LIMITER, limiter_init))

enum
{
  PROP_TOKEN = DGW_IDENTIFY_PACE_N_PROPS,
  PROP_FOLDER,
};

static void
dgw_file_identify_limiter_constructed (GObject *object)
{
  DgwFileIdentifyLimiter *self = DGW_FILE_IDENTIFY_LIMITER (object);

  G_OBJECT_CLASS (dgw_file_identify_limiter_parent_class)->constructed (object);

  if (!self->folder)
    self->folder = g_build_filename (g_get_user_state_dir (), "dgw", "limits", NULL);
  self->queue = dgw_identify_queue_new (self->folder, self->name, self->pace.max_concurrency,
                                        self->pace.window_ms * G_TIME_SPAN_MILLISECOND);
}

/* The last reference may be dropped in any thread. */
static void
dgw_file_identify_limiter_finalize (GObject *object)
{
  DgwFileIdentifyLimiter *self = DGW_FILE_IDENTIFY_LIMITER (object);

  dgw_identify_queue_free (self->queue);
  g_free (self->name);
  g_free (self->folder);

  G_OBJECT_CLASS (dgw_file_identify_limiter_parent_class)->finalize (object);
}

static void
dgw_file_identify_limiter_get_property (GObject    *object,
                                        guint       prop_id,
                                        GValue     *value,
                                        GParamSpec *pspec)
{
  DgwFileIdentifyLimiter *self = DGW_FILE_IDENTIFY_LIMITER (object);

  switch (prop_id)
    {
    case PROP_FOLDER:
      g_value_set_string (value, dgw_file_identify_limiter_get_folder (self));
      break;
    default:
      if (!dgw_identify_pace_get (&self->pace, prop_id, value))
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_file_identify_limiter_set_property (GObject      *object,
                                        guint         prop_id,
                                        const GValue *value,
                                        GParamSpec   *pspec)
{
  DgwFileIdentifyLimiter *self = DGW_FILE_IDENTIFY_LIMITER (object);
  const char             *token;

  switch (prop_id)
    {
    case PROP_TOKEN:
      token = g_value_get_string (value);
      self->name = dgw_state_file_hash (token ? token : "");
      break;
    case PROP_FOLDER:
      self->folder = g_value_dup_string (value);
      break;
    default:
      if (!dgw_identify_pace_set (&self->pace, prop_id, value))
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dgw_file_identify_limiter_class_init (DgwFileIdentifyLimiterClass *klass)
{
  GObjectClass     *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->constructed = dgw_file_identify_limiter_constructed;
  object_class->finalize = dgw_file_identify_limiter_finalize;
  object_class->get_property = dgw_file_identify_limiter_get_property;
  object_class->set_property = dgw_file_identify_limiter_set_property;

  /**
   * DgwFileIdentifyLimiter:token:
   *
   * The bot's token, with or without `Bot ` in front. Only a hash of it is kept.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_TOKEN,
                                   g_param_spec_string ("token", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS));

  /**
   * DgwFileIdentifyLimiter:folder: (getter get_folder)
   *
   * The folder of the ledger. By default `dgw/limits` below the user's state
   * folder. It is made when it is needed.
   *
   * Since: 0.1
   */
  g_object_class_install_property (object_class, PROP_FOLDER, g_param_spec_string ("folder", NULL, NULL, NULL, flags));

  /**
   * DgwFileIdentifyLimiter:max-concurrency: (getter get_max_concurrency)
   *
   * How many shards may identify in one window; 0 for as many as Discord said
   * last, to any of the programs, and one until it has.
   *
   * Since: 0.1
   */

  /**
   * DgwFileIdentifyLimiter:window: (getter get_window)
   *
   * How long a slot counts, in milliseconds; 0: no slot is waited for, and only
   * the day's session starts count. Discord's window is 5000; another is of use
   * against a simulator or a proxy that does the waiting.
   *
   * Since: 0.1
   */
  dgw_identify_pace_install (object_class);
}

static void
dgw_file_identify_limiter_init (DgwFileIdentifyLimiter *self)
{
}

/**
 * dgw_file_identify_limiter_new:
 * @token: the bot's token, with or without `Bot ` in front
 *
 * Makes a limiter that is shared with the other programs of the user.
 *
 * Returns: (transfer full): a limiter
 *
 * Since: 0.1
 */
DgwFileIdentifyLimiter *
dgw_file_identify_limiter_new (const char *token)
{
  static const char *names[] = {"token"};
  GValue             value = G_VALUE_INIT;

  g_return_val_if_fail (token != NULL, NULL);

  /* By reference: a copy would be left in freed memory. */
  g_value_init (&value, G_TYPE_STRING);
  g_value_set_static_string (&value, token);

  return DGW_FILE_IDENTIFY_LIMITER (g_object_new_with_properties (DGW_TYPE_FILE_IDENTIFY_LIMITER, 1, names, &value));
}

/**
 * dgw_file_identify_limiter_get_folder: (get-property folder)
 * @self: a limiter
 *
 * Gets the folder of the ledger.
 *
 * Returns: (type filename): the path, owned by the limiter
 *
 * Since: 0.1
 */
const char *
dgw_file_identify_limiter_get_folder (DgwFileIdentifyLimiter *self)
{
  g_return_val_if_fail (DGW_IS_FILE_IDENTIFY_LIMITER (self), NULL);

  return self->folder;
}

/**
 * dgw_file_identify_limiter_get_max_concurrency: (get-property max-concurrency)
 * @self: a limiter
 *
 * Gets how many shards may identify in one window.
 *
 * Returns: the number, 0 for as many as Discord said last
 *
 * Since: 0.1
 */
guint
dgw_file_identify_limiter_get_max_concurrency (DgwFileIdentifyLimiter *self)
{
  g_return_val_if_fail (DGW_IS_FILE_IDENTIFY_LIMITER (self), 0);

  return self->pace.max_concurrency;
}

/**
 * dgw_file_identify_limiter_get_window: (get-property window)
 * @self: a limiter
 *
 * Gets how long a slot counts, in milliseconds.
 *
 * Returns: milliseconds
 *
 * Since: 0.1
 */
guint
dgw_file_identify_limiter_get_window (DgwFileIdentifyLimiter *self)
{
  g_return_val_if_fail (DGW_IS_FILE_IDENTIFY_LIMITER (self), 0);

  return self->pace.window_ms;
}
