/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "testing/dgw-testing-realm-private.h"
#include "testing/dgw-testing-rest-private.h"
#include "testing/dgw-testing-simulator.h"

G_BEGIN_DECLS

enum
{
  DGW_TESTING_PROP_0,
  DGW_TESTING_PROP_PORT,
  DGW_TESTING_PROP_URL,
  DGW_TESTING_PROP_RESUME_URL,
  DGW_TESTING_PROP_API_URL,
  DGW_TESTING_PROP_TLS_CERTIFICATE,
  DGW_TESTING_PROP_ACCEPT_CONNECTIONS,
  DGW_TESTING_PROP_ACCEPT_RESUME_CONNECTIONS,
  DGW_TESTING_PROP_SCENARIO_FINISHED,
  DGW_TESTING_PROP_SCENARIO_FAILURE,
  DGW_TESTING_PROP_N_CLIENTS,
  DGW_TESTING_PROP_N_SESSIONS,
  DGW_TESTING_PROP_N_CONNECTIONS,
  DGW_TESTING_PROP_N_IDENTIFIES,
  DGW_TESTING_PROP_N_RESUMES,
  DGW_TESTING_PROP_N_REQUESTS,
  DGW_TESTING_N_PROPS,
};

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

void dgw_testing_simulator_notify (DgwTestingSimulator *self,
                                   guint                prop_id);

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
