/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <libsoup/soup.h>

#include "testing/dgw-testing-realm-private.h"

G_BEGIN_DECLS

typedef struct _DgwTestingRest DgwTestingRest;

DgwTestingRest *dgw_testing_rest_new (DgwTestingRealm *realm,
                                      GTlsCertificate *certificate) G_GNUC_WARN_UNUSED_RESULT;
void            dgw_testing_rest_free (DgwTestingRest *rest);

guint dgw_testing_rest_listen (DgwTestingRest *rest,
                               guint           port,
                               GError        **error);
void  dgw_testing_rest_hang_up (DgwTestingRest *rest);

const char *dgw_testing_rest_get_header (DgwTestingRest *rest,
                                         const char     *name);
const char *dgw_testing_rest_get_upgrade_header (DgwTestingRest *rest,
                                                 const char     *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingRest, dgw_testing_rest_free)

G_END_DECLS
