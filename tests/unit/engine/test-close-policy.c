/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib.h>

#include "engine/dgw-close-policy-private.h"

typedef struct
{
  guint           code;
  DgwCloseVerdict verdict; /* with a session */
} Row;

/* The close-code table of the rulebook, CC-4000 to CC-OTHER; 4006 is CC-06. */
static const Row rows[] = {
  {4000, DGW_CLOSE_RESUME  },
  {4001, DGW_CLOSE_IDENTIFY},
  {4002, DGW_CLOSE_RESUME  },
  {4003, DGW_CLOSE_IDENTIFY},
  {4004, DGW_CLOSE_FATAL   },
  {4005, DGW_CLOSE_RESUME  },
  {4006, DGW_CLOSE_RESUME  },
  {4007, DGW_CLOSE_IDENTIFY},
  {4008, DGW_CLOSE_RESUME  },
  {4009, DGW_CLOSE_IDENTIFY},
  {4010, DGW_CLOSE_FATAL   },
  {4011, DGW_CLOSE_FATAL   },
  {4012, DGW_CLOSE_FATAL   },
  {4013, DGW_CLOSE_FATAL   },
  {4014, DGW_CLOSE_FATAL   },
  {0,    DGW_CLOSE_RESUME  },
  {1000, DGW_CLOSE_RESUME  },
  {1001, DGW_CLOSE_RESUME  },
  {1005, DGW_CLOSE_RESUME  },
  {1006, DGW_CLOSE_RESUME  },
  {1008, DGW_CLOSE_RESUME  },
  {1009, DGW_CLOSE_RESUME  },
  {1011, DGW_CLOSE_RESUME  },
  {1012, DGW_CLOSE_RESUME  },
  {3000, DGW_CLOSE_RESUME  },
  {4099, DGW_CLOSE_RESUME  },
  {4999, DGW_CLOSE_RESUME  },
};

static void
test_peer (void)
{
  g_test_summary ("CC-4000 to CC-4014, CC-NONE, CC-1000, CC-1001, CC-OTHER, CC-06: what a close by the peer leads to");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      DgwCloseVerdict without = rows[i].verdict == DGW_CLOSE_FATAL ? DGW_CLOSE_FATAL : DGW_CLOSE_IDENTIFY;

      g_test_message ("close code %u", rows[i].code);
      g_assert_cmpint (dgw_close_policy_judge (rows[i].code, DGW_CLOSED_BY_PEER, TRUE, FALSE), ==, rows[i].verdict);
      g_assert_cmpint (dgw_close_policy_judge (rows[i].code, DGW_CLOSED_BY_PEER, FALSE, FALSE), ==, without);
    }
}

static void
test_unknown_never_stop (void)
{
  g_test_summary ("CC-02: no code outside the table stops the client");
  for (guint code = 0; code <= 5000; code++)
    if (code < 4004 || code > 4014)
      g_assert_cmpint (dgw_close_policy_judge (code, DGW_CLOSED_BY_PEER, FALSE, FALSE), !=, DGW_CLOSE_FATAL);
}

static void
test_normal_in_resume (void)
{
  g_test_summary ("CC-1000: a resume is tried once; when 1000 is the answer to it, identify");
  g_assert_cmpint (dgw_close_policy_judge (1000, DGW_CLOSED_BY_PEER, TRUE, TRUE), ==, DGW_CLOSE_IDENTIFY);
  g_assert_cmpint (dgw_close_policy_judge (1001, DGW_CLOSED_BY_PEER, TRUE, TRUE), ==, DGW_CLOSE_RESUME);
  g_assert_cmpint (dgw_close_policy_judge (0, DGW_CLOSED_BY_PEER, TRUE, TRUE), ==, DGW_CLOSE_RESUME);
}

static void
test_own (void)
{
  g_test_summary ("DIS-01, DIS-02, DIS-04: of our own codes only 1000 and 1001 end the session, none is fatal");
  g_assert_cmpint (dgw_close_policy_judge (1000, DGW_CLOSED_BY_US, TRUE, FALSE), ==, DGW_CLOSE_IDENTIFY);
  g_assert_cmpint (dgw_close_policy_judge (1001, DGW_CLOSED_BY_US, TRUE, FALSE), ==, DGW_CLOSE_IDENTIFY);
  for (guint code = 4000; code <= 4999; code++)
    {
      g_assert_cmpint (dgw_close_policy_judge (code, DGW_CLOSED_BY_US, TRUE, TRUE), ==, DGW_CLOSE_RESUME);
      g_assert_cmpint (dgw_close_policy_judge (code, DGW_CLOSED_BY_US, FALSE, FALSE), ==, DGW_CLOSE_IDENTIFY);
    }
}

static void
test_pause (void)
{
  g_test_summary ("CC-4008: a pause after sending too fast, none after other codes");
  g_assert_cmpint (dgw_close_policy_get_pause_us (4008, DGW_CLOSED_BY_PEER), ==, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (dgw_close_policy_get_pause_us (4008, DGW_CLOSED_BY_US), ==, 0);
  g_assert_cmpint (dgw_close_policy_get_pause_us (4000, DGW_CLOSED_BY_PEER), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dgw/engine/close-policy/peer", test_peer);
  g_test_add_func ("/dgw/engine/close-policy/unknown-never-stop", test_unknown_never_stop);
  g_test_add_func ("/dgw/engine/close-policy/normal-in-resume", test_normal_in_resume);
  g_test_add_func ("/dgw/engine/close-policy/own", test_own);
  g_test_add_func ("/dgw/engine/close-policy/pause", test_pause);

  return g_test_run ();
}
