#!/bin/sh
# Unpacks packages of a Debian suite, with all that they depend on, into a folder: debian-tree.sh SUITE FOLDER PACKAGE...
# Nothing is installed and no script of a package runs; root is not needed. Debian's signatures are checked.
# DEBIAN_MIRROR is the mirror. The exit code is 2 for wrong arguments, 3 if this system has no apt, 1 for other errors.
set -eu

fail() {
    code=$1
    shift
    echo "debian-tree: $*" >&2
    exit "$code"
}

[ $# -ge 3 ] || fail 2 "usage: debian-tree.sh SUITE FOLDER PACKAGE..."
suite=$1
folder=$2
shift 2
case $suite in
    *[!a-z-]* | "") fail 2 "'$suite' is not the name of a Debian suite, such as trixie." ;;
esac
[ ! -e "$folder" ] || fail 2 "$folder exists already."

for program in apt-get dpkg-deb; do
    command -v "$program" >/dev/null 2>&1 || fail 3 "there is no $program; packages of Debian need Debian or Ubuntu."
done
keys=${DEBIAN_KEYRING:-/usr/share/keyrings/debian-archive-keyring.gpg}
[ -r "$keys" ] || fail 3 "there is no $keys; install the package debian-archive-keyring."

# The mirror of this system, if it is Debian; apt's setting of a proxy applies to every mirror.
own_mirror() {
    grep -qx 'ID=debian' /etc/os-release 2>/dev/null || return 0
    sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/debian.sources 2>/dev/null || true
    sed -n 's/^deb  *\(\[[^]]*\]  *\)\{0,1\}\(http[^ ]*\/debian\/\{0,1\}\) .*/\2/p' /etc/apt/sources.list 2>/dev/null || true
}
mirror=${DEBIAN_MIRROR:-$(own_mirror | head -n 1)}
mirror=${mirror:-http://deb.debian.org/debian}

mkdir -p "$(dirname "$folder")"
# Renamed at the end, so that an interrupted run leaves no half of a tree.
partial=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$partial"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$partial"
state=$partial/apt
mkdir -p "$state/lists/partial" "$state/archives/partial" "$state/sources" "$partial/tree"
: >"$state/status"
printf 'deb [signed-by=%s] %s %s main\n' "$keys" "$mirror" "$suite" >"$state/sources/$suite.list"

# Sources, pins and state of this system are not used, except the configuration of proxies.
apt() {
    apt-get -q -y \
        -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$state/sources" \
        -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null -o APT::Default-Release="$suite" \
        -o Dir::State::lists="$state/lists" -o Dir::State::status="$state/status" \
        -o Dir::Cache::archives="$state/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
        -o Debug::NoLocking=1 -o APT::Sandbox::User= -o APT::Update::Error-Mode=any -o Acquire::Languages=none \
        -o Acquire::Retries=3 "$@" >"$state/log" 2>&1
}
apt update || { cat "$state/log" >&2; fail 1 "the list of packages of '$suite' could not be had from $mirror."; }
apt --no-install-recommends --download-only install "$@" || {
    cat "$state/log" >&2
    fail 1 "the packages of '$suite' could not be downloaded: $*"
}
for package in "$state"/archives/*.deb; do
    dpkg-deb --extract "$package" "$partial/tree"
done
mv "$partial/tree" "$folder"
