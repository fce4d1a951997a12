/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_TESTING_INSIDE) && !defined(DGW_TESTING_COMPILATION)
#error "Only <dgw-testing.h> can be included directly."
#endif

#include <glib-object.h>

#include "testing/dgw-testing-version.h"

G_BEGIN_DECLS

/**
 * DgwTestingProfile:
 * @DGW_TESTING_PROFILE_CHAT: a busy server: 35 % PRESENCE_UPDATE of about 600
 *   bytes, 25 % MESSAGE_CREATE of 1.1 to 2 KB, 15 % TYPING_START, 10 %
 *   VOICE_STATE_UPDATE, and others
 * @DGW_TESTING_PROFILE_STARTUP: a bot that starts: GUILD_CREATE of 20 KB to
 *   3 MB, 600 KB on average
 *
 * What the generated traffic is made of.
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_TESTING_PROFILE_CHAT,
  DGW_TESTING_PROFILE_STARTUP,
} DgwTestingProfile;

#define DGW_TESTING_TYPE_PROFILE (dgw_testing_profile_get_type ())

DGW_TESTING_AVAILABLE_IN_0_1
GType dgw_testing_profile_get_type (void) G_GNUC_CONST;

/**
 * DgwTestingCut:
 * @DGW_TESTING_CUT_NONE: connections live on
 * @DGW_TESTING_CUT_CLOSE: a close frame with code 4000
 * @DGW_TESTING_CUT_RESET: a reset of TCP
 * @DGW_TESTING_CUT_HALF_OPEN: nothing is read or written any more, TCP stays open
 * @DGW_TESTING_CUT_MIX: one after the other of these
 *
 * How connections are cut.
 *
 * Since: 0.1
 */
typedef enum
{
  DGW_TESTING_CUT_NONE,
  DGW_TESTING_CUT_CLOSE,
  DGW_TESTING_CUT_RESET,
  DGW_TESTING_CUT_HALF_OPEN,
  DGW_TESTING_CUT_MIX,
} DgwTestingCut;

#define DGW_TESTING_TYPE_CUT (dgw_testing_cut_get_type ())

DGW_TESTING_AVAILABLE_IN_0_1
GType dgw_testing_cut_get_type (void) G_GNUC_CONST;

G_END_DECLS
