/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "sim-commands.h"

#include "sim-json.h"
#include "sim-shard.h"
#include "sim-watch.h"
#include "sim-world.h"

#define OPCODE_PRESENCE    3
#define OPCODE_VOICE       4
#define OPCODE_MEMBERS     8
#define OPCODE_SOUNDS      31
#define OPCODE_CHANNELS    43
#define PRESENCES          5
#define PRESENCE_WINDOW_US (20 * SIM_SECOND)
#define N_GUILDS           16
#define N_SOUND_GUILDS     2

typedef struct
{
  guint    opcode;
  guint    n_sent;
  gboolean wants_answer;
  gboolean is_done;
} Command;

struct _SimCommands
{
  SimShard *shard;
  GArray   *commands; /* of Command; the id is the index and 1 */
  guint     n_open;
  guint64   last_voice; /* id of the newest opcode 4 that was sent */
  guint64   presence;   /* id of the newest; 0: none was set */
  GArray   *presences;  /* gint64: when they were sent */
};

SimCommands *
sim_commands_new (SimShard *shard)
{
  SimCommands *self = g_new0 (SimCommands, 1);

  self->shard = shard;
  self->commands = g_array_new (FALSE, TRUE, sizeof (Command));
  self->presences = g_array_new (FALSE, FALSE, sizeof (gint64));

  return self;
}

void
sim_commands_free (SimCommands *self)
{
  g_array_unref (self->commands);
  g_array_unref (self->presences);
  g_free (self);
}

static Command *
get (SimCommands *self,
     guint64      id)
{
  return id > 0 && id <= self->commands->len ? &g_array_index (self->commands, Command, id - 1) : NULL;
}

static guint64
add (SimCommands *self,
     guint        opcode,
     gboolean     wants_answer)
{
  Command command = {.opcode = opcode, .wants_answer = wants_answer};

  g_array_append_val (self->commands, command);
  self->n_open++;
  self->shard->world->counts.commands++;

  return self->commands->len;
}

/* The id is in the data: that is how it is known again on the wire. */
static char *
write_data (SimCommands *self,
            guint        opcode,
            guint64      id)
{
  SimRand *rand = &self->shard->world->rand;

  switch (opcode)
    {
    case OPCODE_VOICE:
      return g_strdup_printf ("{\"guild_id\":\"%" G_GUINT64_FORMAT
                              "\",\"channel_id\":null,\"self_mute\":false,\"self_deaf\":false}",
                              id);
    case OPCODE_MEMBERS:
      return g_strdup_printf (
        "{\"guild_id\":\"%u\",\"query\":\"%s\",\"limit\":0,\"nonce\":\"%" G_GUINT64_FORMAT "\"}",
        sim_rand_below (rand, N_GUILDS), sim_rand_chance (rand, 0.1) ? "" : "a", id);
    case OPCODE_SOUNDS:
      return g_strdup_printf ("{\"guild_ids\":[\"%" G_GUINT64_FORMAT "\",\"x%" G_GUINT64_FORMAT "\"]}", id,
                              id);
    default:
      return g_strdup_printf ("{\"guild_id\":\"%" G_GUINT64_FORMAT "\",\"fields\":[\"status\"]}", id);
    }
}

void
sim_commands_make_some (SimCommands *self)
{
  static const guint opcodes[] = {OPCODE_VOICE, OPCODE_VOICE, OPCODE_VOICE,
                                  OPCODE_MEMBERS, OPCODE_SOUNDS, OPCODE_CHANNELS};
  SimRand           *rand = &self->shard->world->rand;
  guint              opcode = opcodes[sim_rand_below (rand, G_N_ELEMENTS (opcodes))];
  gboolean           wants_answer = opcode != OPCODE_VOICE && sim_rand_chance (rand, 0.8);
  guint64            id = add (self, opcode, wants_answer);
  g_autofree char   *data = write_data (self, opcode, id);

  sim_shard_command (self->shard, id, opcode, data, wants_answer);
}

void
sim_commands_set_presence (SimCommands *self)
{
  guint64          id = add (self, OPCODE_PRESENCE, FALSE);
  g_autofree char *data = g_strdup_printf (
    "{\"since\":%" G_GUINT64_FORMAT ",\"activities\":[],\"status\":\"idle\",\"afk\":true}", id);

  self->presence = id;
  sim_shard_set_presence (self->shard, id, data);
}

void
sim_commands_cancel_some (SimCommands *self)
{
  if (self->commands->len > 0)
    sim_shard_cancel (self->shard, 1 + sim_rand_below (&self->shard->world->rand, self->commands->len));
}

static void
fail (SimCommands *self,
      SimRule      rule,
      guint64      id,
      const char  *what)
{
  sim_world_fail (self->shard->world, rule, "shard %u: command %" G_GUINT64_FORMAT " %s", self->shard->id, id,
                  what);
}

static guint64
read_id (guint       opcode,
         const char *data)
{
  g_autofree char *text = NULL;
  const char      *digits;

  if (opcode == OPCODE_PRESENCE)
    return (guint64)sim_json_int (data, "since", 0);
  if (opcode == OPCODE_SOUNDS)
    {
      digits = sim_json_member (data, "guild_ids");
      return digits ? g_ascii_strtoull (digits + 2, NULL, 10) : 0;
    }

  text = sim_json_dup_string (data, opcode == OPCODE_MEMBERS ? "nonce" : "guild_id");

  return text ? g_ascii_strtoull (text, NULL, 10) : 0;
}

/* PR-03 */
static void
check_presence (SimCommands *self,
                guint64      id)
{
  gint64 now_us = sim_watch_get_now (self->shard->watch);

  if (id != self->presence)
    fail (self, SIM_RULE_PRESENCE, id, "is not the newest presence");
  g_array_append_val (self->presences, now_us);
  while (now_us - g_array_index (self->presences, gint64, 0) >= PRESENCE_WINDOW_US)
    g_array_remove_index (self->presences, 0);
  if (self->presences->len > PRESENCES)
    fail (self, SIM_RULE_PRESENCE_LIMIT, id, "is one presence too many");
}

/* SND-06 */
static void
check_order (SimCommands *self,
             guint64      id)
{
  if (id <= self->last_voice)
    fail (self, SIM_RULE_COMMAND_ORDER, id, "is sent after a later one");
  self->last_voice = id;
}

void
sim_commands_sent (SimCommands *self,
                   guint        opcode,
                   const char  *text)
{
  guint64  id = read_id (opcode, sim_json_member (text, "d"));
  Command *command = get (self, id);

  if (opcode == OPCODE_PRESENCE)
    {
      check_presence (self, id);
      return;
    }
  if (command == NULL || command->opcode != opcode || command->is_done ||
      (command->n_sent > 0 && !command->wants_answer))
    {
      fail (self, SIM_RULE_COMMAND_ONCE, id, "is sent once more");
      return;
    }

  command->n_sent++;
  if (opcode == OPCODE_VOICE)
    check_order (self, id);
}

void
sim_commands_identified (SimCommands *self,
                         const char  *data)
{
  const char *presence = sim_json_member (data, "presence");

  if (presence && (guint64)sim_json_int (presence, "since", 0) != self->presence)
    fail (self, SIM_RULE_PRESENCE, self->presence, "is not the presence of the identify");
}

/* The parts of the answer, in order. */
static void
check_answers (SimCommands *self,
               guint64      id,
               GPtrArray   *answers)
{
  Command *command = get (self, id);
  guint    n_wanted = command->opcode == OPCODE_SOUNDS ? N_SOUND_GUILDS : 1;

  for (guint i = 0; i < answers->len; i++)
    {
      const char *data = sim_json_member (dgw_json_get_text (g_ptr_array_index (answers, i), NULL), "d");

      if (command->opcode != OPCODE_SOUNDS && read_id (command->opcode, data) != id)
        fail (self, SIM_RULE_ANSWER, id, "has the answer of another");
      if (command->opcode == OPCODE_MEMBERS && sim_json_int (data, "chunk_index", -1) != i)
        fail (self, SIM_RULE_ANSWER, id, "has its chunks out of order");
      if (command->opcode == OPCODE_MEMBERS)
        n_wanted = (guint)sim_json_int (data, "chunk_count", 0);
    }
  if (answers->len != n_wanted)
    fail (self, SIM_RULE_ANSWER, id, "has not its whole answer");
}

void
sim_commands_done (SimCommands     *self,
                   const DgwAction *action)
{
  guint64  id = action->command.id;
  Command *command = get (self, id);

  if (command == NULL || command->is_done)
    {
      fail (self, SIM_RULE_COMMAND_ONCE, id, "ends twice");
      return;
    }

  command->is_done = TRUE;
  self->n_open--;
  if (command->opcode == OPCODE_PRESENCE)
    return;

  if (action->command.error)
    {
      if (command->n_sent > 0 && !command->wants_answer)
        fail (self, SIM_RULE_COMMAND_ONCE, id, "fails although it was sent");
    }
  else if (command->n_sent == 0)
    fail (self, SIM_RULE_COMMAND_ONCE, id, "succeeds without having been sent");
  else if (command->wants_answer != (action->command.answers != NULL))
    fail (self, SIM_RULE_ANSWER, id, "has no answer, or one that nobody wanted");
  else if (command->wants_answer)
    check_answers (self, id, action->command.answers);
}

void
sim_commands_crash (SimCommands *self)
{
  for (guint i = 0; i < self->commands->len; i++)
    g_array_index (self->commands, Command, i).is_done = TRUE;
  self->n_open = 0;
  self->presence = 0;
  g_array_set_size (self->presences, 0);
}

guint
sim_commands_get_open (SimCommands *self)
{
  return self->n_open;
}

guint
sim_commands_get_total (SimCommands *self)
{
  return self->commands->len;
}

gboolean
sim_commands_is_presence_up_to_date (SimCommands *self)
{
  SimSession *session = self->shard->watch->memory.session;

  if (self->presence == 0)
    return TRUE;

  return session && session->presence &&
         (guint64)sim_json_int (session->presence, "since", 0) == self->presence;
}
