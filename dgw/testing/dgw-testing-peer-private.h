/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "testing/dgw-testing-compressor-private.h"
#include "testing/dgw-testing-realm-private.h"
#include "testing/dgw-testing-timer-private.h"
#include "testing/dgw-testing-wire-private.h"

G_BEGIN_DECLS

typedef enum
{
  DGW_TESTING_PEER_UNKNOWN,    /* neither identified nor resumed */
  DGW_TESTING_PEER_IDENTIFIED, /* it has a session */
  DGW_TESTING_PEER_LEAVING,    /* a close is under way, or TCP is frozen or gone */
} DgwTestingPeerState;

struct _DgwTestingPeer
{
  DgwTestingRealm      *realm;
  DgwTestingWire       *wire;
  guint                 number;
  DgwTestingPeerState   state;
  gboolean              is_version_good;
  gboolean              is_hello_sent;
  gboolean              is_scripted; /* what it is told comes from a scenario */
  DgwTestingCompressor *compressor;
  DgwTestingSession    *session;
  DgwTestingTimer      *heartbeat_timer;
  DgwTestingTimer      *cut_timer;
  GQueue                received_us; /* gint64 *: times of the newest payloads */
  GString              *scratch;
};

DgwTestingPeer *dgw_testing_peer_new (DgwTestingRealm *realm,
                                      GIOStream       *stream,
                                      GSocket         *socket,
                                      GHashTable      *query) G_GNUC_WARN_UNUSED_RESULT;
DgwTestingPeer *dgw_testing_peer_ref (DgwTestingPeer *peer);
void            dgw_testing_peer_unref (DgwTestingPeer *peer);

void dgw_testing_peer_start (DgwTestingPeer *peer);

void dgw_testing_peer_choose_payload_compression (DgwTestingPeer *peer,
                                                  JsonObject     *payload);
void dgw_testing_peer_send (DgwTestingPeer *peer,
                            const char     *text,
                            gssize          length);
void dgw_testing_peer_send_op (DgwTestingPeer *peer,
                               guint           opcode,
                               const char     *data);
void dgw_testing_peer_send_hello (DgwTestingPeer *peer);
void dgw_testing_peer_restart_heartbeat (DgwTestingPeer *peer);
void dgw_testing_peer_pump (DgwTestingPeer *peer);

void dgw_testing_peer_attach (DgwTestingPeer    *peer,
                              DgwTestingSession *session);
void dgw_testing_peer_detach (DgwTestingPeer *peer);

void dgw_testing_peer_close (DgwTestingPeer *peer,
                             guint           code,
                             const char     *reason);
void dgw_testing_peer_cut (DgwTestingPeer *peer,
                           DgwTestingCut   cut);
void dgw_testing_peer_drop (DgwTestingPeer *peer);

/* Implemented beside the rules of the protocol. */
void dgw_testing_peer_handle (DgwTestingPeer *peer,
                              const char     *text,
                              gsize           size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DgwTestingPeer, dgw_testing_peer_unref)

G_END_DECLS
