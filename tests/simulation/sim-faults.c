/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-faults.h"

#define STREAM 1000

/* Per mille at most of the places where it may strike. */
static const struct
{
  const char *name;
  guint       most;
} kinds[SIM_N_FAULTS] = {
  [SIM_FAULT_DELAY] = {"delay",            1000},
  [SIM_FAULT_LOSS] = {"loss",             100 },
  [SIM_FAULT_FRAGMENT] = {"fragment",         1000},
  [SIM_FAULT_GARBLE] = {"garble",           60  },
  [SIM_FAULT_REORDER] = {"reorder",          1000},
  [SIM_FAULT_LATE_TIMER] = {"late-timer",       300 },
  [SIM_FAULT_DNS] = {"dns",              800 },
  [SIM_FAULT_NO_ANSWER] = {"no-answer",        500 },
  [SIM_FAULT_HTTP_401] = {"http-401",         100 },
  [SIM_FAULT_HTTP_429] = {"http-429",         500 },
  [SIM_FAULT_HTTP_5XX] = {"http-5xx",         700 },
  [SIM_FAULT_PORTAL] = {"portal",           500 },
  [SIM_FAULT_NO_HELLO] = {"no-hello",         600 },
  [SIM_FAULT_ODD_HELLO] = {"odd-hello",        300 },
  [SIM_FAULT_NO_READY] = {"no-ready",         500 },
  [SIM_FAULT_NO_ACK] = {"no-ack",           500 },
  [SIM_FAULT_LATE_ACK] = {"late-ack",         500 },
  [SIM_FAULT_REFUSED_IDENTIFY] = {"refused-identify", 700 },
  [SIM_FAULT_REFUSED_RESUME] = {"refused-resume",   800 },
  [SIM_FAULT_CLOSED_LOGIN] = {"closed-login",     700 },
  [SIM_FAULT_RATE_LIMITED] = {"rate-limited",     700 },
  [SIM_FAULT_NO_CHUNKS] = {"no-chunks",        500 },
  [SIM_FAULT_RESET] = {"reset",            0   },
  [SIM_FAULT_HALF_OPEN] = {"half-open",        0   },
  [SIM_FAULT_CLOSE] = {"close",            0   },
  [SIM_FAULT_FATAL_CLOSE] = {"fatal-close",      0   },
  [SIM_FAULT_RECONNECT] = {"reconnect",        0   },
  [SIM_FAULT_INVALID_SESSION] = {"invalid-session",  0   },
  [SIM_FAULT_BEAT_REQUEST] = {"beat-request",     0   },
  [SIM_FAULT_ODD_PAYLOAD] = {"odd-payload",      0   },
  [SIM_FAULT_RESTART] = {"restart",          0   },
  [SIM_FAULT_HOST_DOWN] = {"host-down",        0   },
  [SIM_FAULT_SESSION_LOSS] = {"session-loss",     0   },
  [SIM_FAULT_SLEEP] = {"sleep",            0   },
  [SIM_FAULT_FREEZE] = {"freeze",           0   },
  [SIM_FAULT_ROUTE] = {"route",            0   },
  [SIM_FAULT_OFFLINE] = {"offline",          0   },
  [SIM_FAULT_CRASH] = {"crash",            0   },
  [SIM_FAULT_SLOW_APPLICATION] = {"slow-application", 0   },
  [SIM_FAULT_STOP] = {"stop",             0   },
  [SIM_FAULT_OPTIONS] = {"options",          0   },
};

G_STATIC_ASSERT (SIM_N_FAULTS < 64);

void
sim_faults_init (SimFaults *self,
                 guint64    seed,
                 guint64    allowed)
{
  SimRand rand;
  double  density;

  sim_rand_init (&rand, seed, STREAM);
  density = sim_rand_unit (&rand) * 0.5;
  for (guint i = 0; i < SIM_N_FAULTS; i++)
    {
      gboolean is_on = sim_rand_chance (&rand, density);

      sim_rand_init (&self->rands[i], seed, STREAM + 1 + i);
      self->means_us[i] = sim_rand_scale (&rand, 2 * G_USEC_PER_SEC, 300 * G_USEC_PER_SEC);
      self->rates[i] = (double)sim_rand_scale (&rand, 2, MAX (kinds[i].most, 3)) / 1000;
      self->injected[i] = 0;
      if (!is_on || !(allowed & (G_GUINT64_CONSTANT (1) << i)))
        self->rates[i] = 0;
    }
}

gboolean
sim_faults_strike (SimFaults *self,
                   SimFault   fault)
{
  if (self->rates[fault] <= 0 || !sim_rand_chance (&self->rands[fault], self->rates[fault]))
    return FALSE;

  self->injected[fault]++;

  return TRUE;
}

void
sim_faults_end (SimFaults *self)
{
  for (guint i = 0; i < SIM_N_FAULTS; i++)
    self->rates[i] = 0;
}

const char *
sim_fault_get_name (SimFault fault)
{
  return kinds[fault].name;
}

gboolean
sim_fault_from_name (const char *name,
                     SimFault   *fault)
{
  for (guint i = 0; i < SIM_N_FAULTS; i++)
    if (g_str_equal (name, kinds[i].name))
      {
        *fault = i;
        return TRUE;
      }

  return FALSE;
}
