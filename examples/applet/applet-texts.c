/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The closures of window.ui: they put what is known of the gateway and of its messages into words. */
#include "applet-texts.h"

#include <dgw.h>
#include <glib/gi18n.h>

typedef struct
{
  const char *text;
  const char *icon;
  const char *style; /* a style class of libadwaita */
} Look;

static const Look looks[] = {
  [DGW_STATUS_UNCONNECTED] = {N_ ("Not Connected"),           "network-offline-symbolic", "dim-label"},
  [DGW_STATUS_CONNECTING] = {N_ ("Connecting…"),           "content-loading-symbolic", "dim-label"},
  [DGW_STATUS_WAITING_FOR_HELLO] = {N_ ("Connecting…"),           "content-loading-symbolic", "dim-label"},
  [DGW_STATUS_IDENTIFYING] = {N_ ("Signing In…"),           "content-loading-symbolic", "dim-label"},
  [DGW_STATUS_RESUMING] = {N_ ("Catching Up…"),          "content-loading-symbolic", "accent"   },
  [DGW_STATUS_WAITING_FOR_READY] = {N_ ("Signing In…"),           "content-loading-symbolic", "dim-label"},
  [DGW_STATUS_READY] = {N_ ("Connected"),               "emblem-ok-symbolic",       "success"  },
  [DGW_STATUS_DISCONNECTED] = {N_ ("Waiting to Reconnect…"), "network-error-symbolic",   "warning"  },
};

static char *
status_text (GObject *object, DgwStatus status)
{
  return g_strdup (_ (looks[status].text));
}

static char *
status_icon (GObject *object, DgwStatus status)
{
  return g_strdup (looks[status].icon);
}

static char **
status_classes (GObject *object, DgwStatus status)
{
  const char *classes[] = {looks[status].style, NULL};

  return g_strdupv ((char **)classes);
}

static char *
toggle_label (GObject *object, DgwStatus status)
{
  return g_strdup (status == DGW_STATUS_UNCONNECTED ? _ ("Connect") : _ ("Disconnect"));
}

static char *
latency_text (GObject *object, gint64 latency_us)
{
  double latency_ms = latency_us / 1000.0;

  if (latency_us < 0)
    return g_strdup ("");

  /* Translators: latency in milliseconds */
  return g_strdup_printf (_ ("%.*f ms"), latency_ms < 10 ? 1 : 0, latency_ms);
}

static char *
user_name (GObject *object, DgwUser *user)
{
  const char *name = NULL;

  if (user)
    name = dgw_user_get_global_name (user) ?: dgw_user_get_username (user);
  return g_strdup (name ?: "");
}

static char *
account_name (GObject *object, DgwUser *user)
{
  return user ? user_name (object, user) : g_strdup (_ ("No Account"));
}

static char *
time_text (GObject *object, GDateTime *time)
{
  g_autoptr (GDateTime) local = time ? g_date_time_to_local (time) : NULL;

  return local ? g_date_time_format (local, "%H:%M") : g_strdup ("");
}

static char *
error_text (GObject *object, const GError *error)
{
  return g_strdup (error ? error->message : "");
}

static gboolean
is_set (GObject *object, const GError *error)
{
  return error != NULL;
}

static char *
page_name (GObject *object, guint n_messages)
{
  return g_strdup (n_messages > 0 ? "messages" : "empty");
}

void
applet_texts_bind (GtkWidgetClass *klass)
{
  gtk_widget_class_bind_template_callback (klass, status_text);
  gtk_widget_class_bind_template_callback (klass, status_icon);
  gtk_widget_class_bind_template_callback (klass, status_classes);
  gtk_widget_class_bind_template_callback (klass, toggle_label);
  gtk_widget_class_bind_template_callback (klass, latency_text);
  gtk_widget_class_bind_template_callback (klass, user_name);
  gtk_widget_class_bind_template_callback (klass, account_name);
  gtk_widget_class_bind_template_callback (klass, time_text);
  gtk_widget_class_bind_template_callback (klass, error_text);
  gtk_widget_class_bind_template_callback (klass, is_set);
  gtk_widget_class_bind_template_callback (klass, page_name);
}
