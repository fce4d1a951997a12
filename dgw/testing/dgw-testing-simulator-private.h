/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "testing/dgw-testing-realm-private.h"
#include "testing/dgw-testing-rest-private.h"
#include "testing/dgw-testing-simulator.h"

G_BEGIN_DECLS

struct _DgwTestingSimulator
{
  GObject          parent_instance;
  DgwTestingRealm *realm;
  DgwTestingRest  *rest; /* NULL when stopped */
  DgwTestingRest  *resume_rest;
  GTlsCertificate *tls_certificate;
  guint            port;
  guint            resume_port;
  gboolean         refuses_connections;
  gboolean         refuses_resume_connections;
  char            *api_url;
  gboolean         is_scenario_finished;
  char            *scenario_failure;
};

void dgw_testing_simulator_install_options (GObjectClass *object_class,
                                            guint         first_id);
void dgw_testing_simulator_init_options (DgwTestingSimulator *self);
void dgw_testing_simulator_get_option (DgwTestingSimulator *self,
                                       GParamSpec          *pspec,
                                       GValue              *value);
void dgw_testing_simulator_set_option (DgwTestingSimulator *self,
                                       GParamSpec          *pspec,
                                       const GValue        *value);

G_END_DECLS
