/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "base/dgw-secret-private.h"

#include <string.h>

void
dgw_secret_wipe (gpointer data,
                 gsize    size)
{
  if (data != NULL)
    explicit_bzero (data, size);
}

void
dgw_secret_free (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}
