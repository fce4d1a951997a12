/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_TESTING_INSIDE) && !defined(DGW_TESTING_COMPILATION)
#error "Only <dgw-testing.h> can be included directly."
#endif

#include <glib.h>

#ifndef _DGW_TESTING_EXTERN
#define _DGW_TESTING_EXTERN __attribute__ ((visibility ("default"))) extern
#endif

/**
 * DGW_TESTING_VERSION_0_1:
 *
 * The 0.1 release, for `DGW_TESTING_VERSION_MAX_ALLOWED`.
 */
#define DGW_TESTING_VERSION_0_1 (G_ENCODE_VERSION (0, 1))

#if defined(DGW_TESTING_VERSION_MAX_ALLOWED) && DGW_TESTING_VERSION_MAX_ALLOWED < DGW_TESTING_VERSION_0_1
#define DGW_TESTING_AVAILABLE_IN_0_1 G_UNAVAILABLE (0, 1) _DGW_TESTING_EXTERN
#else
#define DGW_TESTING_AVAILABLE_IN_0_1 _DGW_TESTING_EXTERN
#endif
