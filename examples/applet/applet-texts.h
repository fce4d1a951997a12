/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

void applet_texts_bind (GtkWidgetClass *klass);
