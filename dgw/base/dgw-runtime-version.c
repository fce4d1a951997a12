/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-runtime-version.h"

/**
 * dgw_get_major_version:
 *
 * The major version of the library that the program runs with: 1 in "1.2.3".
 * [const@MAJOR_VERSION] is that of the headers it was built with.
 *
 * Returns: the major version
 *
 * Since: 0.1
 */
guint
dgw_get_major_version (void)
{
  return DGW_MAJOR_VERSION;
}

/**
 * dgw_get_minor_version:
 *
 * The minor version of the library that the program runs with: 2 in "1.2.3".
 * [const@MINOR_VERSION] is that of the headers it was built with.
 *
 * Returns: the minor version
 *
 * Since: 0.1
 */
guint
dgw_get_minor_version (void)
{
  return DGW_MINOR_VERSION;
}

/**
 * dgw_get_micro_version:
 *
 * The micro version of the library that the program runs with: 3 in "1.2.3".
 * [const@MICRO_VERSION] is that of the headers it was built with.
 *
 * Returns: the micro version
 *
 * Since: 0.1
 */
guint
dgw_get_micro_version (void)
{
  return DGW_MICRO_VERSION;
}
