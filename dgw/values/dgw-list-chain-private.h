/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define DGW_TYPE_LIST_CHAIN (dgw_list_chain_get_type ())

G_DECLARE_FINAL_TYPE (DgwListChain, dgw_list_chain, DGW, LIST_CHAIN, GObject)

/* Lists that never change, one after the other as one list. Takes the lists, an
 * array of GListModel. */
DgwListChain *dgw_list_chain_new (GType      item_type,
                                  GPtrArray *lists) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
