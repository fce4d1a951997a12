/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "testing/dgw-testing-types.h"

G_DEFINE_ENUM_TYPE (DgwTestingProfile, dgw_testing_profile, G_DEFINE_ENUM_VALUE (DGW_TESTING_PROFILE_CHAT, "chat"), G_DEFINE_ENUM_VALUE (DGW_TESTING_PROFILE_STARTUP, "startup"))

G_DEFINE_ENUM_TYPE (DgwTestingCut, dgw_testing_cut, G_DEFINE_ENUM_VALUE (DGW_TESTING_CUT_NONE, "none"), G_DEFINE_ENUM_VALUE (DGW_TESTING_CUT_CLOSE, "close"), G_DEFINE_ENUM_VALUE (DGW_TESTING_CUT_RESET, "reset"), G_DEFINE_ENUM_VALUE (DGW_TESTING_CUT_HALF_OPEN, "half-open"), G_DEFINE_ENUM_VALUE (DGW_TESTING_CUT_MIX, "mix"))
