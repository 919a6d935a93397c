#!/bin/sh
# Installs missing programs with the system's package manager: install-system.sh PROGRAM...
# A program counts as installed if it is on the PATH or in Debian's directory of PostgreSQL programs; a keyring, if it is
# where apt looks for it.
set -eu

is_installed() {
    # Ubuntu has Chromium only as a snap; Chrome does as well.
    [ "$1" != chromium ] || ! { command -v chromium-browser || command -v google-chrome; } >/dev/null 2>&1 || return 0
    command -v "$1" >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/"$1" >/dev/null 2>&1 ||
        [ -e "/usr/share/keyrings/$1.gpg" ]
}

missing=
for program in "$@"; do
    is_installed "$program" || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null 2>&1; then
        sudo "$@"
    else
        echo "install-system: run this as root:" "$@" >&2
        exit 1
    fi
}

# Prints the packages of the missing programs: packages PACKAGE_OF_INITDB PACKAGE_OF_REDIS_SERVER
packages() {
    for program in $missing; do
        case $program in
            initdb) echo "$1" ;;
            redis-server) echo "$2" ;;
            *) echo "$program" ;;
        esac
    done
}

echo "install-system: installing$missing" >&2
# shellcheck disable=SC2046 (one argument per package is intended)
if command -v apt-get >/dev/null 2>&1; then
    as_root apt-get update -q >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        $(packages postgresql redis-server) >&2
elif command -v dnf >/dev/null 2>&1; then
    as_root dnf install -y $(packages postgresql-server redis)
elif command -v apk >/dev/null 2>&1; then
    as_root apk add $(packages postgresql redis)
elif command -v brew >/dev/null 2>&1; then
    brew install $(packages postgresql redis)
else
    echo "install-system: no supported package manager found; please install$missing" >&2
    exit 1
fi
