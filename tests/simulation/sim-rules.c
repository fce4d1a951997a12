/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-rules.h"

static const char *const names[SIM_N_RULES] = {
  [SIM_RULE_EVENT_LOST] = "event-lost",
  [SIM_RULE_EVENT_TWICE] = "event-twice",
  [SIM_RULE_EVENT_TEXT] = "event-text",
  [SIM_RULE_SEQUENCE] = "sequence",
  [SIM_RULE_SESSION_KEPT] = "session-kept",
  [SIM_RULE_SESSION_DROPPED] = "session-dropped",
  [SIM_RULE_SEND_LIMIT] = "send-limit",
  [SIM_RULE_PRESENCE_LIMIT] = "presence-limit",
  [SIM_RULE_PAYLOAD] = "payload",
  [SIM_RULE_IDENTIFY_SLOT] = "identify-slot",
  [SIM_RULE_IDENTIFY_BUDGET] = "identify-budget",
  [SIM_RULE_ONE_LOGIN] = "one-login",
  [SIM_RULE_BEFORE_HELLO] = "before-hello",
  [SIM_RULE_BEFORE_READY] = "before-ready",
  [SIM_RULE_HEARTBEAT_LATE] = "heartbeat-late",
  [SIM_RULE_HEARTBEAT_EARLY] = "heartbeat-early",
  [SIM_RULE_ZOMBIE] = "zombie",
  [SIM_RULE_CLOSE_CODE] = "close-code",
  [SIM_RULE_GIVEN_UP] = "given-up",
  [SIM_RULE_FATAL] = "fatal",
  [SIM_RULE_WAIT_ENDS] = "wait-ends",
  [SIM_RULE_BACK_OFF] = "back-off",
  [SIM_RULE_SPIN] = "spin",
  [SIM_RULE_ADDRESS] = "address",
  [SIM_RULE_ONE_CONNECTION] = "one-connection",
  [SIM_RULE_STATUS] = "status",
  [SIM_RULE_TOKEN] = "token",
  [SIM_RULE_COMMAND_ONCE] = "command-once",
  [SIM_RULE_COMMAND_ORDER] = "command-order",
  [SIM_RULE_ANSWER] = "answer",
  [SIM_RULE_PRESENCE] = "presence",
  [SIM_RULE_PERMIT] = "permit",
  [SIM_RULE_DEADLINE] = "deadline",
  [SIM_RULE_RECOVERS] = "recovers",
  [SIM_RULE_IDLE] = "idle",
  [SIM_RULE_LOG] = "log",
  [SIM_RULE_CRASH] = "crash",
};

const char *
sim_rule_get_name (SimRule rule)
{
  return names[rule];
}
