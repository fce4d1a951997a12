/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Generated traffic. An event is a pure function of the seed and its index:
 * nothing has to be kept for a replay but the index, and two runs with one
 * seed send the same bytes.
 *
 * Most templates are captured payloads; the kinds that were not captured are
 * written after the field lists of Discord's documentation.
 */

#include "config.h"

#include "testing/dgw-testing-traffic-private.h"

#include <math.h>
#include <string.h>

#include "testing/dgw-testing-json-private.h"
#include "testing/dgw-testing-template-private.h"

#define N_GUILDS    8 /* that the chat profile speaks of */
#define FIRST_GUILD G_GUINT64_CONSTANT (900000000000000000)
#define INDEX_KEY   "\"simulator_index\":"
#define MEMBERS_KEY "\"members\":"
#define MIN_GUILD   20e3
#define MAX_GUILD   3e6

#define USER_TEXT                                                                    \
  "{\"username\":\"u\",\"public_flags\":0,\"primary_guild\":null,\"id\":\"0\","      \
  "\"global_name\":\"Someone\",\"display_name_styles\":null,\"display_name\":\"S\"," \
  "\"discriminator\":\"0\",\"collectibles\":null,\"clan\":null,\"bot\":false,"       \
  "\"avatar_decoration_data\":null,\"avatar\":\"0000000000000000000000000000000d\"}"

#define MEMBER_TEXT                                                                    \
  "{\"user\":" USER_TEXT ",\"roles\":[\"900000000000000005\",\"900000000000000006\"]," \
  "\"premium_since\":null,\"pending\":false,\"nick\":null,\"mute\":false,"             \
  "\"joined_at\":\"2024-02-27T19:50:51.701000+00:00\",\"flags\":0,\"deaf\":false,"     \
  "\"communication_disabled_until\":null,\"banner\":null,\"avatar\":null}"

#define TYPING_TEXT                                                                    \
  "{\"t\":\"TYPING_START\",\"s\":0,\"op\":0,\"d\":{\"user_id\":\"0\",\"timestamp\":0," \
  "\"member\":" MEMBER_TEXT ",\"guild_id\":\"0\",\"channel_id\":\"0\"}}"

#define PRESENCE_TEXT                                                                \
  "{\"t\":\"PRESENCE_UPDATE\",\"s\":0,\"op\":0,\"d\":{\"user\":{\"id\":\"0\"},"      \
  "\"status\":\"online\",\"processed_at_timestamp\":0,\"guild_id\":\"0\","           \
  "\"client_status\":{\"desktop\":\"online\"},\"activities\":[{\"type\":2,"          \
  "\"timestamps\":{\"start\":1772323200000,\"end\":1772323400000},"                  \
  "\"sync_id\":\"0VjIjW4GlUZAMYd2vXMi3b\",\"state\":\"The Example Band\","           \
  "\"session_id\":\"00000000000000000000000000000001\",\"party\":{\"id\":"           \
  "\"spotify:900000000000000002\"},\"name\":\"Spotify\",\"id\":\"spotify:1\","       \
  "\"flags\":48,\"details\":\"A Song of Some Length\",\"created_at\":1772323200000," \
  "\"assets\":{\"large_text\":\"An Album\",\"large_image\":\"spotify:ab67616d0000b\"}}]}}"

typedef enum
{
  KIND_PRESENCE,
  KIND_MESSAGE,
  KIND_REPLY,
  KIND_TYPING,
  KIND_VOICE,
  KIND_MESSAGE_UPDATE,
  KIND_MESSAGE_DELETE,
  KIND_REACTION,
  KIND_MEMBER,
  KIND_INTERACTION,
  KIND_THREAD,
  KIND_VOICE_STATUS,
  N_KINDS,
} Kind;

typedef struct
{
  const char *text; /* or one of a captured file */
  const char *file;
  guint       number;
  guint       percent;
} KindInfo;

static const KindInfo kinds[N_KINDS] = {
  [KIND_PRESENCE] = {.text = PRESENCE_TEXT, .percent = 35},
  [KIND_MESSAGE] = {                                             .file = "gateway_message_create",          .number = 0, .percent = 23},
  [KIND_REPLY] = {                                             .file = "gateway_message_create",          .number = 1,  .percent = 2},
  [KIND_TYPING] = {                                             .text = TYPING_TEXT,        .percent = 15             },
  [KIND_VOICE] = {          .file = "gateway_voice_state_update",        .number = 1,                     .percent = 10},
  [KIND_MESSAGE_UPDATE] = {              .file = "gateway_message_update",         .number = 0,                      .percent = 4},
  [KIND_MESSAGE_DELETE] = {              .file = "gateway_message_delete",         .number = 0,                      .percent = 3},
  [KIND_REACTION] = {        .file = "gateway_message_reaction_add",         .number = 0,                      .percent = 4},
  [KIND_MEMBER] = {         .file = "gateway_guild_member_update",         .number = 0,                      .percent = 1},
  [KIND_INTERACTION] = {          .file = "gateway_interaction_create",         .number = 0,                      .percent = 1},
  [KIND_THREAD] = {               .file = "gateway_thread_create",         .number = 0,                      .percent = 1},
  [KIND_VOICE_STATUS] = { .file = "gateway_voice_channel_status_update",         .number = 0,                      .percent = 1},
};

static const DgwTestingPlace places[] = {
  {"s",                                 DGW_TESTING_SLOT_SEQUENCE    },
  {"d.id",                              DGW_TESTING_SLOT_ID          },
  {"d.nonce",                           DGW_TESTING_SLOT_NONCE       },
  {"d.content",                         DGW_TESTING_SLOT_CONTENT     },
  {"d.guild_id",                        DGW_TESTING_SLOT_GUILD       },
  {"d.channel_id",                      DGW_TESTING_SLOT_CHANNEL     },
  {"d.message_id",                      DGW_TESTING_SLOT_ID          },
  {"d.user_id",                         DGW_TESTING_SLOT_USER        },
  {"d.session_id",                      DGW_TESTING_SLOT_SESSION     },
  {"d.roles",                           DGW_TESTING_SLOT_ROLES       },
  {"d.joined_at",                       DGW_TESTING_SLOT_JOINED      },
  {"d.user.id",                         DGW_TESTING_SLOT_USER        },
  {"d.user.username",                   DGW_TESTING_SLOT_NAME        },
  {"d.user.global_name",                DGW_TESTING_SLOT_FULL_NAME   },
  {"d.user.avatar",                     DGW_TESTING_SLOT_AVATAR      },
  {"d.author.id",                       DGW_TESTING_SLOT_USER        },
  {"d.author.username",                 DGW_TESTING_SLOT_NAME        },
  {"d.author.global_name",              DGW_TESTING_SLOT_FULL_NAME   },
  {"d.author.avatar",                   DGW_TESTING_SLOT_AVATAR      },
  {"d.author.primary_guild.badge",      DGW_TESTING_SLOT_BADGE       },
  {"d.author.clan.badge",               DGW_TESTING_SLOT_BADGE       },
  {"d.member.roles",                    DGW_TESTING_SLOT_ROLES       },
  {"d.member.joined_at",                DGW_TESTING_SLOT_JOINED      },
  {"d.member.user.id",                  DGW_TESTING_SLOT_USER        },
  {"d.member.user.username",            DGW_TESTING_SLOT_NAME        },
  {"d.member.user.global_name",         DGW_TESTING_SLOT_FULL_NAME   },
  {"d.member.user.avatar",              DGW_TESTING_SLOT_AVATAR      },
  {"d.member.user.primary_guild.badge", DGW_TESTING_SLOT_BADGE       },
  {"d.referenced_message.id",           DGW_TESTING_SLOT_NONCE       },
  {"d.referenced_message.content",      DGW_TESTING_SLOT_TITLE       },
  {"d.activities.0.state",              DGW_TESTING_SLOT_FULL_NAME   },
  {"d.activities.0.details",            DGW_TESTING_SLOT_TITLE       },
  {"d.activities.0.session_id",         DGW_TESTING_SLOT_SESSION     },
  {"d.activities.0.created_at",         DGW_TESTING_SLOT_MILLISECONDS},
  {"d.activities.0.assets.large_image", DGW_TESTING_SLOT_IMAGE       },
  {"d.activities.0.assets.large_text",  DGW_TESTING_SLOT_TITLE       },
  {"d.status",                          DGW_TESTING_SLOT_STATUS      },
  {"d.processed_at_timestamp",          DGW_TESTING_SLOT_MILLISECONDS},
  {"d.simulator_index",                 DGW_TESTING_SLOT_INDEX       },
  {NULL,                                0                            },
};

static const DgwTestingPlace message_places[] = {
  {"d.timestamp", DGW_TESTING_SLOT_TIME},
  {NULL,          0                    },
};

static const DgwTestingPlace typing_places[] = {
  {"d.timestamp", DGW_TESTING_SLOT_SECONDS},
  {NULL,          0                       },
};

static const DgwTestingPlace member_places[] = {
  {"user.id",          DGW_TESTING_SLOT_USER     },
  {"user.username",    DGW_TESTING_SLOT_NAME     },
  {"user.global_name", DGW_TESTING_SLOT_FULL_NAME},
  {"user.avatar",      DGW_TESTING_SLOT_AVATAR   },
  {"roles",            DGW_TESTING_SLOT_ROLES    },
  {"joined_at",        DGW_TESTING_SLOT_JOINED   },
  {NULL,               0                         },
};

static const DgwTestingPlace guild_places[] = {
  {"id", DGW_TESTING_SLOT_GUILD},
  {NULL, 0                     },
};

typedef struct
{
  DgwTestingTemplate *kinds[N_KINDS];
  DgwTestingTemplate *member;
  DgwTestingTemplate *guild; /* without the members and the last brace */
  char               *members;
} Templates;

struct _DgwTestingTraffic
{
  DgwTestingProfile profile;
  double            rate;
  guint64           count;
  guint             seed;
};

static DgwTestingTemplate *
make_kind (Kind kind)
{
  g_autofree char *text = kinds[kind].text != NULL ? g_strdup (kinds[kind].text) : dgw_testing_payload_text (kinds[kind].file, kinds[kind].number);
  g_autofree char *marked = NULL;
  g_autoptr (GArray) all = g_array_new (TRUE, TRUE, sizeof (DgwTestingPlace));

  g_assert (g_str_has_suffix (text, "}}"));

  text[strlen (text) - 2] = '\0';
  marked = g_strconcat (text, "," INDEX_KEY "0}}", NULL);
  g_array_append_vals (all, places, G_N_ELEMENTS (places) - 1);
  g_array_append_vals (all, kind == KIND_TYPING ? typing_places : message_places, 1);
  return dgw_testing_template_new (marked, (DgwTestingPlace *)all->data);
}

/* The captured guild; its members are moved to the end, where more are added. */
static void
make_guild (Templates *templates)
{
  g_autofree char *payload = dgw_testing_payload_text ("gateway_guild_create", 1);
  g_autofree char *data = NULL;
  g_autofree char *rest = NULL;
  gsize            start, end;
  gboolean         found;

  found = dgw_testing_json_find (payload, "d", &start, &end);
  g_assert (found);
  data = g_strndup (payload + start, end - start);
  found = dgw_testing_json_find (data, "members", &start, &end);
  g_assert (found && data[end] == ',');
  templates->members = g_strndup (data + start, end - start);
  data[start - strlen (MEMBERS_KEY)] = '\0';
  rest = g_strconcat (data, data + end + 1, NULL);
  rest[strlen (rest) - 1] = '\0';
  templates->guild = dgw_testing_template_new (rest, guild_places);
}

static const Templates *
get_templates (void)
{
  static Templates *shared = NULL;

  if (g_once_init_enter (&shared))
    {
      Templates *templates = g_new0 (Templates, 1);

      for (guint kind = 0; kind < N_KINDS; kind++)
        templates->kinds[kind] = make_kind (kind);
      templates->member = dgw_testing_template_new (MEMBER_TEXT, member_places);
      make_guild (templates);
      g_once_init_leave (&shared, templates);
    }

  return shared;
}

DgwTestingTraffic *
dgw_testing_traffic_new (DgwTestingProfile profile, double rate, guint64 count, guint seed)
{
  DgwTestingTraffic *traffic = g_rc_box_new0 (DgwTestingTraffic);

  traffic->profile = profile;
  traffic->rate = rate;
  traffic->count = count;
  traffic->seed = seed;
  return traffic;
}

DgwTestingTraffic *
dgw_testing_traffic_ref (DgwTestingTraffic *traffic)
{
  return g_rc_box_acquire (traffic);
}

void
dgw_testing_traffic_unref (DgwTestingTraffic *traffic)
{
  g_rc_box_release (traffic);
}

/* Events a second; 0: as fast as the client takes them. */
double
dgw_testing_traffic_get_rate (DgwTestingTraffic *traffic)
{
  return traffic->rate;
}

/* Events in all; 0: no end. */
guint64
dgw_testing_traffic_get_count (DgwTestingTraffic *traffic)
{
  return traffic->count;
}

DgwTestingProfile
dgw_testing_traffic_get_profile (DgwTestingTraffic *traffic)
{
  return traffic->profile;
}

/* Neighbouring guilds fall to different shards. */
guint64
dgw_testing_traffic_guild_id (guint number)
{
  return FIRST_GUILD + ((guint64)number << 22);
}

static Kind
pick_kind (guint64 hash)
{
  guint percent = hash % 100;
  Kind  kind = 0;

  while (kind < N_KINDS - 1 && percent >= kinds[kind].percent)
    percent -= kinds[kind++].percent;

  return kind;
}

/* The text of `d` of a GUILD_CREATE, with members up to about @size bytes. */
void
dgw_testing_traffic_append_guild (guint number, gsize size, GString *out)
{
  const Templates *templates = get_templates ();
  gsize            start = out->len;
  DgwTestingFill   fill = {.guild_id = dgw_testing_traffic_guild_id (number)};

  dgw_testing_template_append (templates->guild, &fill, out);
  g_string_append (out, "," MEMBERS_KEY);
  g_string_append_len (out, templates->members, strlen (templates->members) - 1);
  fill.hash = number;
  while (out->len - start < size)
    {
      fill.hash = dgw_testing_mix (fill.hash);
      g_string_append_c (out, ',');
      dgw_testing_template_append (templates->member, &fill, out);
    }
  g_string_append (out, "]}");
}

static void
append_startup (DgwTestingTraffic *traffic, guint64 index, gint64 sequence, GString *out)
{
  double part = dgw_testing_mix (traffic->seed + index) / (double)G_MAXUINT64;
  gsize  size = MIN_GUILD * pow (MAX_GUILD / MIN_GUILD, part);

  g_string_append_printf (out, "{\"t\":\"GUILD_CREATE\",\"s\":%" G_GINT64_FORMAT ",\"op\":0,\"d\":", sequence);
  dgw_testing_traffic_append_guild (index, size, out);
  g_string_truncate (out, out->len - 1);
  g_string_append (out, "," INDEX_KEY);
  dgw_testing_append_number (out, index);
  g_string_append (out, "}}");
}

/* Appends the whole payload of event @index. */
void
dgw_testing_traffic_append (DgwTestingTraffic *traffic, guint64 index, gint64 sequence, GString *out)
{
  guint64        hash = dgw_testing_mix (((guint64)traffic->seed << 32) ^ index);
  DgwTestingFill fill = {.sequence = sequence, .index = index};

  if (traffic->profile == DGW_TESTING_PROFILE_STARTUP)
    {
      append_startup (traffic, index, sequence, out);
      return;
    }

  fill.hash = dgw_testing_mix (hash);
  fill.guild_id = dgw_testing_traffic_guild_id (fill.hash % N_GUILDS);
  dgw_testing_template_append (get_templates ()->kinds[pick_kind (hash)], &fill, out);
}
