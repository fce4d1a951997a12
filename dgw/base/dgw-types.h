/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DGW_INSIDE) && !defined(DGW_COMPILATION)
#error "Only <dgw.h> can be included directly."
#endif

#include <gio/gio.h>
#include <glib-object.h>

#include "dgw-version.h"

G_BEGIN_DECLS

typedef struct _DgwEvent            DgwEvent;
typedef struct _DgwGateway          DgwGateway;
typedef struct _DgwGatewayInfo      DgwGatewayInfo;
typedef struct _DgwMemberQuery      DgwMemberQuery;
typedef struct _DgwMemberResult     DgwMemberResult;
typedef struct _DgwMetrics          DgwMetrics;
typedef struct _DgwPresence         DgwPresence;
typedef struct _DgwPresenceActivity DgwPresenceActivity;
typedef struct _DgwSession          DgwSession;
typedef struct _DgwShardManager     DgwShardManager;

G_END_DECLS
