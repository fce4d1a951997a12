/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-guild-arrival.h"

G_DEFINE_ENUM_TYPE (DgwGuildArrival,
                    dgw_guild_arrival,
                    G_DEFINE_ENUM_VALUE (DGW_GUILD_ARRIVAL_JOINED, "joined"),
                    G_DEFINE_ENUM_VALUE (DGW_GUILD_ARRIVAL_LOADED, "loaded"),
                    G_DEFINE_ENUM_VALUE (DGW_GUILD_ARRIVAL_RECOVERED, "recovered"))
