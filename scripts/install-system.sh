#!/bin/sh
# Installs what is missing with the system's package manager: install-system.sh PROGRAM...
# A program is looked for on the PATH first; its package has the same name everywhere we know.
set -eu

missing=
for program in "$@"; do
    command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
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

echo "install-system: installing$missing" >&2
# shellcheck disable=SC2086 (one argument per package is what is wanted)
if command -v apt-get >/dev/null 2>&1; then
    as_root apt-get update -q >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing >&2
elif command -v dnf >/dev/null 2>&1; then
    as_root dnf install -y $missing >&2
elif command -v apk >/dev/null 2>&1; then
    as_root apk add $missing >&2
elif command -v brew >/dev/null 2>&1; then
    brew install $missing >&2
else
    echo "install-system: no package manager that we know; please install$missing" >&2
    exit 1
fi
