/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-activity-type.h"

G_DEFINE_ENUM_TYPE (DgwActivityType,
                    dgw_activity_type,
                    G_DEFINE_ENUM_VALUE (DGW_ACTIVITY_TYPE_PLAYING, "playing"),
                    G_DEFINE_ENUM_VALUE (DGW_ACTIVITY_TYPE_STREAMING, "streaming"),
                    G_DEFINE_ENUM_VALUE (DGW_ACTIVITY_TYPE_LISTENING, "listening"),
                    G_DEFINE_ENUM_VALUE (DGW_ACTIVITY_TYPE_WATCHING, "watching"),
                    G_DEFINE_ENUM_VALUE (DGW_ACTIVITY_TYPE_CUSTOM, "custom"),
                    G_DEFINE_ENUM_VALUE (DGW_ACTIVITY_TYPE_COMPETING, "competing"))
