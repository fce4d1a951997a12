/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define DGW_TESTING_INSIDE

#include "testing/dgw-testing-version.h"

#include "testing/dgw-testing-types.h"

#include "testing/dgw-testing-simulator.h"

#undef DGW_TESTING_INSIDE
