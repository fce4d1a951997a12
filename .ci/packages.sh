# What each verb of ./run needs from Debian 12 and 13. Read by `run`; defines ensure_packages GROUP...
# shellcheck shell=bash

packages_of ()
{
  case $1 in
    build)
      echo ca-certificates gcc libc6-dev pkgconf meson ninja-build python3 gettext \
        libglib2.0-dev libsoup-3.0-dev libjson-glib-dev zlib1g-dev libzstd-dev libyyjson-dev \
        gobject-introspection libgirepository1.0-dev valac glib-networking
      ;;
    test)
      echo python3-gi python3-dbusmock gir1.2-glib-2.0 gir1.2-json-1.0 gir1.2-soup-3.0 gjs dbus-daemon openssl
      packages_of applet
      packages_of picture
      ;;
    applet)
      echo libgtk-4-dev libadwaita-1-dev gir1.2-gtk-4.0 gir1.2-adw-1 python3-gi librsvg2-common
      ;;
    picture) # what a window needs without a screen, and who reads it there
      echo xvfb dbus-daemon at-spi2-core gir1.2-atspi-2.0 fonts-cantarell
      ;;
    lint)
      echo g++ binutils pmccabe codespell
      if [ "$codename" = bookworm ]; then echo clang-format-14; fi
      ;;
    fmt)
      if [ "$codename" = bookworm ]; then echo clang-format-14; fi
      ;;
    cover)
      echo gcovr
      ;;
    docs)
      echo gi-docgen
      ;;
    check)
      echo valgrind libc6-dbg clang
      case $codename in
        bookworm) echo libclang-rt-14-dev llvm-14 ;;
        trixie) echo libclang-rt-19-dev llvm-19 ;;
      esac
      ;;
  esac
}

as_root ()
{
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo "$@"
  fi
}

apt ()
{
  as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 apt-get -qq \
    -o Dpkg::Use-Pty=0 -o Acquire::Retries=2 "$@" </dev/null >>"$log" 2>&1
}

find_missing ()
{
  local wanted installed
  wanted=$(printf '%s\n' "$@" | sort -u)
  # dpkg-query fails when it has never heard of one.
  installed=$({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null || true; } | sed -n 's/^installed //p' | sort -u)
  missing=$(comm -23 <(echo "$wanted") <(echo "$installed") | tr '\n' ' ')
}

# The newer suite is read through lists of its own, so that nothing else ever comes from it.
install_from_trixie ()
{
  local temporary options
  temporary=$(mktemp -d)
  # apt drops its rights while it downloads.
  chmod 755 "$temporary"
  mkdir -p "$temporary"/{parts,lists/partial,cache/archives/partial}
  /usr/bin/python3 "$root/.ci/newer-sources.py" "$codename" trixie "$temporary/parts"
  options=(-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts="$temporary/parts"
    -o Dir::State::Lists="$temporary/lists" -o Dir::Cache="$temporary/cache")
  # A third party's entry may have no such suite: what counts is the installation.
  apt "${options[@]}" update || true
  apt "${options[@]}" install --no-install-recommends --no-remove --no-upgrade "$@"
  local result=$?
  as_root rm -rf "$temporary"
  return $result
}

install_missing ()
{
  local ordinary='' newer='' name
  for name in $missing; do
    if [ "$codename" = bookworm ] && [ "$name" = libyyjson-dev ]; then
      newer='libyyjson0 libyyjson-dev'
    else
      ordinary+=" $name"
    fi
  done
  if [ -n "$ordinary" ] && ! apt install --no-install-recommends --no-remove $ordinary; then
    # The lists may be missing or old. One that cannot be read, a third party's say, is no reason to stop.
    apt update || true
    apt install --no-install-recommends --no-remove $ordinary || return 1
  fi
  if [ -n "$newer" ]; then
    install_from_trixie $newer || return 1
  fi
}

ensure_packages ()
{
  local group names='' missing codename=''
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    return 0
  fi
  # shellcheck source=/dev/null
  codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  for group in "$@"; do
    names+=" $(packages_of "$group")"
  done
  find_missing $names
  if [ -z "${missing// /}" ]; then
    return 0
  fi
  log=$build_root/packages.log
  mkdir -p "$build_root"
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    say "missing, and neither root nor sudo is there to install it: $missing"
    exit 1
  fi
  say "installing: $missing"
  : >"$log"
  if ! install_missing; then
    tail -n 20 "$log" >&2
    say "could not install what is missing (whole output: $log)"
    exit 1
  fi
  touch "$build_root/packages-changed"
}
