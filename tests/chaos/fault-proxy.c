/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* One thread, one epoll. A connection has two lanes, each from one of its two
 * sockets to the other; what a lane has read waits in segments, each due at its
 * time, so that latency, bandwidth and back-pressure are one mechanism.
 *
 * Locks are of pthreads: the thread sanitizer does not see into GLib's.
 */

#include "config.h"

#include "fault-proxy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <pthread.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE   (16 * 1024)
#define MAX_PENDING (64 * 1024)
#define MAX_EVENTS  256
#define MAX_RECORD  (1024 * 1024)
#define DRAIN_US    (1 * G_USEC_PER_SEC)

typedef enum
{
  CLIENT,
  SERVER,
} Side;

typedef struct
{
  gpointer connection; /* NULL: of a door */
  gpointer door;
  Side     side;
  int      fd;
  guint32  interest;
  gboolean is_forgotten;
} Endpoint;

typedef struct
{
  gint64 due_us;
  gsize  size;
  gsize  sent;
  guint8 data[];
} Segment;

/* Lane `side` carries what that side sends. */
typedef struct
{
  GQueue    segments;
  gsize     n_pending;
  guint64   n_read;
  gint64    last_due_us;
  gboolean  is_blocked;
  gboolean  is_over; /* the side has ended its half */
  gboolean  is_done; /* and that was passed on */
  FaultKind then;    /* once all before it is flushed */
} Lane;

typedef enum
{
  PASSING,
  DRAINING, /* both were told of the end */
  FROZEN,
  DEAD,
} State;

typedef struct
{
  FaultDoor *door;
  Endpoint   ends[2];
  Lane       lanes[2];
  State      state;
  Fault      fault;
  gboolean   has_struck;
  gint64     began_us;
  gint64     limit_us; /* when something is due even without a byte */
} Connection;

struct _FaultDoor
{
  FaultProxy     *proxy;
  Endpoint        end;
  guint           port;
  pthread_mutex_t mutex; /* of what follows */
  Fault           armed;
  gboolean        has_struck;
  guint           n_connections;
  GByteArray     *downstream;
  guint64         n_upstream;
};

struct _FaultProxy
{
  guint           server_port;
  int             poll;
  int             wakeup;
  gboolean        is_stopping; /* atomic */
  GThread        *thread;
  GPtrArray      *doors;       /* of the owner's thread */
  GPtrArray      *connections; /* of the proxy's thread */
  GRand          *random;
  pthread_mutex_t mutex; /* of the counters */
  guint64         n_connections;
  guint64         n_open;
  guint64         n_faults[N_FAULTS];
};

static const char *const kind_names[N_FAULTS] = {"none", "end", "reset", "freeze", "garble", "repeat", "lose", "insert"};

const char *
fault_kind_get_name (FaultKind kind)
{
  return kind_names[kind];
}

static void
watch (FaultProxy *self,
       Endpoint   *end,
       guint32     interest)
{
  struct epoll_event event = {.events = interest, .data.ptr = end};

  if (end->interest != interest && !end->is_forgotten)
    epoll_ctl (self->poll, EPOLL_CTL_MOD, end->fd, &event);
  end->interest = interest;
}

static void
start_watching (FaultProxy *self,
                Endpoint   *end)
{
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = end};
  int                result = epoll_ctl (self->poll, EPOLL_CTL_ADD, end->fd, &event);

  g_assert_cmpint (result, ==, 0);
  end->interest = EPOLLIN;
}

static void
kill_connection (Connection *connection,
                 gboolean    reset)
{
  struct linger at_once = {1, 0};

  if (connection->state == DEAD)
    return;

  connection->state = DEAD;
  for (Side side = CLIENT; side <= SERVER; side++)
    {
      if (reset)
        setsockopt (connection->ends[side].fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      close (connection->ends[side].fd);
    }
}

static void
forget_end (Connection *connection,
            Side        side)
{
  epoll_ctl (connection->door->proxy->poll, EPOLL_CTL_DEL, connection->ends[side].fd, NULL);
  connection->ends[side].is_forgotten = TRUE;
}

static void
note_strike (Connection *connection)
{
  FaultDoor  *door = connection->door;
  FaultProxy *proxy = door->proxy;

  connection->has_struck = TRUE;
  pthread_mutex_lock (&door->mutex);
  door->has_struck = TRUE;
  pthread_mutex_unlock (&door->mutex);
  pthread_mutex_lock (&proxy->mutex);
  proxy->n_faults[connection->fault.kind]++;
  pthread_mutex_unlock (&proxy->mutex);
}

static void
strike (Connection *connection,
        FaultKind   kind)
{
  if (kind == FAULT_RESET)
    kill_connection (connection, TRUE);
  else if (kind == FAULT_FREEZE)
    {
      /* Only the client's giving up ends it. */
      forget_end (connection, SERVER);
      connection->state = FROZEN;
    }
  else
    {
      shutdown (connection->ends[CLIENT].fd, SHUT_WR);
      shutdown (connection->ends[SERVER].fd, SHUT_WR);
      connection->state = DRAINING;
      connection->limit_us = g_get_monotonic_time () + DRAIN_US;
    }
}

static void
push_segment (Connection   *connection,
              Lane         *lane,
              const guint8 *data,
              gsize         size)
{
  const Fault *fault = &connection->fault;
  gint64       due_us = g_get_monotonic_time () + fault->latency_us;

  while (size > 0)
    {
      gsize    part = fault->piece > 0 ? MIN (size, fault->piece) : size;
      Segment *segment = g_malloc (sizeof (Segment) + part);

      if (fault->bytes_per_second > 0)
        due_us = MAX (due_us, lane->last_due_us) + (gint64)part * G_USEC_PER_SEC / fault->bytes_per_second;
      *segment = (Segment){.due_us = due_us, .size = part};
      memcpy (segment->data, data, part);
      g_queue_push_tail (&lane->segments, segment);
      lane->n_pending += part;
      lane->last_due_us = due_us;
      data += part;
      size -= part;
    }
}

/* What befalls bytes rather than the connection. */
static void
push_harmed (Connection *connection,
             Lane       *lane,
             guint8     *data,
             gsize       size)
{
  const Fault *fault = &connection->fault;
  GRand       *random = connection->door->proxy->random;
  gsize        length = MIN (fault->length, size);

  if (fault->kind == FAULT_GARBLE)
    for (gsize i = 0; i < length; i++)
      data[i] ^= (guint8)g_rand_int_range (random, 1, 256);
  else if (fault->kind == FAULT_REPEAT)
    push_segment (connection, lane, data, length);
  else if (fault->kind == FAULT_INSERT)
    for (guint i = 0; i < fault->length; i++)
      push_segment (connection, lane, &(guint8){(guint8)g_rand_int (random)}, 1);
  else if (fault->kind == FAULT_LOSE)
    {
      data += length;
      size -= length;
    }
  push_segment (connection, lane, data, size);
}

static void
pass (Connection *connection,
      Side        side,
      guint8     *data,
      gsize       size)
{
  const Fault *fault = &connection->fault;
  Lane        *lane = &connection->lanes[side];
  gboolean     is_cut = fault->kind >= FAULT_END && fault->kind <= FAULT_FREEZE;
  guint64      end = lane->n_read + size;
  gsize        before;

  if (connection->has_struck || fault->kind == FAULT_NONE || fault->after_ms > 0 ||
      side != (fault->upstream ? CLIENT : SERVER) || end < fault->at + (is_cut ? 0 : 1))
    {
      lane->n_read = end;
      push_segment (connection, lane, data, size);
      return;
    }

  before = fault->at - lane->n_read;
  lane->n_read = end;
  note_strike (connection);
  push_segment (connection, lane, data, before);
  if (is_cut)
    lane->then = fault->kind;
  else
    push_harmed (connection, lane, data + before, size - before);
}

static void
record (FaultDoor    *door,
        Side          side,
        const guint8 *data,
        gsize         size)
{
  pthread_mutex_lock (&door->mutex);
  if (side == CLIENT)
    door->n_upstream += size;
  else if (door->downstream->len < MAX_RECORD)
    g_byte_array_append (door->downstream, data, size);
  pthread_mutex_unlock (&door->mutex);
}

static void
flush (Connection *connection,
       Side        side)
{
  Lane    *lane = &connection->lanes[side];
  int      to = connection->ends[1 - side].fd;
  Segment *segment;

  lane->is_blocked = FALSE;
  while ((segment = g_queue_peek_head (&lane->segments)) != NULL && segment->due_us <= g_get_monotonic_time ())
    {
      gssize n = send (to, segment->data + segment->sent, segment->size - segment->sent, MSG_NOSIGNAL);

      if (n < 0)
        {
          lane->is_blocked = errno == EAGAIN;
          if (errno != EAGAIN)
            kill_connection (connection, TRUE);
          return;
        }
      segment->sent += n;
      lane->n_pending -= n;
      if (segment->sent == segment->size)
        g_free (g_queue_pop_head (&lane->segments));
    }
  if (segment != NULL)
    return;

  if (lane->then != FAULT_NONE)
    strike (connection, lane->then);
  else if (lane->is_over && !lane->is_done)
    {
      lane->is_done = TRUE;
      shutdown (to, SHUT_WR);
    }
}

static void
read_from (Connection *connection,
           Side        side)
{
  Lane  *lane = &connection->lanes[side];
  guint8 buffer[READ_SIZE];
  gssize n = recv (connection->ends[side].fd, buffer, sizeof buffer, 0);

  if (n < 0 && errno == EAGAIN)
    return;

  if (n < 0)
    kill_connection (connection, TRUE);
  else if (n == 0)
    lane->is_over = TRUE;
  else if (connection->state == PASSING)
    {
      record (connection->door, side, buffer, n);
      pass (connection, side, buffer, n);
    }
}

static void
serve (Connection *connection,
       Side        side,
       guint32     events)
{
  if (connection->state == FROZEN)
    {
      kill_connection (connection, TRUE);
      return;
    }

  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
    read_from (connection, side);
  /* Both halves are over, and epoll would tell of nothing else any more. */
  if ((events & EPOLLHUP) && connection->lanes[side].is_over && connection->state != DEAD)
    forget_end (connection, side);
  for (Side each = CLIENT; each <= SERVER && connection->state == PASSING; each++)
    flush (connection, each);
}

static gint64
get_due (Connection *connection)
{
  gint64 due_us = connection->limit_us;

  if (connection->state != PASSING)
    return due_us;

  for (Side side = CLIENT; side <= SERVER; side++)
    {
      Segment *segment = g_queue_peek_head (&connection->lanes[side].segments);

      if (segment != NULL && !connection->lanes[side].is_blocked)
        due_us = MIN (due_us, segment->due_us);
    }

  return due_us;
}

static void
meet_due (Connection *connection)
{
  if (connection->state == DRAINING && g_get_monotonic_time () >= connection->limit_us)
    kill_connection (connection, FALSE);
  else if (connection->state == PASSING && g_get_monotonic_time () >= connection->limit_us)
    {
      connection->limit_us = G_MAXINT64;
      note_strike (connection);
      strike (connection, connection->fault.kind);
    }
  for (Side side = CLIENT; side <= SERVER && connection->state == PASSING; side++)
    flush (connection, side);
}

static guint32
get_interest (Connection *connection,
              Side        side)
{
  Lane   *from = &connection->lanes[side];
  Lane   *to = &connection->lanes[1 - side];
  guint32 interest = 0;

  if (connection->state == FROZEN)
    return side == CLIENT ? EPOLLRDHUP : 0;

  if (!from->is_over && from->then == FAULT_NONE && from->n_pending < MAX_PENDING)
    interest |= EPOLLIN;
  if (to->is_blocked)
    interest |= EPOLLOUT;

  return interest;
}

static void
free_connection (Connection *connection)
{
  FaultProxy *proxy = connection->door->proxy;

  for (Side side = CLIENT; side <= SERVER; side++)
    g_queue_clear_full (&connection->lanes[side].segments, g_free);
  g_free (connection);
  pthread_mutex_lock (&proxy->mutex);
  proxy->n_open--;
  pthread_mutex_unlock (&proxy->mutex);
}

/* Freed here only: one batch of epoll may name a connection twice. */
static int
settle (FaultProxy *self)
{
  gint64 due_us = G_MAXINT64;

  for (guint i = self->connections->len; i-- > 0;)
    {
      Connection *connection = g_ptr_array_index (self->connections, i);

      if (get_due (connection) <= g_get_monotonic_time ())
        meet_due (connection);
      if (connection->state != DEAD && connection->lanes[CLIENT].is_over && connection->lanes[SERVER].is_over &&
          (connection->state == DRAINING || (connection->lanes[CLIENT].is_done && connection->lanes[SERVER].is_done)))
        kill_connection (connection, FALSE);
      if (connection->state == DEAD)
        {
          g_ptr_array_remove_index_fast (self->connections, i);
          continue;
        }
      for (Side side = CLIENT; side <= SERVER; side++)
        watch (self, &connection->ends[side], get_interest (connection, side));
      due_us = MIN (due_us, get_due (connection));
    }
  if (due_us == G_MAXINT64)
    return -1;

  return (int)CLAMP ((due_us - g_get_monotonic_time () + 999) / 1000, 0, 1000);
}

static int
make_socket (void)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  g_assert_cmpint (fd, >=, 0);
  return fd;
}

static struct sockaddr_in
make_address (guint port)
{
  return (struct sockaddr_in){
    .sin_family = AF_INET,
    .sin_port = htons ((guint16)port),
    .sin_addr.s_addr = htonl (INADDR_LOOPBACK),
  };
}

static void
take_fault (FaultDoor  *door,
            Connection *connection)
{
  pthread_mutex_lock (&door->mutex);
  connection->fault = door->armed;
  door->armed = (Fault){0};
  door->n_connections++;
  door->n_upstream = 0;
  g_byte_array_set_size (door->downstream, 0);
  pthread_mutex_unlock (&door->mutex);
}

static void
accept_client (FaultDoor *door)
{
  FaultProxy        *proxy = door->proxy;
  struct sockaddr_in address = make_address (proxy->server_port);
  int                fd = accept (door->end.fd, NULL, NULL);
  Connection        *connection;

  if (fd < 0)
    return;

  fcntl (fd, F_SETFL, O_NONBLOCK);
  connection = g_new0 (Connection, 1);
  connection->door = door;
  connection->began_us = g_get_monotonic_time ();
  connection->ends[CLIENT] = (Endpoint){connection, door, CLIENT, fd, 0, FALSE};
  connection->ends[SERVER] = (Endpoint){connection, door, SERVER, make_socket (), 0, FALSE};
  take_fault (door, connection);
  connection->limit_us = G_MAXINT64;
  if (connection->fault.kind != FAULT_NONE && connection->fault.after_ms > 0)
    connection->limit_us = connection->began_us + connection->fault.after_ms * G_TIME_SPAN_MILLISECOND;
  connect (connection->ends[SERVER].fd, (struct sockaddr *)&address, sizeof address);
  for (Side side = CLIENT; side <= SERVER; side++)
    {
      setsockopt (connection->ends[side].fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof (int));
      start_watching (proxy, &connection->ends[side]);
    }
  g_ptr_array_add (proxy->connections, connection);
  pthread_mutex_lock (&proxy->mutex);
  proxy->n_connections++;
  proxy->n_open++;
  pthread_mutex_unlock (&proxy->mutex);
}

static gpointer
run (gpointer data)
{
  FaultProxy        *self = data;
  struct epoll_event events[MAX_EVENTS];
  int                timeout_ms = -1;

  while (!g_atomic_int_get (&self->is_stopping))
    {
      int n = epoll_wait (self->poll, events, MAX_EVENTS, timeout_ms);

      for (int i = 0; i < n; i++)
        {
          Endpoint *end = events[i].data.ptr;

          if (end == NULL)
            continue;
          if (end->connection == NULL)
            accept_client (end->door);
          else if (((Connection *)end->connection)->state != DEAD)
            serve (end->connection, end->side, events[i].events);
        }
      timeout_ms = settle (self);
    }
  for (guint i = 0; i < self->connections->len; i++)
    kill_connection (g_ptr_array_index (self->connections, i), TRUE);
  g_ptr_array_set_size (self->connections, 0);

  return NULL;
}

FaultProxy *
fault_proxy_new (guint server_port)
{
  FaultProxy        *self = g_new0 (FaultProxy, 1);
  struct epoll_event event = {.events = EPOLLIN};

  self->server_port = server_port;
  self->poll = epoll_create1 (EPOLL_CLOEXEC);
  self->wakeup = eventfd (0, EFD_CLOEXEC);
  g_assert_cmpint (MIN (self->poll, self->wakeup), >=, 0);
  epoll_ctl (self->poll, EPOLL_CTL_ADD, self->wakeup, &event);
  self->doors = g_ptr_array_new ();
  self->connections = g_ptr_array_new_with_free_func ((GDestroyNotify)free_connection);
  self->random = g_rand_new_with_seed (1);
  pthread_mutex_init (&self->mutex, NULL);
  self->thread = g_thread_new ("fault-proxy", run, self);

  return self;
}

static void
free_door (FaultDoor *self)
{
  close (self->end.fd);
  g_byte_array_unref (self->downstream);
  pthread_mutex_destroy (&self->mutex);
  g_free (self);
}

void
fault_proxy_free (FaultProxy *self)
{
  gssize n;

  g_atomic_int_set (&self->is_stopping, TRUE);
  n = write (self->wakeup, &(guint64){1}, sizeof (guint64));
  g_assert_cmpint (n, ==, sizeof (guint64));
  g_thread_join (self->thread);
  g_ptr_array_unref (self->connections);
  g_ptr_array_set_free_func (self->doors, (GDestroyNotify)free_door);
  g_ptr_array_unref (self->doors);
  g_rand_free (self->random);
  close (self->poll);
  close (self->wakeup);
  pthread_mutex_destroy (&self->mutex);
  g_free (self);
}

static guint64
get_counter (FaultProxy    *self,
             const guint64 *counter)
{
  guint64 value;

  pthread_mutex_lock (&self->mutex);
  value = *counter;
  pthread_mutex_unlock (&self->mutex);
  return value;
}

guint64
fault_proxy_count (FaultProxy *self,
                   FaultKind   kind)
{
  return get_counter (self, &self->n_faults[kind]);
}

guint64
fault_proxy_count_all (FaultProxy *self)
{
  guint64 sum = 0;

  for (FaultKind kind = 0; kind < N_FAULTS; kind++)
    sum += fault_proxy_count (self, kind);

  return sum;
}

guint64
fault_proxy_count_connections (FaultProxy *self)
{
  return get_counter (self, &self->n_connections);
}

guint64
fault_proxy_count_open (FaultProxy *self)
{
  return get_counter (self, &self->n_open);
}

FaultDoor *
fault_proxy_add_door (FaultProxy *self)
{
  FaultDoor         *door = g_new0 (FaultDoor, 1);
  struct sockaddr_in address = make_address (0);
  socklen_t          size = sizeof address;
  int                result;

  door->proxy = self;
  door->downstream = g_byte_array_new ();
  pthread_mutex_init (&door->mutex, NULL);
  door->end = (Endpoint){NULL, door, CLIENT, make_socket (), 0, FALSE};
  result = bind (door->end.fd, (struct sockaddr *)&address, size);
  g_assert_cmpint (result, ==, 0);
  result = listen (door->end.fd, 1024);
  g_assert_cmpint (result, ==, 0);
  getsockname (door->end.fd, (struct sockaddr *)&address, &size);
  door->port = ntohs (address.sin_port);
  g_ptr_array_add (self->doors, door);
  start_watching (self, &door->end);

  return door;
}

guint
fault_door_get_port (FaultDoor *self)
{
  return self->port;
}

void
fault_door_arm (FaultDoor   *self,
                const Fault *fault)
{
  pthread_mutex_lock (&self->mutex);
  self->armed = *fault;
  self->has_struck = FALSE;
  self->n_connections = 0;
  pthread_mutex_unlock (&self->mutex);
}

gboolean
fault_door_has_struck (FaultDoor *self)
{
  gboolean has_struck;

  pthread_mutex_lock (&self->mutex);
  has_struck = self->has_struck;
  pthread_mutex_unlock (&self->mutex);
  return has_struck;
}

guint
fault_door_count_connections (FaultDoor *self)
{
  guint n_connections;

  pthread_mutex_lock (&self->mutex);
  n_connections = self->n_connections;
  pthread_mutex_unlock (&self->mutex);
  return n_connections;
}

GBytes *
fault_door_dup_downstream (FaultDoor *self)
{
  GBytes *bytes;

  pthread_mutex_lock (&self->mutex);
  bytes = g_bytes_new (self->downstream->data, self->downstream->len);
  pthread_mutex_unlock (&self->mutex);
  return bytes;
}

guint64
fault_door_count_upstream (FaultDoor *self)
{
  guint64 n_upstream;

  pthread_mutex_lock (&self->mutex);
  n_upstream = self->n_upstream;
  pthread_mutex_unlock (&self->mutex);
  return n_upstream;
}
