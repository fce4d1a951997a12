/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <dgw.h>

#include "dgw-event-payload-private.h"
#include "dgw-event-table-private.h"

static void
test_each_event (void)
{
  g_test_summary ("The data of each event has a class, but for RESUMED");
  for (guint type = 1; type <= DGW_N_EVENTS; type++)
    {
      GType payload = dgw_event_payload_get_type (type);

      if (type == DGW_EVENT_TYPE_RESUMED)
        g_assert_cmpuint (payload, ==, G_TYPE_INVALID);
      else
        g_assert_true (g_type_is_a (payload, DGW_TYPE_ENTITY));
    }
  g_assert_cmpuint (dgw_event_payload_get_type (DGW_EVENT_TYPE_READY), ==, DGW_TYPE_READY_EVENT);
  g_assert_cmpuint (dgw_event_payload_get_type (DGW_EVENT_TYPE_THREAD_CREATE), ==, DGW_TYPE_CHANNEL);
  g_assert_cmpuint (dgw_event_payload_get_type (DGW_EVENT_TYPE_GUILD_DELETE), ==, DGW_TYPE_UNAVAILABLE_GUILD);
}

static void
test_no_event (void)
{
  g_assert_cmpuint (dgw_event_payload_get_type (DGW_EVENT_TYPE_UNKNOWN), ==, G_TYPE_INVALID);
  g_assert_cmpuint (dgw_event_payload_get_type (DGW_N_EVENTS + 1), ==, G_TYPE_INVALID);
  g_assert_cmpuint (dgw_event_payload_get_type ((DgwEventType)G_MAXUINT), ==, G_TYPE_INVALID);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/values/event-payload/each-event", test_each_event);
  g_test_add_func ("/dgw/values/event-payload/no-event", test_no_event);

  return g_test_run ();
}
