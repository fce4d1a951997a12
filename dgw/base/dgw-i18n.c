/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

/* Nothing has to be called before the library is used, so that it finds its translations
 * has to happen as it is loaded. */
static void __attribute__ ((constructor))
bind_translations (void)
{
  bindtextdomain (GETTEXT_PACKAGE, DGW_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
}
