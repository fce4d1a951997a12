/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A proxy on loopback between clients and one server, which does to the bytes
 * what bad networks do. It knows nothing of what it carries: with TLS, it is the
 * ciphertext that suffers. All connections are served by one thread. */
typedef struct _FaultProxy FaultProxy;

/* A port of the proxy. What is armed here befalls the next connection to it. */
typedef struct _FaultDoor FaultDoor;

typedef enum
{
  FAULT_NONE,
  FAULT_END,    /* TCP ends in order, both ways */
  FAULT_RESET,  /* TCP is reset, both ways */
  FAULT_FREEZE, /* nothing passes any more, TCP stays open */
  FAULT_GARBLE, /* bytes are others than were sent */
  FAULT_REPEAT, /* bytes come twice */
  FAULT_LOSE,   /* bytes do not come */
  FAULT_INSERT, /* bytes come that nobody sent */
  N_FAULTS,
} FaultKind;

typedef struct
{
  FaultKind kind;
  gboolean  upstream;         /* it is about what the client sends */
  guint64   at;               /* how many bytes pass unharmed before */
  guint     length;           /* how many bytes it is about, where it is about bytes */
  guint     after_ms;         /* not at a byte, but so long after the connection began */
  guint     latency_us;       /* of every byte, both ways */
  guint     bytes_per_second; /* 0: as fast as it goes */
  guint     piece;            /* the longest write, 0: any */
} Fault;

FaultProxy *fault_proxy_new (guint server_port);
void        fault_proxy_free (FaultProxy *self);

const char *fault_kind_get_name (FaultKind kind);
guint64     fault_proxy_count (FaultProxy *self,
                               FaultKind   kind); /* how often it was done */
guint64     fault_proxy_count_all (FaultProxy *self);
guint64     fault_proxy_count_connections (FaultProxy *self);
guint64     fault_proxy_count_open (FaultProxy *self);

/* The door lives as long as the proxy. */
FaultDoor *fault_proxy_add_door (FaultProxy *self);
guint      fault_door_get_port (FaultDoor *self);
void       fault_door_arm (FaultDoor   *self,
                           const Fault *fault);
/* Since it was armed: the fault has happened; how many connections came. */
gboolean fault_door_has_struck (FaultDoor *self);
guint    fault_door_count_connections (FaultDoor *self);
/* What has come of the newest connection, so far. */
GBytes *fault_door_dup_downstream (FaultDoor *self);
guint64 fault_door_count_upstream (FaultDoor *self);

G_END_DECLS
