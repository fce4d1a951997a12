/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "dgw-event-payload-private.h"
#include "dgw-event-signals-private.h"
#include "dgw-event-table-private.h"

#define TEST_TYPE_EMITTER (test_emitter_get_type ())
G_DECLARE_FINAL_TYPE (TestEmitter, test_emitter, TEST, EMITTER, GObject)

struct _TestEmitter
{
  GObject parent_instance;
};

G_DEFINE_FINAL_TYPE (TestEmitter, test_emitter, G_TYPE_OBJECT)

static guint ids[DGW_N_EVENTS + 1];

static void
test_emitter_class_init (TestEmitterClass *klass)
{
  dgw_event_signals_install (G_OBJECT_CLASS (klass), ids);
}

static void
test_emitter_init (TestEmitter *self)
{
}

static void
test_each_event (void)
{
  g_autoptr (TestEmitter) emitter = g_object_new (TEST_TYPE_EMITTER, NULL);

  g_test_summary ("Each event of the catalogue has a signal, with the class of its data");
  g_assert_cmpuint (ids[DGW_EVENT_TYPE_UNKNOWN], ==, 0);
  for (guint type = 1; type <= DGW_N_EVENTS; type++)
    {
      GType        payload = dgw_event_payload_get_type (type);
      GSignalQuery query;

      g_signal_query (ids[type], &query);
      g_assert_cmpstr (query.signal_name, ==, dgw_event_info_by_type (type)->signal_name);
      g_assert_cmpuint (query.itype, ==, TEST_TYPE_EMITTER);
      g_assert_cmpuint (query.return_type, ==, G_TYPE_NONE);
      g_assert_cmpuint (query.n_params, ==, 1);
      g_assert_cmpuint (query.param_types[0], ==, payload != G_TYPE_INVALID ? payload : DGW_TYPE_EVENT);
    }
  g_assert_cmpuint (g_signal_lookup ("message-create", TEST_TYPE_EMITTER), ==, ids[DGW_EVENT_TYPE_MESSAGE_CREATE]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/gateway/event-signals/each-event", test_each_event);

  return g_test_run ();
}
