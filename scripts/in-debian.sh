#!/bin/sh
# Runs a command on the last commit in a tree of another Debian suite, with its Python and ffmpeg: in-debian.sh SUITE COMMAND...
# For example: in-debian.sh trixie ./justw test-unit
# The tree is unpacked into .tools/debian; root is not needed, but user namespaces are. The command has the host's network.
# The exit code is that of the command, or of debian-tree.sh.
set -eu

scripts=$(cd "$(dirname "$0")" && pwd)
repository=$(dirname "$scripts")
[ $# -ge 2 ] || { echo "usage: in-debian.sh SUITE COMMAND..." >&2; exit 2; }
suite=$1
shift
tree=$repository/.tools/debian/$suite
if [ ! -d "$tree" ]; then
    echo "in-debian: unpacking Debian's $suite into $tree" >&2
    # shellcheck disable=SC2046 (one argument per package is intended)
    sh "$scripts/debian-tree.sh" "$suite" "$tree" $(echo base-files bash ca-certificates coreutils dash diffutils ffmpeg \
        findutils gawk git grep gzip libc-bin postgresql procps python3 python3-venv redis-server sed tar \
        util-linux)
fi

# What the packages' scripts would have done.
mkdir -p "$tree/root" "$tree/etc/ssl/certs"
chmod 1777 "$tree/tmp"
for library in "$tree"/usr/lib/*/blas/*.so.3 "$tree"/usr/lib/*/lapack/*.so.3; do
    ln -sf "$(basename "$(dirname "$library")")/$(basename "$library")" "$(dirname "$(dirname "$library")")/"
done
printf 'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/:/usr/sbin/nologin\n' >"$tree/etc/passwd"
printf 'root:x:0:\nnogroup:x:65534:\n' >"$tree/etc/group"
# The names and certificates of this host; certificates of a proxy would be among them.
for file in /etc/resolv.conf /etc/hosts /etc/ssl/certs/ca-certificates.crt; do
    [ ! -r "$file" ] || cp -L "$file" "$tree$file"
done

# A clone, so that environment, caches and results of this tree stay as they are.
work=$tree/root/telecine
if [ -d "$work" ]; then
    git -C "$work" fetch --quiet origin HEAD
    git -C "$work" checkout --quiet --detach FETCH_HEAD
else
    git clone --quiet "$repository" "$work"
fi

inside='mount --rbind /dev "$1/dev" && mount -t proc proc "$1/proc" && tree=$1 && shift &&
    exec chroot "$tree" /usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/usr/sbin \
        CI="${CI:-}" SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt \
        /bin/bash -c "cd /root/telecine && exec \"\$@\"" bash "$@"'
exec unshare --map-root-user --mount --pid --fork --kill-child sh -c "$inside" sh "$tree" "$@"
