/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "gateway/dgw-state-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dgw-random-private.h"
#include "base/dgw-redact-private.h"

/* What is larger is none of ours. */
#define MAX_BYTES 65536

#define HASH_KEY    "dgw state file"
#define HASH_DIGITS 32

static gboolean
fail (GError    **error,
      int         code,
      const char *path)
{
  g_set_error (error, G_FILE_ERROR, (int)g_file_error_from_errno (code), "%s: %s", path, g_strerror (code));
  return FALSE;
}

gboolean
dgw_state_file_make_folder (const char *path,
                            GError    **error)
{
  return g_mkdir_with_parents (path, 0700) == 0 || fail (error, errno, path);
}

/* What others can write to may lead the token to them. */
static gboolean
is_trusted (int fd)
{
  struct stat status;

  return fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_uid == geteuid () &&
         (status.st_mode & (S_IWGRP | S_IWOTH)) == 0 && status.st_size <= MAX_BYTES;
}

static char *
read_all (int fd)
{
  GString *text = g_string_new (NULL);
  char     buffer[4096];
  ssize_t  n_bytes = 1;

  while (n_bytes != 0 && text->len <= MAX_BYTES)
    {
      n_bytes = read (fd, buffer, sizeof buffer);
      if (n_bytes > 0)
        g_string_append_len (text, buffer, n_bytes);
      else if (n_bytes < 0 && errno != EINTR)
        break;
    }

  return g_string_free (text, FALSE);
}

/* Not blocking: what has the name may be a pipe. */
char *
dgw_state_file_read (const char *path,
                     GError    **error)
{
  int   fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  char *text = NULL;

  if (fd < 0)
    {
      if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
        fail (error, errno, path);
      return NULL;
    }

  if (is_trusted (fd))
    text = read_all (fd);
  close (fd);
  return text;
}

static gboolean
write_all (int         fd,
           const char *text)
{
  gsize n_left = strlen (text);

  while (n_left > 0)
    {
      ssize_t n_written = write (fd, text, n_left);

      if (n_written < 0 && errno != EINTR)
        return FALSE;
      if (n_written > 0)
        {
          text += n_written;
          n_left -= (gsize)n_written;
        }
    }

  return TRUE;
}

static gboolean
write_new (const char       *path,
           const char       *text,
           DgwStateFileFlags flags)
{
  int      fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  gboolean is_written;

  if (fd < 0)
    return FALSE;

  is_written = fchmod (fd, 0600) == 0 && write_all (fd, text) &&
               (!(flags & DGW_STATE_FILE_DURABLE) || fsync (fd) == 0);
  return close (fd) == 0 && is_written;
}

/* Beside the file, so that it can take its place in one step. */
gboolean
dgw_state_file_write (const char       *path,
                      const char       *text,
                      DgwStateFileFlags flags,
                      GError          **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *temporary = g_strdup_printf ("%s/.%s.%08x", folder, name, dgw_random_number ());
  int              code;

  if (write_new (temporary, text, flags) && g_rename (temporary, path) == 0)
    return TRUE;

  code = errno;
  g_unlink (temporary);
  return fail (error, code, path);
}

gboolean
dgw_state_file_remove (const char *path,
                       GError    **error)
{
  return g_unlink (path) == 0 || errno == ENOENT || errno == ENOTDIR || fail (error, errno, path);
}

int
dgw_state_file_lock (const char *path,
                     GError    **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  int code;

  if (fd < 0)
    {
      fail (error, errno, path);
      return -1;
    }

  code = is_trusted (fd) ? 0 : EPERM;
  if (code == 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;

  code = code != 0 ? code : errno;
  close (fd);
  if (code != EWOULDBLOCK)
    fail (error, code, path);
  return -1;
}

char *
dgw_state_file_hash (const char *secret)
{
  const char      *bare = dgw_token_bare (secret);
  g_autofree char *digits = g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)HASH_KEY, strlen (HASH_KEY), bare, -1);

  return g_strndup (digits, HASH_DIGITS);
}
