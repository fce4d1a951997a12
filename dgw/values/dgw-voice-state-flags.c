/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "values/dgw-voice-state-flags.h"

G_DEFINE_FLAGS_TYPE (DgwVoiceStateFlags,
                     dgw_voice_state_flags,
                     G_DEFINE_ENUM_VALUE (DGW_VOICE_STATE_FLAGS_NONE, "none"),
                     G_DEFINE_ENUM_VALUE (DGW_VOICE_STATE_FLAGS_SELF_MUTE, "self-mute"),
                     G_DEFINE_ENUM_VALUE (DGW_VOICE_STATE_FLAGS_SELF_DEAF, "self-deaf"))
