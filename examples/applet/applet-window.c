/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The window: window.ui bound to a gateway, a list that the messages go into, and a button that opens and closes. */
#include "applet-window.h"

#include "applet-texts.h"

#define MAX_MESSAGES 100

struct _AppletWindow
{
  AdwApplicationWindow parent_instance;

  DgwGateway        *gateway;
  GtkWidget         *list;
  GListStore        *messages;
  GtkScrolledWindow *scroller;
  AdwToastOverlay   *toasts;
};

G_DEFINE_FINAL_TYPE (AppletWindow, applet_window, ADW_TYPE_APPLICATION_WINDOW)

enum
{
  PROP_0,
  PROP_GATEWAY,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

static void
message_cb (AppletWindow *self,
            DgwMessage   *message)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  gboolean       is_at_top = gtk_adjustment_get_value (adjustment) == 0;
  guint          n_messages = g_list_model_get_n_items (G_LIST_MODEL (self->messages));

  if (n_messages == MAX_MESSAGES)
    g_list_store_remove (self->messages, n_messages - 1);
  g_list_store_insert (self->messages, 0, message);
  if (is_at_top) /* where a list stays with the row that it shows */
    gtk_widget_activate_action (self->list, "list.scroll-to-item", "u", 0);
}

/* The rest is in the gateway's last-error, which the window shows. */
static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AppletWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (dgw_gateway_open_finish (DGW_GATEWAY (source), result, &error) ||
      dgw_gateway_get_last_error (self->gateway) ||
      g_error_matches (error, DGW_GATEWAY_ERROR, DGW_GATEWAY_ERROR_CLOSED))
    return;

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (error->message));
}

static void
toggle_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
  AppletWindow *self = user_data;

  if (dgw_gateway_get_status (self->gateway) == DGW_STATUS_UNCONNECTED)
    dgw_gateway_open_async (self->gateway, NULL, opened_cb, g_object_ref (self));
  else
    dgw_gateway_close_async (self->gateway, NULL, NULL, NULL);
}

static void
closed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (AppletWindow) self = user_data;

  gtk_window_destroy (GTK_WINDOW (self));
}

/* The account is to go offline at once, not when Discord misses its heartbeats. */
static gboolean
applet_window_close_request (GtkWindow *window)
{
  AppletWindow *self = APPLET_WINDOW (window);

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  dgw_gateway_close_async (self->gateway, NULL, closed_cb, g_object_ref (self));
  return GDK_EVENT_STOP;
}

static void
applet_window_constructed (GObject *object)
{
  AppletWindow      *self = APPLET_WINDOW (object);
  const GActionEntry actions[] = {
    {"toggle", toggle_cb}
  };

  G_OBJECT_CLASS (applet_window_parent_class)->constructed (object);

  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  g_signal_connect_object (self->gateway, "message-create", G_CALLBACK (message_cb), self, G_CONNECT_SWAPPED);
}

static void
applet_window_dispose (GObject *object)
{
  AppletWindow *self = APPLET_WINDOW (object);

  g_clear_object (&self->gateway);

  G_OBJECT_CLASS (applet_window_parent_class)->dispose (object);
}

static void
applet_window_get_property (GObject    *object,
                            guint       prop_id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  g_value_set_object (value, APPLET_WINDOW (object)->gateway);
}

static void
applet_window_set_property (GObject      *object,
                            guint         prop_id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  APPLET_WINDOW (object)->gateway = g_value_dup_object (value);
}

static void
applet_window_class_init (AppletWindowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = applet_window_constructed;
  object_class->dispose = applet_window_dispose;
  object_class->get_property = applet_window_get_property;
  object_class->set_property = applet_window_set_property;
  GTK_WINDOW_CLASS (klass)->close_request = applet_window_close_request;

  props[PROP_GATEWAY] = g_param_spec_object (
    "gateway", NULL, NULL, DGW_TYPE_GATEWAY, G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/DgwApplet/window.ui");
  gtk_widget_class_bind_template_child (widget_class, AppletWindow, list);
  gtk_widget_class_bind_template_child (widget_class, AppletWindow, messages);
  gtk_widget_class_bind_template_child (widget_class, AppletWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, AppletWindow, toasts);
  applet_texts_bind (widget_class);
}

static void
applet_window_init (AppletWindow *self)
{
  g_type_ensure (DGW_TYPE_MESSAGE);
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWindow *
applet_window_new (GtkApplication *application,
                   DgwGateway     *gateway)
{
  return g_object_new (APPLET_TYPE_WINDOW, "application", application, "gateway", gateway, NULL);
}
