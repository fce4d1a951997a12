/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include "base/dgw-types.h"

G_BEGIN_DECLS

/**
 * DgwVoiceStateFlags:
 * @DGW_VOICE_STATE_FLAGS_NONE: the bot hears and can be heard
 * @DGW_VOICE_STATE_FLAGS_SELF_MUTE: the bot cannot be heard
 * @DGW_VOICE_STATE_FLAGS_SELF_DEAF: the bot does not hear
 *
 * How a bot joins a voice channel, for [method@Gateway.update_voice_state_async].
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_VOICE_STATE_FLAGS_NONE = 0,
  DGW_VOICE_STATE_FLAGS_SELF_MUTE = 1 << 0,
  DGW_VOICE_STATE_FLAGS_SELF_DEAF = 1 << 1,
} DgwVoiceStateFlags;

#define DGW_TYPE_VOICE_STATE_FLAGS (dgw_voice_state_flags_get_type ())

DGW_AVAILABLE_IN_0_1
GType dgw_voice_state_flags_get_type (void) G_GNUC_CONST;

G_END_DECLS
