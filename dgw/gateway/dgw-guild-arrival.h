/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

/**
 * DgwGuildArrival:
 * @DGW_GUILD_ARRIVAL_JOINED: the bot was added to the guild
 * @DGW_GUILD_ARRIVAL_LOADED: the bot had been in the guild when the session began
 * @DGW_GUILD_ARRIVAL_RECOVERED: the guild is back from an outage
 *
 * Why a guild comes, see [method@Gateway.get_guild_arrival].
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_GUILD_ARRIVAL_JOINED,
  DGW_GUILD_ARRIVAL_LOADED,
  DGW_GUILD_ARRIVAL_RECOVERED,
} DgwGuildArrival;

DGW_AVAILABLE_IN_0_1
GType dgw_guild_arrival_get_type (void);
#define DGW_TYPE_GUILD_ARRIVAL (dgw_guild_arrival_get_type ())

G_END_DECLS
